// SPDX-License-Identifier: Apache-2.0
#include "statement/said_codec.h"

#include <algorithm>

#include "base/cut.h"
#include "base/encode.h"
#include "base/limits.h"
#include "geo/valid.h"
#include "statement/body_keys.h"
#include "statement/line.h"
#include "statement/where.h"

namespace entente::statement {
namespace {

using canon::Array;
using canon::Object;
using canon::Value;

Result<void> check_count(const char* key, std::size_t count, std::size_t count_max) {
    if (count <= count_max) return {};
    return fail(Errc::too_large, "'" + std::string(key) + "' lists " + std::to_string(count) +
                                     ", and at most " + std::to_string(count_max));
}

Result<void> check_text(const char* key, const std::string& text, std::size_t bytes_max) {
    if (text.size() > bytes_max) {
        return fail(Errc::too_large, "'" + std::string(key) + "' has " +
                                         std::to_string(text.size()) + " bytes, and at most " +
                                         std::to_string(bytes_max));
    }
    if (!is_utf8(text)) return fail(Errc::malformed, "'" + std::string(key) + "' is not UTF-8");
    // In parts of what check_lines takes.
    for (std::string_view rest = text; !rest.empty();) {
        const std::size_t part = whole_characters(rest, limits::text_bytes_max);
        TRYV(check_lines(std::string(rest.substr(0, part)), key));
        rest.remove_prefix(part);
    }
    return {};
}

Result<void> check_places(const char* key, const std::vector<geo::Place>& places) {
    for (std::size_t i = 0; i < places.size(); ++i) {
        const std::string where = std::string(key) + " " + std::to_string(i + 1);
        if (auto valid = geo::validate(places[i]); !valid) return at(where, valid.error());
        if (places[i].buffer) {
            return fail(Errc::malformed, where + " has a buffer, which only what protects has");
        }
    }
    return {};
}

/// Checks what it writes; what it wrote counts if nothing was wrong.
class Writer : public Members {
  public:
    Result<void> result = {};
    Object out;

    void line(const char* key, std::string& into, Need need) override {
        check(check_line(into, key));
        put_text(key, into, need);
    }
    void lines(const char* key, std::string& into, std::size_t bytes_max, Need need) override {
        check(check_text(key, into, bytes_max));
        put_text(key, into, need);
    }
    void number(const char* key, std::optional<std::int64_t>& into) override {
        if (!into) return;
        if (*into < -limits::json_integer_max || *into > limits::json_integer_max) {
            check(fail(Errc::malformed, "'" + std::string(key) + "' is beyond 2^53"));
        }
        out.set(key, *into);
    }
    void flag(const char* key, bool& into) override {
        if (into) out.set(key, true);
    }
    void time(const char* key, std::optional<Instant>& into) override {
        if (into) out.set(key, millis(*into));
    }
    void grade(const char* key, std::optional<Grade>& into) override {
        if (!into) return;
        check(parse_grade(grade_text(*into)).map([](const Grade&) {}));
        out.set(key, grade_text(*into));
    }
    void record(const char* key, std::optional<RecordId>& into) override {
        if (into) out.set(key, into->text());
    }
    void leaf(const char* key, std::optional<Hash>& into) override {
        if (into) out.set(key, to_base64url(into->view()));
    }
    void party(const char* key, std::optional<PartyId>& into) override {
        if (!into) return;
        check(PartyId::parse(into->v).map([](const PartyId&) {}));
        out.set(key, into->v);
    }
    void places(const char* key, std::vector<geo::Place>& into, std::size_t count_max) override {
        check(check_count(key, into.size(), count_max));
        check(check_places(key, into));
        if (!into.empty()) out.set(key, encode_where(into));
    }

