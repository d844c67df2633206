// SPDX-License-Identifier: Apache-2.0
#include "cli/said_options.h"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "base/limits.h"
#include "cli/data_dir.h"
#include "formats/json.h"
#include "statement/dealing.h"

namespace entente::cli {

using statement::Members;
using statement::Need;
using statement::Words;

namespace {

enum class Form : std::uint8_t { text, number, flag, file, texts, things, thing };

/// A member by its name, and of a thing those that it has itself.
struct Shape {
    std::string key;
    Form form = Form::text;
    std::string help;
    std::vector<Shape> parts;
};

/// Walks a statement that says nothing, to see what it could say.
class Shapes : public Members {
  public:
    std::vector<Shape> out;

    static std::string of_parts(const std::vector<Shape>& parts) {
        std::string out;
        for (const Shape& part : parts) out += (out.empty() ? "'" : ";") + part.key + "=…";
        return out + "'";
    }

    void line(const char* key, std::string&, Need need) override { text(key, "one line", need); }
    void lines(const char* key, std::string&, std::size_t, Need need) override {
        text(key, "words, of several lines too", need);
    }
    void number(const char* key, std::optional<std::int64_t>&) override {
        out.push_back({key, Form::number, "a number", {}});
    }
    void flag(const char* key, bool&) override { out.push_back({key, Form::flag, "", {}}); }
    void time(const char* key, std::optional<Instant>&) override {
        text(key, "RFC 3339, as 2015-11-24T07:24:00Z", Need::may);
    }
    void grade(const char* key, std::optional<statement::Grade>&) override {
        text(key, "A to F for the source and 1 to 6 for what it says, as C3", Need::may);
    }
    void record(const char* key, std::optional<RecordId>&) override {
        text(key, "a record's id", Need::may);
    }
    void leaf(const char* key, std::optional<Hash>&) override {
        text(key, "the leaf hash of a version; of the one that is held if left out", Need::may);
    }
    void party(const char* key, std::optional<PartyId>&) override {
        text(key, "a party", Need::may);
    }
    void places(const char* key, std::vector<geo::Place>&, std::size_t) override {
        out.push_back({key, Form::file, "a GeoJSON file, as for a check", {}});
        out.push_back({"accuracy_m", Form::number, "how well they are known, in metres", {}});
    }

  protected:
    void word_index(const char* key, std::size_t&, const Words& words) override {
        std::string all;
        for (std::size_t i = 0; i < words.count; ++i) {
            all += (i == 0 ? "" : ", ") + std::string(words.words[i]);
        }
        out.push_back({key, Form::text, "one of " + all, {}});
    }
    void items(const char* key, std::size_t, const Items& items) override {
        Shapes one;
        items.resize(1);
        items.each(one, 0);
        out.push_back(
            {key, Form::things, of_parts(one.out) + "; once for each", std::move(one.out)});
    }
    void texts(const char* key, std::size_t, const Texts&) override {
        out.push_back({key, Form::texts, "several, with commas", {}});
    }
    bool object(const char* key, bool, const std::function<void(Members&)>& use) override {
        Shapes one;
        use(one);
        out.push_back({key, Form::thing, of_parts(one.out), std::move(one.out)});
        return false;
    }

