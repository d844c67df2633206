// SPDX-License-Identifier: Apache-2.0
#include "node/succession.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "statement/key_ring.h"

namespace entente::node {
namespace {

using statement::Charter;
using statement::CharterParty;
using statement::Succession;

constexpr BytesView successors_line = "entente/successors/v1\n";

Origin origin_of(const CharterParty& card) { return {card.log.substr(0, card.log.find('+'))}; }

/// Earlier versions, newest first, as far as their files are here.
Result<std::vector<Charter>> versions_of(Store& store, std::span<const Hash> hashes) {
    std::vector<Charter> out;
    for (auto hash = hashes.rbegin(); hash != hashes.rend(); ++hash) {
        TRY(file, store.document(*hash));
        if (!file) continue;
        TRY(charter, statement::parse_charter(*file));
        out.push_back(std::move(charter));
    }
    return out;
}

/// The root may have given way since it signed: any version's will do for what is kept here.
Result<Succession> read_kept(const Bytes& entry, const std::vector<Charter>& versions) {
    Result<Succession> out = fail(Errc::not_found, "no version of the charter is here");
    for (const Charter& charter : versions) {
        out = statement::read_succession(entry, charter);
        if (out) break;
    }
    return out;
}

}  // namespace

std::string own_row(std::uint32_t number, const std::string& name) {
    return number == 1 ? name : "log/" + std::to_string(number) + "/" + name;
}

std::string succession_row(const PartyId& party, std::uint32_t number) {
    return "successor/" + party.v + "/" + std::to_string(number);
}

std::string rival_row(const PartyId& party, std::uint32_t number) {
    return succession_row(party, number) + "/rival";
}

Result<Successions> stored_successions(Store& store, const Charter& charter,
                                       std::span<const Hash> hashes) {
    Successions out;
    if (charter.solo) return out;
    std::vector<Charter> versions;
    for (const CharterParty& party : charter.parties) {
        for (std::uint32_t number = 2; number <= log_number_max; ++number) {
            const std::string name = succession_row(party.id, number);
            TRY(row, store.local(name));
            if (!row) continue;
            if (versions.empty()) {
                TRY(all, versions_of(store, hashes));
                versions = std::move(all);
            }
            auto said = read_kept(*row, versions);
            if (!said) return at("the local value " + name, said.error());
            if (said->party != party.id || said->number != number) {
                return fail(Errc::bad_proof, "the local value " + name + " is of another log");
            }
            TRY(rival, store.local(rival_row(party.id, number)));
            out.emplace(std::pair(party.id, number), KnownSuccession{*said, *row, rival});
        }
    }
    return out;
}

void name_newest(const Successions& known, Charter& charter) {
    for (CharterParty& party : charter.parties) {
        for (const auto& [of, succession] : known) {  // in order of number
            const std::uint32_t now = statement::log_number(charter, party.id, origin_of(party));
            if (of.first != party.id || of.second <= now) continue;
            party.log = statement::vkey_of(charter, succession.said);
        }
    }
}

Result<std::vector<FormerLog>> former_logs(Store& store, const Charter& charter,
                                           std::span<const Hash> hashes, const Successions& known) {
    std::vector<FormerLog> out;
    std::set<Origin> seen;
    for (const CharterParty& party : charter.parties) seen.insert(origin_of(party));
    const auto add = [&](CharterParty card) {
        if (!seen.insert(origin_of(card)).second) return;
        const std::uint32_t number = statement::log_number(charter, card.id, origin_of(card));
        const auto next = known.find({card.id, number + 1});
        std::optional<statement::LogHead> last;
        if (next != known.end()) last = next->second.said.last;
        out.push_back({std::move(card), last});
    };
    for (const auto& [of, succession] : known) {
        CharterParty card = *charter.party(of.first);
        card.log = statement::vkey_of(charter, succession.said);
        add(std::move(card));
    }
    TRY(versions, versions_of(store, hashes));
    for (const Charter& version : versions) {
        for (const CharterParty& party : version.parties) {
            CharterParty card = charter.party(party.id) ? *charter.party(party.id) : party;
            card.log = party.log;
            add(std::move(card));
        }
    }
    return out;
}

Bytes format_successors(const Successions& known) {
    Bytes out(successors_line);
    for (const auto& [of, one] : known) {
        out += std::to_string(one.entry.size()) + "\n" + one.entry;
        if (one.rival) out += std::to_string(one.rival->size()) + "\n" + *one.rival;
    }
    return out;
}

Result<std::vector<BytesView>> parse_successors(BytesView frame) {
    if (frame.size() > successors_bytes_max) {
        return fail(Errc::too_large, "successors of more than successors_bytes_max = " +
                                         std::to_string(successors_bytes_max) + " bytes");
    }
    if (!frame.starts_with(successors_line)) {
        return fail(Errc::malformed, "successors do not begin with entente/successors/v1");
    }
    frame.remove_prefix(successors_line.size());
    std::vector<BytesView> out;
    while (!frame.empty()) {
        const std::size_t end = frame.find('\n');
        const BytesView text = frame.substr(0, end);
        std::size_t size = 0;
        const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), size);
        if (end == BytesView::npos || error != std::errc() || std::to_string(size) != text ||
            size > frame.size() - end - 1) {
            return fail(Errc::malformed, "successor " + std::to_string(out.size()) +
                                             " does not state its size, or is cut short");
        }
        out.push_back(frame.substr(end + 1, size));
        frame.remove_prefix(end + 1 + size);
    }
    return out;
}