  protected:
    void word_index(const char* key, std::size_t& into, const Words& words) override {
        if (into < words.count) return out.set(key, words.words[into]);
        check(fail(Errc::malformed, "'" + std::string(key) + "' is no word that is known"));
    }
    void items(const char* key, std::size_t count_max, const Items& items) override {
        const std::size_t size = items.size();
        check(check_count(key, size, count_max));
        Array all;
        for (std::size_t i = 0; i < size && i < count_max; ++i) {
            Writer one;
            items.each(one, i);
            check(std::move(one.result), std::string(key) + " " + std::to_string(i + 1));
            all.emplace_back(std::move(one.out));
        }
        if (size > 0) out.set(key, std::move(all));
    }
    void texts(const char* key, std::size_t count_max, const Texts& texts) override {
        const std::size_t size = texts.size();
        check(check_count(key, size, count_max));
        Array all;
        for (std::size_t i = 0; i < size && i < count_max; ++i) all.emplace_back(texts.text(i));
        if (size > 0) out.set(key, std::move(all));
    }
    bool object(const char* key, bool there, const std::function<void(Members&)>& use) override {
        if (!there) return false;
        Writer one;
        use(one);
        check(std::move(one.result), key);
        out.set(key, std::move(one.out));
        return true;
    }

  private:
    void check(Result<void> one) {
        if (result && !one) result = std::move(one);
    }
    void check(Result<void> one, const std::string& where) {
        if (result && !one) result = at(where, one.error());
    }
    void put_text(const char* key, const std::string& text, Need need) {
        if (!text.empty()) return out.set(key, text);
        if (need == Need::must) {
            check(fail(Errc::malformed, "'" + std::string(key) + "' is missing"));
        }
    }
};

class Reader : public Members {
  public:
    explicit Reader(const Fields& fields) : fields_(fields) {}
    Result<void> result = {};

    void line(const char* key, std::string& into, Need) override { text(key, into); }
    void lines(const char* key, std::string& into, std::size_t, Need) override { text(key, into); }
    void number(const char* key, std::optional<std::int64_t>& into) override {
        take(fields_.optional_integer(key), into);
    }
    void flag(const char* key, bool& into) override {
        take(fields_.flag(key), into);
        if (result && fields_.has(key) && !into) left_out(key);
    }
    void time(const char* key, std::optional<Instant>& into) override {
        take(fields_.optional_time(key), into);
    }
    void grade(const char* key, std::optional<Grade>& into) override {
        parsed(key, into, parse_grade);
    }
    void record(const char* key, std::optional<RecordId>& into) override {
        parsed(key, into, RecordId::parse);
    }
    void leaf(const char* key, std::optional<Hash>& into) override {
        parsed(key, into, hash_from_base64url);
    }
    void party(const char* key, std::optional<PartyId>& into) override {
        parsed(key, into, PartyId::parse);
    }
    void places(const char* key, std::vector<geo::Place>& into, std::size_t) override {
        if (const Array* array = list(key)) take(decode_where(*array), into);
    }

  protected:
    void word_index(const char* key, std::size_t& into, const Words& words) override {
        std::string text;
        take(fields_.text(key), text);
        if (!result) return;
        const auto* end = words.words + words.count;
        const auto* word = std::find(words.words, end, text);
        if (word == end)
            return wrong(
                fail(Errc::malformed, "'" + text.substr(0, 40) + "' is not " + words.what));
        into = static_cast<std::size_t>(word - words.words);
    }
    void items(const char* key, std::size_t count_max, const Items& items) override {
        const Array* array = list(key);
        if (array == nullptr) return;
        if (auto few = check_count(key, array->size(), count_max); !few) {
            return wrong(tl::unexpected(few.error()));
        }
        items.resize(array->size());
        for (std::size_t i = 0; i < array->size(); ++i) {
            const auto fields = Fields::of((*array)[i], key);
            if (!fields) return wrong(tl::unexpected(fields.error()));
            Reader one(*fields);
            items.each(one, i);
            if (!one.result) {
                return wrong(
                    at(std::string(key) + " " + std::to_string(i + 1), one.result.error()));
            }
        }
    }
    void texts(const char* key, std::size_t count_max, const Texts& texts) override {
        const Array* array = list(key);
        if (array == nullptr) return;
        if (auto few = check_count(key, array->size(), count_max); !few) {
            return wrong(tl::unexpected(few.error()));
        }
        texts.clear();
        for (const Value& value : *array) {
            if (value.text() == nullptr) {
                return wrong(fail(Errc::malformed, "'" + std::string(key) + "' lists texts"));
            }
            if (auto added = texts.add(*value.text()); !added) return wrong(at(key, added.error()));
        }
    }
    bool object(const char* key, bool, const std::function<void(Members&)>& use) override {
        if (!result || !fields_.has(key)) return false;
        const auto object = fields_.object(key);
        if (!object) {
            wrong(tl::unexpected(object.error()));
            return false;
        }
        const Fields fields(**object);
        Reader one(fields);
        use(one);
        if (!one.result) wrong(at(key, one.result.error()));
        return true;
    }

