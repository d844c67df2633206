// SPDX-License-Identifier: Apache-2.0
// Who claims, attributes, denies or accepts an incident, or is silent: each time a statement of its
// own, by whoever heard or says it, beside those of others (DESIGN 3). There is no field anywhere
// that says who was responsible.
#pragma once

#include "statement/body.h"
#include "statement/source.h"

namespace entente::statement {

constexpr const char* responsibility_kind = "responsibility";

enum class Stance : std::uint8_t {
    claims,        // says that it did it
    attributes,    // says that `whom` did it
    denies,        // says that it, or `whom`, did not
    accepts,       // says so after it was asked, or after an inquiry
    silent,        // was asked and has not answered
    under_review,  // says that it is looking into it
    apologises,
};
constexpr std::size_t stance_count = 7;
const char* name(Stance stance);

struct Responsibility {
    BodyKeys keys;
    std::optional<RecordId> of;  // the incident; never absent
    std::optional<Hash> leaf;    // leaf of the version of it that was known; may be absent
    Stance stance = Stance::claims;
    std::optional<Actor> who;   // whose word it is; absent: the author's own
    std::optional<Actor> whom;  // of whom it is said; never absent where it attributes
    std::optional<Instant> at;  // when it was said
    std::string text;           // in its own words
    std::string language;
    std::vector<Source> sources;
    std::optional<Grade> grade;  // how sure the author is that it was said so
    std::string contact;
    bool operator==(const Responsibility&) const = default;
};

void members(Members& m, Responsibility& responsibility);
Result<void> validate(const Responsibility& responsibility);

}  // namespace entente::statement
