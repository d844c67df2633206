// SPDX-License-Identifier: Apache-2.0
// `entente key list|add|rotate|revoke`: key entries in the own log, signed by the root (PROTOCOL
// 7). A new secret is on disk before an entry names it, so that no crash leaves a key that nobody
// has.
//
// An officer's right begins with its entry. Keys that the charter states (witness, mirror, sealing,
// channel, duty) are announced by an entry and take effect with the version that names them: until
// then the new one waits as DIR/keys/ROLE.next.
#include <fmt/format.h>

#include <boost/json.hpp>

#include "base/encode.h"
#include "base/limits.h"
#include "base/printable.h"
#include "cli/charter_files.h"
#include "cli/role_keys.h"
#include "cli/session.h"
#include "cli/successor.h"
#include "cli/verbs.h"
#include "formats/json.h"
#include "statement/key_ring.h"
#include "store/files.h"

namespace entente::cli {
namespace {

namespace json = boost::json;
namespace role_name = statement::key_role;
using statement::HeldKey;
using statement::KeyEntry;
using statement::KeyRing;

Result<KeyRing> ring_of(Session& session) {
    node::Node& node = session.node();
    KeyRing ring(node.charter(), node.snapshot().party());
    TRYV(session.store().scan(
        node.origin(), {0}, {node.log().size().v}, [&](node::StoredEntry&& row) -> Result<void> {
            const auto entry = statement::decode_entry(row.entry);
            const auto* open = entry ? std::get_if<statement::OpenEntry>(&*entry) : nullptr;
            if (open != nullptr) ring.apply(row.index, *open);
            return {};
        }));
    return ring;
}

Result<Session> open_writer(const KeyArgs& args) {
    return Session::open(args.common, {Access::write, false, args.root_file});
}

/// Signs and logs them under one head.
Result<void> log_keys(Session& session, const std::vector<KeyEntry>& keys) {
    const node::Node& node = session.node();
    const statement::CharterParty* card = node.charter().party(node.snapshot().party());
    if (Bytes(session.root()->public_key().view()) != card->root) {
        return fail(Errc::refused,
                    "this is not the root key that the charter names for " + card->id.v);
    }
    std::vector<Bytes> entries;
    for (const KeyEntry& key : keys) {
        TRYV(statement::validate(key));
        entries.push_back(statement::encode_entry(
            statement::make_key_entry(key, node.origin(), *session.root())));
    }
    TRY(receipt, session.node().log({{}, std::move(entries)}, now()));
    (void)receipt;
    return {};
}

Result<PublicKey> as_key(BytesView bytes) {
    PublicKey out;
    if (bytes.size() != out.bytes.size()) {
        return fail(Errc::malformed, "a key is the base64 of 32 bytes, as key list shows it");
    }
    std::copy(bytes.begin(), bytes.end(), out.bytes.begin());
    return out;
}

/// The key that waits for the role, made where there is none.
Result<Secret> next_secret(const DataDir& dir, const std::string& role) {
    const std::string path = next_key(dir, role);
    TRY(there, read_key_if_there(path, role.c_str()));
    if (there) return *there;
    const Secret made = Secret::generate(os_random());
    TRYV(write_key(path, role.c_str(), made));
    return made;
}

bool knows(const KeyRing& ring, const std::string& role, const PublicKey& key) {
    for (const HeldKey& held : ring.keys()) {
        if (held.role == role && held.key == key) return true;
    }
    return false;
}

/// A new officer key in the place of DIR/keys/officer: given and taken under one head.
Result<std::string> rotate_officer(const KeyArgs& args) {
    const DataDir dir{args.common.data};
    TRY(session, open_writer(args));
    TRY(ring, ring_of(session));
    TRY(old_secret, read_key_if_there(dir.officer_key(), role_name::officer));
    TRY(secret, next_secret(dir, role_name::officer));
    TRY(key, as_key(public_key(role_name::officer, secret)));
    if (!knows(ring, role_name::officer, key)) {  // else an interrupted call goes on
        std::vector<KeyEntry> entries = {{role_name::officer, key, 0, false, args.name, {}}};
        if (old_secret) {
            TRY(old_key, as_key(public_key(role_name::officer, *old_secret)));
            entries.push_back({role_name::officer, old_key, session.node().log().size().v, true});
        }
        TRYV(log_keys(session, entries));
    }
    TRYV(store::os_files().rename(next_key(dir, role_name::officer), dir.officer_key()));
    TRYV(store::os_files().sync_dir(dir.keys()));
    return fmt::format(
        "{} signs withdrawals and reductions from now on; the key before it does not "
        "any more\n",
        to_base64(key.view()));
}

Result<std::string> rotate_stated(const KeyArgs& args) {
    const DataDir dir{args.common.data};
    TRY(session, open_writer(args));
    const statement::Charter& charter = session.node().charter();
    const statement::CharterParty* card = charter.party(session.node().snapshot().party());
    if (charter.solo) {
        return fail(Errc::refused, "a party alone has no " + args.role +
                                       " key; it comes with a "
                                       "charter of several");
    }
    TRY(ring, ring_of(session));
    TRY(secret, next_secret(dir, args.role));
    TRY(key, as_key(public_key(args.role, secret)));
    if (!knows(ring, args.role, key)) {
        TRYV(log_keys(session, {{args.role, key, 0, false, args.name, {}}}));
    }
    // The card that the next version is to state; a key that waits in another role stays in it.
    TRY(text, read_file(dir.card(), limits::card_bytes_max));
    TRY(now_stated, statement::parse_card(text));
    now_stated.party = with_key(charter, now_stated.party, args.role, key.view());
    TRYV(
        store::write_atomically(store::os_files(), dir.card(), statement::format_card(now_stated)));
    return fmt::format(
        "The new {} key {} is announced in the log. It takes effect with the next "
        "version of the charter:\n"
        "  entente charter amend {} --out NEXT\n  entente charter add NEXT {}\n"
        "then {} sign{} it, and each party adopts it.\n",
        args.role, to_base64(key.view()), dir.charter(), dir.card(), card->id.v,
        charter.terms.quorum > 1 ? " and the quorum" : "s");
}

Result<std::string> rotate(const KeyArgs& args) {
    if (args.role == role_name::officer) return rotate_officer(args);
    if (args.role == role_name::log) return rotate_log(args);
    for (const std::string& role : card_roles()) {
        if (args.role == role) return rotate_stated(args);
    }
    return fail(Errc::refused,
                fmt::format("'{}' is no role whose key is rotated so: officer, witness, mirror, "
                            "sealing, channel, duty, log. The root changes with a version of the "
                            "charter",
                            args.role));
}

Result<std::string> add(const KeyArgs& args) {
    TRY(session, open_writer(args));
    TRY(there, store::os_files().stat(args.out));
    if (there) return fail(Errc::refused, args.out + " exists; it is not written over");
    const Secret secret = Secret::generate(os_random());
    TRYV(write_key(args.out, role_name::officer, secret));
    TRY(key, as_key(public_key(role_name::officer, secret)));
    TRYV(log_keys(session, {{role_name::officer, key, 0, false, args.name, {}}}));
    return fmt::format(
        "{} is an officer with the key {}\nHand {} to its holder, and delete it "
        "here.\n",
        args.name, to_base64(key.view()), args.out);
}

/// Which key of the role is meant.
Result<PublicKey> meant(const KeyArgs& args, const KeyRing& ring, EntryIndex index) {
    if (!args.key.empty()) {
        TRY(bytes, from_base64(args.key));
        TRY(key, as_key(bytes));
        if (knows(ring, args.role, key)) return key;
        return fail(Errc::not_found, "no key " + args.key + " has the role " + args.role);
    }
    const auto keys = ring.in_force(args.role, index);
    if (keys.size() == 1) return keys[0];
    return fail(Errc::refused, fmt::format("{} keys have the role {}; say which with --key",
                                           keys.size(), args.role));
}

Result<std::string> revoke(const KeyArgs& args) {
    if (!statement::is_key_role(args.role)) {
        return fail(Errc::refused, "'" + args.role + "' is no role of a key");
    }
    TRY(session, open_writer(args));
    TRY(ring, ring_of(session));
    const EntryIndex next{session.node().log().size().v};
    TRY(key, meant(args, ring, next));
    KeyEntry entry{args.role, key, args.from.value_or(next.v), true};
    TRYV(log_keys(session, {entry}));
    return fmt::format("What the {} key {} signs at or after entry {} does not count any more\n",
                       args.role, to_base64(key.view()), entry.from);
}

json::object as_json(const HeldKey& held) {
    json::object out{{"role", held.role},
                     {"key", to_base64(held.key.view())},
                     {"from", held.from.v},
                     {"name", held.name}};
    if (held.until) out["until"] = held.until->v;
    if (held.entry) out["entry"] = held.entry->v;
    return out;
}

void print(const HeldKey& held) {
    std::string when = held.entry ? fmt::format("from entry {}", held.from.v) : "by the charter";
    if (held.until) when += fmt::format(", taken away from entry {} on", held.until->v);
    fmt::print("  {:8} {}  {}{}{}\n", held.role, to_base64(held.key.view()), when,
               held.name.empty() ? "" : ", ", printable(held.name));
}

Exit finish(const char* verb, const Result<std::string>& done) {
    if (!done) return report(verb, done.error());
    fmt::print("{}", *done);
    return Exit::ok;
}

}  // namespace

Exit key_list(const KeyArgs& args) {
    const auto list = [&]() -> Result<KeyRing> {
        TRY(session, Session::open(args.common, {}));
        return ring_of(session);
    };
    const auto ring = list();
    if (!ring) return report("key list", ring.error());
    if (args.common.json) {
        json::array out;
        for (const HeldKey& held : ring->keys()) out.push_back(as_json(held));
        fmt::print("{}\n", formats::escape_unseen(json::serialize(out)));
        return Exit::ok;
    }
    for (const HeldKey& held : ring->keys()) print(held);
    return Exit::ok;
}

Exit key_add(const KeyArgs& args) { return finish("key add", add(args)); }
Exit key_rotate(const KeyArgs& args) { return finish("key rotate", rotate(args)); }
Exit key_revoke(const KeyArgs& args) { return finish("key revoke", revoke(args)); }

}  // namespace entente::cli
