// SPDX-License-Identifier: Apache-2.0
// What a charter may not say, whoever signs it. Keys are compared across roles and parties: one key
// in two places would let a signature for one purpose pass for another (PROTOCOL 7).
#include <algorithm>
#include <map>
#include <set>

#include "base/encode.h"
#include "base/limits.h"
#include "base/sha256.h"
#include "base/x25519.h"
#include "statement/charter.h"
#include "statement/vkey.h"

namespace entente::statement {
namespace {

tl::unexpected<Error> refuse(const std::string& where, const std::string& what) {
    return fail(Errc::refused, "charter: " + where + ": " + what);
}

bool is_plain(std::string_view text) {
    return is_utf8(text) && std::none_of(text.begin(), text.end(), [](char c) {
               return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
           });
}

/// `<name>-<16 base32 characters>`, all of which names of keys can carry.
bool is_charter_id(std::string_view id) {
    if (id.size() < 18 || id[id.size() - 17] != '-' || !from_base32(id.substr(id.size() - 16))) {
        return false;
    }
    const std::string_view name = id.substr(0, id.size() - 17);
    return name.size() <= 64 && name[0] >= 'a' && name[0] <= 'z' &&
           std::all_of(name.begin(), name.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
           });
}

/// Which key is whose, and what for: each may stand in one place only.
class Keys {
  public:
    Result<void> add(BytesView key, const std::string& whose) {
        const auto [there, added] = whose_.emplace(Bytes(key), whose);
        if (added) return {};
        return refuse(whose, "is the same key as " + there->second +
                                 "; each party has a key of its own for each role");
    }

  private:
    std::map<Bytes, std::string> whose_;
};

Result<void> add_signing_key(Keys& keys, BytesView key, const std::string& whose) {
    auto good = PublicKey::from(key);
    if (!good) return at("charter: " + whose, good.error());
    return keys.add(key, whose);
}

Result<void> add_vkey(Keys& keys, const std::string& text, VkeyType type, const std::string& name,
                      const std::string& whose) {
    auto vkey = parse_vkey(text);
    if (!vkey) return at("charter: " + whose, vkey.error());
    if (vkey->type != type) {
        return refuse(whose, type == VkeyType::log ? "is not a log's key (type 0x01)"
                                                   : "is not a cosigner's key (type 0x04)");
    }
    if (!name.empty() && vkey->name != name) {
        return refuse(whose, "is the key of " + vkey->name + ", not of " + name);
    }
    return keys.add(vkey->key.view(), whose);
}

bool is_number(std::string_view text) {
    return !text.empty() && text.size() <= 6 && text[0] != '0' &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// The log's name is the party's, or for a successor log that with a number (PROTOCOL 8).
Result<void> check_log_name(const Charter& charter, const CharterParty& party,
                            const std::string& whose) {
    const std::string base = charter.base_name(party.id);
    const std::string name = party.log.substr(0, party.log.find('+'));
    if (name == base) return {};
    if (name.starts_with(base + "/") && is_number(name.substr(base.size() + 1))) return {};
    return refuse(whose, "is the key of " + name + ", not of " + base);
}

/// `https://host:port`, with nothing behind it.
bool is_address(std::string_view text) {
    constexpr std::string_view scheme = "https://";
    if (text.size() > limits::url_bytes_max || !text.starts_with(scheme)) return false;
    text.remove_prefix(scheme.size());
    const std::size_t colon = text.rfind(':');
    if (colon == text.npos || colon == 0) return false;
    std::string_view host = text.substr(0, colon);
    const std::string_view port = text.substr(colon + 1);
    if (!is_number(port) || port.size() > 5 || std::stoi(std::string(port)) > 65535) return false;
    const bool six = host.starts_with('[') && host.ends_with(']') && host.size() > 2;
    if (six) host = host.substr(1, host.size() - 2);
    return std::all_of(host.begin(), host.end(), [six](char c) {
        if (six) return std::string_view("0123456789abcdefABCDEF:.").find(c) != std::string::npos;
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '.';
    });
}

bool is_url(std::string_view text) {
    return text.size() <= limits::url_bytes_max &&
           (text.starts_with("https://") || text.starts_with("http://")) &&
           std::all_of(text.begin(), text.end(),
                       [](char c) { return c > 0x20 && c < 0x7F && c != '"' && c != '\\'; });
}

bool is_witness_name(std::string_view name) {
    return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
    });
}

