// SPDX-License-Identifier: Apache-2.0
// Reading a charter file: toml++ knows the form, this file the meaning.
#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

#include <set>

#include "base/encode.h"
#include "base/limits.h"
#include "statement/charter.h"

namespace entente::statement {
namespace {

/// A table whose every key must be asked for: what is left over at the end was misspelt.
class Table {
  public:
    Table(const toml::table& table, std::string where) : table_(table), where_(std::move(where)) {}

    const toml::node* find(std::string_view key) {
        asked_.emplace(key);
        return table_.get(key);
    }
    tl::unexpected<Error> bad(std::string_view key, const char* expected) const {
        return fail(Errc::malformed,
                    "charter: " + where_ + std::string(key) + " is not " + expected);
    }
    Result<std::string> text(std::string_view key) {
        const toml::node* node = find(key);
        if (node == nullptr || !node->is_string()) return bad(key, "given as text");
        return node->as_string()->get();
    }
    Result<std::int64_t> integer(std::string_view key, std::int64_t low, std::int64_t high) {
        const toml::node* node = find(key);
        if (node == nullptr || !node->is_integer()) return bad(key, "given as a whole number");
        const std::int64_t value = node->as_integer()->get();
        if (value < low || value > high) {
            return bad(key,
                       ("from " + std::to_string(low) + " to " + std::to_string(high)).c_str());
        }
        return value;
    }
    Result<Duration> seconds(std::string_view key) {
        TRY(value, integer(key, 0, 366LL * 86400));
        return Duration(std::chrono::seconds(value));
    }
    Result<bool> boolean(std::string_view key) {
        const toml::node* node = find(key);
        if (node == nullptr || !node->is_boolean()) return bad(key, "true or false");
        return node->as_boolean()->get();
    }
    Result<Hash> hash(std::string_view key) {
        TRY(value, text(key));
        auto out = hash_from_base64(value);
        if (!out) return bad(key, "the base64 of 32 bytes");
        return *out;
    }
    Result<Bytes> key(std::string_view key) {
        TRY(bytes, hash(key));
        return Bytes(bytes.view());
    }
    /// The tables under `[[key]]`; none where there is no such line.
    Result<std::vector<const toml::table*>> tables(std::string_view key) {
        std::vector<const toml::table*> out;
        const toml::node* node = find(key);
        if (node == nullptr) return out;
        if (!node->is_array_of_tables()) {
            return bad(key, ("given as [[" + std::string(key) + "]]").c_str());
        }
        for (const toml::node& one : *node->as_array()) out.push_back(one.as_table());
        return out;
    }
    Result<const toml::table*> table(std::string_view key) {
        const toml::node* node = find(key);
        if (node == nullptr || !node->is_table()) {
            return fail(Errc::malformed, "charter: [" + std::string(key) + "] is missing");
        }
        return node->as_table();
    }
    Result<std::vector<std::string>> texts(std::string_view key) {
        const toml::node* node = find(key);
        if (node == nullptr || !node->is_array()) return bad(key, "a list of texts");
        std::vector<std::string> out;
        for (const toml::node& item : *node->as_array()) {
            if (!item.is_string()) return bad(key, "a list of texts");
            out.push_back(item.as_string()->get());
        }
        return out;
    }
    Result<void> nothing_else() const {
        for (const auto& [key, value] : table_) {
            if (!asked_.contains(std::string(key.str()))) {
                return bad(key.str(), "a term that this version knows");
            }
        }
        return {};
    }

