// SPDX-License-Identifier: Apache-2.0
// Entries, and the golden vectors of testdata/vectors/statement.json: the bytes, ids, tags and
// commitments that other implementations must arrive at. They never change: what they say is in
// logs that are signed. The hashes are worked out here by hand, beside the functions under test.
#include "statement/entry.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>
#include <sstream>

#include "base/encode.h"
#include "base/limits.h"
#include "base/sha256.h"
#include "statement/adoption.h"
#include "statement/body.h"
#include "statement/dealings_for_test.h"
#include "statement/fork_entry.h"
#include "statement/leave.h"
#include "statement/said_codec.h"

namespace entente::statement {
namespace {

namespace json = boost::json;

const Hash salts[slot_count] = {sha256("the head salt"), sha256("the coarse salt"),
                                sha256("the exact salt")};

Hash commitment(const Hash& salt, BytesView body) {
    return sha256({"entente/commit/v1\n", salt.view(), body});
}

std::array<Bytes, slot_count> bodies() {
    const Exact exact = samples::exact();
    return {encode_head(samples::head()), encode_coarse(coarse_of(exact)), encode_exact(exact)};
}

SealedEntry sealed() {
    SealedEntry out;
    const auto all = bodies();
    for (std::size_t i = 0; i < slot_count; ++i) {
        out.commitments[i] = commitment(salts[i], all[i]);
    }
    out.tag = version_tag(samples::secret, 1);
    return out;
}

OpenEntry open() {
    OpenEntry out{"beat", {}};
    out.fields.set("count", 3);
    out.fields.set("names", canon::Array{"a\n\"\\", "é"});
    return out;
}

json::array dealings() {
    json::array out;
    for (const Dealt& one : samples::one_of_each()) {
        out.push_back(json::object{{"kind", kind_of(one)}, {"exact", encode_dealt(one)}});
    }
    return out;
}

/// What the vectors say now; the file holds what they said first.
json::object vectors() {
    const char* names[] = {"head", "coarse", "exact"};
    json::array parts;
    const auto all = bodies();
    for (std::size_t i = 0; i < slot_count; ++i) {
        parts.push_back(json::object{{"slot", names[i]},
                                     {"body", all[i]},
                                     {"salt", to_hex(salts[i].view())},
                                     {"commitment", to_hex(sealed().commitments[i].view())}});
    }
    json::array tags;
    for (const std::uint32_t version : {1u, 2u, 256u, 4294967295u}) {
        tags.push_back(json::object{{"version", version},
                                    {"tag", to_hex(version_tag(samples::secret, version).view())}});
    }
    json::array kinds;
    for (const Protection& one :
         {samples::movement(), samples::objection(), samples::stop(), samples::presence()}) {
        const Exact exact = samples::exact_of(one);
        kinds.push_back(json::object{{"kind", one.kind()},
                                     {"coarse", encode_coarse(coarse_of(exact))},
                                     {"exact", encode_exact(exact)}});
    }
    json::array key_entries;
    for (const KeyEntry& key : samples::key_entries()) {
        key_entries.emplace_back(
            encode_entry(make_key_entry(key, samples::origin, samples::root())));
    }
    return {{"origin", samples::origin.v},
            {"secret", to_hex(samples::secret.view())},
            {"record", record_id(samples::origin, samples::secret).text()},
            {"tags", tags},
            {"bodies", parts},
            {"bodies_of_other_kinds", kinds},
            {"dealings", dealings()},
            {"tear", encode_said(samples::torn(), Slot::coarse)},
            {"sealed_entry", encode_entry(sealed())},
            {"open_entry", encode_entry(open())},
            {"head_with_approvals", encode_head(samples::second_head())},
            {"head_without_approvals", encode_head_unapproved(samples::second_head())},
            {"head_of_what_was_stated_before", encode_head(samples::restated_head())},
            {"beat_entry", encode_beat(samples::beat())},
            {"key_entries", key_entries},
            {"fork_entry", encode_fork_entry(fork_entry(samples::origin, "a proof\n"))},
            {"leave_entry", encode_leave({samples::noon, "joined \"one\"", {"one/fr"}})},
            {"charter_entry", encode_adoption({"solo-abcdefghijklmnop", 2, sha256("a charter")})},
            {"receipt_of_a_list", encode_receipt(samples::list_receipt())},
            {"receipt_read_back", encode_receipt(samples::read_back_receipt())}};
}

TEST(Vectors, NeverChange) {
    std::ifstream file("testdata/vectors/statement.json");
    ASSERT_TRUE(file) << "run from the source root";
    std::stringstream text;
    text << file.rdbuf();
    const json::object golden = json::parse(text.str()).as_object();
    const json::object now = vectors();
    for (const auto& [key, value] : now) {
        const json::value* was = golden.if_contains(key);
        ASSERT_NE(was, nullptr) << key;
        EXPECT_EQ(json::serialize(value), json::serialize(*was)) << key;
    }
    EXPECT_EQ(golden.size(), now.size() + 1) << "only the comment comes on top";
}

TEST(Vectors, AreReadAsWhatTheyMean) {
    const Bytes entry = encode_entry(sealed());
    EXPECT_EQ(std::get<SealedEntry>(decode_entry(entry).value()), sealed());
    const Hash id = sha256({"entente/record/v1\n", samples::origin.v, samples::secret.view()});
    EXPECT_EQ(record_id(samples::origin, samples::secret).text(),
              to_base32(id.view().substr(0, 10)));
    const Hash tag =
        sha256({"entente/tag/v1\n", samples::secret.view(), BytesView("\x01\x02\x03\x04", 4)});
    EXPECT_EQ(version_tag(samples::secret, 0x01020304), tag);
}

TEST(Entry, SealedOnesAreAllOfOneSize) {
    const std::size_t size = encode_entry(sealed()).size();
    for (int i = 0; i < 100; ++i) {
        SealedEntry other;
        for (Hash& hash : other.commitments) hash = sha256(std::to_string(i));
        other.tag = sha256(std::to_string(-i));
        EXPECT_EQ(encode_entry(other).size(), size);
        EXPECT_EQ(std::get<SealedEntry>(decode_entry(encode_entry(other)).value()), other);
    }
}

TEST(Entry, OpenOnesKeepWhatTheyHold) {
    const auto back = decode_entry(encode_entry(open()));
    ASSERT_TRUE(back) << back.error().detail;
    EXPECT_EQ(std::get<OpenEntry>(*back), open());
    // Of a version or kind to come: kept, whatever it is.
    const auto later = decode_entry(R"({"extra":[1],"kind":"treaty","v":9})");
    ASSERT_TRUE(later) << later.error().detail;
    EXPECT_EQ(std::get<OpenEntry>(*later).kind, "treaty");
}

TEST(Entry, RefusesWhatIsNeither) {
    const std::string hash(43, 'A');
    const auto c = [](const std::string& a, const std::string& b, const std::string& d) {
        return "{\"c\":[\"" + a + "\",\"" + b + "\",\"" + d + "\"]";
    };
    const std::string tag = ",\"tag\":\"" + hash + "\"";
    ASSERT_TRUE(decode_entry(c(hash, hash, hash) + tag + ",\"v\":1}"));
    const std::string table[] = {
        "",
        "[]",
        "{}",
        "{\"v\":1}",
        "{\"kind\":7,\"v\":1}",
        "{\"kind\":\"beat\"}",
        c(hash, hash, hash) + tag + ",\"v\":2}",
        c(hash, hash, hash) + tag + "}",
        c(hash, hash, hash) + ",\"v\":1}",
        c(hash, hash, hash) + tag + ",\"v\":1,\"w\":1}",
        c(hash, hash, hash + "A") + tag + ",\"v\":1}",
        c(hash, hash, hash.substr(1)) + tag + ",\"v\":1}",
        c(hash, hash, std::string(42, 'A') + "B") + tag + ",\"v\":1}",  // stray low bits
        c(hash, hash, std::string(42, 'A') + "=") + tag + ",\"v\":1}",
        "{\"c\":[\"" + hash + "\"]" + tag + ",\"v\":1}",
        "{\"c\":[1,2,3]" + tag + ",\"v\":1}",
        "{\"v\":1,\"kind\":\"beat\"}",
        "{\"kind\":\"beat\",\"v\":1} ",
    };
    for (const std::string& text : table) EXPECT_FALSE(decode_entry(text)) << text;
    const std::string large =
        "{\"kind\":\"" + std::string(limits::entry_bytes_max, 'k') + "\",\"v\":1}";
    EXPECT_EQ(decode_entry(large).error().code, Errc::too_large);
}

}  // namespace
}  // namespace entente::statement
