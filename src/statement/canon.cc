// SPDX-License-Identifier: Apache-2.0
#include "statement/canon.h"

#include <algorithm>
#include <charconv>

#include "base/assert.h"
#include "base/encode.h"
#include "base/limits.h"

namespace entente::statement::canon {
namespace {

constexpr char hex_digits[] = "0123456789abcdef";

bool is_plain(char c) { return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\'; }

/// How many characters from `begin` on stand for themselves in a string.
std::size_t plain_run(std::string_view text, std::size_t begin) {
    std::size_t end = begin;
    while (end < text.size() && is_plain(text[end])) ++end;
    return end - begin;
}

void write_escape(char c, Bytes& out) {
    const auto byte = static_cast<unsigned char>(c);
    switch (c) {
        case '"': out += "\\\""; break;
        case '\\': out += "\\\\"; break;
        case '\b': out += "\\b"; break;
        case '\f': out += "\\f"; break;
        case '\n': out += "\\n"; break;
        case '\r': out += "\\r"; break;
        case '\t': out += "\\t"; break;
        default:
            out += "\\u00";
            out += hex_digits[byte >> 4];
            out += hex_digits[byte & 15];
    }
}

void write_text(std::string_view text, Bytes& out) {
    out += '"';
    for (std::size_t i = 0; i < text.size(); ++i) {
        const std::size_t run = plain_run(text, i);
        out.append(text, i, run);
        i += run;
        if (i < text.size()) write_escape(text[i], out);
    }
    out += '"';
}

void write(const Value& value, Bytes& out);

void write_array(const Array& array, Bytes& out) {
    out += '[';
    for (std::size_t i = 0; i < array.size(); ++i) {
        if (i != 0) out += ',';
        write(array[i], out);
    }
    out += ']';
}

void write_object(const Object& object, Bytes& out) {
    out += '{';
    bool first = true;
    for (const auto& [key, value] : object.members()) {
        if (!first) out += ',';
        first = false;
        write_text(key, out);
        out += ':';
        write(value, out);
    }
    out += '}';
}

void write(const Value& value, Bytes& out) {
    if (const bool* b = value.boolean()) {
        out += *b ? "true" : "false";
    } else if (const std::int64_t* n = value.integer()) {
        ASSERT(*n >= -limits::json_integer_max && *n <= limits::json_integer_max);
        char digits[24];
        const auto end = std::to_chars(digits, digits + sizeof digits, *n).ptr;
        out.append(digits, end);
    } else if (const std::string* text = value.text()) {
        write_text(*text, out);
    } else if (const Array* array = value.array()) {
        write_array(*array, out);
    } else {
        write_object(*value.object(), out);
    }
}

/// Reads the JSON subset. It accepts a little more than the canonical form (any escape, any key
/// order); decode() compares with what encode() writes, and that decides.
class Reader {
  public:
    explicit Reader(BytesView in) : in_(in) {}

    Result<Value> document() {
        TRY(value, read(1));
        if (pos_ != in_.size()) return bad("something follows the value");
        return value;
    }

  private:
    tl::unexpected<Error> bad(const char* why) const {
        return fail(Errc::malformed, std::string(why) + " at byte " + std::to_string(pos_));
    }

    char peek() const { return pos_ < in_.size() ? in_[pos_] : '\0'; }

    bool take(std::string_view word) {
        if (in_.substr(pos_, word.size()) != word) return false;
        pos_ += word.size();
        return true;
    }

    Result<Value> read(int depth) {
        if (depth > limits::json_depth_max) {
            return fail(Errc::too_large, "nested deeper than json_depth_max = " +
                                             std::to_string(limits::json_depth_max));
        }
        switch (peek()) {
            case '{': return read_object(depth);
            case '[': return read_array(depth);
            case '"': {
                TRY(text, read_text());
                return Value(std::move(text));
            }
            case 't':
                if (take("true")) return Value(true);
                break;
            case 'f':
                if (take("false")) return Value(false);
                break;
            default: return read_integer();
        }
        return bad("expected a value");
    }

    Result<Value> read_integer() {
        std::int64_t value = 0;
        const char* const begin = in_.data() + pos_;
        const char* const end = in_.data() + in_.size();
        const auto [stop, error] = std::from_chars(begin, end, value);
        if (error != std::errc() || value > limits::json_integer_max ||
            value < -limits::json_integer_max) {
            return bad(
                "expected a string, true, false, an array, an object, or an integer within "
                "±(2^53-1)");
        }
        pos_ += static_cast<std::size_t>(stop - begin);
        return Value(value);
    }

    Result<std::string> read_text() {
        ++pos_;
        std::string text;
        for (;;) {
            const std::size_t run = plain_run(in_, pos_);
            text.append(in_, pos_, run);
            pos_ += run;
            if (pos_ == in_.size()) return bad("a string does not end");
            const char stop = in_[pos_++];
            if (stop == '"') return text;
            if (stop != '\\') return bad("a control character that is not escaped");
            TRYV(read_escape(text));
        }
    }

    Result<void> read_escape(std::string& text) {
        constexpr std::string_view letters = "\"\\bfnrt";
        constexpr std::string_view meanings = "\"\\\b\f\n\r\t";
        const std::size_t letter = letters.find(peek());
        if (peek() != '\0' && letter != BytesView::npos) {
            text += meanings[letter];
            ++pos_;
            return {};
        }
        if (!take("u00") || pos_ + 2 > in_.size()) return bad("an escape that is never canonical");
        auto byte = from_hex(in_.substr(pos_, 2));
        if (!byte || static_cast<unsigned char>((*byte)[0]) >= 0x20) {
            return bad("an escape that is never canonical");
        }
        pos_ += 2;
        text += (*byte)[0];
        return {};
    }

    Result<Value> read_array(int depth) {
        ++pos_;
        Array array;
        array.reserve(2);  // a point, the commonest array
        if (take("]")) return Value(std::move(array));
        for (;;) {
            TRY(item, read(depth + 1));
            array.push_back(std::move(item));
            if (take("]")) return Value(std::move(array));
            if (!take(",")) return bad("expected ',' or ']'");
        }
    }

    Result<Value> read_object(int depth) {
        ++pos_;
        Object object;
        object.reserve(depth == 1 ? 16 : 4);  // a body, or a part of one
        if (take("}")) return Value(std::move(object));
        for (;;) {
            if (peek() != '"') return bad("expected a key");
            TRY(key, read_text());
            if (!is_key(key)) return bad("a key that is not snake_case ASCII");
            if (!take(":")) return bad("expected ':'");
            TRY(value, read(depth + 1));
            if (!object.members().empty() && object.members().back().first >= key) {
                return fail(Errc::not_canonical, "key '" + key + "' is not in order or repeated");
            }
            object.set(std::move(key), std::move(value));
            if (take("}")) return Value(std::move(object));
            if (!take(",")) return bad("expected ',' or '}'");
        }
    }

    BytesView in_;
    std::size_t pos_ = 0;
};

}  // namespace

void Object::set(std::string key, Value value) {
    if (members_.empty() || members_.back().first < key) {
        members_.emplace_back(std::move(key), std::move(value));
        return;
    }
    const auto place = std::lower_bound(
        members_.begin(), members_.end(), key,
        [](const Member& member, const std::string& wanted) { return member.first < wanted; });
    ASSERT(place == members_.end() || place->first != key);
    members_.emplace(place, std::move(key), std::move(value));
}

void Object::reserve(std::size_t members) { members_.reserve(members); }

const Value* Object::find(std::string_view key) const {
    for (const Member& member : members_) {
        if (member.first == key) return &member.second;
    }
    return nullptr;
}

// Written out: clang 14 loops for ever on a defaulted one of a type that holds itself.
bool Object::operator==(const Object& other) const { return members_ == other.members_; }
bool Value::operator==(const Value& other) const { return v_ == other.v_; }

Bytes encode(const Value& value) {
    Bytes out;
    out.reserve(1024);
    write(value, out);
    return out;
}

Result<Value> decode(BytesView bytes, std::size_t bytes_max) {
    if (bytes.size() > bytes_max) {
        return fail(Errc::too_large, std::to_string(bytes.size()) + " bytes, at most " +
                                         std::to_string(bytes_max) + " are read");
    }
    if (!is_utf8(bytes)) return fail(Errc::malformed, "not UTF-8");
    TRY(value, Reader(bytes).document());
    if (encode(value) != bytes) {
        return fail(Errc::not_canonical, "not the canonical spelling of its value");
    }
    return value;
}

bool is_key(std::string_view key) {
    if (key.empty() || key.size() > 64 || key[0] < 'a' || key[0] > 'z') return false;
    return std::all_of(key.begin(), key.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
}

}  // namespace entente::statement::canon
