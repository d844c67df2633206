// SPDX-License-Identifier: Apache-2.0
#include "cli/peer_book.h"

// As in statement/charter.cc: two ways of compiling toml++ do not fit into one program.
#define TOML_EXCEPTIONS 0
#include <fmt/format.h>
#include <toml++/toml.h>

#include "base/limits.h"
#include "net/peer_client.h"
#include "store/files.h"

namespace entente::cli {
namespace {

constexpr std::uint64_t book_bytes_max = 64 * 1024;

Result<Reach> read_reach(const toml::table& table) {
    Reach out;
    for (const auto& [key, value] : table) {
        const std::string_view name = key.str();
        const auto* text = value.as_string();
        const auto wrong = [&](const std::string& what) {
            return fail(Errc::malformed,
                        fmt::format("line {}: {}: {}", value.source().begin.line, name, what));
        };
        if (text == nullptr) return wrong("expected a text");
        if (name == "address") {
            if (auto good = check_address(text->get()); !good) return wrong(good.error().detail);
            out.address = text->get();
        } else if (name == "relay") {
            TRY(relay, PartyId::parse(text->get()));
            out.relay = relay.v;
        } else {
            return wrong("means nothing here");
        }
    }
    return out;
}

Result<PeerBook> parse_book(std::string_view text) {
    const toml::parse_result root = toml::parse(text);
    if (!root) {
        return fail(Errc::malformed, fmt::format("line {}: {}", root.error().source().begin.line,
                                                 root.error().description()));
    }
    PeerBook out;
    for (const auto& [key, value] : root.table()) {
        const toml::table* table = value.as_table();
        if (table == nullptr) {
            return fail(Errc::malformed, fmt::format("line {}: expected a table, like [ru]",
                                                     value.source().begin.line));
        }
        TRY(party, PartyId::parse(key.str()));
        TRY(reach, read_reach(*table));
        out[party] = std::move(reach);
    }
    return out;
}

}  // namespace

Result<PeerBook> read_peer_book(const DataDir& dir) {
    const auto file = read_file(dir.peers(), book_bytes_max);
    if (!file && file.error().code == Errc::not_found) return PeerBook();
    if (!file) return tl::unexpected(file.error());
    auto book = parse_book(*file);
    return book ? std::move(book) : at(dir.peers(), book.error());
}

Result<void> write_peer_book(const DataDir& dir, const PeerBook& book) {
    std::string out =
        "# Where other parties are reached, instead of what the charter says.\n"
        "# Written by: entente peer add\n";
    for (const auto& [party, reach] : book) {
        out += fmt::format("\n[{}]\n", party.v);
        if (!reach.address.empty()) out += fmt::format("address = \"{}\"\n", reach.address);
        if (!reach.relay.empty()) out += fmt::format("relay = \"{}\"\n", reach.relay);
    }
    return store::write_atomically(store::os_files(), dir.peers(), out);
}

Reach reach_of(const statement::CharterParty& party, const PeerBook& book) {
    Reach out{party.address, party.relay};
    const auto known = book.find(party.id);
    if (known == book.end()) return out;
    if (!known->second.address.empty()) out.address = known->second.address;
    if (!known->second.relay.empty()) out.relay = known->second.relay;
    return out;
}

Result<void> check_address(const std::string& address) {
    const bool odd = address.find_first_of("\"\\\n\r\t") != std::string::npos;
    if (odd || address.size() > limits::url_bytes_max) {
        return fail(Errc::malformed, "an address is https://host:port");
    }
    net::PeerOptions options;
    options.url = address;
    TRYV(net::PeerClient::make(std::move(options)));
    return {};
}

}  // namespace entente::cli
