// SPDX-License-Identifier: Apache-2.0
// C2SP tlog-witness for the logs of the charter's other parties: whoever shows a head that extends
// what was cosigned gets the witness's word for it at once, before any entry of it is here.
#include "mirror/witness.h"
#include "node/exchange.h"

namespace entente::node {
namespace {

class WitnessPort final : public mirror::CosignerPort {
  public:
    WitnessPort(const std::vector<std::unique_ptr<Peer>>& peers, CosignState& state,
                const tlog::CosignerSecret& secret, Instant now)
        : peers_(peers), state_(state), secret_(secret), now_(now) {}

    Result<std::optional<mirror::CosignedLog>> log(const Origin& origin) override {
        for (const auto& peer : peers_) {
            if (peer->origin != origin) continue;
            TRY(last, state_.last(origin, CosignRole::witness));
            mirror::CosignedLog out{peer->mirror.log(), std::nullopt};
            if (last) out.last = head_of(origin, *last);
            return std::optional(std::move(out));
        }
        return std::optional<mirror::CosignedLog>();
    }
    Result<void> remember(const std::optional<tlog::SignedCheckpoint>& expected,
                          const tlog::SignedCheckpoint& next) override {
        std::optional<SignedHead> last;
        if (expected) last = SignedHead{expected->checkpoint.size, expected->checkpoint.root};
        return state_.replace(next.checkpoint.origin, CosignRole::witness, last,
                              {next.checkpoint.size, next.checkpoint.root});
    }
    Result<tlog::NoteSignature> sign(std::string_view checkpoint_text) override {
        return secret_.sign(now_, checkpoint_text);
    }

  private:
    /// Only size and root are remembered; they are what the decision is about.
    static tlog::SignedCheckpoint head_of(const Origin& origin, const SignedHead& head) {
        const tlog::Checkpoint checkpoint{origin, head.size, head.root, {}};
        return {checkpoint, {tlog::format_checkpoint(checkpoint), {}}};
    }

    const std::vector<std::unique_ptr<Peer>>& peers_;
    CosignState& state_;
    const tlog::CosignerSecret& secret_;
    Instant now_;
};

}  // namespace

mirror::WitnessAnswer Exchange::add_checkpoint(BytesView body, Instant now) {
    if (keys_ == nullptr || solo()) {
        mirror::WitnessAnswer none;
        none.status = 404;
        none.detail = "this node witnesses no log";
        return none;
    }
    if (forgets()) {
        mirror::WitnessAnswer later;  // 503
        later.body = "this node was put back, and waits until its peers have told what it signed\n";
        later.detail = "what this node cosigned is not remembered";
        return later;
    }
    WitnessPort port(peers_, cosign_state_, keys_->witness, now);
    mirror::WitnessAnswer out = mirror::answer_add_checkpoint(body, port);
    if (out.fork) {
        if (Peer* const peer = peer_of(out.fork->origin())) convict(*peer, *out.fork, now);
    }
    return out;
}

}  // namespace entente::node
