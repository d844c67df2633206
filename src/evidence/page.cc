// SPDX-License-Identifier: Apache-2.0
#include "evidence/page.h"

#include "base/encode.h"
#include "evidence/lines.h"

namespace entente::evidence {
namespace {

constexpr const char* style =
    "@page{size:A4;margin:18mm}body{font:10.5pt/1.4 sans-serif;color:#111;max-width:180mm;"
    "margin:0 auto;padding:8mm}h1{font-size:17pt;margin:0 0 2mm}h2{font-size:12.5pt;margin:7mm 0 "
    "2mm;border-bottom:1px solid #999}table{border-collapse:collapse;width:100%}th,td{text-align:"
    "left;vertical-align:top;padding:1mm 2mm;border-bottom:1px solid #ccc;overflow-wrap:anywhere}"
    "tr{break-inside:avoid}code{font:8pt monospace;overflow-wrap:anywhere}.note{color:#444}"
    "@media print{body{padding:0;max-width:none}}";

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : printable(text)) {
        switch (c) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '"': out += "&quot;"; break;
            case '\'': out += "&#39;"; break;
            default: out += c;
        }
    }
    return out;
}

std::string hash_code(const Hash& hash) {
    return "<code>" + escaped(to_base64(hash.view())) + "</code>";
}

class Page {
  public:
    explicit Page(const Report& report) : report_(report) {}

    std::string run() {
        const std::string title = "Evidence of record " + report_.file.record.text();
        out_ =
            "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
            "style-src 'unsafe-inline'\"><title>" +
            escaped(title) + "</title><style>" + style + "</style></head><body>\n<h1>" +
            escaped(title) + "</h1>\n";
        beginning();
        told();
        words();
        lines("Proven", Standing::proven,
              "By signatures and hashes alone. A time is by the clock of whom it names.");
        lines("Only claimed", Standing::claimed,
              "On nobody's word but the one that is named; the file proves that it was said, not "
              "that it is so.");
        lines("Not in this file", Standing::missing,
              "That the file does not show a thing does not prove that it was not.");
        return out_ + "</body></html>\n";
    }

  private:
    void row(const std::vector<std::string>& cells, const char* cell = "td") {
        out_ += "<tr>";
        for (const std::string& text : cells) {
            out_ += std::string("<") + cell + ">" + text + "</" + cell + ">";
        }
        out_ += "</tr>\n";
    }
    void table(const std::string& title, const std::vector<std::string>& heading) {
        out_ += "<h2>" + escaped(title) + "</h2>\n<table>\n";
        row(heading, "th");
    }
    void end_table() { out_ += "</table>\n"; }

    void beginning() {
        const std::string name = report_.facts.charter.party(report_.author)->name;
        out_ += "<p>What " + escaped(name) + " (" + escaped(report_.author.v) +
                ") said of it, verified under charter " + escaped(report_.file.charter) +
                " version " + std::to_string(report_.facts.charter.version) + ", " +
                hash_code(report_.file.charter_hash) + ".</p>\n";
        if (report_.facts.charter.exercise) out_ += "<p><b>This is an exercise.</b></p>\n";
    }

    std::string version(std::size_t said) const {
        return std::to_string(report_.said[said].version);
    }

    void told() {
        table("What was told to whom", {"To", "Version", "How much", "When", "Leaf"});
        for (const Told& one : report_.told) {
            row({escaped(one.to.v), version(one.said), escaped(tier_text(one.slots)),
                 escaped(bounds_text(one.bounds)), hash_code(report_.said[one.said].entry->leaf)});
        }
        end_table();
    }

    std::string versions(const std::vector<std::size_t>& told) const {
        std::string out;
        for (const std::size_t i : told) {
            out += (out.empty() ? "" : ", ") + version(report_.told[i].said);
        }
        return out;
    }

    void words() {
        table("Receipts", {"From", "Versions", "Step", "Its own time", "When", "Leaf"});
        for (const Word& one : report_.words) {
            if (one.covers.empty()) continue;
            row({escaped(one.from.v), versions(one.covers), escaped(one.rung),
                 escaped(moment_text(one.time)), escaped(bounds_text(one.bounds)),
                 hash_code(one.entry->leaf)});
        }
        end_table();
        table("Silence: had not acknowledged",
              {"Party", "Versions", "In its beat of", "When", "Had the log by", "Leaf"});
        for (const Word& one : report_.words) {
            if (one.lacks.empty()) continue;
            row({escaped(one.from.v), versions(one.lacks), escaped(moment_text(one.time)),
                 escaped(bounds_text(one.bounds)),
                 one.had_cosigned ? escaped(moment_text(one.had_cosigned->at) + " (" +
                                            one.had_cosigned->clock + ")")
                 : one.had_quoted ? "before this beat"
                                  : "not shown",
                 hash_code(one.entry->leaf)});
        }
        end_table();
    }

    void lines(const std::string& title, Standing standing, const std::string& note) {
        table(title, {"What", "By", "Rests on"});
        for (const Line& line : report_.lines) {
            if (line.standing != standing) continue;
            std::string leaves;
            for (const Hash& leaf : line.rests_on) leaves += hash_code(leaf) + " ";
            row({escaped(line.text), "<code>" + escaped(line.by) + "</code>", leaves});
        }
        end_table();
        out_ += "<p class=\"note\">" + escaped(note) + "</p>\n";
    }

    const Report& report_;
    std::string out_;
};

}  // namespace

std::string page(const Report& report) { return Page(report).run(); }

}  // namespace entente::evidence
