// SPDX-License-Identifier: Apache-2.0
// How the node is: for those who watch it (healthz, readyz, metrics) and for programs (about,
// openapi.json).
#include "base/encode.h"
#include "formats/json_out.h"
#include "net/api.h"
#include "net/duty_json.h"
#include "net/openapi.h"
#include "net/problem.h"

namespace entente::net {
namespace {

void classes_member(formats::JsonOut& out, const statement::Charter& charter) {
    out.name("classes");
    out.array([&] {
        for (std::size_t i = 0; i < statement::protection_class_count; ++i) {
            out.object([&] {
                out.member("name", statement::name(static_cast<statement::ProtectionClass>(i)));
                out.member("buffer_m", static_cast<double>(charter.terms.buffers[i].v) / 10);
            });
        }
    });
}

/// The other parties of the charter: those whose view there is (`as`).
void others_member(formats::JsonOut& out, const statement::Charter& charter, const PartyId& self) {
    out.name("others");
    out.array([&] {
        for (const statement::CharterParty& one : charter.parties) {
            if (one.id == self) continue;
            out.object([&] {
                out.member("party", one.id.v);
                out.member("name", one.name);
            });
        }
    });
}

void basemap_member(formats::JsonOut& out, const Basemap* basemap) {
    out.name("basemap");
    if (basemap == nullptr) return out.null();
    out.object([&] {
        out.member("format", basemap->format);
        out.member("minzoom", basemap->zoom_min);
        out.member("maxzoom", basemap->zoom_max);
        out.member("attribution", basemap->attribution);
        out.name("layers");
        out.array([&] {
            for (const std::string& layer : basemap->layers) out.value(layer);
        });
    });
}

/// One metric in the Prometheus text format.
void metric(std::string& out, const char* name, const char* kind, const char* what, double value) {
    out += std::string("# HELP ") + name + " " + what + "\n# TYPE " + name + " " + kind + "\n" +
           name + " ";
    formats::JsonOut number;
    number.value(value);
    out += number.text() + "\n";
}

}  // namespace

Response healthz(Api&, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    return ok("text/plain; charset=utf-8", "alive\n");
}

Response readyz(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    const auto moment = api.desk().moment();
    if (!moment->halted.empty()) return problem(503, "halted", moment->halted);
    return ok("text/plain; charset=utf-8", "ready\n");
}

Response metrics(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    const auto moment = api.desk().moment();
    std::string out;
    metric(out, "entente_log_entries", "gauge", "Entries of the own log.",
           static_cast<double>(moment->state.as_of.size.v));
    metric(out, "entente_records", "gauge", "Records of the register, withdrawn ones included.",
           static_cast<double>(moment->view.size()));
    metric(out, "entente_signing_halted", "gauge", "1 while nothing may be signed.",
           moment->halted.empty() ? 0 : 1);
    metric(out, "entente_audit_failing", "gauge", "1 while lines of the audit wait to be written.",
           api.audit().failing().empty() ? 0 : 1);
    metric(out, "entente_plans_checked_total", "counter", "Plans answered since the start.",
           static_cast<double>(api.counters().plans.load()));
    out +=
        "# HELP entente_responses_total Responses by class of status since the start.\n"
        "# TYPE entente_responses_total counter\n";
    for (std::size_t i = 1; i < api.counters().responses.size(); ++i) {
        out += "entente_responses_total{class=\"" + std::to_string(i) + "xx\"} " +
               std::to_string(api.counters().responses[i].load()) + "\n";
    }
    if (api.options().gauges) {
        for (const auto& [name, value] : api.options().gauges()) {
            metric(out, name.c_str(), "gauge", "See the manual.", value);
        }
    }
    return ok("text/plain; version=0.0.4; charset=utf-8", std::move(out));
}

Response openapi(Api&, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    return ok("application/json", std::string(openapi_json()));
}

Response about(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    const auto moment = api.desk().moment();
    const statement::Charter& charter = moment->view.charter();
    const statement::CharterParty* party = charter.party(moment->view.party());
    formats::JsonOut out;
    out.object([&] {
        out.member("version", api.options().version);
        out.member("party", moment->view.party().v);
        out.member("name", party != nullptr ? party->name : moment->view.party().v);
        others_member(out, charter, moment->view.party());
        out.member("origin", moment->state.as_of.origin.v);
        out.member("exercise", charter.exercise);
        out.member("charter", to_base64(moment->state.as_of.charter.view()));
        out.member("vkey", moment->vkey);
        out.member("tree_size", moment->state.as_of.size.v);
        out.member("root", to_base64(moment->state.as_of.root.view()));
        out.member("records", std::uint64_t{moment->view.size()});
        out.member("halted", moment->halted);
        classes_member(out, charter);
        out.member("policy_distance_m", charter.terms.policy_distance.v);
        out.member("reduce_delay_s", std::int64_t{charter.terms.reduce_delay.count() / 1000});
        basemap_member(out, api.options().basemap.get());
        duty_member(out, api);
        out.member("notice", check::standing_notice);
        out.member("now", format_rfc3339(call.now));
    });
    return ok("application/json", out.text() + "\n");
}

}  // namespace entente::net
