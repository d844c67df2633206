// SPDX-License-Identifier: Apache-2.0
// The members of a statement, named once: who writes, reads or checks one walks them, so that
// signed bytes, the JSON of people and limits cannot differ. A kind says
//
//     void members(Members& m, Report& report) {
//         m.line("contact", report.contact, Need::must);
//         m.places("volumes", report.volumes, limits::places_max);
//     }
//
// and is then written and read by said_codec.h (canonical bytes) and formats/said_json.h (JSON for
// programs). Keys are snake_case. What is empty, absent or false is left out, so that one value has
// one spelling. A Members keeps the first error and passes over the rest.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/ids.h"
#include "base/time.h"
#include "geo/shape.h"
#include "statement/grade.h"

namespace entente::statement {

enum class Need : std::uint8_t { may, must };

/// A word of a fixed list. Words are on the wire and never change; new ones go at the end.
struct Words {
    const char* const* words;
    std::size_t count;
    const char* what;  // for the error: "'x' is not <what>; they are …"
};

class Members {
  public:
    virtual ~Members() = default;
    Members() = default;
    Members(const Members&) = delete;
    Members& operator=(const Members&) = delete;

    /// UTF-8 without control characters, at most text_bytes_max.
    virtual void line(const char* key, std::string& into, Need need) = 0;
    /// The same with line ends, at most `bytes_max`.
    virtual void lines(const char* key, std::string& into, std::size_t bytes_max, Need need) = 0;
    virtual void number(const char* key, std::optional<std::int64_t>& into) = 0;
    virtual void flag(const char* key, bool& into) = 0;
    virtual void time(const char* key, std::optional<Instant>& into) = 0;
    virtual void grade(const char* key, std::optional<Grade>& into) = 0;
    virtual void record(const char* key, std::optional<RecordId>& into) = 0;
    virtual void leaf(const char* key, std::optional<Hash>& into) = 0;
    virtual void party(const char* key, std::optional<PartyId>& into) = 0;
    /// Volumes without buffers; `accuracy` is how well each is known.
    virtual void places(const char* key, std::vector<geo::Place>& into, std::size_t count_max) = 0;

    template <class E>
    void word(const char* key, E& into, const Words& words) {
        const auto before = static_cast<std::size_t>(into);
        std::size_t index = before;
        word_index(key, index, words);
        if (index != before) into = static_cast<E>(index);  // who writes it out may share it
    }
    /// A list of what has members itself.
    template <class T>
    void list(const char* key, std::vector<T>& into, std::size_t count_max) {
        items(key, count_max,
              {[&] { return into.size(); }, [&](std::size_t n) { into.resize(n); },
               [&](Members& m, std::size_t i) { members(m, into[i]); }});
    }
    void records(const char* key, std::vector<RecordId>& into, std::size_t count_max);
    void parties(const char* key, std::vector<PartyId>& into, std::size_t count_max);
    /// One such thing, or none.
    template <class T>
    void part(const char* key, std::optional<T>& into) {
        const bool there = object(key, into.has_value(), [&](Members& m) {
            if (!into || replaces()) into.emplace();
            members(m, *into);
        });
        if (!there) into.reset();
    }

  protected:
    /// Whether a part that is given takes the place of the whole that was there.
    virtual bool replaces() const { return false; }
    struct Items {
        std::function<std::size_t()> size;
        std::function<void(std::size_t)> resize;
        std::function<void(Members&, std::size_t)> each;
    };
    virtual void word_index(const char* key, std::size_t& into, const Words& words) = 0;
    virtual void items(const char* key, std::size_t count_max, const Items& items) = 0;
    /// Texts, in a list: of each its size, and how it is written and read.
    struct Texts {
        std::function<std::size_t()> size;
        std::function<void()> clear;
        std::function<std::string(std::size_t)> text;
        std::function<Result<void>(const std::string&)> add;
    };
    virtual void texts(const char* key, std::size_t count_max, const Texts& texts) = 0;
    /// `use` walks the members of the object of this key. A writer calls it where `there`; a reader
    /// where the object is, and says so.
    virtual bool object(const char* key, bool there, const std::function<void(Members&)>& use) = 0;
};

}  // namespace entente::statement
