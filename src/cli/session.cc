// SPDX-License-Identifier: Apache-2.0
#include "cli/session.h"

#include <fmt/format.h>

#include <deque>
#include <future>
#include <thread>

#include "base/limits.h"
#include "node/genesis.h"
#include "store/file_signer.h"
#include "store/files.h"
#include "store/sqlite_store.h"

namespace entente::cli {
namespace {

using Rows = std::vector<node::StoredEntry>;
using OpenedRows = std::vector<node::OpenedRow>;

std::size_t cores() { return std::max(1u, std::thread::hardware_concurrency()); }

Result<OpenedRows> open_rows(const registry::Context& context, const seal::Vault& vault,
                             const Rows& rows) {
    OpenedRows out;
    out.reserve(rows.size());
    for (const node::StoredEntry& row : rows) {
        TRY(opened, node::open_row(context, vault, row));
        out.push_back(std::move(opened));
    }
    return out;
}

/// Reads the store in order, opens rows on every core, adds them in order.
class Loader {
  public:
    Loader(node::Opening& opening, const seal::Vault& vault)
        : opening_(opening), vault_(vault), bar_("verifying the log", opening.size().v, "entries") {
    }

    Result<void> run(node::Store& store) {
        auto scanned = store.scan(opening_.origin(), {0}, {opening_.size().v},
                                  [this](node::StoredEntry&& row) { return take(std::move(row)); });
        TRYV(scanned);
        launch();
        while (!open_.empty()) TRYV(collect());
        return {};
    }

  private:
    Result<void> take(node::StoredEntry&& row) {
        rows_.push_back(std::move(row));
        if (rows_.size() < chunk) return {};
        launch();
        if (open_.size() <= cores()) return {};
        return collect();
    }

    void launch() {
        auto rows = std::make_shared<Rows>(std::move(rows_));
        rows_ = {};
        rows_.reserve(chunk);
        open_.push_back(std::async(std::launch::async, [this, rows] {
            return open_rows(opening_.context(), vault_, *rows);
        }));
    }

    Result<void> collect() {
        Result<OpenedRows> opened = open_.front().get();
        open_.pop_front();
        if (!opened) return tl::unexpected(opened.error());
        for (node::OpenedRow& row : *opened) TRYV(opening_.add(std::move(row)));
        done_ += opened->size();
        bar_.at(done_);
        return {};
    }