Result<void> check_keys(const Charter& charter, const CharterParty& party, Keys& keys) {
    const std::string of = " key of " + party.id.v;
    TRYV(add_signing_key(keys, party.root, "the root" + of));
    if (sha256(party.root) == party.root_next) {
        return refuse("root_next of " + party.id.v, "is the hash of the root that it succeeds");
    }
    TRYV(keys.add(party.root_next.view(), "root_next of " + party.id.v));
    TRYV(add_vkey(keys, party.log, VkeyType::log, "", "the log" + of));
    TRYV(check_log_name(charter, party, "the log" + of));
    if (charter.solo) return {};
    TRYV(add_vkey(keys, party.witness, VkeyType::cosigner, charter.witness_name(party.id),
                  "the witness" + of));
    TRYV(add_vkey(keys, party.mirror, VkeyType::cosigner, charter.mirror_name(party.id),
                  "the mirror" + of));
    if (auto good = check_x25519(party.sealing); !good) {
        return at("charter: the sealing" + of, good.error());
    }
    TRYV(keys.add(party.sealing, "the sealing" + of));
    TRYV(add_signing_key(keys, party.channel, "the channel" + of));
    return add_signing_key(keys, party.duty, "the duty" + of);
}

Result<void> check_party(const Charter& charter, const CharterParty& party, Keys& keys) {
    const std::string where = "party " + party.id.v;
    if (party.name.empty() || party.name.size() > limits::text_bytes_max || !is_plain(party.name)) {
        return refuse(where, "its name is 1 to 1024 bytes of UTF-8 without control characters");
    }
    if (party.id.v == "exercise") return refuse(where, "this id is a word of names of logs");
    TRYV(check_keys(charter, party, keys));
    if (!party.address.empty() && !is_address(party.address)) {
        return refuse(where, "its address is https://host:port, with nothing behind it");
    }
    return {};
}

/// Sponsors and relays are other parties of this charter, and a relay can be called.
Result<void> check_ties(const Charter& charter, const CharterParty& party) {
    const std::string where = "party " + party.id.v;
    for (const auto& [what, other] :
         {std::pair("sponsor", &party.sponsor), std::pair("relay", &party.relay)}) {
        if (other->empty()) continue;
        const CharterParty* found = charter.party(PartyId{*other});
        if (found == nullptr || found == &party) {
            return refuse(where, std::string("its ") + what + " \"" + *other +
                                     "\" is no other party of this charter");
        }
        if (other == &party.relay && found->address.empty()) {
            return refuse(where, "its relay " + *other + " has no address to be called at");
        }
    }
    return {};
}

Result<void> check_witnesses(const Charter& charter, Keys& keys) {
    if (charter.witnesses.size() > limits::outside_witnesses_max) {
        return fail(Errc::too_large, "charter: at most outside_witnesses_max = " +
                                         std::to_string(limits::outside_witnesses_max) +
                                         " witnesses");
    }
    std::set<std::string> names;
    for (const OutsideWitness& witness : charter.witnesses) {
        const std::string where = "witness \"" + witness.name + "\"";
        if (!is_witness_name(witness.name) || !names.insert(witness.name).second) {
            return refuse(where, "a name is 1 to 64 of a-z, 0-9, '-' and '.', each once");
        }
        TRYV(add_vkey(keys, witness.vkey, VkeyType::cosigner, "", where));
        if (!is_url(witness.url)) return refuse(where, "its url begins with https:// or http://");
    }
    return {};
}

Result<void> check_points(const std::vector<std::string>& points, const char* which) {
    if (points.size() > limits::points_max) {
        return fail(Errc::too_large, std::string("charter: at most points_max = ") +
                                         std::to_string(limits::points_max) + " " + which);
    }
    for (const std::string& point : points) {
        if (point.size() > 4 * limits::text_bytes_max) {
            return fail(Errc::too_large, std::string("charter: one of ") + which + " has over " +
                                             std::to_string(4 * limits::text_bytes_max) + " bytes");
        }
    }
    return {};
}

}  // namespace

Result<void> check_charter(const Charter& charter) {
    if (!is_charter_id(charter.id)) {
        return refuse("id", "is a name of a-z, 0-9 and '-', a '-', and 16 base32 characters");
    }
    TRYV(check_points(charter.points_agreed, "points_agreed"));
    TRYV(check_points(charter.points_of_difference, "points_of_difference"));
    Keys keys;
    for (const CharterParty& party : charter.parties) {
        if (charter.party(party.id) != &party) {
            return refuse("party " + party.id.v, "is named twice");
        }
        TRYV(check_party(charter, party, keys));
        TRYV(check_ties(charter, party));
    }
    TRYV(check_witnesses(charter, keys));
    const int parties = static_cast<int>(charter.parties.size());
    if (parties > 0 && charter.terms.quorum > parties) {
        return refuse("quorum", std::to_string(charter.terms.quorum) + " signatures of " +
                                    std::to_string(parties) + " parties cannot be had");
    }
    return {};
}

Result<void> check_card(const Card& card) {
    Charter charter;
    charter.id = card.charter;
    charter.exercise = card.exercise;
    if (!is_charter_id(charter.id)) return refuse("card", "it names no charter's id");
    charter.parties.push_back(card.party);
    Keys keys;
    return check_party(charter, charter.parties[0], keys);
}

}  // namespace entente::statement
