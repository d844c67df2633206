// SPDX-License-Identifier: Apache-2.0
// `entente scrub`: reads everything that a data directory holds, names every damaged row, and puts
// entries back from other copies of their logs. It needs no register that opens.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <set>

#include "base/encode.h"
#include "base/limits.h"
#include "base/printable.h"
#include "base/sha256.h"
#include "cli/bind.h"
#include "cli/charter_files.h"
#include "cli/data_dir.h"
#include "cli/scrub_log.h"
#include "cli/scrub_peers.h"
#include "formats/json_out.h"
#include "node/genesis.h"
#include "node/succession.h"
#include "seal/release.h"
#include "store/file_cosign_state.h"
#include "store/file_signer.h"

namespace entente::cli {
namespace {

struct ScrubArgs {
    Common common;
    std::vector<std::string> from;
    bool from_peers = false;
};

class Scrub {
  public:
    explicit Scrub(const ScrubArgs& args) : args_(args), dir_{args.common.data} {}

    Result<void> run() {
        read_charter();
        read_signer();
        read_vault_key();
        TRY(rows, store::RawRows::open(dir_.database(), [this](store::Damage damage) {
                findings_.add(std::move(damage.row), std::move(damage.what));
            }));
        open_sources();
        open_peers();
        rows->pages();
        read_documents(*rows);
        read_logs(*rows);
        read_releases(*rows);
        others_ = rows->others();
        read_cosigned();
        if (peers_) {
            for (const std::string& trouble : peers_->troubles()) findings_.remark(trouble);
        }
        return {};
    }

    const Findings& findings() const { return findings_; }
    Exit print() const;

  private:
    void read_charter();
    void read_signer();
    void read_vault_key();
    void open_sources();
    void open_peers();
    void read_documents(store::RawRows& rows);
    std::string own_row(const char* name) const;
    void read_successions(store::RawRows& rows);
    void read_logs(store::RawRows& rows);
    void read_releases(store::RawRows& rows);
    void read_cosigned();
    std::vector<Source> sources_of(const Origin& origin, const LogFacts& facts);

