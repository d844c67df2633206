// SPDX-License-Identifier: Apache-2.0
#include "net/import_report.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "base/printable.h"
#include "formats/json.h"
#include "net/problem.h"

namespace entente::net {
namespace {

namespace json = boost::json;

constexpr std::size_t amendments_listed_max = 50;  // in text; JSON lists all

/// 155599 -> "155,599".
std::string grouped(std::uint64_t n) {
    std::string text = std::to_string(n);
    for (std::size_t i = text.size(); i > 3; i -= 3) text.insert(i - 3, ",");
    return text;
}

void add_mapping(std::string& out, const LayerMapping& one) {
    if (!one.layer.empty()) out += fmt::format("layer {}\n", printable(one.layer));
    for (const intake::Choice& choice : one.mapping.choices) {
        out += fmt::format(
            "  {:18} <- {:24} {}{}\n", intake::name(choice.field),
            printable(one.mapping.columns[choice.column]),
            choice.given ? "given" : "guessed: ", choice.given ? "" : printable(choice.reason));
    }
    if (one.mapping.fallback) {
        out += fmt::format("  {:18} <- {} where no row says otherwise\n", "class",
                           statement::name(*one.mapping.fallback));
    }
    std::string unused;
    for (std::size_t column : one.mapping.unused) {
        unused += (unused.empty() ? "" : ", ") + one.mapping.columns[column];
    }
    if (!unused.empty()) out += fmt::format("  not used: {}\n", printable(unused));
}

void add_amendments(std::string& out, const intake::ImportPlan& plan, bool amend) {
    std::size_t shown = 0;
    for (const intake::Amendment& one : plan.amendments) {
        if (++shown > amendments_listed_max) {
            out += fmt::format("  ... and {} more; --json lists all\n",
                               grouped(plan.amendments.size() - amendments_listed_max));
            break;
        }
        out += fmt::format("  row {} would amend {}:\n", one.row.number, one.record.text());
        for (const intake::FieldChange& change : one.changes) {
            out += fmt::format("    {}: {} -> {}\n", printable(change.field),
                               printable(change.before), printable(change.after));
        }
    }
    if (!plan.amendments.empty() && !amend) {
        out += fmt::format("  amendments are made only with --amend\n");
    }
}

std::string plan_text(const ReadList& file, const intake::ImportPlan& plan, bool amend) {
    std::string out;
    out += fmt::format("{} (source \"{}\")\n", printable(file.name), printable(file.source));
    for (const LayerMapping& one : file.mappings) add_mapping(out, one);
    for (const std::string& warning : file.warnings)
        out += fmt::format("  note: {}\n", printable(warning));
    for (const std::string& warning : plan.warnings)
        out += fmt::format("  note: {}\n", printable(warning));
    for (const intake::Refusal& one : plan.refusals)
        out += fmt::format("  refused: {}\n", printable(one.text()));
    add_amendments(out, plan, amend);
    out += fmt::format("{} rows: {} to add, {} unchanged, {} duplicates, {} to amend, {} refused\n",
                       grouped(plan.rows), grouped(plan.additions.size()), grouped(plan.unchanged),
                       grouped(plan.duplicates), grouped(plan.amendments.size()),
                       grouped(plan.refusals.size()));
    return out;
}

json::object mapping_json(const LayerMapping& one) {
    json::array fields;
    for (const intake::Choice& choice : one.mapping.choices) {
        fields.push_back({{"field", intake::name(choice.field)},
                          {"column", one.mapping.columns[choice.column]},
                          {"given", choice.given},
                          {"reason", choice.reason}});
    }
    json::array unused;
    for (std::size_t column : one.mapping.unused) {
        unused.push_back(json::value(one.mapping.columns[column]));
    }
    return {{"layer", one.layer}, {"fields", std::move(fields)}, {"unused", std::move(unused)}};
}

json::array refusals_json(const intake::ImportPlan& plan) {
    json::array out;
    for (const intake::Refusal& one : plan.refusals) {
        out.push_back({{"row", one.row.number},
                       {"layer", one.row.layer},
                       {"name", one.name},
                       {"reason", one.reason}});
    }
    return out;
}

json::array amendments_json(const intake::ImportPlan& plan) {
    json::array out;
    for (const intake::Amendment& one : plan.amendments) {
        json::array changes;
        for (const intake::FieldChange& change : one.changes) {
            changes.push_back(
                {{"field", change.field}, {"before", change.before}, {"after", change.after}});
        }
        out.push_back({{"row", one.row.number},
                       {"layer", one.row.layer},
                       {"id", one.record.text()},
                       {"changes", std::move(changes)}});
    }
    return out;
}

json::array texts_json(const std::vector<std::string>& texts) {
    json::array out;
    for (const std::string& text : texts) out.push_back(json::value(text));
    return out;
}

}  // namespace

std::string plan_report(const ReadList& file, const intake::ImportPlan& plan, bool amend,
                        ReportForm form) {
    // A row that is refused because it is not UTF-8 is cited all the same.
    if (form == ReportForm::text) return whole_characters(plan_text(file, plan, amend));
    json::array mappings;
    for (const LayerMapping& one : file.mappings) mappings.push_back(mapping_json(one));
    json::array warnings = texts_json(file.warnings);
    for (json::value& more : texts_json(plan.warnings)) warnings.push_back(std::move(more));
    const json::object out{{"file", file.name},
                           {"source", file.source},
                           {"rows", plan.rows},
                           {"to_add", plan.additions.size()},
                           {"unchanged", plan.unchanged},
                           {"duplicates", plan.duplicates},
                           {"to_amend", plan.amendments.size()},
                           {"refused", plan.refusals.size()},
                           {"mappings", std::move(mappings)},
                           {"warnings", std::move(warnings)},
                           {"refusals", refusals_json(plan)},
                           {"amendments", amendments_json(plan)}};
    return formats::escape_unseen(whole_characters(json::serialize(out))) + "\n";
}

std::string durable_report(const Durable& batch, ReportForm form) {
    if (form == ReportForm::json) {
        return fmt::format("{{\"durable\":{},\"first\":{},\"tree_size\":{}}}\n", batch.count,
                           batch.first, batch.tree_size);
    }
    return fmt::format("durable: {} statements from entry {}, tree size {}\n", batch.count,
                       batch.first, batch.tree_size);
}

std::string done_report(const Done& done, ReportForm form) {
    if (form == ReportForm::json) {
        return formats::escape_unseen(
                   json::serialize(json::object{{"done", done.name},
                                                {"added", done.added},
                                                {"amended", done.amended},
                                                {"tree_size", done.tree_size}})) +
               "\n";
    }
    return fmt::format("done: {} added, {} amended; the log has {} entries\n", grouped(done.added),
                       grouped(done.amended), grouped(done.tree_size));
}

std::string failed_report(const Error& error, ReportForm form) {
    const std::string why = whole_characters(error.detail);
    if (form == ReportForm::text) return "stopped: " + printable(why) + "\n";
    return formats::escape_unseen(json::serialize(json::object{{"stopped", why}})) + "\n";
}

}  // namespace entente::net
