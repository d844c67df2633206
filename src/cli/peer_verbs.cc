// SPDX-License-Identifier: Apache-2.0
// `entente peer list|add|status` and `entente sync`: who the other parties are, where their nodes
// are reached, how it stands with each, and asking them now.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "base/limits.h"
#include "base/sha256.h"
#include "cli/ask.h"
#include "cli/bind.h"
#include "cli/charter_files.h"
#include "cli/peer_book.h"
#include "formats/json_out.h"
#include "net/target.h"

namespace entente::cli {
namespace {

struct PeerArgs {
    Common common;
    std::string party;
    std::string address;
    std::string relay;
    bool forget = false;
};

std::string text_of(const formats::Json& one) {
    return member(one, "code") + ": " + member(one, "text");
}

std::string texts_of(const formats::Json* list) {
    std::string out;
    if (list == nullptr) return out;
    for (const formats::Json& one : list->elements) out += (out.empty() ? "" : "; ") + text_of(one);
    return out;
}

// -- list, add --

Result<statement::Charter> charter_of(const DataDir& dir) {
    TRY(file, read_charter_file(dir.charter()));
    auto charter = statement::parse_charter(file);
    return charter ? std::move(charter) : at(dir.charter(), charter.error());
}

/// The party of this directory: the one whose card lies in it. A solo register has none.
Result<std::string> own_party(const DataDir& dir, const statement::Charter& charter) {
    if (charter.solo) return charter.parties.front().id.v;
    TRY(file, read_file(dir.card(), limits::card_bytes_max));
    auto card = statement::parse_card(file);
    return card ? Result<std::string>(card->party.id.v) : at(dir.card(), card.error());
}

struct Named {
    const statement::CharterParty* party;
    Reach reach;
    bool here;  // not as the charter has it
};

void print_named(const std::vector<Named>& named) {
    std::vector<std::vector<std::string>> rows;
    for (const Named& one : named) {
        const std::string address = one.reach.address.empty() ? "none" : one.reach.address;
        rows.push_back({one.party->id.v, one.party->name, address + (one.here ? " (here)" : ""),
                        one.reach.relay, fingerprint(sha256(one.party->root)),
                        fingerprint(sha256(one.party->channel)),
                        fingerprint(sha256(one.party->sealing))});
    }
    print_table({"party", "name", "address", "relay", "root", "channel", "sealing"}, rows);
    fmt::print(
        "keys in short: compare them by voice. (here): by entente peer add, not the "
        "charter's\n");
}

void print_named_json(const std::vector<Named>& named) {
    formats::JsonOut out;
    out.object([&] {
        out.name("peers");
        out.array([&] {
            for (const Named& one : named) {
                out.object([&] {
                    out.member("party", one.party->id.v);
                    out.member("name", one.party->name);
                    if (!one.reach.address.empty()) out.member("address", one.reach.address);
                    if (!one.reach.relay.empty()) out.member("relay", one.reach.relay);
                    out.member("here", one.here);
                    out.member("root", fingerprint(sha256(one.party->root)));
                    out.member("channel", fingerprint(sha256(one.party->channel)));
                    out.member("sealing", fingerprint(sha256(one.party->sealing)));
                });
            }
        });
    });
    fmt::print("{}\n", out.text());
}

Result<void> list_peers(const Common& common) {
    const DataDir dir{common.data};
    TRY(charter, charter_of(dir));
    TRY(self, own_party(dir, charter));
    TRY(book, read_peer_book(dir));
    std::vector<Named> named;
    for (const statement::CharterParty& party : charter.parties) {
        if (party.id.v == self) continue;
        const Reach reach = reach_of(party, book);
        named.push_back({&party, reach, reach != Reach{party.address, party.relay}});
    }
    common.json ? print_named_json(named) : print_named(named);
    return {};
}

Result<void> add_peer(const PeerArgs& args) {
    const DataDir dir{args.common.data};
    TRY(charter, charter_of(dir));
    TRY(self, own_party(dir, charter));
    TRY(party, PartyId::parse(args.party));
    const statement::CharterParty* const card = charter.party(party);
    if (card == nullptr || party.v == self) {
        return fail(Errc::refused,
                    fmt::format("{} is no other party of {}: who is in is the charter's matter "
                                "(entente charter amend)",
                                party.v, charter.id));
    }
    if (args.forget == (!args.address.empty() || !args.relay.empty())) {
        return fail(Errc::malformed, "either --address or --relay or both, or --forget");
    }
    if (!args.address.empty()) TRYV(check_address(args.address));
    if (!args.relay.empty()) {
        TRY(relay, PartyId::parse(args.relay));
        if (charter.party(relay) == nullptr || relay == party) {
            return fail(Errc::refused, relay.v + " is no party that can relay for " + party.v);
        }
    }
    TRY(book, read_peer_book(dir));
    book.erase(party);
    if (!args.forget) book[party] = {args.address, args.relay};
    TRYV(write_peer_book(dir, book));
    const Reach reach = reach_of(*card, book);
    fmt::print("{} is reached at {}{}; a node that serves {} heeds it from its next start\n",
               party.v, reach.address.empty() ? "no address" : reach.address,
               reach.relay.empty() ? "" : ", relayed by " + reach.relay, dir.path);
    return {};
}

// -- status --

/// `2026-11-26T15:00:00Z`, or what stands in its place.
std::string contact_of(const formats::Json& peer) {
    const formats::Json* contact = peer.find("contact");
    if (contact == nullptr) return "not asked";
    const std::string answered = member(*contact, "answered");
    return answered.empty() ? "never" : answered;
}

/// Why the line to a node is down, in words; empty where it is not.
std::string trouble_of(const formats::Json& peer) {
    const formats::Json* contact = peer.find("contact");
    const formats::Json* trouble = contact == nullptr ? nullptr : contact->find("trouble");
    if (trouble == nullptr) return {};
    return fmt::format("{}, {} in a row, asked again by {}", text_of(*trouble),
                       member(*contact, "failures"), member(*contact, "next"));
}

Result<void> print_status(const Common& common) {
    TRY(service, Service::open(common, {}));
    TRY(answered, ask_json(service, net::Method::get, "/v1/peers"));
    if (common.json) {
        fmt::print("{}", answered.text);
        return {};
    }
    std::vector<std::vector<std::string>> rows;
    std::vector<std::string> remarks;
    const std::string ours = member(*answered.json.find("charter"), "version");
    const formats::Json* peers = answered.json.find("peers");
    for (const formats::Json& one : peers->elements) {
        const std::string party = member(one, "party");
        rows.push_back({party, member(one, "held") + " of " + member(one, "newest"),
                        member(one, "final"), member(one, "age_s"), member(one, "received"),
                        member(one, "given"),
                        member(one, "acknowledged") + " " + member(one, "rung"), contact_of(one)});
        for (const formats::Json& recall : one.find("recalls")->elements) {
            const std::string reason = member(recall, "reason");
            remarks.push_back("recalled from " + party + ": " + member(recall, "record") + " " +
                              member(recall, "outcome") + (reason.empty() ? "" : ", " + reason));
        }
        const std::string missing = texts_of(one.find("missing"));
        const std::string misdeeds = texts_of(one.find("misdeeds"));
        const std::string trouble = trouble_of(one);
        if (!trouble.empty()) remarks.push_back(party + " was not reached: " + trouble);
        if (!missing.empty()) remarks.push_back(party + " is missing " + missing);
        if (const std::string its = member(one, "charter_version"); !its.empty() && its != ours) {
            remarks.push_back(fmt::format(
                "{} goes by version {} of the charter, this node by {}: "
                "until all have adopted one, the stricter limits hold, from each start on",
                party, its, ours));
        }
        if (!misdeeds.empty()) remarks.push_back(party + " did " + misdeeds);
    }
    print_table({"party", "entries held", "final", "age s", "received", "given", "acknowledged",
                 "last answer"},
                rows);
    for (const formats::Json& one : answered.json.find("witnesses")->elements) {
        remarks.push_back(fmt::format("witness {} has cosigned {} of {} entries",
                                      member(one, "name"), member(one, "cosigned"),
                                      member(one, "size")));
        if (const std::string trouble = member(one, "trouble"); !trouble.empty()) {
            remarks.back() += fmt::format("; at {}: {}", member(one, "troubled"), trouble);
        }
    }
    for (const std::string& remark : remarks) fmt::print("{}\n", remark);
    const formats::Json* charter = answered.json.find("charter");
    const auto version = static_cast<std::uint32_t>(number(*charter, "version"));
    for (const auto& one : waiting_versions(common.data, version)) {
        fmt::print("{}\n", text_of(one, common.data));
    }
    return {};
}

// -- sync --

/// What came of one party, over all the calls that a sync took.
struct Came {
    std::uint64_t entries = 0;
    std::uint64_t releases = 0;
    formats::Json last;
};

/// Asks again and again until every round has ended.
Result<std::map<std::string, Came>> sync_all(Service& service, const std::string& party) {
    std::map<std::string, Came> out;
    const std::string target =
        "/v1/sync?wake={}" + (party.empty() ? "" : "&party=" + net::percent_encode(party));
    for (bool wake = true, ended = false; !ended; wake = false) {
        const std::string with = fmt::format(fmt::runtime(target), wake);
        TRY(answered, ask_json(service, net::Method::post, with));
        ended = true;
        for (const formats::Json& one : answered.json.find("peers")->elements) {
            Came& came = out[member(one, "party")];
            came.entries += number(one, "entries");
            came.releases += number(one, "releases");
            ended = ended && member(one, "ended") == "yes";
            came.last = one;
        }
        if (!ended) fmt::print(stderr, "still asking\n");
    }
    return out;
}

void print_came(const std::string& party, const Came& came) {
    std::string line = fmt::format("{}: {} new entries, {} new releases", party,
                                   grouped(came.entries), grouped(came.releases));
    if (member(came.last, "asked") != "yes") {
        line += "; not asked: no address of it is known, what it says comes through others";
    }
    const std::string trouble = trouble_of(came.last);
    if (!trouble.empty()) line += "; it could not be asked for all: " + trouble;
    const std::string missing = texts_of(came.last.find("missing"));
    line += missing.empty() ? "; nothing of it is missing" : "; missing: " + missing;
    fmt::print("{}\n", line);
}

void print_came_json(const std::map<std::string, Came>& all) {
    formats::JsonOut out;
    out.object([&] {
        out.name("peers");
        out.array([&] {
            for (const auto& [party, came] : all) {
                out.object([&] {
                    out.member("party", party);
                    out.member("asked", member(came.last, "asked") == "yes");
                    out.member("entries", came.entries);
                    out.member("releases", came.releases);
                    if (const std::string trouble = trouble_of(came.last); !trouble.empty()) {
                        out.member("trouble", trouble);
                    }
                    const std::string missing = texts_of(came.last.find("missing"));
                    if (!missing.empty()) out.member("missing", missing);
                });
            }
        });
    });
    fmt::print("{}\n", out.text());
}

/// Errc::unavailable, once all is printed, where somebody could not be asked.
Result<void> sync(const PeerArgs& args) {
    OpenOptions options;
    options.access = Access::write;
    options.may_wait = true;
    options.ask_peers = true;
    options.only_peer = args.party;
    TRY(service, Service::open(args.common, options));
    TRY(all, sync_all(service, args.party));
    std::string failed;
    for (const auto& [party, came] : all) {
        if (!args.common.json) print_came(party, came);
        if (!trouble_of(came.last).empty()) failed += (failed.empty() ? "" : ", ") + party;
    }
    if (args.common.json) print_came_json(all);
    if (!failed.empty()) {
        return fail(Errc::unavailable, failed +
                                           " could not be asked for all; what came is kept, "
                                           "and asking again goes on from there");
    }
    return {};
}

Exit done(const char* verb, const Result<void>& result) {
    return result ? Exit::ok : report(verb, result.error());
}

}  // namespace

void add_peers(CLI::App& root, Run& run) {
    static Common list_args, status_args;
    static PeerArgs add_args, sync_args;
    CLI::App* peer = root.add_subcommand("peer", "The other parties' nodes");
    peer->require_subcommand(1);
    verb(*peer, "list", "Who they are, by the charter, and where they are reached",
         "entente peer list --data reg", list_args)
        ->callback([&] { run = [] { return done("peer list", list_peers(list_args)); }; });
    CLI::App* add = verb(
        *peer, "add", "Where a party is reached, if the charter does not say or is outdated",
        "entente peer add ru --address https://192.0.2.7:8701 --data reg", add_args.common, false);
    add->add_option("PARTY", add_args.party,
                    "Who is in, and by which keys, is the charter's matter")
        ->required();
    add->add_option("--address", add_args.address, "https://host:port");
    add->add_option("--relay", add_args.relay, "The party that relays for it");
    add->add_flag("--forget", add_args.forget, "As the charter says again");
    add->callback([&] { run = [] { return done("peer add", add_peer(add_args)); }; });
    verb(*peer, "status", "How it stands with each: what is held, how old, what is missing and why",
         "entente peer status --data reg", status_args)
        ->callback([&] { run = [] { return done("peer status", print_status(status_args)); }; });
    CLI::App* ask = verb(root, "sync",
                         "Ask the other parties now, by the node that serves the register or from "
                         "here; prints what came, what did not, and why",
                         "entente sync ru --data reg", sync_args.common);
    ask->add_option("PARTY", sync_args.party, "This one alone; default: all");
    ask->callback([&] { run = [] { return done("sync", sync(sync_args)); }; });
}

}  // namespace entente::cli