  private:
    const toml::table& table_;
    std::string where_;
    std::set<std::string> asked_;
};

constexpr std::int64_t budget_max = 1'000'000'000;

Result<CharterParty> read_party(const toml::table& table, const std::string& where, bool solo) {
    Table t(table, where);
    CharterParty party;
    TRY(id_text, t.text("id"));
    TRY(id, PartyId::parse(id_text));
    TRY(party_name, t.text("name"));
    TRY(root, t.key("root"));
    TRY(next, t.hash("root_next"));
    TRY(log, t.text("log"));
    TRY(officers, t.integer("officers", 1, 16));
    party = {id, party_name, root, next, log, static_cast<int>(officers), {}, {}, {},
             {}, {},         {},   {},   {}};
    if (!solo) {
        TRY(sponsor, t.text("sponsor"));
        TRY(address, t.text("address"));
        TRY(relay, t.text("relay"));
        TRY(witness, t.text("witness"));
        TRY(mirror, t.text("mirror"));
        TRY(sealing, t.key("sealing"));
        TRY(channel, t.key("channel"));
        TRY(duty, t.key("duty"));
        party.sponsor = sponsor;
        party.address = address;
        party.relay = relay;
        party.witness = witness;
        party.mirror = mirror;
        party.sealing = sealing;
        party.channel = channel;
        party.duty = duty;
    }
    TRYV(t.nothing_else());
    return party;
}

Result<OutsideWitness> read_witness(const toml::table& table, const std::string& where) {
    Table t(table, where);
    TRY(witness_name, t.text("name"));
    TRY(vkey, t.text("vkey"));
    TRY(url, t.text("url"));
    TRYV(t.nothing_else());
    return OutsideWitness{witness_name, vkey, url};
}

/// A number for each class.
Result<ByClass> read_by_class(Table& file, const char* key, std::int64_t most) {
    TRY(table, file.table(key));
    Table t(*table, std::string(key) + ".");
    ByClass out{};
    for (std::size_t i = 0; i < protection_class_count; ++i) {
        TRY(value, t.integer(name(static_cast<ProtectionClass>(i)), 0, most));
        out[i] = value;
    }
    TRYV(t.nothing_else());
    return out;
}

Result<std::array<Decimetres, protection_class_count>> read_lengths(Table& file, const char* key) {
    TRY(metres, read_by_class(file, key, limits::buffer_dm_max / 10));
    std::array<Decimetres, protection_class_count> out{};
    for (std::size_t i = 0; i < protection_class_count; ++i) out[i] = Decimetres{metres[i] * 10};
    return out;
}

/// What only several parties need.
Result<void> read_joint_terms(Table& file, CharterTerms& terms) {
    TRY(stop_table, file.table("stop"));
    Table stop(*stop_table, "stop.");
    TRY(next_desk, stop.seconds("next_desk_after_s"));
    TRY(escalate, stop.seconds("escalate_after_s"));
    // A charter of before there were these two has none of them, and so no limit.
    if (stop.find("extent_m") != nullptr || stop.find("area_km2") != nullptr) {
        TRY(stop_extent, stop.integer("extent_m", 0, budget_max));
        TRY(stop_area, stop.integer("area_km2", 0, budget_max));
        terms.stop_extent_m = stop_extent;
        terms.stop_area_km2 = stop_area;
    }
    TRYV(stop.nothing_else());
    TRY(records, read_by_class(file, "budget_records", budget_max));
    TRY(area, read_by_class(file, "budget_area_km2", budget_max));
    TRY(extent, read_by_class(file, "extent_m", budget_max));
    terms.stop_next_desk = next_desk;
    terms.stop_escalate = escalate;
    terms.budget_records = records;
    terms.budget_area_km2 = area;
    terms.extent_m = extent;
    return {};
}

Result<CharterTerms> read_terms(Table& file, bool solo) {
    TRY(table, file.table("terms"));
    Table t(*table, "terms.");
    CharterTerms terms;
    TRY(reduce_delay, t.seconds("reduce_delay_s"));
    TRY(quorum, t.integer("quorum", 1, 64));
    TRY(beat_every, t.seconds("beat_every_s"));
    TRY(age_limit, t.seconds("age_limit_s"));
    TRY(absent_after, t.seconds("absent_after_s"));
    TRY(policy_distance, t.integer("policy_distance_m", 0, 100'000));
    TRY(relaxations_min, t.integer("relaxations_min", 0, 1'000'000));
    TRY(relaxations_percent, t.integer("relaxations_percent", 0, 100));
    if (!solo) {
        TRY(receipt_due, t.seconds("receipt_due_s"));
        TRY(heads_every, t.seconds("heads_every_s"));
        terms.receipt_due = receipt_due;
        terms.heads_every = heads_every;
    }
    TRYV(t.nothing_else());
    TRY(buffers, read_lengths(file, "buffers_m"));
    TRY(accuracies, read_lengths(file, "accuracies_m"));
    if (!solo) TRYV(read_joint_terms(file, terms));
    terms.buffers = buffers;
    terms.accuracies = accuracies;
    terms.reduce_delay = reduce_delay;
    terms.quorum = static_cast<int>(quorum);
    terms.beat_every = beat_every;
    terms.age_limit = age_limit;
    terms.absent_after = absent_after;
    terms.policy_distance = Metres{static_cast<double>(policy_distance)};
    terms.relaxations_min = static_cast<int>(relaxations_min);
    terms.relaxations_percent = static_cast<int>(relaxations_percent);
    return terms;
}

Result<std::map<std::string, Bytes>> read_signatures(const toml::table& file) {
    const toml::table* table = file["signatures"].as_table();
    if (table == nullptr || file.size() != 1) {
        return fail(Errc::malformed, "charter: below the line [signatures] stand signatures alone");
    }
    std::map<std::string, Bytes> out;
    if (table->size() > 2 * limits::parties_max) {
        return fail(Errc::too_large, "charter: more signatures than two versions have parties");
    }
    for (const auto& [party, node] : *table) {
        TRY(id, PartyId::parse(party.str()));
        if (!node.is_string()) return fail(Errc::malformed, "charter: a signature is base64 text");
        TRY(signature, from_base64(node.as_string()->get()));
        if (signature.size() != 64) {
            return fail(Errc::malformed, "charter: a signature has 64 bytes");
        }
        out.emplace(std::move(id.v), std::move(signature));
    }
    return out;
}

Result<toml::table> parse_toml(std::string_view text) {
    toml::parse_result parsed = toml::parse(text);
    if (!parsed) {
        return fail(Errc::malformed, "charter, line " +
                                         std::to_string(parsed.error().source().begin.line) + ": " +
                                         std::string(parsed.error().description()));
    }
    return std::move(parsed).table();
}

Result<void> read_members(Table& t, Charter& charter) {
    TRY(parties, t.tables("party"));
    if (parties.size() > limits::parties_max) {
        return fail(Errc::too_large,
                    "charter: at most parties_max = " + std::to_string(limits::parties_max) +
                        " parties, not " + std::to_string(parties.size()));
    }
    for (const toml::table* one : parties) {
        const std::string where = "party " + std::to_string(charter.parties.size() + 1) + ": ";
        TRY(party, read_party(*one, where, charter.solo));
        charter.parties.push_back(std::move(party));
    }
    if (charter.solo) return {};
    TRY(witnesses, t.tables("witness"));
    for (const toml::table* one : witnesses) {
        const std::string where = "witness " + std::to_string(charter.witnesses.size() + 1) + ": ";
        TRY(witness, read_witness(*one, where));
        charter.witnesses.push_back(std::move(witness));
    }
    return {};
}

/// The hash of the version before: stated everywhere but in a solo charter's first version.
Result<std::optional<Hash>> read_previous(Table& t, bool solo, std::int64_t version) {
    if (solo && version == 1) return std::optional<Hash>();
    TRY(text, t.text("previous"));
    if (version == 1) {
        if (text.empty()) return std::optional<Hash>();
        return t.bad("previous", "empty, as it is in version 1");
    }
    TRY(hash, t.hash("previous"));
    return std::optional(hash);
}

Result<Charter> parse(std::string_view file) {
    if (file.size() > limits::charter_bytes_max) {
        return fail(Errc::too_large, "a charter has at most charter_bytes_max = " +
                                         std::to_string(limits::charter_bytes_max) + " bytes");
    }
    // What the hash is over and what is read as terms must be the same bytes: a line [signatures]
    // within a text would leave the terms below it signed by nobody. So each part is read alone.
    TRY(size, signed_size(file));
    TRY(terms_table, parse_toml(file.substr(0, size)));
    TRY(signatures_table, parse_toml(file.substr(size)));
    Table t(terms_table, "");
    Charter charter;
    // The solo form is that of a party alone before there were several: it has no STOP timers.
    const toml::array* parties = terms_table["party"].as_array();
    charter.solo = !terms_table.contains("stop") && parties != nullptr && parties->size() == 1;
    TRY(id, t.text("id"));
    TRY(version, t.integer("version", 1, UINT32_MAX));
    TRY(previous, read_previous(t, charter.solo, version));
    TRY(exercise, t.boolean("exercise"));
    TRY(points_agreed, t.texts("points_agreed"));
    TRY(points_of_difference, t.texts("points_of_difference"));
    TRYV(read_members(t, charter));
    TRY(terms, read_terms(t, charter.solo));
    TRYV(t.nothing_else());
    TRY(signatures, read_signatures(signatures_table));
    charter.id = std::move(id);
    charter.version = static_cast<std::uint32_t>(version);
    charter.previous = previous;
    charter.exercise = exercise;
    charter.points_agreed = std::move(points_agreed);
    charter.points_of_difference = std::move(points_of_difference);
    charter.terms = terms;
    charter.signatures = std::move(signatures);
    return charter;
}

}  // namespace

Result<Charter> parse_draft(std::string_view file) {
    TRY(charter, parse(file));
    TRYV(check_charter(charter));
    return charter;
}

Result<Charter> parse_charter(std::string_view file) {
    TRY(charter, parse_draft(file));
    if (charter.parties.empty()) {
        return fail(Errc::malformed,
                    "charter: it names no party; a draft gets them by: entente charter add");
    }
    return charter;
}

Result<Card> parse_card(std::string_view file) {
    if (file.size() > limits::card_bytes_max) {
        return fail(Errc::too_large, "a card has at most card_bytes_max = " +
                                         std::to_string(limits::card_bytes_max) + " bytes");
    }
    TRY(table, parse_toml(file));
    Table t(table, "card: ");
    TRY(id, t.text("charter"));
    TRY(exercise, t.boolean("exercise"));
    TRY(parties, t.tables("party"));
    if (parties.size() != 1) return t.bad("party", "one [[party]]");
    TRY(party, read_party(*parties[0], "card: ", false));
    TRYV(t.nothing_else());
    Card card{id, exercise, std::move(party)};
    TRYV(check_card(card));
    return card;
}

}  // namespace entente::statement
