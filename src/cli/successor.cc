// SPDX-License-Identifier: Apache-2.0
// That of a party alone; among others: successor_joint.cc.
// Order: new key -> next version of the charter, signed by the root -> the successor's first
// entries -> what is in force stated anew in it -> the log before ends, where it can still be
// signed -> signer/ moves aside, the new one into its place -> charter.toml. Until the last of
// these the log before is the one in use; the same call after a crash goes on where it stopped. The
// log before stays in the register and is loaded at every start: what was not stated anew goes on
// protecting there.
#include "cli/successor.h"

#include <fmt/format.h>

#include "base/encode.h"
#include "base/limits.h"
#include "cli/charter_files.h"
#include "cli/state_anew.h"
#include "node/succession.h"
#include "store/file_signer.h"
#include "store/files.h"
#include "store/sqlite_store.h"

namespace entente::cli {
namespace {

using statement::Charter;
using statement::CharterParty;

Origin log_of(const std::string& vkey) { return {vkey.substr(0, vkey.find('+'))}; }

/// The version in force and the one that names the successor.
struct Step {
    Bytes file;
    Charter charter;  // of one party
    std::string key;  // vkey of the successor's log
    Bytes next_file;
    Hash next_hash;
    const CharterParty& party() const { return charter.parties.front(); }
    Origin origin() const { return charter.origin(party().id); }
    Origin next() const { return log_of(key); }
    std::uint32_t number() const { return number_of(origin()); }
    std::uint32_t number_of(const Origin& log) const {
        return statement::log_number(charter, party().id, log);
    }
};

Result<std::string> vkey_in(const std::string& dir) {
    TRY(signer, store::open_file_signer(dir));
    return signer->vkey();
}

Result<bool> is_there(const std::string& path) {
    TRY(there, store::os_files().stat(path));
    return there.has_value();
}

/// The successor's key: one that an interrupted call made, or a new one. Afterwards there is a
/// signer/ and, if the two have not changed places yet, a signer.next/.
Result<std::string> successor_key(const DataDir& dir, const Step& step) {
    const std::string& stated = step.party().log;
    TRY(waits, is_there(dir.next_signer() + "/key"));
    TRY(here, is_there(dir.signer()));
    if (here) {
        const auto vkey = vkey_in(dir.signer());
        // Only charter.toml is missing.
        if (vkey && *vkey != stated && step.number_of(log_of(*vkey)) > step.number()) return *vkey;
    } else if (!waits) {
        // Lost as a whole: nothing is signed with it, and what stands in its log can be read.
        TRYV(store::create_keyless_signer(dir.signer(), stated));
    }
    if (!waits) {
        const std::string name =
            fmt::format("{}/{}", step.charter.base_name(step.party().id), step.number() + 1);
        TRY(made, tlog::LogKey::generate(name, os_random()));
        TRYV(store::create_file_signer(dir.next_signer(), made));
    }
    return vkey_in(dir.next_signer());
}

Result<Step> begin(const DataDir& dir, const SecretKey& root) {
    Step out;
    TRY(file, read_charter_file(dir.charter()));
    TRY(charter, statement::parse_charter(file));
    out.file = std::move(file);
    out.charter = std::move(charter);
    if (Bytes(root.public_key().view()) != out.party().root) {
        return fail(Errc::refused,
                    "this is not the root key that the charter names for " + out.party().id.v);
    }
    TRY(key, successor_key(dir, out));
    out.key = std::move(key);
    // Made anew each time, to the byte: Ed25519 draws no lots.
    Charter next = out.charter;
    TRY(hash, statement::charter_hash(out.file));
    next.version += 1;
    next.previous = hash;
    next.parties.front().log = out.key;
    next.signatures.clear();
    TRY(next_hash, statement::charter_hash(statement::format_charter(next)));
    next.signatures.emplace(out.party().id.v, root.sign(statement::charter_message(next_hash)));
    out.next_file = statement::format_charter(next);
    out.next_hash = next_hash;
    return out;
}

/// Its first entries, if it has none yet.
Result<void> begin_log(const DataDir& dir, const Step& step, const SecretKey& root) {
    TRY(store, store::open_sqlite(dir.database(), store::OpenMode::read_write));
    TRYV(store->put_document(step.next_hash, step.next_file));
    TRY(there, store->head(step.next()));
    if (there) return {};
    TRY(keys, node::officers_anew(*store, step.charter, step.party().id, step.next(), root));
    TRY(charter, statement::parse_charter(step.next_file));
    TRY(entries, node::founding_entries(charter, step.next_hash, step.party().id, keys));
    TRY(signer, store::open_file_signer(dir.next_signer()));
    return node::Node::create(*store, *signer, step.next_file, entries);
}

/// Whether the log before could be given a last entry; where it cannot be signed, it just stops.
bool end_before(const KeyArgs& args, const Step& step) {
    auto session = Session::open(args.common, {Access::write, false, {}});
    if (!session) return false;
    if (session->node().snapshot().log(0).left) return true;
    return end_log(*session, "goes on in " + step.next().v, step.next()).has_value();
}

Result<void> change_places(const DataDir& dir, const Step& step) {
    store::Files& files = store::os_files();
    TRYV(files.make_dir(dir.charters()));
    TRYV(store::write_atomically(files, dir.charter_version(step.charter.version), step.file));
    TRYV(store::write_atomically(files, dir.charter_version(step.charter.version + 1),
                                 step.next_file));
    TRY(waits, is_there(dir.next_signer()));
    if (waits) {
        TRY(here, is_there(dir.signer()));
        if (here) TRYV(files.rename(dir.signer(), dir.signer_before(step.number())));
        TRYV(files.rename(dir.next_signer(), dir.signer()));
        TRYV(files.sync_dir(dir.path));
    }
    return store::write_atomically(files, dir.charter(), step.next_file);
}

}  // namespace

Result<std::string> rotate_log(const KeyArgs& args) {
    const DataDir dir{args.common.data};
    TRY(secret, read_key(args.root_file, "root"));
    const SecretKey root = SecretKey::from_seed(secret);
    TRY(file, read_charter_file(dir.charter()));
    TRY(charter, statement::parse_charter(file));
    if (!charter.solo) return rotate_among_others(args, file, root);
    TRY(step, begin(dir, root));
    TRY(waits, is_there(dir.next_signer()));
    std::size_t count = 0;
    bool ended = true;
    if (waits) {
        TRYV(begin_log(dir, step, root));
        TRY(stated, state_anew_from(args, step.origin(), step.next_file));
        count = stated;
        ended = end_before(args, step);
    }
    TRYV(change_places(dir, step));
    return fmt::format(
        "The log goes on as {} under version {} of the charter, with the key\n  {}\n"
        "{} of {} stated anew in it under new ids; what could not be goes on protecting where it "
        "stands.\n{}\n",
        step.next().v, step.charter.version + 1, step.key,
        count == 1 ? "1 record" : grouped(count) + " records", step.origin().v,
        ended ? "That log has ended; it stays readable here, and its key signs nothing any more"
              : "That log could not be signed any more, and stands as it was; it stays readable "
                "here");
}

}  // namespace entente::cli
