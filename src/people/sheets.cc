// SPDX-License-Identifier: Apache-2.0
#include "people/sheets.h"

#include <algorithm>

#include "base/encode.h"
#include "base/sha256.h"
#include "people/code.h"
#include "people/rows.h"

namespace entente::people {
namespace {

constexpr std::size_t secret_bytes = 32;
constexpr std::size_t number_bytes = 10;

canon::Array encode_lines(const std::vector<SheetLine>& lines) {
    canon::Array out;
    for (const SheetLine& line : lines) {
        canon::Object one;
        one.set("leaf", to_base64url(line.leaf.view()));
        one.set("party", line.party.v);
        one.set("record", line.record.text());
        one.set("version", std::int64_t{line.version});
        out.emplace_back(std::move(one));
    }
    return out;
}

Bytes encode(const Sheet& sheet) {
    canon::Object out;
    out.set("by", sheet.by);
    out.set("expires", millis(sheet.expires));
    out.set("lines", encode_lines(sheet.lines));
    out.set("made", millis(sheet.made));
    out.set("number", sheet.number);
    out.set("secret", to_base64url(sheet.secret));
    out.set("unit", sheet.unit);
    out.set("used", millis(sheet.used));
    out.set("used_by", sheet.used_by);
    return canon::encode(std::move(out));
}

Result<SheetLine> decode_line(const canon::Object& object) {
    RowReader row(object);
    SheetLine out;
    out.leaf = row.hash("leaf");
    const std::string party = row.text("party");
    const std::string record = row.text("record");
    const std::int64_t version = row.integer("version");
    TRYV(row.end("line of a sheet"));
    TRY(party_id, PartyId::parse(party));
    TRY(record_id, RecordId::parse(record));
    if (version < 1 || version > UINT32_MAX) return fail(Errc::malformed, "version");
    out.party = std::move(party_id);
    out.record = record_id;
    out.version = static_cast<std::uint32_t>(version);
    return out;
}

Result<Sheet> decode_sheet(BytesView bytes) {
    TRY(row, RowReader::open(bytes));
    Sheet out;
    out.by = row.text("by");
    out.expires = instant(row.integer("expires"));
    const auto lines = row.objects("lines");
    out.made = instant(row.integer("made"));
    out.number = row.text("number");
    out.secret = row.base64("secret");
    out.unit = row.text("unit");
    out.used = instant(row.integer("used"));
    out.used_by = row.text("used_by");
    TRYV(row.end("sheet"));
    for (const canon::Object& line : lines) {
        TRY(read, decode_line(line));
        out.lines.push_back(std::move(read));
    }
    if (out.secret.size() != secret_bytes) return fail(Errc::malformed, "secret");
    return out;
}

bool is_open(const Sheet& sheet, Instant now) {
    return sheet.used_by.empty() && now < sheet.expires;
}

/// 32 bytes of the secret first, so that nobody without it has any code.
std::uint64_t number_of(const Sheet& sheet) {
    Bytes content = sheet.unit + "\n";
    for (const SheetLine& line : sheet.lines) {
        content += line.record.text() + " " + to_base64(line.leaf.view()) + "\n";
    }
    const Hash hash = sha256({"entente/sheet/v1\n", sheet.secret, content});
    std::uint64_t out = 0;
    for (std::size_t i = 0; i < 8; ++i) out = out << 8 | hash.bytes[i];
    return out % code_count;
}

Bytes random_bytes(const Random& random, std::size_t size) {
    Bytes out(size, '\0');
    random(reinterpret_cast<std::uint8_t*>(out.data()), size);
    return out;
}

}  // namespace

std::string code_of(const Sheet& sheet) { return code_of(number_of(sheet)); }

Result<Sheets> Sheets::load(Store& store) {
    Sheets out(store);
    TRYV(store.scan([&](Table table, const std::string& key, const Bytes& bytes) -> Result<void> {
        if (table != Table::sheet) return {};
        auto sheet = decode_sheet(bytes);
        if (!sheet) return at("sheet " + key, sheet.error());
        out.all_.emplace(key, std::move(*sheet));
        return {};
    }));
    return out;
}

/// What nobody needs to hear of any more; and of too many the oldest that are done.
std::vector<std::string> Sheets::outdated(Instant now) const {
    std::vector<std::string> out;
    std::vector<std::pair<Instant, std::string>> done;
    for (const auto& [number, sheet] : all_) {
        if (sheet.expires + kept_after <= now) {
            out.push_back(number);
        } else if (!is_open(sheet, now)) {
            done.emplace_back(sheet.made, number);
        }
    }
    std::sort(done.begin(), done.end());
    for (const auto& [made, number] : done) {
        if (all_.size() - out.size() < kept_max) break;
        out.push_back(number);
    }
    return out;
}

Result<Sheet> Sheets::print(Sheet sheet, const Random& random, const By& by) {
    if (sheet.lines.empty()) return fail(Errc::malformed, "records: what is to be on the sheet?");
    if (sheet.lines.size() > lines_max) {
        return fail(Errc::too_large, "records: " + std::to_string(sheet.lines.size()) +
                                         " are more than fit on a sheet, at most " +
                                         std::to_string(lines_max) + " (lines_max)");
    }
    if (sheet.expires <= by.now || sheet.expires > by.now + life_max) {
        return fail(Errc::malformed, "hours: a whole number from 1 to 168");
    }
    const auto open = std::count_if(all_.begin(), all_.end(),
                                    [&](const auto& one) { return is_open(one.second, by.now); });
    if (static_cast<std::size_t>(open) >= open_max) {
        return fail(Errc::too_large,
                    "so many sheets wait to be read back that a code could be "
                    "guessed, at most " +
                        std::to_string(open_max) + " (open_max)");
    }
    sheet.number = to_base32(random_bytes(random, number_bytes));
    sheet.made = by.now;
    sheet.used_by.clear();
    sheet.used = {};
    const auto taken = [&](const std::string& code) {
        return std::any_of(all_.begin(), all_.end(),
                           [&](const auto& one) { return code_of(one.second) == code; });
    };
    do {
        sheet.secret = random_bytes(random, secret_bytes);
    } while (taken(code_of(sheet)));
    const std::vector<std::string> gone = outdated(by.now);
    std::vector<Write> writes{{Table::sheet, sheet.number, encode(sheet)}};
    for (const std::string& number : gone) writes.push_back({Table::sheet, number, {}});
    TRYV(store_->commit(writes,
                        {made_by(by, "sheet_printed", sheet.number + " for " + sheet.unit)}));
    for (const std::string& number : gone) all_.erase(number);
    all_.emplace(sheet.number, sheet);
    return sheet;
}

Result<Sheet> Sheets::find(std::string_view code, Instant now) const {
    TRY(number, read_code(code));
    const auto found = std::find_if(
        all_.begin(), all_.end(), [&](const auto& one) { return number_of(one.second) == number; });
    if (found == all_.end()) {
        return fail(Errc::not_found,
                    "this code is of no sheet that was printed here; have it read again, or print "
                    "a new sheet");
    }
    const Sheet& sheet = found->second;
    const std::string which = "the sheet " + sheet.number + " for " + sheet.unit;
    if (!sheet.used_by.empty()) {
        return fail(Errc::refused, which + " was read back already, at " +
                                       format_rfc3339(sheet.used) + ", entered by " +
                                       sheet.used_by + "; its code is good once");
    }
    if (sheet.expires <= now) {
        return fail(Errc::stale, which + " expired at " + format_rfc3339(sheet.expires) +
                                     "; nothing was confirmed; print it anew");
    }
    return sheet;
}

Result<void> Sheets::use(const std::string& number, const std::string& who, const By& by) {
    const auto found = all_.find(number);
    if (found == all_.end()) return fail(Errc::not_found, "there is no sheet " + number);
    Sheet used = found->second;
    used.used_by = who.empty() ? by.who : who;
    used.used = by.now;
    TRYV(store_->commit({{Table::sheet, number, encode(used)}},
                        {made_by(by, "sheet_read_back", number + " of " + used.unit)}));
    found->second = std::move(used);
    return {};
}

}  // namespace entente::people
