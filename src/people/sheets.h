// SPDX-License-Identifier: Apache-2.0
// Sheets of paper by which protections are passed down to a unit, each with a code that the unit
// reads back. The code is made of what is on the sheet and a secret of this node, so that it speaks
// for these versions and no others; it is good once, until the sheet expires. It proves that who
// reads it has seen the sheet: not who that is, nor that anything was understood.
//
//     TRY(sheet, sheets.print({.unit = "TACC", .lines = lines, ...}, random, by));
//     TRY(sheet, sheets.find(code, now));           // or what became of it
//     TRYV(sheets.use(sheet.number, "omar", by));
//
// Every change is durable with its line of the audit before it is in force. One owner: whoever
// shares it guards it.
#pragma once

#include <map>

#include "base/ids.h"
#include "base/random.h"
#include "people/people.h"

namespace entente::people {

/// One version of another party's record, as it was printed.
struct SheetLine {
    RecordId record;
    std::uint32_t version = 0;
    Hash leaf;  // of the entry that says it
    PartyId party;
    bool operator==(const SheetLine&) const = default;
};

struct Sheet {
    std::string number;  // 16 base32 characters, for people; says nothing of the code
    Bytes secret;        // what the code is made with
    std::string unit;    // the role that it goes to
    std::vector<SheetLine> lines;
    std::string by;  // who printed it
    Instant made;
    Instant expires;
    std::string used_by;  // empty: nobody has read it back
    Instant used;
    bool operator==(const Sheet&) const = default;
};

/// "7KX3-M9RD", of unit, lines and secret.
std::string code_of(const Sheet& sheet);

class Sheets {
  public:
    static Result<Sheets> load(Store& store);

    const std::map<std::string, Sheet>& all() const { return all_; }
    /// Gives it number and secret. Errc::too_large for too many lines, or too many open sheets;
    /// malformed for none, or a lifetime that is none.
    Result<Sheet> print(Sheet sheet, const Random& random, const By& by);
    /// The sheet that has this code and can be read back now. Errc::malformed for what is no code;
    /// not_found for one of no sheet; refused for one that was used, stale for one that expired,
    /// both with when and whose.
    Result<Sheet> find(std::string_view code, Instant now) const;
    /// It was read back, and `who` entered that: its code is good no more. Errc::not_found.
    Result<void> use(const std::string& number, const std::string& who, const By& by);

    static constexpr std::size_t open_max = 200;   // that can be read back
    static constexpr std::size_t kept_max = 2000;  // with those that were, or have expired
    static constexpr std::size_t lines_max = 100;
    static constexpr Duration life_max = std::chrono::hours(24 * 7);
    /// So long what became of a sheet is known after it expired.
    static constexpr Duration kept_after = std::chrono::hours(24 * 30);

  private:
    explicit Sheets(Store& store) : store_(&store) {}
    std::vector<std::string> outdated(Instant now) const;

    Store* store_;
    std::map<std::string, Sheet> all_;  // by number
};

}  // namespace entente::people
