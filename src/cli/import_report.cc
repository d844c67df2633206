// SPDX-License-Identifier: Apache-2.0
#include "cli/import_report.h"

#include <fmt/format.h>

#include <boost/json.hpp>

namespace entente::cli {
namespace {

namespace json = boost::json;

constexpr std::size_t amendments_listed_max = 50;  // in text; --json lists all

void print_mapping(const LayerMapping& one) {
    if (!one.layer.empty()) fmt::print("layer {}\n", one.layer);
    for (const intake::Choice& choice : one.mapping.choices) {
        fmt::print("  {:18} <- {:24} {}{}\n", intake::name(choice.field),
                   one.mapping.columns[choice.column],
                   choice.given ? "given" : "guessed: ", choice.given ? "" : choice.reason);
    }
    if (one.mapping.fallback) {
        fmt::print("  {:18} <- {} where no row says otherwise\n", "class",
                   statement::name(*one.mapping.fallback));
    }
    std::string unused;
    for (std::size_t column : one.mapping.unused) {
        unused += (unused.empty() ? "" : ", ") + one.mapping.columns[column];
    }
    if (!unused.empty()) fmt::print("  not used: {}\n", unused);
}

void print_amendments(const intake::ImportPlan& plan, bool amend) {
    std::size_t shown = 0;
    for (const intake::Amendment& one : plan.amendments) {
        if (++shown > amendments_listed_max) {
            fmt::print("  ... and {} more; --json lists all\n",
                       grouped(plan.amendments.size() - amendments_listed_max));
            break;
        }
        fmt::print("  row {} would amend {}:\n", one.row.number, one.record.text());
        for (const intake::FieldChange& change : one.changes) {
            fmt::print("    {}: {} -> {}\n", change.field, change.before, change.after);
        }
    }
    if (!plan.amendments.empty() && !amend) {
        fmt::print("  amendments are made only with --amend\n");
    }
}

void print_text(const ReadFile& file, const intake::ImportPlan& plan, const ImportArgs& args) {
    fmt::print("{} (source \"{}\")\n", file.path, file.source);
    for (const LayerMapping& one : file.mappings) print_mapping(one);
    for (const std::string& warning : file.warnings) fmt::print("  note: {}\n", warning);
    for (const std::string& warning : plan.warnings) fmt::print("  note: {}\n", warning);
    for (const intake::Refusal& one : plan.refusals) fmt::print("  refused: {}\n", one.text());
    print_amendments(plan, args.amend);
    fmt::print("{} rows: {} to add, {} unchanged, {} duplicates, {} to amend, {} refused\n",
               grouped(plan.rows), grouped(plan.additions.size()), grouped(plan.unchanged),
               grouped(plan.duplicates), grouped(plan.amendments.size()),
               grouped(plan.refusals.size()));
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

void print_plan(const ReadFile& file, const intake::ImportPlan& plan, const ImportArgs& args) {
    if (!args.common.json) return print_text(file, plan, args);
    json::array mappings;
    for (const LayerMapping& one : file.mappings) mappings.push_back(mapping_json(one));
    json::array warnings = texts_json(file.warnings);
    for (json::value& more : texts_json(plan.warnings)) warnings.push_back(std::move(more));
    const json::object out{{"file", file.path},
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
    fmt::print("{}\n", json::serialize(out));
}

void print_durable(const Durable& batch, bool as_json) {
    fmt::print(fmt::runtime(as_json ? "{{\"durable\":{},\"first\":{},\"tree_size\":{}}}\n"
                                    : "durable: {} statements from entry {}, tree size {}\n"),
               batch.count, batch.first, batch.tree_size);
    std::fflush(stdout);
}

void print_done(const Done& done, bool as_json) {
    if (as_json) {
        fmt::print("{}\n", json::serialize(json::object{{"done", done.path},
                                                        {"added", done.added},
                                                        {"amended", done.amended},
                                                        {"tree_size", done.tree_size}}));
        return;
    }
    fmt::print("done: {} added, {} amended; the log has {} entries\n", grouped(done.added),
               grouped(done.amended), grouped(done.tree_size));
}

}  // namespace entente::cli
