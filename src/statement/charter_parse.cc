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

Result<CharterParty> read_party(const toml::table& table, std::size_t number) {
    Table t(table, "party " + std::to_string(number) + ": ");
    CharterParty party;
    TRY(id_text, t.text("id"));
    TRY(id, PartyId::parse(id_text));
    TRY(party_name, t.text("name"));
    TRY(root_text, t.text("root"));
    TRY(root, from_base64(root_text));
    if (root.size() != 32) return t.bad("root", "an Ed25519 key of 32 bytes");
    TRY(next_text, t.text("root_next"));
    TRY(next, hash_from_base64(next_text));
    TRY(log, t.text("log"));
    TRY(officers, t.integer("officers", 1, 16));
    TRYV(t.nothing_else());
    return CharterParty{id, party_name, root, next, log, static_cast<int>(officers)};
}

Result<void> read_by_class(const toml::table& file, const char* key,
                           std::array<Decimetres, protection_class_count>& out) {
    const toml::table* table = file[key].as_table();
    if (table == nullptr) {
        return fail(Errc::malformed, "charter: [" + std::string(key) + "] is missing");
    }
    Table t(*table, std::string(key) + ".");
    for (std::size_t i = 0; i < protection_class_count; ++i) {
        TRY(value, t.integer(name(static_cast<ProtectionClass>(i)), 0, limits::buffer_dm_max / 10));
        out[i] = Decimetres{value * 10};
    }
    return t.nothing_else();
}

Result<CharterTerms> read_terms(const toml::table& file) {
    const toml::table* table = file["terms"].as_table();
    if (table == nullptr) return fail(Errc::malformed, "charter: [terms] is missing");
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
    TRYV(t.nothing_else());
    TRYV(read_by_class(file, "buffers_m", terms.buffers));
    TRYV(read_by_class(file, "accuracies_m", terms.accuracies));
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

Result<void> read_signatures(const toml::table& file, Charter& charter) {
    const toml::table* table = file["signatures"].as_table();
    if (table == nullptr || file.size() != 1) {
        return fail(Errc::malformed, "charter: below the line [signatures] stand signatures alone");
    }
    for (const auto& [party, node] : *table) {
        if (!node.is_string()) return fail(Errc::malformed, "charter: a signature is base64 text");
        TRY(signature, from_base64(node.as_string()->get()));
        if (signature.size() != 64) {
            return fail(Errc::malformed, "charter: a signature has 64 bytes");
        }
        charter.signatures.emplace(std::string(party.str()), std::move(signature));
    }
    return {};
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

}  // namespace

Result<Charter> parse_charter(std::string_view file) {
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
    TRY(id, t.text("id"));
    TRY(version, t.integer("version", 1, UINT32_MAX));
    TRY(exercise, t.boolean("exercise"));
    TRY(points_agreed, t.texts("points_agreed"));
    TRY(points_of_difference, t.texts("points_of_difference"));
    const toml::node* parties = t.find("party");
    if (parties == nullptr || !parties->is_array_of_tables()) {
        return t.bad("party", "given as [[party]]");
    }
    for (const toml::node& node : *parties->as_array()) {
        TRY(party, read_party(*node.as_table(), charter.parties.size() + 1));
        if (charter.party(party.id) != nullptr) return t.bad("party", "named once each");
        charter.parties.push_back(std::move(party));
    }
    for (const char* section : {"terms", "buffers_m", "accuracies_m"}) t.find(section);
    TRYV(t.nothing_else());
    TRY(terms, read_terms(terms_table));
    TRYV(read_signatures(signatures_table, charter));
    charter.id = std::move(id);
    charter.version = static_cast<std::uint32_t>(version);
    charter.exercise = exercise;
    charter.points_agreed = std::move(points_agreed);
    charter.points_of_difference = std::move(points_of_difference);
    charter.terms = terms;
    return charter;
}

}  // namespace entente::statement
