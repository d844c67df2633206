// SPDX-License-Identifier: Apache-2.0
#include "formats/said_json.h"

#include <algorithm>
#include <charconv>

#include "base/encode.h"
#include "base/limits.h"
#include "formats/activity.h"
#include "formats/dealing.h"
#include "formats/geojson.h"

namespace entente::formats {
namespace {

using statement::Grade;
using statement::Members;
using statement::Need;
using statement::Words;

constexpr const char* accuracy_key = "accuracy_m";

/// A count: nothing is rounded.
std::optional<std::int64_t> whole_number(const std::string& text) {
    std::int64_t out = 0;
    const char* end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, out);
    if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
    return out;
}

class JsonReader : public Members {
  public:
    JsonReader(const Json& json, std::vector<std::string>& ignored)
        : json_(json), ignored_(ignored) {}
    Result<void> result = {};
    std::set<std::string> known;

    void refuse_others(const std::set<std::string>& others) {
        for (const JsonMember& member : json_.members) {
            if (known.contains(member.name) || others.contains(member.name)) continue;
            return wrong(member.name.substr(0, 64), "is not a member that is known here");
        }
    }

    void line(const char* key, std::string& into, Need) override { text(key, into); }
    void lines(const char* key, std::string& into, std::size_t, Need) override { text(key, into); }
    void number(const char* key, std::optional<std::int64_t>& into) override {
        const Json* member = find(key);
        if (member == nullptr) return;
        if (member->is(JsonKind::null)) return into.reset();
        const auto value = member->is(JsonKind::number) ? whole_number(member->text) : std::nullopt;
        if (!value) return wrong(key, "expected a whole number");
        into = value;
    }
    void flag(const char* key, bool& into) override {
        const Json* member = find(key);
        if (member == nullptr) return;
        if (!member->is(JsonKind::boolean) && !member->is(JsonKind::null)) {
            return wrong(key, "expected true or false");
        }
        into = member->boolean;
    }
    void time(const char* key, std::optional<Instant>& into) override {
        parsed(key, into, parse_rfc3339);
    }
    void grade(const char* key, std::optional<Grade>& into) override {
        parsed(key, into, statement::parse_grade);
    }
    void record(const char* key, std::optional<RecordId>& into) override {
        parsed(key, into, RecordId::parse);
    }
    void leaf(const char* key, std::optional<Hash>& into) override {
        parsed(key, into, hash_from_base64);
    }
    void party(const char* key, std::optional<PartyId>& into) override {
        parsed(key, into, PartyId::parse);
    }
    void places(const char* key, std::vector<geo::Place>& into, std::size_t) override {
        const Json* member = find(key);
        const Json* accuracy = find(accuracy_key);
        if (member != nullptr) take_plan(key, *member, into);
        if (!result || accuracy == nullptr) return;
        std::optional<Decimetres> known_to;
        if (!accuracy->is(JsonKind::null)) {
            auto length = length_member(json_, accuracy_key, limits::buffer_dm_max);
            if (!length) return fail_with(length.error());
            known_to = *length;
        }
        for (geo::Place& place : into) place.accuracy = known_to;
    }

  protected:
    bool replaces() const override { return true; }
    void word_index(const char* key, std::size_t& into, const Words& words) override {
        std::string word;
        if (find(key) == nullptr) return;
        text(key, word);
        if (!result) return;
        std::string all;
        for (std::size_t i = 0; i < words.count; ++i) {
            if (word == words.words[i]) {
                into = i;
                return;
            }
            all += (i == 0 ? "" : ", ") + std::string(words.words[i]);
        }
        wrong(key, "'" + word.substr(0, 40) + "' is not " + words.what + "; one of " + all);
    }
    void items(const char* key, std::size_t count_max, const Items& items) override {
        const Json* member = array(key, count_max);
        if (member == nullptr) return;
        items.resize(0);
        items.resize(member->elements.size());
        for (std::size_t i = 0; i < member->elements.size() && result; ++i) {
            const std::string where = std::string(key) + "[" + std::to_string(i) + "]";
            nested(where, member->elements[i], [&](Members& m) { items.each(m, i); });
        }
    }
    void texts(const char* key, std::size_t count_max, const Texts& texts) override {
        const Json* member = array(key, count_max);
        if (member == nullptr) return;
        texts.clear();
        for (const Json& one : member->elements) {
            if (!one.is(JsonKind::text)) return wrong(key, "expected an array of texts");
            if (auto added = texts.add(one.text); !added) return wrong(key, added.error().detail);
        }
    }
    bool object(const char* key, bool there, const std::function<void(Members&)>& use) override {
        const Json* member = find(key);
        if (member == nullptr) return there;
        if (member->is(JsonKind::null)) return false;
        nested(key, *member, use);
        return true;
    }

