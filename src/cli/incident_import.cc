// SPDX-License-Identifier: Apache-2.0
#include "cli/incident_import.h"

#include <fmt/format.h>

#include <map>
#include <set>

#include "base/printable.h"
#include "cli/ask.h"
#include "cli/service.h"
#include "formats/geojson.h"
#include "formats/said_json.h"
#include "intake/incidents.h"
#include "reader/reader.h"

namespace entente::cli {
namespace {

using net::Method;
using statement::Incident;

/// What this party has said already of a list, by its id there.
struct Known {
    std::string id;
    Incident incident;
    bool withdrawn = false;
};
using KnownByListId = std::map<std::pair<std::string, std::string>, Known>;

Result<void> take_page(const formats::Json& page, KnownByListId& into) {
    for (const formats::Json& one : page.find("statements")->elements) {
        const formats::Json* said = one.find("said");
        // Those of a log before cannot be corrected; they are said anew in this one.
        if (member(one, "goes_on") != "yes" || said == nullptr) continue;
        Known known{member(one, "id"), {}, member(one, "state") == "withdrawn"};
        TRYV(formats::read_walk(*said, statement::walk_of(known.incident), {}));
        if (known.incident.list_id.empty()) continue;
        into[{known.incident.list, known.incident.list_id}] = std::move(known);
    }
    return {};
}

Result<KnownByListId> known_here(Service& service) {
    KnownByListId out;
    std::string cursor;
    do {
        const std::string target = "/v1/statements?kind=incident&withdrawn=yes&limit=1000" +
                                   (cursor.empty() ? "" : "&cursor=" + cursor);
        TRY(answered, ask_json(service, Method::get, target));
        TRYV(take_page(answered.json, out));
        cursor = member(answered.json, "next");
    } while (!cursor.empty());
    return out;
}

Result<intake::IncidentRow> row_of(const reader::Row& row) {
    intake::IncidentRow out;
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
        std::string name = row.layer->columns[i];
        for (char& c : name) {
            if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        }
        out.cells.emplace(std::move(name), row.cells[i]);
    }
    if (row.geometry.empty()) return out;
    TRY(shapes, formats::read_geometry(row.geometry));
    const auto* point = shapes.size() == 1 ? std::get_if<geo::Circle>(&shapes.front()) : nullptr;
    if (point == nullptr) return fail(Errc::malformed, "its geometry is not one point");
    out.point = point->center;
    return out;
}

struct Counts {
    std::uint64_t rows = 0, added = 0, corrected = 0, same = 0, withdrawn = 0, refused = 0;
};

/// One after another, each durable before the next; what was said before an error stays said.
class Import {
  public:
    Import(const IncidentImportArgs& args, Service& service, KnownByListId known,
           intake::IncidentList list)
        : args_(args), service_(service), known_(std::move(known)), list_(list) {}

    Result<void> take(const reader::Row& row) {
        ++counts.rows;
        if (!row.problem.empty()) return refuse(row, row.problem);
        const auto cells = row_of(row);
        if (!cells) return refuse(row, cells.error().detail);
        const auto incident = intake::read_incident(list_, *cells, args_.contact);
        if (!incident) return refuse(row, incident.error().detail);
        if (auto said = say(*incident); !said) {
            if (said.error().code != Errc::malformed) return said;
            return refuse(row, said.error().detail);
        }
        return {};
    }

    Counts counts;

  private:
    Result<void> refuse(const reader::Row& row, const std::string& why) {
        ++counts.refused;
        constexpr std::uint64_t told_max = 20;
        if (counts.refused <= told_max) {
            fmt::print(stderr, "entente incident import: row {}: {}\n", row.number, printable(why));
        }
        return {};
    }

    Result<void> say(const Incident& read) {
        const auto key = std::pair(read.list, read.list_id);
        if (!taken_.insert(read.list_id).second) {
            return fail(Errc::malformed, "id " + read.list_id + " stands twice in this file");
        }
        const auto known = known_.find(key);
        const Incident incident =
            known == known_.end() ? read : intake::corrected(known->second.incident, read);
        if (known != known_.end() && known->second.withdrawn) {
            ++counts.withdrawn;  // its author's word stands
            return {};
        }
        if (known != known_.end() && as_read(known->second.incident) == as_read(incident)) {
            ++counts.same;
            return {};
        }
        const bool adds = known == known_.end();
        ++(adds ? counts.added : counts.corrected);
        std::string id = adds ? "" : known->second.id;
        if (!args_.dry_run) {
            TRY(said, adds ? post(incident) : patch(id, incident));
            id = std::move(said);
        }
        known_[key] = {std::move(id), incident, false};
        return {};
    }

    /// What is compared: all that the list says. `keys` are the record's and no part of it.
    static Bytes as_read(Incident incident) {
        incident.keys = {};
        return statement::write_object(statement::walk_of(incident));
    }

    static std::string said_json(const Incident& incident) {
        formats::JsonOut out;
        out.object([&] { formats::walk_members(out, statement::walk_of(incident)); });
        return out.text();
    }

    Result<std::string> post(const Incident& incident) {
        std::string to;
        for (const std::string& party : args_.to) {
            to += (to.empty() ? "" : ",") + formats::quote_json(party);
        }
        TRY(answered, ask_json(service_, Method::post, "/v1/statements",
                               "{\"kind\":\"incident\",\"to\":[" + to +
                                   "],\"said\":" + said_json(incident) + tear_json() + "}"));
        return member(answered.json, "id");
    }

    std::string tear_json() const {
        return args_.tear.empty() ? "" : ",\"tear\":" + formats::quote_json(args_.tear);
    }

    Result<std::string> patch(const std::string& id, const Incident& incident) {
        TRY(answered,
            ask_json(service_, Method::patch, "/v1/statements/" + id,
                     "{\"act\":\"amend\",\"anew\":true,\"said\":" + said_json(incident) + "}"));
        return member(answered.json, "id");
    }

    const IncidentImportArgs& args_;
    Service& service_;
    KnownByListId known_;
    std::set<std::string> taken_;  // ids of this run
    intake::IncidentList list_;
};

Result<Counts> import(const IncidentImportArgs& args) {
    TRY(list, intake::parse_incident_list(args.list));
    TRY(service, Service::open(args.common, {Access::write, false, {}}));
    TRY(known, known_here(service));
    Import import(args, service, std::move(known), list);
    ProgressBar bar("reading", 0, "rows");
    TRYV(reader::read_rows(args.file, {}, [&](reader::Row& row) {
        auto taken = import.take(row);
        bar.at(import.counts.rows);
        return taken;
    }));
    return import.counts;
}

}  // namespace

Exit import_incidents(const IncidentImportArgs& args) {
    const auto done = import(args);
    if (!done) return report("incident import", done.error());
    const char* would = args.dry_run ? "would be " : "";
    if (args.common.json) {
        formats::JsonOut out;
        out.object([&] {
            out.member("rows", done->rows);
            out.member("added", done->added);
            out.member("corrected", done->corrected);
            out.member("same", done->same);
            out.member("withdrawn", done->withdrawn);
            out.member("refused", done->refused);
            out.member("dry_run", args.dry_run);
        });
        fmt::print("{}\n", out.text());
    } else {
        fmt::print(
            "{} rows: {} {}added, {} {}corrected, {} the same, {} withdrawn here, {} refused\n",
            done->rows, done->added, would, done->corrected, would, done->same, done->withdrawn,
            done->refused);
    }
    return done->refused == 0 ? Exit::ok : Exit::bad_input;
}

}  // namespace entente::cli
