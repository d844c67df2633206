// SPDX-License-Identifier: Apache-2.0
// Writes JSON text piece by piece, for answers that must be quick and readable: numbers in plain
// decimals (Boost.JSON's serializer writes 500 metres as 5E2), members in the order given.
//
//     JsonOut out;
//     out.object([&] { out.member("distance_m", 12.5); out.member("state", "in_force"); });
#pragma once

#include <charconv>
#include <string>

#include "formats/json.h"

namespace entente::formats {

class JsonOut {
  public:
    const std::string& text() const { return text_; }

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
        text_ += quote_json(key) + ':';
        first_ = true;
    }

    void value(std::string_view v) { raw(quote_json(v)); }
    void value(const char* v) { raw(quote_json(v)); }
    void value(bool v) { raw(v ? "true" : "false"); }
    void value(std::uint64_t v) { raw(std::to_string(v)); }
    void value(std::uint32_t v) { raw(std::to_string(v)); }
    void value(std::int64_t v) { raw(std::to_string(v)); }
    /// Precondition: finite.
    void value(double v) {
        char digits[400];
        const auto end =
            std::to_chars(digits, digits + sizeof digits, v, std::chars_format::fixed).ptr;
        raw({digits, static_cast<std::size_t>(end - digits)});
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