  private:
    void text(const char* key, std::string help, Need need) {
        if (need == Need::must) help += "; never left out";
        out.push_back({key, Form::text, std::move(help), {}});
    }
};

std::string option_of(std::string key) {
    std::replace(key.begin(), key.end(), '_', '-');
    return "--" + key;
}

Result<std::string> number_json(const std::string& text) {
    const auto read = formats::parse_json(text, text.size());
    if (read && read->is(formats::JsonKind::number)) return text;
    return fail(Errc::malformed, "expected a number");
}

/// Cut at each `;`; two of them are one that belongs to the text.
std::vector<std::string> pairs_of(const std::string& text) {
    std::vector<std::string> out(1);
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool doubled = text[i] == ';' && i + 1 < text.size() && text[i + 1] == ';';
        if (text[i] == ';' && !doubled) {
            out.emplace_back();
        } else {
            out.back() += text[i];
            i += doubled ? 1 : 0;
        }
    }
    return out;
}

Result<std::string> value_json(const Shape& part, const std::string& text) {
    if (part.form == Form::number) return number_json(text);
    if (part.form == Form::flag) {
        if (text == "yes" || text == "no") return std::string(text == "yes" ? "true" : "false");
        return fail(Errc::malformed, "yes or no");
    }
    if (part.form != Form::texts) return formats::quote_json(text);
    std::string out;
    for (std::size_t from = 0; from <= text.size();) {
        const std::size_t to = std::min(text.find(',', from), text.size());
        out += (out.empty() ? "[" : ",") + formats::quote_json(text.substr(from, to - from));
        from = to + 1;
    }
    return out + "]";
}

/// `key=value;key=value` as an object.
Result<std::string> thing_json(const std::vector<Shape>& parts, const std::string& text) {
    std::string out;
    for (const std::string& pair : pairs_of(text)) {
        const std::size_t equals = pair.find('=');
        const std::string key = pair.substr(0, equals);
        const auto part = std::find_if(parts.begin(), parts.end(),
                                       [&](const Shape& one) { return one.key == key; });
        if (equals == std::string::npos || part == parts.end()) {
            return fail(Errc::malformed, "'" + pair +
                                             "': expected key=value with one of its keys; a ';' in "
                                             "a value is written ';;'");
        }
        auto value = value_json(*part, pair.substr(equals + 1));
        if (!value) return at(key, value.error());
        out += (out.empty() ? "{" : ",") + formats::quote_json(key) + ":" + *value;
    }
    return out + "}";
}

std::vector<Shape> shapes_of(const statement::Walk& walk) {
    Shapes shapes;
    walk(shapes);
    return std::move(shapes.out);
}

}  // namespace

std::string keys_of(const statement::Walk& walk) { return Shapes::of_parts(shapes_of(walk)); }

Result<std::string> thing_of(const statement::Walk& walk, const std::string& text) {
    return thing_json(shapes_of(walk), text);
}

struct SaidOptions::One {
    Shape shape;
    std::vector<std::string> given;
    bool flagged = false;

    Result<std::string> json() const {
        switch (shape.form) {
            case Form::flag: return std::string("true");
            case Form::number: return number_json(given.front());
            case Form::file: return read_plan_file();
            case Form::thing: return thing_json(shape.parts, given.front());
            case Form::things:
                return list([&](const std::string& text) { return thing_json(shape.parts, text); });
            case Form::texts:
                return list([](const std::string& text) {
                    return Result<std::string>(formats::quote_json(text));
                });
            case Form::text: break;
        }
        return formats::quote_json(given.front());
    }

  private:
    template <class Each>
    Result<std::string> list(Each each) const {
        std::string out;
        for (const std::string& text : given) {
            TRY(one, each(text));
            out += (out.empty() ? "[" : ",") + one;
        }
        return out + "]";
    }
    Result<std::string> read_plan_file() const {
        TRY(json, read_file(given.front(), limits::plan_bytes_max));
        const std::string text(without_mark(json));
        if (auto read = formats::parse_json(text, text.size()); !read) {
            return at(given.front(), read.error());
        }
        return text;
    }
};

void SaidOptions::add(CLI::App& app, const std::string& kind) {
    for (Shape& shape : shapes_of(statement::walk_of(statement::empty_dealt(kind)))) {
        auto one = std::make_shared<One>();
        one->shape = std::move(shape);
        const std::string name = option_of(one->shape.key);
        if (one->shape.form == Form::flag) {
            app.add_flag(name, one->flagged, one->shape.help);
        } else {
            CLI::Option* option = app.add_option(name, one->given, one->shape.help);
            if (one->shape.form == Form::texts) option->delimiter(',');
            const bool several = one->shape.form == Form::texts || one->shape.form == Form::things;
            several ? option->allow_extra_args(false) : option->expected(1);
        }
        all_.push_back(std::move(one));
    }
}

Result<std::string> SaidOptions::json(const std::vector<std::string>& clear) const {
    std::string out;
    for (const std::string& key : clear) {
        out += (out.empty() ? "{" : ",") + formats::quote_json(key) + ":null";
    }
    for (const auto& one : all_) {
        if (!one->flagged && one->given.empty()) continue;
        auto value = one->json();
        if (!value) return at(option_of(one->shape.key), value.error());
        out += (out.empty() ? "{" : ",") + formats::quote_json(one->shape.key) + ":" + *value;
    }
    return out.empty() ? "{}" : out + "}";
}

}  // namespace entente::cli
