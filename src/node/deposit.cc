// SPDX-License-Identifier: Apache-2.0
#include "node/deposit.h"

#include "base/encode.h"
#include "node/exchange_state.h"

namespace entente::node {
namespace {

constexpr BytesView deposits_line = "entente/deposits/v1\n";

/// Up to the separator, taken off the front.
Result<BytesView> take_word(BytesView& rest, char end) {
    const std::size_t at = rest.find(end);
    if (at == BytesView::npos) return fail(Errc::malformed, "a line about deposits is cut short");
    const BytesView word = rest.substr(0, at);
    rest.remove_prefix(at + 1);
    return word;
}

Result<Instant> parse_moment(BytesView text) {
    TRY(millis, parse_number(text));
    return instant(static_cast<std::int64_t>(millis));
}

std::string millis_of(Instant at) { return std::to_string(at.time_since_epoch().count()); }

}  // namespace

Bytes format_held(const HeldParcel& parcel) {
    Bytes out = std::to_string(parcel.listed.v) + " " + std::to_string(parcel.list.size.v) + " " +
                to_base64(parcel.list.root.view()) + " " + to_base64(parcel.hash.view()) + " " +
                std::to_string(parcel.bytes) + " " + millis_of(parcel.held) + " " +
                (parcel.said_held ? "1" : "0") + " " + (parcel.said_fetched ? "1" : "0") + " ";
    if (parcel.fetched) out += millis_of(*parcel.fetched);
    return out + "\n";
}

Result<HeldParcel> parse_held(BytesView text) {
    HeldParcel out;
    TRY(listed_text, take_word(text, ' '));
    TRY(listed, parse_number(listed_text));
    TRY(size_text, take_word(text, ' '));
    TRY(size, parse_number(size_text));
    TRY(root_text, take_word(text, ' '));
    TRY(root, hash_from_base64(root_text));
    TRY(hash_text, take_word(text, ' '));
    TRY(hash, hash_from_base64(hash_text));
    TRY(bytes_text, take_word(text, ' '));
    TRY(bytes, parse_number(bytes_text));
    TRY(held_text, take_word(text, ' '));
    TRY(held, parse_moment(held_text));
    TRY(said_held, take_word(text, ' '));
    TRY(said_fetched, take_word(text, ' '));
    TRY(fetched_text, take_word(text, '\n'));
    out.listed.v = listed;
    out.list = {{size}, root};
    out.hash = hash;
    out.bytes = bytes;
    out.held = held;
    out.said_held = said_held == "1";
    out.said_fetched = said_fetched == "1";
    if (!fetched_text.empty()) {
        TRY(fetched, parse_moment(fetched_text));
        out.fetched = fetched;
    }
    return out;
}

Bytes format_deposits(const std::map<PartyId, TreeSize>& waiting) {
    Bytes out(deposits_line);
    for (const auto& [party, size] : waiting) {
        out += party.v + " " + std::to_string(size.v) + "\n";
    }
    return out;
}

Result<std::map<PartyId, TreeSize>> parse_deposits(BytesView text) {
    if (text.size() > deposits_bytes_max) {
        return fail(Errc::too_large, "a list of deposits of " + std::to_string(text.size()) +
                                         " bytes, more than deposits_bytes_max = " +
                                         std::to_string(deposits_bytes_max));
    }
    if (!text.starts_with(deposits_line)) {
        return fail(Errc::malformed, "deposits do not begin with entente/deposits/v1");
    }
    text.remove_prefix(deposits_line.size());
    std::map<PartyId, TreeSize> out;
    while (!text.empty()) {
        TRY(party_text, take_word(text, ' '));
        TRY(party, PartyId::parse(std::string(party_text)));
        TRY(size_text, take_word(text, '\n'));
        TRY(size, parse_number(size_text));
        if (!out.empty() && out.rbegin()->first >= party) {
            return fail(Errc::malformed, "deposits are in order of party, each once");
        }
        out.emplace_hint(out.end(), party, TreeSize{size});
    }
    return out;
}

}  // namespace entente::node
