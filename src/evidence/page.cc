// SPDX-License-Identifier: Apache-2.0
#include "evidence/page.h"

#include <utility>

#include "base/encode.h"
#include "base/printable.h"
#include "evidence/lines.h"
#include "evidence/talk.h"
#include "evidence/words.h"

namespace entente::evidence {
namespace {

constexpr const char* style =
    "@page{size:A4;margin:18mm}body{font:10.5pt/1.4 sans-serif;color:#111;max-width:180mm;"
    "margin:0 auto;padding:8mm}h1{font-size:17pt;margin:0 0 2mm}h2{font-size:12.5pt;margin:7mm 0 "
    "2mm;border-bottom:1px solid #999;break-after:avoid}table{border-collapse:collapse;width:100%}"
    "th,td{text-align:left;vertical-align:top;padding:1mm 2mm;border-bottom:1px solid #ccc}"
    "td{overflow-wrap:break-word}tr{break-inside:avoid}code{font:8pt monospace;overflow-wrap:"
    "anywhere}td code{display:block;min-width:38mm}.note{color:#444}"
    "@media print{body{padding:0;max-width:none}}";

std::string hash_code(const Hash& hash) {
    return "<code>" + html_text(to_base64(hash.view())) + "</code>";
}

/// The hash that the file's first line has.
std::string file_hash(const File& file) {
    const Bytes bytes = format_file(file);
    const std::size_t end = bytes.find('\n');
    const std::size_t begin = bytes.rfind(' ', end) + 1;
    return bytes.substr(begin, end - begin);
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
            html_text(title) + "</title><style>" + style + "</style></head><body>\n<h1>" +
            html_text(title) + "</h1>\n";
        beginning();
        said();
        told();
        receipts();
        silence();
        talk();
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
        rows_ += "<tr>";
        for (const std::string& text : cells) {
            rows_ += std::string("<") + cell + ">" + text + "</" + cell + ">";
        }
        rows_ += "</tr>\n";
    }
    /// The rows that were added since the last table.
    void table(const std::string& title, const std::vector<std::string>& heading) {
        const std::string rows = std::exchange(rows_, {});
        out_ += "<h2>" + html_text(title) + "</h2>\n";
        if (rows.empty()) {
            out_ += "<p class=\"note\">None in this file.</p>\n";
            return;
        }
        row(heading, "th");
        out_ += "<table>\n" + std::exchange(rows_, {}) + rows + "</table>\n";
    }

    std::string party(const PartyId& id) const {
        return html_text(report_.facts.charter.party(id)->name + " (" + id.v + ")");
    }

    void beginning() {
        const File& file = report_.file;
        out_ += "<p>What " + party(report_.author) + " said of it, verified under charter " +
                html_text(file.charter) + " version " +
                std::to_string(report_.facts.charter.version) + ", " +
                hash_code(file.charter_hash) + ". The file says that " + html_text(file.by.v) +
                " made it at " + html_text(moment_text(file.at)) + ".</p>\n";
        if (report_.facts.charter.exercise) out_ += "<p><b>This is an exercise.</b></p>\n";
        out_ +=
            "<p class=\"note\">This page is a reading and proves nothing: the file does, whose "
            "first line has the hash <code>" +
            html_text(file_hash(file)) +
            "</code>. Whoever has it and the charter verifies it with <code>entente verify FILE "
            "--charter CHARTER</code>.</p>\n";
    }

    /// Clocks by their names without the charter, which stands above.
    std::string when(const Bounds& bounds) const {
        const statement::Charter& charter = report_.facts.charter;
        const std::string all = charter.id + (charter.exercise ? "/exercise/" : "/");
        std::string text = bounds_text(bounds);
        for (std::size_t at = text.find(all); at != text.npos; at = text.find(all)) {
            text.erase(at, all.size());
        }
        return html_text(text);
    }

    std::string version(std::size_t said) const {
        return std::to_string(report_.said[said].version);
    }