Result<std::vector<Bytes>> officers_anew(Store& store, const Charter& charter, const PartyId& party,
                                         const Origin& next, const SecretKey& root) {
    const Origin origin = charter.origin(party);
    TRY(head, store.head(origin));
    if (!head) return fail(Errc::not_found, "the store holds nothing of " + origin.v);
    statement::KeyRing ring(charter, party);
    TRYV(store.scan(origin, {0}, {head->size.v}, [&](StoredEntry&& row) -> Result<void> {
        const auto entry = statement::decode_entry(row.entry);
        const auto* open = entry ? std::get_if<statement::OpenEntry>(&*entry) : nullptr;
        if (open != nullptr) ring.apply(row.index, *open);
        return {};
    }));
    std::vector<Bytes> out;
    for (const statement::HeldKey& held : ring.keys()) {
        const bool speaks = held.role == statement::key_role::officer &&
                            (!held.until || held.until->v > head->size.v);
        if (!speaks) continue;
        out.push_back(statement::encode_entry(
            statement::make_key_entry({held.role, held.key, 0, false, held.name, {}}, next, root)));
    }
    return out;
}

Result<Chain> read_newest(Store& store, std::string_view charter_file) {
    TRY(chain, read_chain(charter_file, [&](const Hash& hash) { return store.document(hash); }));
    TRY(known, stored_successions(store, chain.charter, chain.hashes));
    name_newest(known, chain.charter);
    return chain;
}

Result<Origin> next_log(const Charter& charter, const PartyId& party) {
    const std::uint32_t number = statement::log_number(charter, party, charter.origin(party)) + 1;
    if (number <= log_number_max) return statement::log_name(charter, party, number);
    return fail(Errc::too_large, "a party's logs are numbered up to log_number_max = " +
                                     std::to_string(log_number_max));
}

Result<NewLog> succeed(Store& store, const Chain& chain, const PartyId& party, const PublicKey& key,
                       const SecretKey& root) {
    const Charter& charter = chain.charter;
    TRY(origin, next_log(charter, party));
    const Origin before = charter.origin(party);
    TRY(head, store.head(before));
    if (!head) return fail(Errc::not_found, "the store holds nothing of " + before.v);
    const Succession said{
        party, statement::log_number(charter, party, origin), key, {head->size, head->root}};
    NewLog out;
    std::vector<Bytes> keys = {
        statement::encode_entry(statement::succession_entry(charter, said, root))};
    out.additions.local.emplace_back(succession_row(party, said.number), keys.front());
    TRY(officers, officers_anew(store, charter, party, origin, root));
    std::move(officers.begin(), officers.end(), std::back_inserter(keys));
    Charter next = charter;
    for (CharterParty& card : next.parties) {
        if (card.id == party) card.log = statement::vkey_of(charter, said);
    }
    TRY(entries, founding_entries(next, chain.hashes.back(), party, keys));
    out.entries = std::move(entries);
    return out;
}

}  // namespace entente::node
