// SPDX-License-Identifier: Apache-2.0
// /v1/approvals: what waits for officers, what it would change, and their signatures;
// /v1/officers: who they are, and enrolling one by an entry that the root signed.
#include "base/encode.h"
#include "formats/geojson.h"
#include "formats/json_out.h"
#include "net/api.h"
#include "net/body.h"
#include "net/problem.h"
#include "people/officer_key.h"

namespace entente::net {
namespace {

using people::Proposal;
using people::Proposals;

/// What a proposal is by now, in a word.
const char* standing(const Proposal& proposal, const view::View& view, Instant now) {
    if (proposal.state != Proposal::State::waiting) return name(proposal.state);
    const auto id = RecordId::parse(proposal.record);
    const auto slot = id ? view.find(*id) : std::nullopt;
    if (!slot || view.at(*slot).version() + 1 != proposal.version) return "stale";
    if (proposal.has_enough()) return "signed";
    return proposal.until <= now ? "expired" : "waiting";
}

void members(formats::JsonOut& out, const Proposal& p, const view::View& view, Instant now) {
    out.member("id", p.id);
    out.member("record", p.record);
    out.member("version", p.version);
    out.member("act", p.act);
    out.member("by", p.by);
    out.member("time", format_rfc3339(p.time));
    out.member("until", format_rfc3339(p.until));
    out.member("state", standing(p, view, now));
    out.member("needed", std::int64_t{p.needed});
    out.name("signatures");
    out.array([&] {
        for (const people::Signature& one : p.signatures) {
            out.object([&] {
                out.member("officer", one.officer);
                out.member("key", to_base64(one.key));
                out.member("time", format_rfc3339(one.time));
            });
        }
    });
    out.member("ended_by", p.ended_by);
    out.member("why", p.why);
    out.name("entry");
    if (p.state == Proposal::State::logged) {
        out.value(p.entry);
    } else {
        out.null();
    }
}

Response not_there() { return problem(404, "not_found", "there is no such proposal"); }

std::optional<Proposal> find(Api& api, const std::string& id) {
    return api.approvals().with_proposals([&](const Proposals& proposals) {
        const Proposal* found = proposals.find(id);
        return found != nullptr ? std::optional(*found) : std::nullopt;
    });
}

void feature_member(formats::JsonOut& out, const char* key, const statement::Protection* p,
                    const std::string& id) {
    out.name(std::string_view(key));
    if (p == nullptr) return out.null();
    out.raw(formats::write_feature(*p, id));
}

void body_member(formats::JsonOut& out, const char* key,
                 const std::optional<seal::SaltedBody>& body) {
    out.name(std::string_view(key));
    if (!body) return out.null();
    out.object([&] {
        out.member("salt", to_base64(body->salt.view()));
        out.member("body", body->body);
    });
}

/// All that officers need to see for themselves that what they sign is what is shown.
void bodies_member(formats::JsonOut& out, const node::Proposed& proposed) {
    out.name("bodies");
    out.object([&] {
        out.member("head", statement::encode_head_unapproved(proposed.head));
        body_member(out, "coarse", proposed.bodies[1]);
        body_member(out, "exact", proposed.bodies[2]);
    });
}

Response shown(Api& api, const Call& call, const Proposal& proposal, bool with_bodies) {
    const auto moment = api.desk().moment();
    const auto id = RecordId::parse(proposal.record);
    const auto slot = id ? moment->view.find(*id) : std::nullopt;
    const auto proposed = api.approvals().open(proposal);
    formats::JsonOut out;
    out.object([&] {
        members(out, proposal, moment->view, call.now);
        out.name("sign");
        out.object([&] {
            out.member("head", to_base64(proposal.what.head.view()));
            out.member("coarse", to_base64(proposal.what.coarse.view()));
            out.member("exact", to_base64(proposal.what.exact.view()));
        });
        std::optional<view::Seen> before;
        if (slot) before = moment->view.at(*slot);
        feature_member(out, "before", before ? before->protection() : nullptr, proposal.record);
        feature_member(out, "after",
                       proposed && proposed->protection ? &*proposed->protection : nullptr,
                       proposal.record);
        if (with_bodies && proposed) bodies_member(out, *proposed);
    });
    return ok("application/json", out.text() + "\n");
}

/// Whose signature the request may bring: in a session one's own, the owner anybody's.
Result<void> may_sign_as(const Who& who, const std::string& officer) {
    if (who.is_owner() || who.account == officer) return {};
    return fail(Errc::refused,
                "this is the key of the officer " + officer + ", and you are " + who.account);
}

struct Given {
    std::string officer;
    Bytes key;
    Bytes signature;
};

/// A signature made elsewhere.
Result<Given> signature_in(Api& api, const Body& body) {
    TRY(key_text, body.text("key"));
    TRY(signature_text, body.text("signature"));
    auto key = from_base64(key_text);
    if (!key) return at("key", key.error());
    auto signature = from_base64(signature_text);
    if (!signature) return at("signature", signature.error());
    const auto officer = api.approvals().officer_of(*key);
    if (!officer) return fail(Errc::refused, "this key is no officer's of this party");
    return Given{*officer, std::move(*key), std::move(*signature)};
}

/// One made here, with the key that lies in the data directory and the officer's passphrase.
Result<Given> signature_here(Api& api, const Call& call, const Body& body,
                             const Proposal& proposal) {
    TRY(passphrase, body.text("passphrase"));
    TRY(named, body.text_or_none("officer"));
    const std::string officer = named.empty() ? call.who.name() : named;
    TRYV(people::check_name("officer", officer));
    TRYV(may_sign_as(call.who, officer));
    if (!api.options().officer_file) return fail(Errc::refused, "no keys lie here");
    if (api.access().attempt("officer " + officer, call.request, call.now) > Duration(0)) {
        return fail(Errc::refused, "too many wrong passphrases for this key; wait a minute");
    }
    TRY(file, api.options().officer_file(officer));
    TRY(key, people::unlock_key(file, passphrase));
    return Given{officer, Bytes(key.public_key().view()), seal::sign_approval(key, proposal.what)};
}

Response sign(Api& api, const Call& call, const Body& body, const Proposal& proposal) {
    const auto given = body.has("passphrase") ? signature_here(api, call, body, proposal)
                                              : signature_in(api, body);
    if (!given) {
        // A wrong passphrase is no fault of the request's form, and its file's absence no secret.
        const Errc code = given.error().code;
        return problem(code == Errc::not_found ? Error{Errc::refused, given.error().detail}
                                               : given.error());
    }
    if (auto may = may_sign_as(call.who, given->officer); !may) return problem(may.error());
    const people::By by = call.who.by(call.now);
    const auto now_signed = api.approvals().with_proposals([&](Proposals& all) -> Result<Proposal> {
        TRYV(all.sign(proposal.id, {given->officer, given->key, given->signature, call.now}, by));
        return *all.find(proposal.id);
    });
    if (!now_signed) {
        const bool wrong = now_signed.error().code == Errc::bad_signature;
        return problem(wrong ? Error{Errc::refused, now_signed.error().detail}
                             : now_signed.error());
    }
    if (now_signed->has_enough()) {
        // The signatures are kept whatever comes of it: it can be tried again.
        if (auto logged = api.approvals().log(proposal.id, by); !logged) {
            return problem(logged.error());
        }
    }
    return shown(api, call, *find(api, proposal.id), false);
}

Response refuse(Api& api, const Call& call, const Body& body, const Proposal& proposal) {
    const auto why = body.text_or_none("why");
    if (!why) return problem(why.error());
    const auto refused = api.approvals().with_proposals(
        [&](Proposals& all) { return all.refuse(proposal.id, *why, call.who.by(call.now)); });
    return refused ? shown(api, call, *find(api, proposal.id), false) : problem(refused.error());
}

}  // namespace

Response list_approvals(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    const auto moment = api.desk().moment();
    formats::JsonOut out;
    out.object([&] {
        out.name("approvals");
        out.array([&] {
            api.approvals().with_proposals([&](const Proposals& proposals) {
                for (const auto& [id, proposal] : proposals.all()) {
                    out.object([&, &one = proposal] { members(out, one, moment->view, call.now); });
                }
            });
        });
    });
    return ok("application/json", out.text() + "\n");
}

Response show_approval(Api& api, const Call& call) {
    if (auto known = call.target.only({"bodies"}); !known) return problem(known.error());
    const std::string& bodies = call.target.value("bodies");
    if (call.target.has("bodies") && bodies != "true" && bodies != "false") {
        return problem(400, "malformed", "bodies: true or false");
    }
    const auto proposal = find(api, call.parameters[0]);
    if (!proposal) return not_there();
    const auto record = RecordId::parse(proposal->record);
    if (!record) return not_there();
    if (auto refusal = api.audited(call, "approval", {*record})) return std::move(*refusal);
    return shown(api, call, *proposal, bodies == "true");
}

Response act_on_approval(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    if (!is_json(call.request)) return not_json();
    const auto proposal = find(api, call.parameters[0]);
    if (!proposal) return not_there();
    const auto body =
        Body::read(call.request, {"act", "key", "signature", "passphrase", "officer", "why"});
    if (!body) return problem(body.error());
    const auto act = body->text("act");
    if (!act) return problem(act.error());
    if (*act == "sign") return sign(api, call, *body, *proposal);
    if (*act == "refuse") return refuse(api, call, *body, *proposal);
    if (*act != "log") return problem(400, "malformed", "act: one of sign, refuse, log");
    const auto logged = api.approvals().log(proposal->id, call.who.by(call.now));
    return logged ? shown(api, call, *find(api, proposal->id), false) : problem(logged.error());
}

Response propose(Api& api, const Call& call, Drafted drafted, int needed,
                 const std::string& actor) {
    if (api.approvals().officers().size() < static_cast<std::size_t>(needed)) {
        return problem(409, "refused",
                       "this takes the signatures of " + std::to_string(needed) +
                           " officers, and there are " +
                           std::to_string(api.approvals().officers().size()) +
                           "; the root enrols more: entente officer new");
    }
    Proposal proposal;
    const statement::Head& head = drafted.proposed.head;
    proposal.id = api.access().draw().substr(0, 16);
    proposal.record = head.keys.record.text();
    proposal.version = head.keys.version;
    proposal.act = head.act;
    proposal.by = actor;
    proposal.time = head.time;
    proposal.until = call.now + Proposals::life;
    proposal.needed = needed;
    proposal.what = drafted.proposed.what;
    proposal.wrapped_keys = std::move(drafted.sealed.wrapped_keys);
    proposal.ciphertexts = std::move(drafted.sealed.ciphertexts);
    const auto added = api.approvals().with_proposals(
        [&](Proposals& all) { return all.add(proposal, call.who.by(call.now)); });
    if (!added) return problem(added.error());
    formats::JsonOut out;
    out.object([&] {
        out.member("proposal", proposal.id);
        out.member("record", proposal.record);
        out.member("needed", std::int64_t{needed});
        out.member("until", format_rfc3339(proposal.until));
        out.member("note", "it waits for " + std::to_string(needed) +
                               " officers; until they have signed, nothing is said and "
                               "everything protects as before");
    });
    Response response = ok("application/json", out.text() + "\n");
    response.status = 202;
    return response;
}

Response list_officers(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    const auto moment = api.desk().moment();
    const auto* party = moment->view.charter().party(moment->view.party());
    formats::JsonOut out;
    out.object([&] {
        out.member("needed", std::int64_t{party != nullptr ? party->officers : 1});
        out.name("officers");
        out.array([&] {
            for (const people::Officer& officer : api.approvals().officers()) {
                out.object([&] {
                    out.member("name", officer.name);
                    out.member("key", to_base64(officer.key));
                });
            }
        });
    });
    return ok("application/json", out.text() + "\n");
}

Response add_officer(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    if (!is_json(call.request)) return not_json();
    const auto added = [&]() -> Result<people::Officer> {
        TRY(body, Body::read(call.request, {"name", "entry"}));
        TRY(officer, body.text("name"));
        TRYV(people::check_name("name", officer));
        TRY(entry, body.text("entry"));
        TRY(key, api.desk().officer_in(entry));
        people::Officer out{officer, Bytes(key.view()), 0, call.now};
        // Before anything is logged: a name that has another key is a mistake.
        TRYV(api.approvals().with_proposals([&](const Proposals& all) -> Result<void> {
            const auto there = all.officers().find(officer);
            const people::Officer* same = all.officer_of(out.key);
            const bool other = there != all.officers().end() && there->second.key != out.key;
            if (!other && (same == nullptr || same->name == officer)) return {};
            return fail(Errc::refused, "this name or this key is another officer's");
        }));
        TRY(index, api.desk().log_open(entry));
        out.entry = index.v;
        TRYV(api.approvals().with_proposals(
            [&](Proposals& all) { return all.add_officer(out, call.who.by(call.now)); }));
        return out;
    }();
    if (!added) {
        const bool forged = added.error().code == Errc::bad_signature;
        return problem(forged ? Error{Errc::refused, added.error().detail} : added.error());
    }
    formats::JsonOut out;
    out.object([&] {
        out.member("name", added->name);
        out.member("key", to_base64(added->key));
        out.member("entry", added->entry);
    });
    Response response = ok("application/json", out.text() + "\n");
    response.status = 201;
    return response;
}

}  // namespace entente::net