    static constexpr std::size_t chunk = 4096;
    node::Opening& opening_;
    const seal::Vault& vault_;
    ProgressBar bar_;
    Rows rows_;
    std::deque<std::future<Result<OpenedRows>>> open_;
    std::uint64_t done_ = 0;
};

Result<std::unique_ptr<SecretKey>> secret_key(const std::string& path, const char* role) {
    TRY(secret, read_key_if_there(path, role));
    if (!secret) return std::unique_ptr<SecretKey>();
    return std::make_unique<SecretKey>(SecretKey::from_seed(*secret));
}

/// What is wrong in a register is no slip of the one who names it: exit status 1. What does not
/// say by itself what to do is damage, or files that do not belong together.
Error of_register(const DataDir& dir, Error error) {
    switch (error.code) {
        case Errc::malformed:
        case Errc::not_canonical:
        case Errc::too_large:
        case Errc::bad_signature:
        case Errc::bad_proof:
        case Errc::split_view:
        case Errc::unknown_key:
            error.detail = fmt::format(
                "{} does not hold together: {}. Nothing was changed; put "
                "charter.toml, entente.db and keys/ back as they belong "
                "together, from where they are kept",
                dir.path, error.detail);
            break;
        case Errc::not_found:
        case Errc::refused:
        case Errc::stale:
        case Errc::unavailable: break;
    }
    error.code = Errc::unavailable;
    return error;
}

}  // namespace

Result<Session> Session::open(const Common& common, const OpenOptions& options) {
    const DataDir dir{common.data};
    auto charter_file = read_file(dir.charter(), limits::charter_bytes_max);
    if (!charter_file && charter_file.error().code == Errc::not_found) {
        // Where nothing can be looked at, there is no card either: what follows says what is wrong.
        if (const auto card = store::os_files().stat(dir.card()); card && *card) {
            return fail(Errc::not_found,
                        fmt::format("{} has keys and no log yet; when all parties have signed the "
                                    "charter: entente charter adopt CHARTER --data {}",
                                    dir.path, dir.path));
        }
        return fail(Errc::not_found,
                    fmt::format("{} holds no register (no charter.toml in it); make "
                                "one with: entente init --data {} --party ID "
                                "--name TEXT",
                                dir.path, dir.path));
    }
    std::unique_ptr<SecretKey> root;
    if (!options.root_file.empty()) {
        TRY(secret, read_key(options.root_file, "root"));
        root = std::make_unique<SecretKey>(SecretKey::from_seed(secret));
    }
    if (!options.charter.empty()) charter_file = options.charter;
    auto session = charter_file ? open_with(dir, *charter_file, options)
                                : tl::unexpected(charter_file.error());
    if (!session) return tl::unexpected(of_register(dir, std::move(session).error()));
    session->root_ = std::move(root);
    return session;
}

Result<Session> Session::open_with(const DataDir& dir, const Bytes& charter_file,
                                   const OpenOptions& options) {
    Session session;
    session.data_ = dir.path;
    const bool write = options.access == Access::write;
    TRY(store, store::open_sqlite(dir.database(), write ? store::OpenMode::read_write
                                                        : store::OpenMode::read_only));
    const std::string signs = options.signer.empty() ? dir.signer() : options.signer;
    TRY(signer, store::open_file_signer(signs));
    TRY(vault_key, read_key(dir.vault_key(), "vault"));
    session.store_ = std::move(store);
    session.signer_ = std::move(signer);
    session.vault_ = std::make_unique<seal::Vault>(vault_key);
    if (write) {
        TRY(officer, secret_key(dir.officer_key(), "officer"));
        session.officer_ = std::move(officer);
    }
    TRY(opening, node::Opening::begin(*session.store_, *session.signer_, charter_file, write));
    TRYV(Loader(opening, *session.vault_).run(*session.store_));
    TRY(node, std::move(opening).finish(options.index));
    // Said before a person waits for rows to be read, and answers questions about them.
    const bool waits = options.may_wait && node.waits_for_peers();
    if (write && !waits && !node.halted().empty()) return fail(Errc::unavailable, node.halted());
    session.node_ = std::make_unique<node::Node>(std::move(node));
    TRYV(session.open_exchange(dir, signs, write));
    return session;
}

view::View Session::view() const {
    return view::View(node_->snapshot(), {node_->snapshot().party()});
}

node::Author Session::author() const {
    const statement::Charter& charter = node_->charter();
    return {node_->origin(), charter.id, &charter.terms, vault_.get(), officer_.get(), root_.get()};
}

std::string Session::cannot_reduce() const {
    const statement::Charter& charter = node_->charter();
    const statement::CharterParty* own = charter.party(node_->snapshot().party());
    if (root_) return {};
    if (own != nullptr && own->officers > 1) {
        return fmt::format(
            "what ends or reduces a protection takes the signatures of {} officers "
            "(entente approvals), and never acts without them",
            own->officers);
    }
    if (officer_) return {};
    return fmt::format(
        "the key {} is missing, and what ends or reduces a protection never acts "
        "without its signature; put it back, from where it is kept",
        DataDir{data_}.officer_key());
}

Result<std::vector<node::Composed>> Session::compose(const std::vector<Said>& statements,
                                                     Instant moment) const {
    const node::Author who = author();
    const std::size_t share = statements.size() / cores() + 1;
    auto part = [&](std::size_t begin) -> Result<std::vector<node::Composed>> {
        const Random random = os_random();
        std::vector<node::Composed> out;
        const std::size_t end = std::min(begin + share, statements.size());
        for (std::size_t i = begin; i < end; ++i) {
            const Said& said = statements[i];
            TRY(one, node::compose(who, said.draft, said.record, moment, random));
            out.push_back(std::move(one));
        }
        return out;
    };
    std::vector<std::future<Result<std::vector<node::Composed>>>> parts;
    for (std::size_t begin = share; begin < statements.size(); begin += share) {
        parts.push_back(std::async(std::launch::async, part, begin));
    }
    Result<std::vector<node::Composed>> all = part(0);
    for (auto& future : parts) {
        auto more = future.get();
        if (!all) continue;
        if (!more)
            all = tl::unexpected(more.error());
        else
            std::move(more->begin(), more->end(), std::back_inserter(*all));
    }
    return all;
}

Result<node::Receipt> Session::say(const std::vector<Said>& statements) {
    const Instant moment = now();
    TRY(composed, compose(statements, moment));
    return exchange_->log({std::move(composed), {}, {}}, {}, moment);
}

}  // namespace entente::cli
