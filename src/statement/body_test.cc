// SPDX-License-Identifier: Apache-2.0
// The bodies of a sealed entry: what is written comes back, what is missing or of another type is
// refused by its name, what is not known is passed over. (Bad input: "Done when" 6 of the issue
// that made the room.)
#include "statement/body.h"

#include <gtest/gtest.h>

#include <functional>

#include "base/encode.h"
#include "base/limits.h"
#include "statement/samples_for_test.h"
#include "statement/where.h"

namespace entente::statement {
namespace {

using canon::Array;
using canon::Object;
using canon::Value;

Object object_of(const Bytes& bytes) {
    return *canon::decode(bytes, limits::body_bytes_max).value().object();
}

/// The object with one member replaced, or left out.
Bytes with(const Object& object, const std::string& key, std::optional<Value> value) {
    Object out;
    for (const auto& [name, member] : object.members()) {
        if (name != key) out.set(name, member);
    }
    if (value) out.set(key, *value);
    return canon::encode(out);
}

template <class T>
std::string error(const Result<T>& result) {
    return result ? "no error" : result.error().detail;
}

TEST(Body, WhatIsWrittenComesBack) {
    for (const Head& head : {samples::head(), samples::second_head(), samples::restated_head()}) {
        const auto back = decode_head(encode_head(head));
        ASSERT_TRUE(back) << error(back);
        EXPECT_EQ(*back, head);
    }
    const Exact exact = samples::exact();
    const auto back = decode_exact(encode_exact(exact));
    ASSERT_TRUE(back) << error(back);
    EXPECT_EQ(*back, exact);
    const Coarse coarse = coarse_of(exact);
    const auto coarse_back = decode_coarse(encode_coarse(coarse));
    ASSERT_TRUE(coarse_back) << error(coarse_back);
    EXPECT_EQ(*coarse_back, coarse);
}

TEST(Body, TheExactBodyOpensTheCoarseOne) {
    const Exact exact = samples::exact();
    const Coarse coarse = coarse_of(exact);
    EXPECT_EQ(coarse.keys, exact.keys);
    EXPECT_EQ(coarse.protection_class, "hospital");
    EXPECT_EQ(coarse.contact, exact.protection.contact);
    EXPECT_EQ(coarse.where, exact.coarse.where);
    // Read back from bytes it opens the same: nothing on the way changes what was committed to.
    EXPECT_EQ(encode_coarse(coarse_of(decode_exact(encode_exact(exact)).value())),
              encode_coarse(coarse));
}

TEST(Body, EveryShapeReferenceAndOpenEndComesBack) {
    for (const geo::Place& place : samples::places()) {
        const Value value = encode_where({place});
        const auto back = decode_where(*value.array());
        ASSERT_TRUE(back) << error(back);
        EXPECT_EQ(back->front(), place) << canon::encode(value);
    }
    for (int i = 0; i < 4; ++i) {
        for (int open = 0; open < 4; ++open) {
            geo::Place place = samples::places()[0];
            place.volume.band = {-5, 7, static_cast<geo::AltitudeReference>(i)};
            if (open & 1) place.volume.band.lower.reset();
            if (open & 2) place.volume.band.upper.reset();
            // Without ends a band says nothing: its reference is not kept.
            if (open == 3) place.volume.band.reference = geo::AltitudeReference::w84;
            const Value value = encode_where({place});
            EXPECT_EQ(decode_where(*value.array()).value().front(), place);
        }
    }
}

struct Member {
    const char* key;
    bool required;
};

/// Each member is left out and given as another type: only optional ones may be missing.
template <class T>
void expect_members(const Bytes& bytes, const std::vector<Member>& members,
                    Result<T> (*decode)(BytesView)) {
    const Object object = object_of(bytes);
    for (const Member& member : members) {
        ASSERT_NE(object.find(member.key), nullptr) << member.key << " is not in the sample";
        const auto missing = decode(with(object, member.key, std::nullopt));
        EXPECT_EQ(missing.has_value(), !member.required) << member.key;
        if (!missing) {
            EXPECT_NE(error(missing).find(member.key), std::string::npos) << error(missing);
        }
        const bool is_array = object.find(member.key)->array() != nullptr;
        const auto wrong =
            decode(with(object, member.key, is_array ? Value("text") : Value(Array{1})));
        ASSERT_FALSE(wrong) << member.key;
        EXPECT_EQ(wrong.error().code, Errc::malformed);
        EXPECT_NE(error(wrong).find(member.key), std::string::npos) << error(wrong);
    }
}

TEST(Body, EachMissingOrMistypedMemberIsRefusedByItsName) {
    const std::vector<Member> keys = {
        {"charter", true}, {"origin", true}, {"record", true}, {"slot", true}, {"version", true}};
    std::vector<Member> head = keys, coarse = keys, exact = keys;
    for (const char* key :
         {"act", "actor", "approvals", "kind", "protects", "secret", "time", "used"}) {
        head.push_back({key, true});
    }
    head.push_back({"follows", false});
    head.push_back({"was", false});
    coarse.insert(coarse.end(), {{"class", true}, {"contact", false}, {"where", true}});
    exact.insert(exact.end(), {{"class", true},
                               {"where", true},
                               {"coarse", true},
                               {"contact", false},
                               {"names", false},
                               {"reconfirm_by", false},
                               {"ref", false},
                               {"source", false}});
    Head all = samples::second_head();
    all.was = samples::restated_head().was;
    expect_members<Head>(encode_head(all), head, decode_head);
    expect_members<Coarse>(encode_coarse(coarse_of(samples::exact())), coarse, decode_coarse);
    expect_members<Exact>(encode_exact(samples::exact()), exact, decode_exact);
    const Object outer = object_of(encode_exact(samples::exact()));
    const Object opening = *outer.find("coarse")->object();
    for (const char* key : {"salt", "where"}) {
        const auto inner = canon::decode(with(opening, key, std::nullopt), 65536);
        const auto result = decode_exact(with(outer, "coarse", *inner));
        ASSERT_FALSE(result);
        EXPECT_NE(error(result).find(key), std::string::npos) << error(result);
    }
}

TEST(Body, UnknownMembersArePassedOverAndStayInTheBytes) {
    const Head head = samples::second_head();
    const Bytes more = with(object_of(encode_head(head)), "zz_new", Value(Array{1, true}));
    EXPECT_EQ(decode_head(more).value(), head);
    const Exact exact = samples::exact();
    const Bytes exact_more = with(object_of(encode_exact(exact)), "priority", Value(3));
    EXPECT_EQ(decode_exact(exact_more).value(), exact);
    const Bytes coarse_more = with(object_of(encode_coarse(coarse_of(exact))), "aa", Value(false));
    EXPECT_EQ(decode_coarse(coarse_more).value(), coarse_of(exact));
}

TEST(Body, WhatIsSignedIsTheHeadAsItWasWrittenWithoutApprovals) {
    const Head head = samples::second_head();
    const auto bare = unapproved_head(encode_head(head));
    ASSERT_TRUE(bare) << error(bare);
    EXPECT_EQ(*bare, encode_head_unapproved(head));
    // A later version's members are under the signature too, though we do not know them.
    const Bytes more = with(object_of(encode_head(head)), "zz_new", Value(1));
    EXPECT_EQ(unapproved_head(more).value(),
              with(object_of(encode_head_unapproved(head)), "zz_new", Value(1)));
}

TEST(Body, ABodyBelongsToItsSlotOnly) {
    const Bytes exact = encode_exact(samples::exact());
    const Bytes coarse = encode_coarse(coarse_of(samples::exact()));
    EXPECT_FALSE(decode_exact(with(object_of(exact), "slot", Value(2))));
    EXPECT_FALSE(decode_coarse(with(object_of(coarse), "slot", Value(3))));
    EXPECT_FALSE(decode_head(with(object_of(encode_head(samples::head())), "slot", Value(0))));
    EXPECT_TRUE(decode_unknown(exact, Slot::exact));
    EXPECT_TRUE(decode_unknown(coarse, Slot::coarse));
    EXPECT_FALSE(decode_unknown(exact, Slot::coarse));
    EXPECT_FALSE(decode_unknown(coarse, Slot::exact));
}

TEST(Body, WhatIsNotUnderstoodStillSaysWhere) {
    const Object exact = object_of(encode_exact(samples::exact()));
    const Bytes bytes = with(exact, "class", Value("moon_base"));
    EXPECT_FALSE(decode_exact(bytes));
    const auto unknown = decode_unknown(bytes, Slot::exact);
    ASSERT_TRUE(unknown) << error(unknown);
    EXPECT_EQ(unknown->keys, samples::keys());
    EXPECT_EQ(unknown->where, samples::places());
    EXPECT_FALSE(decode_unknown(with(exact, "where", std::nullopt), Slot::exact));
}

TEST(Body, HoldsItsLimits) {
    const Object head = object_of(encode_head(samples::second_head()));
    EXPECT_FALSE(decode_head(with(head, "version", Value(0))));
    EXPECT_FALSE(decode_head(with(head, "version", Value(std::int64_t{1} << 32))));
    EXPECT_TRUE(decode_head(with(head, "version", Value((std::int64_t{1} << 32) - 1))));
    for (const int slot : {0, 4}) EXPECT_FALSE(decode_head(with(head, "used", Array{slot})));
    EXPECT_FALSE(decode_head(with(head, "secret", Value(std::string(42, 'A')))));
    const Value approval = *(*head.find("approvals")->array()).begin();
    EXPECT_TRUE(decode_head(with(head, "approvals", Array(limits::approvals_max, approval))));
    EXPECT_FALSE(decode_head(with(head, "approvals", Array(limits::approvals_max + 1, approval))));

    const auto one = [](Value value) { return decode_where(Array{std::move(value)}); };
    const Value place = (*encode_where({samples::places()[0]}).array())[0];
    EXPECT_FALSE(decode_where(Array{}));
    EXPECT_TRUE(decode_where(Array(limits::places_max, place)));
    EXPECT_FALSE(decode_where(Array(limits::places_max + 1, place)));
    const auto line_of = [](std::size_t count, std::int64_t lng, std::int64_t lat) {
        Object shape;
        shape.set("half_width", 1);
        shape.set("kind", "corridor");
        shape.set("line", Array(count, Array{lng, lat}));
        Object out;
        out.set("shape", std::move(shape));
        return out;
    };
    EXPECT_TRUE(one(line_of(limits::vertices_max, 1, 1)));
    EXPECT_EQ(one(line_of(limits::vertices_max + 1, 1, 1)).error().code, Errc::too_large);
    EXPECT_TRUE(one(line_of(2, 5'400'000'000, -900'000'000)));
    EXPECT_FALSE(one(line_of(2, 5'400'000'001, 0)));
    EXPECT_FALSE(one(line_of(2, 0, 900'000'001)));
    const Bytes large = with(head, "label", Value(std::string(limits::body_bytes_max, 'x')));
    EXPECT_EQ(decode_head(large).error().code, Errc::too_large);
}

TEST(Body, BadWhereIsRefusedWithItsPlace) {
    const char* table[] = {
        R"({})",
        R"({"shape":{"kind":"ellipse"}})",
        R"({"shape":{"kind":"circle","radius":1}})",
        R"({"shape":{"at":[1],"kind":"circle","radius":1}})",
        R"({"shape":{"at":[1,"2"],"kind":"circle","radius":1}})",
        R"({"shape":{"at":[1,2],"kind":"circle"}})",
        R"({"shape":{"half_width":1,"kind":"corridor"}})",
        R"({"shape":{"kind":"area"}})",
        R"({"shape":{"kind":"area","polygons":[{}]}})",
        R"({"shape":{"kind":"area","polygons":[{"outer":{"points":[],"pole":"west"}}]}})",
        R"({"shape":{"kind":"area","polygons":[{"holes":[1],"outer":{"points":[]}}]}})",
        R"({"band":{"lower":1},"shape":{"at":[1,2],"kind":"circle","radius":1}})",
        R"({"band":{"lower":1,"reference":"QFE"},"shape":{"at":[1,2],"kind":"circle","radius":1}})",
        R"({"shape":{"at":[1,2],"kind":"circle","radius":1},"window":{"start":"now"}})",
        R"({"buffer":"5","shape":{"at":[1,2],"kind":"circle","radius":1}})",
    };
    const Value good = (*encode_where({samples::places()[0]}).array())[0];
    for (const char* text : table) {
        const auto bad = canon::decode(text, 4096);
        ASSERT_TRUE(bad) << text << error(bad);
        const auto result = decode_where(Array{good, *bad});
        ASSERT_FALSE(result) << text;
        EXPECT_EQ(result.error().detail.rfind("where[1]: ", 0), 0u) << error(result);
    }
}

TEST(Validate, NamesWhatIsWrong) {
    struct Case {
        const char* word;
        std::function<void(Protection&)> spoil;
    };
    const Case table[] = {
        {"places_max", [](Protection& p) { p.where.clear(); }},
        {"places_max", [](Protection& p) { p.where.assign(17, p.where[0]); }},
        {"names_max",
         [](Protection& p) {
             p.names.assign(33, {"a", "", ""});
         }},
        {"name is empty", [](Protection& p) { p.names[0].text.clear(); }},
        {"a name", [](Protection& p) { p.names[0].text = "\xC0\xAF"; }},
        {"zero byte", [](Protection& p) { p.names[0].language = std::string("e\0n", 3); }},
        {"ref", [](Protection& p) { p.ref.assign(1025, 'x'); }},
        {"source", [](Protection& p) { p.source = "\xFF"; }},
        {"contact", [](Protection& p) { p.contact.assign(1025, 'x'); }},
        {"'beds'", [](Protection& p) { p.texts["beds"] = "1"; }},
        {"'x_Beds'", [](Protection& p) { p.texts["x_Beds"] = "1"; }},
        {"operator", [](Protection& p) { p.texts["operator"].assign(1025, 'x'); }},
        {"body_bytes_max",
         [](Protection& p) {
             for (int i = 0; i < 70; ++i) {
                 p.texts["x_" + std::to_string(i)] = std::string(1000, 'x');
             }
         }},
        {"", [](Protection& p) { std::get<geo::Circle>(p.where[0].volume.shape).radius = {-1}; }},
        {"", [](Protection& p) { p.where[0].buffer = Decimetres{-1}; }},
        {"",
         [](Protection& p) {
             std::swap(p.where[0].volume.window.start, p.where[0].volume.window.end);
         }},
        {"", [](Protection& p) { p.where[0].volume.shape = geo::Area{}; }},
    };
    const auto fine = validate(samples::protection());
    EXPECT_TRUE(fine) << error(fine);
    for (const Case& one : table) {
        Protection protection = samples::protection();
        one.spoil(protection);
        const auto result = validate(protection);
        EXPECT_FALSE(result) << one.word;
        EXPECT_NE(error(result).find(one.word), std::string::npos) << error(result);
    }
}

TEST(Classes, HaveFixedNames) {
    for (std::size_t i = 0; i < protection_class_count; ++i) {
        const auto c = static_cast<ProtectionClass>(i);
        EXPECT_EQ(parse_class(name(c)).value(), c);
    }
    const auto unknown = parse_class("Hospital");
    ASSERT_FALSE(unknown);
    for (const char* word : {"Hospital", "hospital", "journalists", "other"}) {
        EXPECT_NE(error(unknown).find(word), std::string::npos);
    }
}

TEST(Content, IsEqualOnlyForEqualContent) {
    const Protection one = samples::protection();
    Protection other = one;
    EXPECT_EQ(content(one), content(other));
    other.reconfirm_by.reset();
    EXPECT_NE(content(one), content(other));
}

}  // namespace
}  // namespace entente::statement
