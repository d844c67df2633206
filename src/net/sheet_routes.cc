// SPDX-License-Identifier: Apache-2.0
// /v1/sheets: protections on paper for a unit, and the code that it reads back, which makes the
// receipts for exactly what was printed.
#include <algorithm>
#include <map>

#include "formats/json_out.h"
#include "formats/sheet.h"
#include "geo/prepared.h"
#include "net/api.h"
#include "net/body.h"
#include "net/problem.h"
#include "node/ladder.h"
#include "people/code.h"

namespace entente::net {
namespace {

constexpr int hours_default = 24;

struct Wish {
    std::vector<RecordId> records;
    std::string unit;
    int hours = hours_default;
};

Result<Wish> wish_of(const Request& request) {
    TRY(body, Body::read(request, {"records", "unit", "hours"}));
    Wish out;
    TRY(texts, body.texts("records"));
    if (texts.size() > people::Sheets::lines_max) {
        return fail(Errc::too_large, "records: at most 100 on a sheet (lines_max)");
    }
    for (const std::string& text : texts) {
        TRY(id, RecordId::parse(text));
        const auto& known = out.records;
        if (std::find(known.begin(), known.end(), id) == known.end()) out.records.push_back(id);
    }
    TRY(unit, body.text("unit"));
    if (unit.empty()) return fail(Errc::malformed, "unit: the role that the sheet is for");
    out.unit = std::move(unit);
    if (const formats::Json* hours = body.member("hours")) {
        const bool number = hours->is(formats::JsonKind::number);
        const bool short_one = number && hours->text.size() <= 3;
        if (!short_one || hours->text.find_first_not_of("0123456789") != std::string::npos) {
            return fail(Errc::malformed, "hours: a whole number from 1 to 168");
        }
        out.hours = std::stoi(hours->text);
    }
    return out;
}

/// What a receipt would refuse is refused before it is printed.
Result<void> check_unit(const std::string& unit) {
    statement::Receipt receipt;
    receipt.rung = statement::Rung::passed;
    receipt.unit = unit;
    receipt.entries.emplace_back();
    return statement::validate(receipt);
}

/// What is said of one record, out of the moment of the job.
struct Drawn {
    people::SheetLine line;
    std::string near;
};

Result<Drawn> draw(const node::Exchange& exchange, const view::View& view, const RecordId& id,
                   bool exact, Instant now) {
    TRY(at, exchange.newest_of(id));
    const auto slot = view.find(id);
    if (!slot) return fail(Errc::not_found, "no such record in what you may see");
    const view::Seen seen = view.at(*slot);
    const view::SeenVersion newest = seen.history().back();
    if (newest.leaf != at.leaf) {
        return fail(Errc::stale, "record " + id.text() + " was changed just now; try again");
    }
    Drawn out{{id, newest.number, newest.leaf, seen.party()}, {}};
    const auto places = seen.places(now);
    if (!exact || places.empty() || places.front().coarse) return out;
    statement::ReadBack read;
    read.at = geo::Prepared(places.front().reached->place.volume.shape).center();
    node::name_place(exchange.places(), read);
    if (!read.near.empty()) out.near = statement::near_text(read);
    return out;
}

formats::SheetPage page_of(const people::Sheet& sheet, const std::vector<Drawn>& drawn,
                           const std::string& by, bool exact) {
    formats::SheetPage out;
    out.number = sheet.number;
    out.code = people::code_of(sheet);
    out.unit = sheet.unit;
    out.by = by;
    out.made = sheet.made;
    out.expires = sheet.expires;
    out.exact = exact;
    for (const Drawn& one : drawn) {
        out.lines.push_back({one.line.record, one.line.version, one.line.party, one.near});
    }
    return out;
}

Bytes printed_json(const view::View& view, const formats::SheetPage& page) {
    formats::JsonOut out;
    out.object([&] {
        out.member("sheet", page.number);
        out.member("code", page.code);
        out.member("unit", page.unit);
        out.member("expires", format_rfc3339(page.expires));
        out.name("records");
        out.array([&] {
            for (const auto& line : page.lines) {
                out.object([&] {
                    out.member("record", line.record.text());
                    out.member("version", line.version);
                    out.member("party", line.party.v);
                });
            }
        });
        out.member("text", formats::sheet_text(view, page));
        out.member("html", formats::sheet_html(view, page));
    });
    return out.text() + "\n";
}

/// That it was passed, and then that the unit confirms: to each party of which something was on it.
std::vector<node::Acknowledgement> acknowledgements(const people::Sheet& sheet,
                                                    const std::string& voice) {
    std::map<PartyId, node::Acknowledgement> by_party;
    for (const people::SheetLine& line : sheet.lines) {
        node::Acknowledgement& one = by_party[line.party];
        one.records.push_back(line.record);
        one.versions.push_back(line.leaf);
    }
    std::vector<node::Acknowledgement> out;
    for (const auto rung : {statement::Rung::passed, statement::Rung::confirmed}) {
        for (auto& [party, one] : by_party) {
            one.rung = rung;
            one.unit = sheet.unit;
            one.voice = voice;
            out.push_back(one);
        }
    }
    return out;
}

Bytes said_json(const people::Sheet& sheet, const std::vector<node::Acknowledgement>& wishes,
                const std::vector<node::Acknowledged>& said) {
    formats::JsonOut out;
    out.object([&] {
        out.member("sheet", sheet.number);
        out.member("unit", sheet.unit);
        out.member("printed_by", sheet.by);
        out.name("receipts");
        out.array([&] {
            for (std::size_t i = 0; i < said.size(); ++i) {
                out.object([&] {
                    out.member("to", said[i].to.v);
                    out.member("rung", statement::name(wishes[i].rung));
                    out.member("entry", said[i].entry.v);
                    out.member("statements", std::uint64_t{said[i].statements});
                });
            }
        });
    });
    return out.text() + "\n";
}

Error anew(Error error) {
    error.detail += "; print a new sheet";
    return error;
}

/// Logs what the code stands for, then marks it as used: who dies in between has said the same
/// twice when the code is entered again, and nothing else.
Result<Bytes> read_back(Api& api, const Call& call, const std::string& code,
                        const std::string& voice, const std::string& actor) {
    return api.sheets().with([&](people::Sheets& sheets) -> Result<Bytes> {
        TRY(sheet, sheets.find(code, call.now));
        const auto wishes = acknowledgements(sheet, voice);
        auto said =
            api.desk().on_exchange([&](node::Exchange& exchange, Instant now) -> Result<Bytes> {
                TRY(given, exchange.acknowledge_all(wishes, actor, now));
                return said_json(sheet, wishes, given);
            });
        if (!said) {
            return tl::unexpected(said.error().code == Errc::stale ? anew(said.error())
                                                                   : said.error());
        }
        if (auto used = sheets.use(sheet.number, actor, call.who.by(call.now)); !used) {
            return at("it was said, and is durable; that the code was used could not be kept",
                      used.error());
        }
        return said;
    });
}

}  // namespace

Response print_sheet(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    if (!is_json(call.request)) return not_json();
    const auto wish = wish_of(call.request);
    if (!wish) return problem(wish.error());
    if (auto good = check_unit(wish->unit); !good) return problem(good.error());
    const auto actor = api.actor_of(call);
    if (!actor) return problem(actor.error());
    const bool exact = call.who.may(Right::read_exact);
    std::vector<Drawn> drawn;
    std::shared_ptr<const Moment> moment;
    Random random;
    const auto done =
        api.desk().on_exchange([&](node::Exchange& exchange, Instant now) -> Result<Bytes> {
            moment = api.desk().moment();  // nothing changes while this job runs
            random = exchange.random();
            for (const RecordId& id : wish->records) {
                TRY(one, draw(exchange, moment->view, id, exact, now));
                drawn.push_back(std::move(one));
            }
            return Bytes();
        });
    if (!done) return problem(done.error());
    if (exact) {
        if (auto refusal = api.audited(call, "sheet", wish->records)) return std::move(*refusal);
    }
    people::Sheet sheet;
    sheet.unit = wish->unit;
    sheet.by = *actor;
    for (const Drawn& one : drawn) sheet.lines.push_back(one.line);
    sheet.expires = call.now + std::chrono::hours(wish->hours);
    const auto printed = api.sheets().with(
        [&](people::Sheets& sheets) { return sheets.print(sheet, random, call.who.by(call.now)); });
    if (!printed) return problem(printed.error());
    Response response =
        ok("application/json", printed_json(moment->view, page_of(*printed, drawn, *actor, exact)));
    response.status = 201;
    return response;
}

Response read_sheet_back(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    if (!is_json(call.request)) return not_json();
    auto body = Body::read(call.request, {"code", "voice"});
    if (!body) return problem(body.error());
    const auto code = body->text("code");
    if (!code) return problem(code.error());
    const auto voice = body->text_or_none("voice");
    if (!voice) return problem(voice.error());
    const auto actor = api.actor_of(call);
    if (!actor) return problem(actor.error());
    // A slip is caught by the code itself; what has the form of one may be a guess.
    if (auto form = people::read_code(*code); !form) return problem(form.error());
    const std::string& peer = call.request.peer;
    const Duration wait = api.sheets().attempt(call.who.account, peer, call.now);
    if (wait > Duration(0)) {
        Response response =
            problem(429, "too_many", "too many codes of no sheet; wait a little", "attempts_max");
        const auto seconds = std::chrono::ceil<std::chrono::seconds>(wait).count();
        for (auto& [name, value] : response.headers) {
            if (name == "Retry-After") value = std::to_string(seconds);
        }
        return response;
    }
    auto said = read_back(api, call, *code, *voice, *actor);
    // Whoever enters the code of a sheet has read it, whatever became of that.
    if (said || said.error().code != Errc::not_found) api.sheets().forgive(call.who.account, peer);
    if (!said) return problem(said.error());
    Response response = ok("application/json", std::move(*said));
    response.status = 201;
    return response;
}

}  // namespace entente::net