    void said() {
        for (const Said& one : report_.said) {
            const statement::Head& head = *one.entry->head;
            const std::string content = content_text(*one.entry);
            row({std::to_string(one.version),
                 html_text(head.act + (head.protects ? "" : ", protects nothing")),
                 content.empty() ? "not shown" : html_text(content),
                 html_text(moment_text(head.time)), when(one.bounds), hash_code(one.entry->leaf)});
        }
        table("What was said", {"Version", "Act", "Content", "Its own time", "When", "Leaf"});
    }

    void told() {
        for (const Told& one : report_.told) {
            row({party(one.to), version(one.said), html_text(tier_text(one.slots)),
                 when(one.bounds),
                 hash_code(report_.said[one.said].entry->leaf) + hash_code(one.beat->leaf)});
        }
        table("What was told to whom", {"To", "Version", "How much", "When", "Leaves"});
    }

    std::string versions(const std::vector<std::size_t>& told) const {
        std::string out;
        for (const std::size_t i : told) {
            out += (out.empty() ? "" : ", ") + version(report_.told[i].said);
        }
        return out;
    }

    void receipts() {
        for (const Word& one : report_.words) {
            if (one.covers.empty()) continue;
            row({party(one.from), versions(one.covers), html_text(one.rung),
                 html_text(moment_text(one.time)), when(one.bounds), hash_code(one.entry->leaf)});
        }
        table("What was acknowledged", {"By", "Version", "Step", "Its own time", "When", "Leaf"});
    }

    void silence() {
        for (const Word& one : report_.words) {
            if (one.lacks.empty()) continue;
            row({party(one.from), versions(one.lacks), html_text(moment_text(one.time)),
                 when(one.bounds),
                 one.had_cosigned ? html_text(moment_text(one.had_cosigned->at) + " (" +
                                              one.had_cosigned->clock + ")")
                 : one.had_quoted ? "before this beat"
                                  : "not shown",
                 hash_code(one.entry->leaf)});
        }
        table("Who was silent: had not acknowledged",
              {"Party", "Version", "In its beat of", "When", "Had the log by", "Leaf"});
    }

    void talk() {
        const bool stop = is_stop(report_);
        for (const Call& one : report_.calls) {
            row({html_text(moment_text(one.attempt->at)), html_text(desks_text(*one.attempt)),
                 html_text(tried_text(*one.attempt)), one.attempt->automatic ? "node" : "person",
                 when(one.bounds), hash_code(one.entry->leaf)});
        }
        if (stop || !report_.calls.empty()) {
            table("Who was called, as its author says",
                  {"Began", "Desks", "How, and what came of it", "By a", "Logged", "Leaf"});
        }
        for (const Answered& one : report_.answers) {
            const statement::Reply& reply = *one.reply;
            row({party(one.from), version(one.said),
                 html_text(statement::name(reply.word)) + (reply.automatic ? ", by its node" : ""),
                 html_text(reply.contact + (reply.text.empty() ? "" : ": " + reply.text)),
                 html_text(moment_text(one.entry->head->time)), when(one.bounds),
                 hash_code(one.entry->leaf)});
        }
        if (stop || !report_.answers.empty()) {
            table("What was answered",
                  {"By", "Version", "Word", "Says", "Its own time", "When", "Leaf"});
        }
    }

    void lines(const std::string& title, Standing standing, const std::string& note) {
        for (const Line& line : report_.lines) {
            if (line.standing != standing) continue;
            std::string leaves;
            for (const Hash& leaf : line.rests_on) leaves += hash_code(leaf) + " ";
            row({html_text(line.text), "<code>" + html_text(line.by) + "</code>", leaves});
        }
        table(title, {"What", "By", "Rests on"});
        out_ += "<p class=\"note\">" + html_text(note) + "</p>\n";
    }

    const Report& report_;
    std::string out_;
    std::string rows_;
};

}  // namespace

std::string page(const Report& report) { return Page(report).run(); }

}  // namespace entente::evidence
