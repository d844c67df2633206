// SPDX-License-Identifier: Apache-2.0
// /v1/receipts: what other parties acknowledged, as it came and for each record; and what persons
// here did with what was released to us.
#include <cmath>

#include "base/encode.h"
#include "formats/json_out.h"
#include "intake/degrees.h"
#include "net/api.h"
#include "net/body.h"
#include "net/problem.h"
#include "node/ladder.h"

namespace entente::net {
namespace {

constexpr std::size_t records_max = 200;  // of one receipt: so many read-backs fit into a body

void receipt_object(formats::JsonOut& out, const node::HeardReceipt& heard) {
    out.object([&] {
        out.member("from", heard.from.v);
        out.member("entry", heard.position.index.v);
        out.member("leaf", to_base64url(heard.position.leaf.view()));
        out.member("time", format_rfc3339(heard.time));
        if (!heard.actor.empty()) out.member("actor", heard.actor);
        out.member("rung", statement::name(heard.receipt.rung));
        if (heard.receipt.list) out.member("list", heard.receipt.list->size.v);
        out.name("entries");
        out.array([&] {
            for (const Hash& leaf : heard.receipt.entries) out.value(to_base64url(leaf.view()));
        });
        if (!heard.receipt.unit.empty()) out.member("unit", heard.receipt.unit);
        if (!heard.receipt.voice.empty()) out.member("voice", heard.receipt.voice);
        if (!heard.receipt.reason.empty()) out.member("reason", heard.receipt.reason);
    });
}

/// By which named place the other party reads the record: in it a person sees a slip of a degree.
void near_member(formats::JsonOut& out, const statement::ReadBack& read) {
    out.name("near");
    out.object([&] {
        out.member("name", read.near);
        out.member("distance_m", (read.distance.v + 5) / 10);
        out.member("bearing_deg", std::int64_t{read.bearing});
    });
}

void step_object(formats::JsonOut& out, const node::LadderStep& step) {
    out.object([&] {
        out.member("rung", statement::name(step.rung));
        out.member("time", format_rfc3339(step.time));
        out.member("leaf", to_base64url(step.leaf.view()));
        if (!step.actor.empty()) out.member("actor", step.actor);
        if (!step.unit.empty()) out.member("unit", step.unit);
        if (!step.voice.empty()) out.member("voice", step.voice);
        if (!step.reason.empty()) out.member("reason", step.reason);
        if (step.read && !step.read->near.empty()) near_member(out, *step.read);
        if (!step.at) return;
        out.member("apart_m", std::int64_t{std::llround(step.at->apart.v)});
        out.member("differs", step.at->differs);
    });
}

/// Of a leg those receipts count that were given since it is what it is.
void leg_object(formats::JsonOut& out, const node::LegLadder& leg) {
    out.object([&] {
        out.member("leg", leg.leg);
        out.member("rung", statement::name(leg.rung));
        out.member("refused", leg.refused);
        out.member("differs", leg.differs);
        out.name("units");
        out.array([&] {
            for (const std::string& unit : leg.units) out.value(unit);
        });
    });
}

void ladder_object(formats::JsonOut& out, const node::Ladder& ladder) {
    out.object([&] {
        out.member("record", ladder.record.text());
        out.member("version", std::uint64_t{ladder.version});
        out.member("entry", to_base64url(ladder.leaf.view()));
        out.member("party", ladder.party.v);
        out.member("tier", (ladder.slots & 4) != 0 ? "exact" : "coarse");
        out.member("rung", statement::name(ladder.rung()));
        out.member("refused", ladder.refused());
        out.member("differs", ladder.differs());
        out.member("due", format_rfc3339(ladder.due));
        out.member("overdue", ladder.overdue);
        out.member("voided", std::uint64_t{ladder.voided});
        out.name("steps");
        out.array([&] {
            for (const node::LadderStep& step : ladder.steps) step_object(out, step);
        });
        if (ladder.legs.empty()) return;
        out.name("legs");
        out.array([&] {
            for (const node::LegLadder& leg : ladder.legs) leg_object(out, leg);
        });
    });
}

void custody_object(formats::JsonOut& out, const node::Custody& custody) {
    out.object([&] {
        out.member("party", custody.recipient.v);
        out.member("with", custody.with.v);
        out.member("list", custody.list.size.v);
        out.member("held", format_rfc3339(custody.held));
        if (custody.fetched) out.member("fetched", format_rfc3339(*custody.fetched));
        out.member("hash", to_base64url(custody.hash.view()));
        out.member("leaf", to_base64url(custody.leaf.view()));
    });
}

Response answered(Result<Bytes> done, int status = 200) {
    if (!done) return problem(done.error());
    Response response = ok("application/json", std::move(*done));
    response.status = status;
    return response;
}

Result<std::vector<RecordId>> ids(const Body& body, const char* key) {
    std::vector<RecordId> out;
    if (!body.has(key)) return out;
    TRY(texts, body.texts(key));
    if (texts.size() > records_max) {
        return fail(Errc::too_large, std::string(key) + ": at most " + std::to_string(records_max) +
                                         "; make several");
    }
    for (const std::string& text : texts) {
        TRY(id, RecordId::parse(text));
        out.push_back(id);
    }
    return out;
}

/// "33.5123,36.2765": latitude, then longitude.
Result<geo::LatLng> point(const std::string& text) {
    const std::size_t comma = text.find(',');
    if (comma == std::string::npos) {
        return fail(Errc::malformed, "coordinates: LAT,LON in decimal degrees, as in 33.51,36.27");
    }
    TRY(lat, intake::parse_degrees(intake::trimmed(std::string_view(text).substr(0, comma)),
                                   intake::Axis::latitude));
    TRY(lng, intake::parse_degrees(intake::trimmed(std::string_view(text).substr(comma + 1)),
                                   intake::Axis::longitude));
    return geo::LatLng{static_cast<std::int32_t>(lat), lng};
}

Result<node::Acknowledgement> wish_of(const Request& request) {
    TRY(body, Body::read(request, {"records", "all_of", "except", "rung", "unit", "voice", "reason",
                                   "coordinates"}));
    node::Acknowledgement out;
    TRY(records, ids(body, "records"));
    TRY(except, ids(body, "except"));
    TRY(rung_text, body.text("rung"));
    TRY(rung, statement::parse_rung(rung_text));
    TRY(unit, body.text_or_none("unit"));
    TRY(voice, body.text_or_none("voice"));
    TRY(reason, body.text_or_none("reason"));
    if (body.has("all_of")) {
        TRY(party_text, body.text("all_of"));
        TRY(party, PartyId::parse(party_text));
        out.all_of = party;
    }
    if (body.has("coordinates")) {
        TRY(texts, body.texts("coordinates"));
        for (const std::string& text : texts) {
            TRY(at, point(text));
            out.coordinates.push_back(at);
        }
    }
    out.records = std::move(records);
    out.except = std::move(except);
    out.rung = rung;
    out.unit = std::move(unit);
    out.voice = std::move(voice);
    out.reason = std::move(reason);
    return out;
}

Bytes given_json(const node::Acknowledgement& wish, const node::Acknowledged& given) {
    formats::JsonOut out;
    out.object([&] {
        out.member("to", given.to.v);
        out.member("rung", statement::name(wish.rung));
        out.member("entry", given.entry.v);
        out.member("statements", std::uint64_t{given.statements});
        out.name("loaded");
        out.array([&] {
            for (const node::LoadedAt& one : given.loaded) {
                out.object([&] {
                    out.member("record", one.record.text());
                    out.member("apart_m", std::int64_t{std::llround(one.apart.v)});
                    out.member("differs", one.differs);
                });
            }
        });
    });
    return out.text() + "\n";
}

}  // namespace

Response list_receipts(Api& api, const Call& call) {
    if (auto known = call.target.only({"record"}); !known) return problem(known.error());
    std::optional<RecordId> only;
    if (call.target.has("record")) {
        auto id = RecordId::parse(call.target.value("record"));
        if (!id) return problem({Errc::malformed, "record: " + id.error().detail});
        only = *id;
    }
    return answered(
        api.desk().on_exchange([&](node::Exchange& exchange, Instant now) -> Result<Bytes> {
            TRY(ladders, exchange.ladders(only, now));
            formats::JsonOut out;
            out.object([&] {
                out.name("receipts");
                out.array([&] {
                    for (const auto& one : exchange.heard()) receipt_object(out, one);
                });
                out.name("records");
                out.array([&] {
                    for (const auto& one : ladders) ladder_object(out, one);
                });
                out.name("deposits");
                out.array([&] {
                    for (const auto& one : exchange.custody()) custody_object(out, one);
                });
            });
            return out.text() + "\n";
        }));
}

Response give_receipt(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    if (!is_json(call.request)) return not_json();
    const auto wish = wish_of(call.request);
    if (!wish) return problem(wish.error());
    const auto actor = api.actor_of(call);
    if (!actor) return problem(actor.error());
    return answered(
        api.desk().on_exchange([&](node::Exchange& exchange, Instant now) -> Result<Bytes> {
            TRY(given, exchange.acknowledge(*wish, *actor, now));
            return given_json(*wish, given);
        }),
        201);
}

}  // namespace entente::net
