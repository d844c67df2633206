// SPDX-License-Identifier: Apache-2.0
// Writes JSON text piece by piece, for answers that must be quick and readable: numbers in plain
// decimals (Boost.JSON's serializer writes 500 metres as 5E2), members in the order given.
//
//     JsonOut out;
//     out.object([&] { out.member("distance_m", 12.5); out.member("state", "in_force"); });
//
// All goes to one text that is kept longer than what is written, so that a piece costs a look at
// the room left and its bytes.
#pragma once

#include <charconv>
#include <string>

#include "formats/json.h"

namespace entente::formats {

constexpr std::size_t number_bytes_max = 400;  // of any finite double in plain decimals

/// The number in the fewest plain decimals that give it back; returns the end. Preconditions:
/// finite, number_bytes_max of room.
char* write_json(char* at, double v);

class JsonOut {
  public:
    JsonOut() = default;
    /// Goes on behind what is written already, which must not want a comma.
    explicit JsonOut(std::string before) : text_(std::move(before)), end_(text_.size()) {}

    /// What is written so far.
    const std::string& text() & {
        text_.resize(end_);
        return text_;
    }
    std::string text() && {
        text_.resize(end_);
        return std::move(text_);
    }
    /// Makes room for so many bytes at once.
    void room(std::size_t bytes) {
        constexpr std::size_t ahead = 512;  // a resize also writes zeros; the string itself doubles
        if (text_.size() - end_ < bytes) text_.resize(end_ + bytes + ahead);
    }

    template <class Body>
    void object(Body body) {
        nest('{', '}', body);
    }
    template <class Body>
    void array(Body body) {
        nest('[', ']', body);
    }
    /// The name; a value follows.
    void name(std::string_view key) {
        value(key);
        room(1);
        put(':');
        first_ = true;
    }
    /// The same for a name that stands in the program, and needs no escape.
    template <std::size_t Size>
    void name(const char (&key)[Size]) {
        room(Size + 3);
        comma();
        put('"');
        put({key, Size - 1});
        put('"');
        put(':');
        first_ = true;
    }

    void value(std::string_view v) {
        if (!is_plain(v)) {
            raw(quote_json(v));
            return;
        }
        room(v.size() + 3);
        comma();
        put('"');
        put(v);
        put('"');
    }
    void value(const char* v) { value(std::string_view(v)); }
    void value(bool v) { raw(v ? "true" : "false"); }
    void value(std::uint64_t v) { integer(v); }
    void value(std::uint32_t v) { integer(v); }
    void value(std::int64_t v) { integer(v); }
    /// Precondition: finite.
    void value(double v) {
        room(number_bytes_max + 1);
        comma();
        end_ = static_cast<std::size_t>(write_json(text_.data() + end_, v) - text_.data());
    }
    void null() { raw("null"); }
    /// Text that is JSON already.
    void raw(std::string_view json) {
        room(json.size() + 1);
        comma();
        put(json);
    }

    template <class Key, class T>
    void member(const Key& key, const T& v) {
        name(key);
        value(v);
    }

  private:
    // These need room.
    void put(char c) { text_[end_++] = c; }
    void put(std::string_view piece) { end_ += piece.copy(text_.data() + end_, piece.size()); }
    void comma() {
        if (!first_) put(',');
        first_ = false;
    }
    template <class Integer>
    void integer(Integer v) {
        char digits[24];
        raw({digits, std::to_chars(digits, digits + sizeof digits, v).ptr});
    }
    template <class Body>
    void nest(char open, char close, Body body) {
        room(2);
        comma();
        put(open);
        first_ = true;
        body();
        room(1);
        put(close);
        first_ = false;
    }

    std::string text_;
    std::size_t end_ = 0;
    bool first_ = true;
};

}  // namespace entente::formats