    const ScrubArgs& args_;
    const DataDir dir_;
    Findings findings_;
    Bytes charter_file_;
    std::vector<tlog::VerifierKey> keys_;
    Origin own_;
    std::optional<node::SignedHead> signed_last_;
    std::unique_ptr<seal::Vault> vault_;
    std::vector<Source> sources_;
    std::optional<statement::Charter> charter_;
    std::unique_ptr<PeerCopies> peers_;
    std::map<Origin, LogRead> logs_;
    std::uint64_t documents_ = 0;
    std::uint64_t releases_ = 0;
    std::uint64_t others_ = 0;
};

void Scrub::read_charter() {
    const auto file = read_file(dir_.charter(), limits::charter_bytes_max);
    if (!file) return findings_.add("charter.toml", file.error().detail);
    charter_file_ = *file;
    const auto earlier = earlier_versions({}, dir_.path);
    auto charter = node::read_charter(*file, earlier ? *earlier : node::EarlierCharter());
    // A restored directory has the versions before in its database alone: opening it judges them.
    if (!charter && charter.error().code == Errc::not_found) {
        charter = statement::parse_charter(*file);
    }
    if (!charter) return findings_.add("charter.toml", charter.error().detail);
    for (const statement::CharterParty& party : charter->parties) {
        if (auto key = tlog::VerifierKey::parse(party.log)) keys_.push_back(std::move(*key));
    }
    charter_ = *charter;
}

void Scrub::read_signer() {
    const auto signer = store::open_file_signer(dir_.signer());
    if (!signer) return findings_.add("signer/", signer.error().detail);
    const auto vkey = (*signer)->vkey();
    const auto key = vkey ? tlog::VerifierKey::parse(*vkey)
                          : Result<tlog::VerifierKey>(tl::unexpected(vkey.error()));
    if (!key) return findings_.add("signer/", key.error().detail);
    own_.v = key->name;
    bool known = false;
    for (const tlog::VerifierKey& one : keys_) known |= one.name == key->name;
    if (!known) keys_.push_back(*key);
    const auto state = (*signer)->state();
    if (!state) return findings_.add("signer/", state.error().detail);
    // With a `next`, either of the two may be the store's.
    if (!state->next) signed_last_ = state->last;
}

void Scrub::read_vault_key() {
    const auto key = read_key(dir_.vault_key(), "vault");
    if (key) {
        vault_ = std::make_unique<seal::Vault>(*key);
    } else {
        findings_.add("keys/vault", key.error().detail + "; without it no body was opened");
    }
}

void Scrub::open_sources() {
    for (const std::string& from : args_.from) {
        auto source = open_export(from, keys_);
        if (source) {
            sources_.push_back(std::move(*source));
        } else {
            findings_.add(from, source.error().detail);
        }
    }
}

/// What lies in directories first; peers are asked only where something is to be mended.
std::vector<Source> Scrub::sources_of(const Origin& origin, const LogFacts& facts) {
    std::vector<Source> out;
    for (const Source& source : sources_) {
        if (source.head.checkpoint.origin == origin) out.push_back(source);
    }
    if (peers_ && facts.key) {
        for (Source& source : peers_->of(origin, *facts.key)) out.push_back(std::move(source));
    }
    return out;
}

/// Errors are remarks: what can be mended without the peers is mended all the same.
void Scrub::open_peers() {
    if (!args_.from_peers) return;
    const statement::CharterParty* self = nullptr;
    if (charter_) {
        for (const statement::CharterParty& party : charter_->parties) {
            if (statement::log_number(*charter_, party.id, own_) != 0) self = &party;
        }
    }
    if (self == nullptr) {
        findings_.remark(
            "no peer was asked: charter.toml and signer/ do not say which party this is");
        return;
    }
    auto peers = PeerCopies::make(dir_, *charter_, self->id);
    if (peers) {
        peers_ = std::move(*peers);
    } else {
        findings_.remark("no peer was asked: " + peers.error().detail);
    }
}

/// Charters lie under their own kind of hash, other documents under SHA-256.
void Scrub::read_documents(store::RawRows& rows) {
    const auto own = statement::charter_hash(charter_file_);
    rows.documents([&](BytesView hash, BytesView bytes) {
        ++documents_;
        const std::string row = "document " + to_base64(hash);
        const auto charter = statement::charter_hash(bytes);
        const bool fits = (charter && charter->view() == hash) || sha256(bytes).view() == hash;
        if (!fits) {
            findings_.add(row, "its bytes are not those of its hash");
        } else if (own && own->view() == hash && bytes != charter_file_) {
            findings_.add(row,
                          "it differs from charter.toml below the line [signatures]: one of "
                          "the two was changed");
        }
    });
}

/// The name of a row that belongs to the log in force.
std::string Scrub::own_row(const char* name) const {
    std::uint32_t number = 1;
    if (charter_) {
        for (const statement::CharterParty& party : charter_->parties) {
            number = std::max(number, statement::log_number(*charter_, party.id, own_));
        }
    }
    return node::own_row(number, name);
}

/// Logs in which parties go on, by key entries that their roots signed.
void Scrub::read_successions(store::RawRows& rows) {
    if (!charter_) return;
    for (const statement::CharterParty& party : charter_->parties) {
        for (std::uint32_t number = 2; number <= node::log_number_max; ++number) {
            const std::string name = node::succession_row(party.id, number);
            const auto row = rows.local(name);
            if (!row) continue;
            const auto said = statement::read_succession(*row, *charter_);
            const auto key = said ? tlog::VerifierKey::parse(statement::vkey_of(*charter_, *said))
                                  : Result<tlog::VerifierKey>(tl::unexpected(said.error()));
            if (key) {
                keys_.push_back(*key);
            } else {
                findings_.remark(name + " was not read: " + key.error().detail);
            }
        }
    }
}

void Scrub::read_logs(store::RawRows& rows) {
    read_successions(rows);
    std::map<Origin, store::RawHead> heads;
    for (store::RawHead& head : rows.heads()) heads[head.head.origin] = std::move(head);
    std::set<Origin> origins;
    for (const auto& [origin, head] : heads) origins.insert(origin);
    for (const Origin& origin : rows.origins()) origins.insert(origin);
    if (!own_.v.empty()) origins.insert(own_);
    for (const Origin& origin : origins) {
        LogFacts facts{origin, origin == own_, std::nullopt, std::nullopt, std::nullopt, {}};
        for (const tlog::VerifierKey& key : keys_) {
            if (key.name == origin.v) facts.key = key;
        }
        if (const auto head = heads.find(origin); head != heads.end()) facts.head = head->second;
        if (facts.own) {
            // Lost is what is lost: a list that cannot be read makes every one of them a finding.
            if (const auto row = rows.local(own_row(node::lost_bodies_name))) {
                facts.lost = node::parse_lost(*row).value_or(node::LostBodies());
            }
            facts.lost_lists_row = own_row(node::lost_lists_name);
            facts.lost_bodies_row = own_row(node::lost_bodies_name);
            facts.signed_last = signed_last_;
            facts.extend = args_.from_peers;
        }
        facts.sources = [this, &origin, &facts] { return sources_of(origin, facts); };
        logs_[origin] = scrub_log(rows, facts, vault_.get(), findings_);
    }
}

void Scrub::read_releases(store::RawRows& rows) {
    rows.releases([&](node::StoredRelease&& row) {
        ++releases_;
        const std::string name =
            fmt::format("release {} of {} to {}", row.number, row.author.v, row.recipient.v);
        const auto release = seal::parse_release(row.leaf);
        if (!release) return findings_.add(name, release.error().detail);
        const auto log = logs_.find(row.author);
        if (log == logs_.end() || release->entry.v >= log->second.leaves.size()) return;
        if (log->second.leaves[release->entry.v] == release->leaf) return;
        findings_.add(name, fmt::format("it speaks of another entry {} than the log holds",
                                        release->entry.v));
    });
}

void Scrub::read_cosigned() {
    const auto state = store::open_file_cosign_state(dir_.cosigned());
    if (!state) return;  // only those who cosign have one
    for (const auto& [origin, read] : logs_) {
        for (const auto role : {node::CosignRole::witness, node::CosignRole::mirror}) {
            const auto last = (*state)->last(origin, role);
            if (!last) findings_.add("signer/cosigned/, log " + origin.v, last.error().detail);
        }
    }
}

Exit Scrub::print() const {
    std::uint64_t entries = 0, bodies = 0;
    for (const auto& [origin, read] : logs_) {
        entries += read.entries;
        bodies += read.bodies;
    }
    const std::size_t left = findings_.left();
    const Exit status = left == 0 ? Exit::ok : Exit::failure;
    if (args_.common.json) {
        formats::JsonOut out;
        out.object([&] {
            out.member("logs", static_cast<std::int64_t>(logs_.size()));
            out.member("entries", static_cast<std::int64_t>(entries));
            out.member("bodies", static_cast<std::int64_t>(bodies));
            out.member("releases", static_cast<std::int64_t>(releases_));
            out.member("damaged", static_cast<std::int64_t>(left));
            if (!findings_.remarks().empty()) {
                out.name("remarks");
                out.array([&] {
                    for (const std::string& remark : findings_.remarks()) out.value(remark);
                });
            }
            out.name("findings");
            out.array([&] {
                for (const Finding& finding : findings_.all()) {
                    out.object([&] {
                        out.member("row", finding.row);
                        out.member("what", finding.what);
                        if (!finding.repaired.empty()) out.member("repaired", finding.repaired);
                    });
                }
            });
        });
        fmt::print("{}\n", out.text());
        return status;
    }
    for (const Finding& finding : findings_.all()) {
        const std::string tail =
            finding.repaired.empty() ? "" : "; repaired from " + finding.repaired;
        fmt::print("{:9} {}: {}{}\n", finding.repaired.empty() ? "DAMAGED" : "repaired",
                   finding.row, finding.what, tail);
    }
    for (const std::string& remark : findings_.remarks()) {
        fmt::print("note      {}\n", printable(remark));
    }
    fmt::print("read: {} logs, {} entries, {} bodies, {} releases, {} documents, {} other rows\n",
               logs_.size(), grouped(entries), grouped(bodies), grouped(releases_),
               grouped(documents_), grouped(others_));
    if (findings_.all().empty()) {
        fmt::print("nothing is damaged\n");
    } else if (left == 0) {
        fmt::print("{} rows were damaged, all repaired\n", findings_.all().size());
    } else {
        fmt::print(
            "{} still damaged. Entries are put back from a copy of their log (entente scrub "
            "--from-peers, or --from EXPORT); bodies and the rest from a backup (entente "
            "restore)\n",
            left);
    }
    return status;
}

Exit scrub(const ScrubArgs& args) {
    Scrub scrub(args);
    const auto done = scrub.run();
    if (!done) {
        for (const Finding& finding : scrub.findings().all()) {
            fmt::print("DAMAGED   {}: {}\n", finding.row, finding.what);
        }
        (void)report("scrub", done.error());
        return Exit::failure;
    }
    return scrub.print();
}

}  // namespace

void add_scrub(CLI::App& root, Run& run) {
    auto args = std::make_shared<ScrubArgs>();
    CLI::App* app = verb(root, "scrub",
                         "Read everything that is stored, name what is damaged, repair what can be",
                         "entente scrub --data reg --from copy-of-the-log", args->common);
    app->add_option("--from", args->from,
                    "A copy of a log to put damaged entries back from: a directory that log export "
                    "made, or another static tlog-tiles tree")
        ->type_name("DIR")
        ->allow_extra_args(false);
    app->add_flag("--from-peers", args->from_peers,
                  "Ask the other parties' nodes for the copies that they hold of damaged logs; "
                  "nothing is taken that does not lead to a head which the log signed");
    app->callback([args, &run] { run = [args] { return scrub(*args); }; });
}

}  // namespace entente::cli