  private:
    void wrong(tl::unexpected<Error> error) {
        if (result) result = std::move(error);
    }
    template <class T, class Into>
    void take(Result<T> read, Into& into) {
        if (!result) return;
        if (!read) return wrong(tl::unexpected(std::move(read).error()));
        into = std::move(*read);
    }
    void text(const char* key, std::string& into) {
        take(fields_.text_or_empty(key), into);
        if (result && fields_.has(key) && into.empty()) left_out(key);
    }
    /// One value has one spelling: what says nothing is not there.
    void left_out(const char* key) {
        wrong(fail(Errc::not_canonical, "'" + std::string(key) + "' says nothing: it is left out"));
    }
    template <class T, class Parse>
    void parsed(const char* key, std::optional<T>& into, Parse parse) {
        if (!result || !fields_.has(key)) return;
        std::string text;
        take(fields_.text(key), text);
        if (!result) return;
        auto value = parse(text);
        if (!value) return wrong(at(key, value.error()));
        into = *std::move(value);
    }
    /// Null where it is absent, or no array, which is an error.
    const Array* list(const char* key) {
        if (!result || !fields_.has(key)) return nullptr;
        const auto array = fields_.array(key);
        if (array && !(*array)->empty()) return *array;
        array ? left_out(key) : wrong(tl::unexpected(array.error()));
        return nullptr;
    }

    const Fields& fields_;
};

Object written(const Walk& walk, Result<void>& result) {
    Writer writer;
    walk(writer);
    result = std::move(writer.result);
    return std::move(writer.out);
}

}  // namespace

Bytes write_object(const Walk& walk) {
    Result<void> unused;
    return canon::encode(written(walk, unused));
}

Result<void> check_object(const Walk& walk) {
    Result<void> result;
    written(walk, result);
    return result;
}

Result<void> read_object(BytesView bytes, std::size_t bytes_max, const Walk& walk) {
    TRY(value, canon::decode(bytes, bytes_max));
    TRY(fields, Fields::of(value, "it"));
    Reader reader(fields);
    walk(reader);
    return std::move(reader.result);
}

Bytes write_body(const BodyKeys& keys, Slot slot, const Walk& walk) {
    Result<void> unused;
    Object out = written(walk, unused);
    put_keys(keys, slot, out);
    return canon::encode(out);
}

Result<void> check_body(const BodyKeys& keys, Slot slot, const Walk& walk) {
    Result<void> result;
    Object out = written(walk, result);
    if (!result) return result;
    put_keys(keys, slot, out);
    return check_body_bytes(canon::encode(out).size());
}

Result<BodyKeys> read_body(BytesView bytes, Slot slot, const Walk& walk) {
    TRY(value, decode_body(bytes, slot));
    const Fields fields(*value.object());
    TRY(keys, read_keys(fields));
    Reader reader(fields);
    walk(reader);
    if (!reader.result) return tl::unexpected(std::move(reader.result).error());
    return keys;
}

}  // namespace entente::statement