  private:
    const Json* find(const char* key) {
        known.insert(key);
        return result ? json_.find(key) : nullptr;
    }
    void fail_with(Error error) {
        if (result) result = tl::unexpected(std::move(error));
    }
    void wrong(const std::string& key, const std::string& what) {
        fail_with({Errc::malformed, key + ": " + what});
    }
    void text(const char* key, std::string& into) {
        const Json* member = find(key);
        if (member == nullptr) return;
        if (member->is(JsonKind::null)) return into.clear();
        if (!member->is(JsonKind::text)) return wrong(key, "expected a text");
        into = member->text;
    }
    template <class T, class Parse>
    void parsed(const char* key, std::optional<T>& into, Parse parse) {
        const Json* member = find(key);
        if (member == nullptr) return;
        if (member->is(JsonKind::null)) return into.reset();
        if (!member->is(JsonKind::text)) return wrong(key, "expected a text");
        auto value = parse(member->text);
        if (!value) return wrong(key, value.error().detail);
        into = *std::move(value);
    }
    const Json* array(const char* key, std::size_t count_max) {
        static const Json none{JsonKind::array, false, {}, {}, {}};
        const Json* member = find(key);
        if (member == nullptr) return nullptr;
        if (member->is(JsonKind::null)) return &none;
        if (!member->is(JsonKind::array)) {
            wrong(key, "expected an array");
            return nullptr;
        }
        if (member->elements.size() <= count_max) return member;
        wrong(key, "at most " + std::to_string(count_max));
        return nullptr;
    }
    void nested(const std::string& where, const Json& json,
                const std::function<void(Members&)>& use) {
        if (!json.is(JsonKind::object)) return wrong(where, "expected an object");
        JsonReader one(json, ignored_);
        use(one);
        if (one.result) one.refuse_others({});
        if (!one.result) fail_with(at(where, one.result.error()).value());
    }
    void take_plan(const char* key, const Json& member, std::vector<geo::Place>& into) {
        const auto accuracy = into.empty() ? std::nullopt : into.front().accuracy;
        into.clear();
        if (member.is(JsonKind::null)) return;
        auto plan = read_plan(member);
        if (!plan) return wrong(key, plan.error().detail);
        for (geo::Volume4D& volume : plan->volumes) {
            into.push_back({std::move(volume), {}, accuracy});
        }
        for (std::string& path : plan->ignored) ignored_.push_back(std::move(path));
    }

    const Json& json_;
    std::vector<std::string>& ignored_;
};

class JsonWriter : public Members {
  public:
    JsonWriter(JsonOut& out, const std::set<std::string>& without) : out_(out), without_(without) {}

    void line(const char* key, std::string& into, Need) override { text(key, into); }
    void lines(const char* key, std::string& into, std::size_t, Need) override { text(key, into); }
    void number(const char* key, std::optional<std::int64_t>& into) override {
        if (into) put(key, *into);
    }
    void flag(const char* key, bool& into) override {
        if (into) put(key, true);
    }
    void time(const char* key, std::optional<Instant>& into) override {
        if (into) put(key, format_rfc3339(in_four_figures(*into)));
    }
    void grade(const char* key, std::optional<Grade>& into) override {
        if (into) put(key, grade_text(*into));
    }
    void record(const char* key, std::optional<RecordId>& into) override {
        if (into) put(key, into->text());
    }
    void leaf(const char* key, std::optional<Hash>& into) override {
        if (into) put(key, to_base64(into->view()));
    }
    void party(const char* key, std::optional<PartyId>& into) override {
        if (into) put(key, into->v);
    }
    void places(const char* key, std::vector<geo::Place>& into, std::size_t) override {
        if (into.empty() || left_out(key)) return;
        out_.name(std::string_view(key));
        volumes_collection(out_, into);
        // The least well known of them.
        std::optional<Decimetres> accuracy;
        for (const geo::Place& place : into) accuracy = std::max(accuracy, place.accuracy);
        if (accuracy) put(accuracy_key, metres(*accuracy).v);
    }

  protected:
    void word_index(const char* key, std::size_t& into, const Words& words) override {
        put(key, words.words[into]);
    }
    void items(const char* key, std::size_t, const Items& items) override {
        if (items.size() == 0 || left_out(key)) return;
        out_.name(std::string_view(key));
        out_.array([&] {
            ++depth_;
            for (std::size_t i = 0; i < items.size(); ++i) {
                out_.object([&] { items.each(*this, i); });
            }
            --depth_;
        });
    }
    void texts(const char* key, std::size_t, const Texts& texts) override {
        if (texts.size() == 0 || left_out(key)) return;
        out_.name(std::string_view(key));
        out_.array([&] {
            for (std::size_t i = 0; i < texts.size(); ++i) out_.value(texts.text(i));
        });
    }
    bool object(const char* key, bool there, const std::function<void(Members&)>& use) override {
        if (!there || left_out(key)) return false;
        out_.name(std::string_view(key));
        ++depth_;
        out_.object([&] { use(*this); });
        --depth_;
        return true;
    }

  private:
    /// Of the statement itself: what stands inside of a member that is listed is listed with it.
    bool left_out(const char* key) const { return depth_ == 0 && without_.contains(key); }
    template <class T>
    void put(const char* key, const T& value) {
        if (left_out(key)) return;
        out_.name(std::string_view(key));
        out_.value(value);
    }
    void text(const char* key, const std::string& value) {
        if (!value.empty()) put(key, value);
    }

    JsonOut& out_;
    const std::set<std::string>& without_;
    std::size_t depth_ = 0;
};

}  // namespace

Result<ReadSaid> read_walk(const Json& json, const statement::Walk& walk,
                           const std::set<std::string>& others) {
    if (!json.is(JsonKind::object)) return fail(Errc::malformed, "expected a JSON object");
    ReadSaid out;
    JsonReader reader(json, out.ignored);
    walk(reader);
    if (reader.result) reader.refuse_others(others);
    if (!reader.result) return tl::unexpected(std::move(reader.result).error());
    return out;
}

void walk_members(JsonOut& out, const statement::Walk& walk, const std::set<std::string>& without) {
    JsonWriter writer(out, without);
    walk(writer);
}

}  // namespace entente::formats
