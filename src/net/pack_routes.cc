// SPDX-License-Identifier: Apache-2.0
// POST /v1/packs and /v1/unpack: the exchange by file. A pack is made with what is due said first,
// so that it holds this node's newest beat and receipts; what is taken in is answered at once, so
// that the next pack acknowledges it.
#include "base/random.h"
#include "formats/json_out.h"
#include "net/api.h"
#include "net/problem.h"
#include "node/pack.h"

namespace entente::net {
namespace {

struct Wish {
    PartyId to;
    std::uint64_t part = 1;
    bool whole = false;
};

Result<Wish> wish_of(const Target& target) {
    TRYV(target.only({"to", "part", "whole"}));
    Wish out;
    TRY(to, PartyId::parse(target.value("to")));
    out.to = std::move(to);
    if (target.has("part")) {
        const std::string& text = target.value("part");
        const bool digits = !text.empty() && text.size() <= 6 &&
                            text.find_first_not_of("0123456789") == std::string::npos;
        out.part = digits ? std::stoul(text) : 0;
        if (out.part == 0) return fail(Errc::malformed, "part: a number from 1 on");
    }
    if (target.has("whole")) {
        const std::string& text = target.value("whole");
        if (text != "true" && text != "false") {
            return fail(Errc::malformed, "whole: true or false");
        }
        out.whole = text == "true";
    }
    return out;
}

/// What is wrong with bytes that were sent is the sender's matter, not this node's.
Response refused(const Error& error) {
    const bool theirs = error.code == Errc::bad_signature || error.code == Errc::bad_proof;
    return problem(theirs ? Error{Errc::refused, error.detail} : error);
}

Bytes taken_object(const node::Unpacked& taken) {
    formats::JsonOut out;
    out.object([&] {
        out.member("from", taken.header.from.v);
        out.member("made", format_rfc3339(taken.header.made));
        out.member("part", taken.header.part);
        out.member("entries", taken.entries);
        out.member("releases", taken.releases);
        if (taken.trouble) out.member("trouble", taken.trouble->detail);
    });
    return out.text() + "\n";
}

}  // namespace

Response make_pack(Api& api, const Call& call) {
    auto wish = wish_of(call.target);
    if (!wish) return problem(wish.error());
    bool more = false;
    auto bytes = api.desk().on_exchange(
        [&more, wish = *wish](node::Exchange& exchange, Instant now) -> Result<Bytes> {
            TRYV(exchange.tick(now));
            TRY(packed, node::pack(exchange, wish.to, wish.part, wish.whole, now, os_random()));
            more = packed.more;
            return std::move(packed.bytes);
        });
    if (!bytes) return problem(bytes.error());
    Response response = ok("application/octet-stream", std::move(*bytes));
    response.headers.emplace_back(
        "Content-Disposition",
        "attachment; filename=\"" + wish->to.v + "-" + std::to_string(wish->part) + ".pack\"");
    if (more) {
        response.headers.emplace_back(
            "Link", "</v1/packs?to=" + wish->to.v + "&part=" + std::to_string(wish->part + 1) +
                        (wish->whole ? "&whole=true" : "") + ">; rel=\"next\"");
    }
    return response;
}

Response take_pack(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    auto taken = api.desk().on_exchange(
        [&bytes = call.request.body](node::Exchange& exchange, Instant now) -> Result<Bytes> {
            TRY(unpacked, node::unpack(exchange, bytes, now));
            TRYV(exchange.tick(now));
            return taken_object(unpacked);
        });
    if (!taken) return refused(taken.error());
    return ok("application/json", std::move(*taken));
}

}  // namespace entente::net
