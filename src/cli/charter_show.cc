// SPDX-License-Identifier: Apache-2.0
// `entente charter show|verify`: what a charter says in words, who has signed it, and who is still
// missing.
#include <fmt/format.h>

#include <boost/json.hpp>
#include <cmath>

#include "base/encode.h"
#include "base/printable.h"
#include "base/sha256.h"
#include "cli/charter_files.h"
#include "cli/verbs.h"
#include "formats/json.h"
#include "statement/charter_chain.h"
#include "statement/charter_policy.h"

namespace entente::cli {
namespace {

namespace json = boost::json;
using statement::Charter;
using statement::CharterParty;
using statement::Standing;

/// A charter file with what its signatures come to.
struct Looked {
    Charter charter;
    Hash hash;
    std::optional<Standing>
        standing;   // absent where a signature does not hold, or cannot be judged
    Error fault{};  // then why
};

Result<Looked> look(const CharterArgs& args) {
    TRY(file, read_charter_file(args.file));
    auto charter = statement::parse_draft(file);
    if (!charter) return at(args.file, charter.error());
    TRY(hash, statement::charter_hash(file));
    Looked out{*charter, hash, std::nullopt};
    TRY(earlier, earlier_versions(args.previous, args.common.data));
    auto before = version_before(*charter, earlier);
    if (!before) {
        out.fault = before.error();
        return out;
    }
    std::optional<std::string_view> previous;
    if (*before) {
        // The version before is believed only with its own signatures, back to the first.
        if (auto believed = node::read_charter(**before, earlier); !believed) {
            out.fault = believed.error();
            return out;
        }
        previous = **before;
    }
    auto standing = statement::standing(file, previous);
    if (standing)
        out.standing = *standing;
    else
        out.fault = standing.error();
    return out;
}

std::string list(const std::vector<PartyId>& parties) {
    std::string out;
    for (const PartyId& party : parties) out += (out.empty() ? "" : ", ") + party.v;
    return out.empty() ? "nobody" : out;
}

std::string duration(Duration d) {
    const auto s = std::chrono::duration_cast<std::chrono::seconds>(d).count();
    if (s != 0 && s % 86400 == 0) return fmt::format("{} d", s / 86400);
    if (s != 0 && s % 3600 == 0) return fmt::format("{} h", s / 3600);
    if (s != 0 && s % 60 == 0) return fmt::format("{} min", s / 60);
    return fmt::format("{} s", s);
}

void print_party(const CharterParty& party) {
    fmt::print("  {:12} {}\n", party.id.v, printable(party.name));
    fmt::print("  {:12} root {}, {} {} for a withdrawal\n", "", fingerprint(sha256(party.root)),
               party.officers, party.officers == 1 ? "officer" : "officers");
    if (!party.address.empty()) fmt::print("  {:12} {}\n", "", printable(party.address));
    if (!party.relay.empty()) fmt::print("  {:12} relayed by {}\n", "", party.relay);
    if (!party.sponsor.empty()) fmt::print("  {:12} sponsored by {}\n", "", party.sponsor);
}

void print_points(const char* title, const std::vector<std::string>& points) {
    fmt::print("\n{}\n", title);
    if (points.empty()) fmt::print("  none stated\n");
    for (const std::string& point : points) fmt::print("  - {}\n", printable(point));
}

void print_limits(const char* what, const char* unit, const statement::ByClass& limits) {
    std::string out;
    for (std::size_t i = 0; i < limits.size(); ++i) {
        if (limits[i] == 0) continue;
        out += fmt::format("{}{} {}{}", out.empty() ? "" : ", ",
                           statement::name(static_cast<statement::ProtectionClass>(i)),
                           grouped(static_cast<std::uint64_t>(limits[i])), unit);
    }
    fmt::print("  {:38} {}\n", what, out.empty() ? "no limit" : out);
}

void print_terms(const Charter& charter) {
    const statement::CharterTerms& t = charter.terms;
    const auto row = [](const char* what, const std::string& value) {
        fmt::print("  {:38} {}\n", what, value);
    };
    fmt::print("\nTerms\n");
    row("a change of this charter needs",
        fmt::format("{} of {} signatures", t.quorum, charter.parties.size()));
    row("a withdrawal or reduction acts after", duration(t.reduce_delay));
    row("of them within 24 h without the root",
        fmt::format("{}, or {} %", t.relaxations_min, t.relaxations_percent));
    row("an answer is incomplete beyond", duration(t.age_limit));
    row("a party may be marked absent after", duration(t.absent_after));
    row("near a plan is a caution within", fmt::format("{} m", std::llround(t.policy_distance.v)));
    if (charter.solo) return;
    row("every log gives a sign of life", "every " + duration(t.beat_every));
    row("and states the others' heads", "every " + duration(t.heads_every));
    row("what is released is acknowledged within", duration(t.receipt_due));
    row("an unanswered STOP goes on after",
        duration(t.stop_next_desk) + ", to all after " + duration(t.stop_escalate));
    const auto limit = [](std::int64_t v, const char* unit) {
        return v == 0 ? std::string("no limit") : fmt::format("{} {}", v, unit);
    };
    row("a STOP is a caution beyond", limit(t.stop_extent_m, "m across"));
    row("and all of one party beyond", limit(t.stop_area_km2, "km2"));
    const std::size_t others = charter.parties.empty() ? 0 : charter.parties.size() - 1;
    row("a head is final with",
        fmt::format("{} of {} other mirrors", statement::mirrors_needed(others), others));
    print_limits("records of one party at most", "", t.budget_records);
    print_limits("their area at most", " km2", t.budget_area_km2);
    print_limits("one place at most", " m", t.extent_m);
}

void print_signatures(const Looked& looked) {
    fmt::print("\nSignatures\n");
    if (!looked.standing) {
        fmt::print("  {}\n", printable(looked.fault.detail));
        return;
    }
    const Standing& standing = *looked.standing;
    fmt::print("  signed        {}\n", list(standing.signers));
    if (!standing.missing.empty()) fmt::print("  missing       {}\n", list(standing.missing));
    if (standing.votes_needed > 0) {
        fmt::print("  quorum        {} of the {} that version {} asks for\n", standing.votes,
                   standing.votes_needed, looked.charter.version - 1);
    }
    fmt::print("  {}\n", standing.complete() ? "complete: it can be adopted" : "not complete");
}

json::object as_json(const Looked& looked) {
    json::array parties, signers, missing;
    for (const CharterParty& party : looked.charter.parties) {
        parties.push_back(json::object{{"id", party.id.v},
                                       {"name", party.name},
                                       {"origin", looked.charter.origin(party.id).v},
                                       {"log", party.log},
                                       {"address", party.address},
                                       {"relay", party.relay},
                                       {"sponsor", party.sponsor},
                                       {"officers", party.officers}});
    }
    json::object out{{"id", looked.charter.id},
                     {"version", looked.charter.version},
                     {"exercise", looked.charter.exercise},
                     {"hash", to_base64(looked.hash.view())},
                     {"quorum", looked.charter.terms.quorum},
                     {"parties", parties}};
    if (!looked.standing) {
        out["complete"] = false;
        out["fault"] = looked.fault.detail;
        return out;
    }
    for (const PartyId& party : looked.standing->signers) signers.emplace_back(party.v);
    for (const PartyId& party : looked.standing->missing) missing.emplace_back(party.v);
    out["signed"] = signers;
    out["missing"] = missing;
    out["votes"] = looked.standing->votes;
    out["votes_needed"] = looked.standing->votes_needed;
    out["complete"] = looked.standing->complete();
    return out;
}

void print_title(const Looked& looked) {
    const Charter& charter = looked.charter;
    fmt::print("{}{} version {}\n", charter.exercise ? "EXERCISE: " : "", charter.id,
               charter.version);
    fmt::print("  hash          {} ({})\n", to_base64(looked.hash.view()),
               fingerprint(looked.hash));
}

/// Who signed both of two texts of one version, by the roots of the version before (PROTOCOL 8).
Result<std::vector<PartyId>> signed_both(const CharterArgs& args) {
    TRY(one, read_charter_file(args.file));
    TRY(other, read_charter_file(args.rival));
    TRY(charter, statement::parse_charter(one));
    TRY(earlier, earlier_versions(args.previous, args.common.data));
    TRY(before, version_before(charter, earlier));
    return statement::convicted(before ? *before : one, one, other);
}

Exit verify_rivals(const CharterArgs& args) {
    const auto both = signed_both(args);
    if (!both) return report("charter verify", both.error());
    if (args.common.json) {
        json::array parties;
        for (const PartyId& party : *both) parties.emplace_back(party.v);
        fmt::print("{}\n", json::serialize(json::object{{"signed_both", parties}}));
    } else if (both->empty()) {
        fmt::print("nobody signed both texts\n");
    } else {
        fmt::print("signed two texts of one version, which these files prove: {}\n", list(*both));
    }
    return both->empty() ? Exit::ok : Exit::failure;
}

}  // namespace

Exit charter_show(const CharterArgs& args) {
    const auto looked = look(args);
    if (!looked) return report("charter show", looked.error());
    if (args.common.json) {
        fmt::print("{}\n", formats::escape_unseen(json::serialize(as_json(*looked))));
        return Exit::ok;
    }
    const Charter& charter = looked->charter;
    print_title(*looked);
    fmt::print("\nParties\n");
    if (charter.parties.empty()) fmt::print("  none yet\n");
    for (const CharterParty& party : charter.parties) print_party(party);
    for (const statement::OutsideWitness& witness : charter.witnesses) {
        fmt::print("  {:12} a witness outside, {}\n", printable(witness.name),
                   printable(witness.url));
    }
    print_points("Points agreed", charter.points_agreed);
    print_points("Points of difference", charter.points_of_difference);
    print_terms(charter);
    print_signatures(*looked);
    if (!args.common.data.empty()) {
        for (const auto& one : waiting_versions(args.common.data, charter.version)) {
            fmt::print("\n{}\n", text_of(one, args.common.data));
        }
    }
    return Exit::ok;
}

Exit charter_verify(const CharterArgs& args) {
    if (!args.rival.empty()) return verify_rivals(args);
    const auto looked = look(args);
    if (!looked) return report("charter verify", looked.error());
    const bool complete = looked->standing && looked->standing->complete();
    if (args.common.json) {
        fmt::print("{}\n", formats::escape_unseen(json::serialize(as_json(*looked))));
    } else {
        print_title(*looked);
        print_signatures(*looked);
    }
    if (!looked->standing) return report("charter verify", looked->fault);
    return complete ? Exit::ok : Exit::failure;
}

}  // namespace entente::cli
