// SPDX-License-Identifier: Apache-2.0
#include "sim/party.h"

#include "base/assert.h"
#include "node/exchange_state.h"
#include "node/restate.h"
#include "seal/commitment.h"
#include "statement/vkey.h"
#include "tlog/merkle.h"

namespace entente::sim {

Result<void> stand_up(Standing& out, const Ports& ports, const Founder& founder,
                      const std::string& charter_file, const seal::Vault& vault,
                      const Random& random) {
    TRY(opening, node::Opening::begin(ports.store, ports.signer, charter_file));
    const registry::Context context = opening.context();
    TRYV(ports.store.scan(opening.origin(), {0}, {opening.size().v},
                          [&](node::StoredEntry&& row) -> Result<void> {
                              TRY(opened, node::open_row(context, vault, row));
                              return opening.add(std::move(opened));
                          }));
    TRY(node, std::move(opening).finish(true));
    out.node.emplace(std::move(node));
    TRY(exchange,
        node::Exchange::open(*out.node, ports.store, ports.cosigned, &founder.keys, vault, random));
    out.exchange = std::move(exchange);
    return {};
}

Party::Party(const Founders& founders, std::size_t number, std::uint64_t seed)
    : founder_(founders.parties[number]), charter_file_(founders.charter_file), rng_(seed),
      signer_(founder_.log), vault_(founder_.vault) {
    for (const std::string& file : founders.earlier) {
        const auto put = store_.put_document(statement::charter_hash(file).value(), file);
        ASSERT(put);
    }
    const auto made = node::Node::create(store_, signer_, charter_file_, founder_.entries);
    ASSERT(made);
    const auto started = start();
    ASSERT(started);
}

node::Author Party::author() const {
    const statement::Charter& charter = standing_.node->charter();
    return {standing_.node->origin(),   charter.id, &charter.terms, &vault_,
            &founder_.officers.front(), nullptr};
}

void Party::stop() {
    standing_.exchange.reset();
    standing_.node.reset();
}

Result<void> Party::start() {
    return stand_up(standing_, {kill_store_, kill_signer_, kill_cosigned_}, founder_, charter_file_,
                    vault_, rng_.bytes());
}

Result<void> Party::put_back(const store::MemoryStore& earlier) {
    stop();
    store_ = earlier;
    signer_ = store::MemorySigner(founder_.log);
    cosigned_ = {};
    return start();
}

Result<void> Party::stand_on(const Party& other) {
    stop();
    store_ = other.store_;
    signer_ = other.signer_;
    cosigned_ = other.cosigned_;
    return start();
}

Result<void> Party::rotate(Instant now, bool forgets) {
    stop();
    if (forgets) cosigned_ = {};
    TRY(chain, node::read_newest(store_, charter_file_));
    const Origin before = chain.charter.origin(id());
    TRY(origin, node::next_log(chain.charter, id()));
    TRY(key, tlog::LogKey::generate(origin.v, rng_.bytes()));
    TRY(vkey, statement::parse_vkey(key.verifier().text()));
    TRY(next, node::succeed(store_, chain, id(), vkey.key, founder_.root));
    store::MemorySigner signer(key);
    if (forgets) next.additions.local.emplace_back(node::cosigned_unknown_name, "1\n");
    TRYV(node::Node::create(store_, signer, charter_file_, next.entries, next.additions));
    signer_ = signer;
    TRYV(start());
    const registry::Snapshot snapshot = node().snapshot();
    for (const auto& log : snapshot.logs()) {
        if (log->origin != before) continue;
        TRY(drafts, node::restatements({snapshot, log->number, true}, snapshot, "root", now));
        for (const node::Draft& draft : drafts) {
            TRYV(say(draft, {}, exchange().audience_of(*draft.was), now));
        }
    }
    return {};
}

Result<void> Party::adopt(const std::string& charter_file, Instant now) {
    TRY(charter, statement::parse_charter(charter_file));
    TRY(hash, statement::charter_hash(charter_file));
    stop();
    TRYV(store_.put_document(hash, charter_file));
    charter_file_ = charter_file;
    TRYV(start());
    TRYV(node().log({{}, {node::charter_entry(charter, hash)}, {}}, now));
    return {};
}

Result<RecordId> Party::say(const node::Draft& draft, const std::optional<RecordId>& record,
                            const node::Audience& audience, Instant now) {
    const registry::Record* before = nullptr;
    if (record) {
        const auto slot = node().snapshot().find(*record);
        ASSERT(slot);
        before = &node().snapshot().at(*slot);
    }
    TRY(composed, node::compose(author(), draft, before, now, rng_.bytes()));
    const RecordId id = composed.id;
    node::Batch batch;
    batch.statements.push_back(std::move(composed));
    TRYV(exchange().log(std::move(batch), {audience}, now));
    return id;
}

Result<node::Composed> Party::as_kind(const node::Composed& composed, const std::string& kind) {
    const node::Author who = author();
    TRY(entry, statement::decode_entry(composed.entry));
    auto& sealed = std::get<statement::SealedEntry>(entry);
    TRY(opened, vault_.open(tlog::leaf_hash(composed.entry), composed.sealed.wrapped_keys,
                            composed.sealed.ciphertexts));
    seal::SaltedBody& body = *opened.bodies[0];
    TRY(head, statement::decode_head(body.body));
    head.kind = kind;
    body.body = statement::encode_head(head);
    sealed.commitments[0] = seal::commitment(body.salt, body.body);
    node::Composed out;
    out.id = composed.id;
    out.entry = statement::encode_entry(sealed);
    const Hash leaf = tlog::leaf_hash(out.entry);
    out.sealed = vault_.seal(leaf, opened.bodies, rng_.bytes());
    out.understood =
        registry::understand({who.origin, who.charter}, {{}, leaf}, sealed, opened.bodies);
    return out;
}

check::Answer Party::ask(const check::Question& question, Instant now) {
    node::State state = node().state();
    state.as_of.sources = exchange().sources();
    const view::View view(state.snapshot, {id()});
    index::Scratch scratch;
    return check::answer(view, state.index, scratch, question, state.as_of, now);
}

bool sync(Party& asker, Party& asked, Instant now) {
    node::Follow follow(asker.exchange(), asked.id(), std::chrono::seconds(10));
    // Several rounds where what was fetched gives reason to ask again.
    for (int round = 0; round < 8; ++round) {
        bool any = false;
        while (const auto step = follow.next(now)) {
            any = true;
            auto answer = asked.exchange().answer(asker.id(), step->path);
            if (answer) {
                follow.take(node::StepAnswer{false, {}, std::move(*answer)}, now);
            } else {
                follow.take(tl::unexpected(answer.error()), now);
            }
            if (follow.due() > now) break;
        }
        if (!any) break;
    }
    return !follow.trouble();
}

}  // namespace entente::sim
