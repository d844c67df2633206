// SPDX-License-Identifier: Apache-2.0
// A party's data directory: which file is where, and the keys in it.
//
//     DIR/charter.toml       the charter (public among the parties)
//     DIR/entente.db         log and vault: entries, heads, sealed bodies
//     DIR/signer/            the log key and the head it last signed; in no backup
//     DIR/signer/cosigned/   the heads that were cosigned last, by log and role; in no backup
//     DIR/signer.next/       the key of a successor log, until the charter in force names it
//     DIR/signer.N/          of a log that a successor follows: it signs nothing any more
//     DIR/keys/vault         opens the bodies; losing it loses them
//     DIR/keys/officer       signs withdrawals and reductions
//     DIR/keys/witness, mirror, sealing, channel, duty    under a charter of several: by role
//     DIR/card.toml          what a charter of several says of this party, made by init --charter
//     DIR/founding           the officers' key entries, for the log's beginning
//     DIR/charters/N.toml    every version that was adopted
//     DIR/charters/proposed-N.toml   a newer one that others adopted, waiting to be adopted here
//     DIR/charters/rival-HASH.toml   another text of one of these, adopted by others
//     DIR/charters/signed    which texts the root has signed: version and hash, a line each
//     DIR/keys/officers/     keys of officers, each locked with a passphrase of their own
//     DIR/people.db          accounts, sessions, tokens, and the audit: who read what
//     DIR/token              what the owner's programs show to a node that serves this directory
//     DIR/node.sock          where it listens for the command line
//     DIR/entente.toml       what `serve` would otherwise be told each time; may be absent
//     DIR/peers.toml         where other parties are reached, beside what the charter says
//     DIR/offline/root       made by init, to be taken away and kept offline
//     DIR/offline/root-next
#pragma once

#include <optional>
#include <string>

#include "base/ed25519.h"

namespace entente::cli {

struct DataDir {
    std::string path;
    std::string charter() const { return path + "/charter.toml"; }
    std::string database() const { return path + "/entente.db"; }
    std::string signer() const { return path + "/signer"; }
    std::string next_signer() const { return path + "/signer.next"; }
    std::string signer_before(std::uint32_t number) const {
        return signer() + "." + std::to_string(number);
    }
    std::string cosigned() const { return signer() + "/cosigned"; }
    std::string keys() const { return path + "/keys"; }
    std::string vault_key() const { return keys() + "/vault"; }
    std::string officer_key() const { return keys() + "/officer"; }
    std::string people() const { return path + "/people.db"; }
    /// The key of a role (statement/key_entry.h).
    std::string role_key(const std::string& role) const { return keys() + "/" + role; }
    std::string card() const { return path + "/card.toml"; }
    std::string founding() const { return path + "/founding"; }
    std::string charters() const { return path + "/charters"; }
    std::string charter_version(std::uint32_t version) const {
        return charters() + "/" + std::to_string(version) + ".toml";
    }
    std::string charter_proposal(std::uint32_t version) const {
        return charters() + "/proposed-" + std::to_string(version) + ".toml";
    }
    std::string charter_rival(const std::string& hash) const {
        return charters() + "/rival-" + hash + ".toml";
    }
    std::string signed_charters() const { return charters() + "/signed"; }
    std::string officers() const { return keys() + "/officers"; }
    std::string officer_of(const std::string& name) const { return officers() + "/" + name; }
    std::string token() const { return path + "/token"; }
    std::string socket() const { return path + "/node.sock"; }
    std::string config() const { return path + "/entente.toml"; }
    std::string peers() const { return path + "/peers.toml"; }
    std::string offline() const { return path + "/offline"; }
    std::string root_key() const { return offline() + "/root"; }
    std::string root_next_key() const { return offline() + "/root-next"; }
    /// The key of officer 2, 3 …, to be handed to its holder.
    std::string officer_key(std::size_t number) const {
        return offline() + "/officer-" + std::to_string(number);
    }
};

/// `entente-key/v1 <role> <base64>` on one line, mode 0600.
Result<void> write_key(const std::string& path, const char* role, const Secret& secret);
/// Errc::refused if others may read the file, or if it holds a key of another role.
Result<Secret> read_key(const std::string& path, const char* role);
/// The same, or nothing where there is no such file.
Result<std::optional<Secret>> read_key_if_there(const std::string& path, const char* role);

/// The token of a served directory.
/// Errc::refused if others may read the file.
Result<std::string> read_token(const std::string& path);
/// The same; makes one where there is none.
Result<std::string> read_or_make_token(const std::string& path);

/// A whole file of at most `most` bytes; a directory, a device or a pipe is refused.
Result<Bytes> read_file(const std::string& path, std::uint64_t most);
/// Without the byte order mark that some editors put before it.
std::string_view without_mark(std::string_view text);

}  // namespace entente::cli
