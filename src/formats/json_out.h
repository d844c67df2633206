// SPDX-License-Identifier: Apache-2.0
// Writes JSON text piece by piece, for answers that must be quick and readable: numbers in plain
// decimals (Boost.JSON's serializer writes 500 metres as 5E2), members in the order given.
//
//     JsonOut out;
//     out.object([&] { out.member("distance_m", 12.5); out.member("state", "in_force"); });
//
// All goes to the end of one text, without texts between.
#pragma once

#include <charconv>
#include <string>

#include "formats/json.h"

namespace entente::formats {

/// The number in the fewest plain decimals that give it back. Precondition: finite.
void append_json(std::string& out, double v);

class JsonOut {
  public:
    JsonOut() = default;
    /// Goes on behind what is written already, which must not want a comma.
    explicit JsonOut(std::string before) : text_(std::move(before)) {}

    const std::string& text() const& { return text_; }
    std::string text() && { return std::move(text_); }
    void reserve_more(std::size_t bytes) { text_.reserve(text_.size() + bytes); }

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
        comma();
        append_quoted(text_, key);
        text_ += ':';
        first_ = true;
    }

    void value(std::string_view v) {
        comma();
        append_quoted(text_, v);
    }
    void value(const char* v) { value(std::string_view(v)); }
    void value(bool v) { raw(v ? "true" : "false"); }
    void value(std::uint64_t v) { integer(v); }
    void value(std::uint32_t v) { integer(v); }
    void value(std::int64_t v) { integer(v); }
    /// Precondition: finite.
    void value(double v) {
        comma();
        append_json(text_, v);
    }
    void null() { raw("null"); }
    /// Text that is JSON already.
    void raw(std::string_view json) {
        comma();
        text_ += json;
    }

    template <class T>
    void member(std::string_view key, const T& v) {
        name(key);
        value(v);
    }

  private:
    void comma() {
        if (!first_) text_ += ',';
        first_ = false;
    }
    template <class Integer>
    void integer(Integer v) {
        char digits[24];
        raw({digits, std::to_chars(digits, digits + sizeof digits, v).ptr});
    }
    template <class Body>
    void nest(char open, char close, Body body) {
        comma();
        text_ += open;
        first_ = true;
        body();
        text_ += close;
        first_ = false;
    }

    std::string text_;
    bool first_ = true;
};

}  // namespace entente::formats
