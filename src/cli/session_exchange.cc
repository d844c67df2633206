// SPDX-License-Identifier: Apache-2.0
// The exchange of a session: its online keys, the memory of what was cosigned, the others' logs.
#include <fmt/format.h>

#include "cli/charter_files.h"
#include "cli/session.h"
#include "net/assets.h"
#include "store/file_cosign_state.h"
#include "store/files.h"
#include "store/memory_cosign_state.h"

namespace entente::cli {
namespace {

Result<tlog::CosignerSecret> cosigner(const DataDir& dir, const char* role,
                                      const std::string& name) {
    TRY(seed, read_key(dir.keys() + "/" + role, role));
    return tlog::CosignerSecret::parse(
        tlog::private_key_text(name, tlog::KeyType::cosigner, SecretKey::from_seed(seed)));
}

Result<std::unique_ptr<node::ExchangeKeys>> read_exchange_keys(const DataDir& dir,
                                                               const statement::Charter& charter,
                                                               const PartyId& party) {
    TRY(witness, cosigner(dir, "witness", charter.witness_name(party)));
    TRY(mirror, cosigner(dir, "mirror", charter.mirror_name(party)));
    TRY(sealing, read_key(dir.keys() + "/sealing", "sealing"));
    TRY(channel, read_key(dir.keys() + "/channel", "channel"));
    node::ExchangeKeys out{std::move(witness), std::move(mirror), SealingSecret::from(sealing),
                           SecretKey::from_seed(channel)};
    // Without it everything but calling others by a STOP goes on.
    TRY(duty, read_key_if_there(dir.role_key("duty"), "duty"));
    if (duty) out.duty = SecretKey::from_seed(*duty);
    return std::make_unique<node::ExchangeKeys>(std::move(out));
}

/// What was cosigned is made empty only by who holds nothing of the others yet, or cosigns nothing
/// until its peers have told: a node that has copies of their logs has cosigned them, and without
/// its memory it could contradict itself.
Result<std::unique_ptr<node::CosignState>> open_cosigned(const std::string& signer,
                                                         node::Store& store,
                                                         const node::Node& node) {
    const std::string path = signer + "/cosigned";
    auto state = store::open_file_cosign_state(path);
    if (state || state.error().code != Errc::not_found) return state;
    TRY(origins, store.origins());
    if (origins.size() > 1 && !node.waits_for_peers()) {
        return fail(Errc::refused,
                    fmt::format("{} is missing: it remembers what this node has cosigned, and "
                                "without it the node could contradict itself; put it back, or let "
                                "the root give new witness and mirror keys",
                                path));
    }
    TRYV(store::create_file_cosign_state(path));
    return store::open_file_cosign_state(path);
}

/// The page's, which searches it; a program that was built without the page names no places.
const geo::Gazetteer* named_places() {
    static const auto gazetteer = []() -> Result<geo::Gazetteer> {
        TRY(bytes, net::file_in(net::page_pack(), "assets/places-", ".bin"));
        return geo::Gazetteer::read(bytes);
    }();
    return gazetteer ? &*gazetteer : nullptr;
}

}  // namespace

Result<void> Session::open_exchange(const DataDir& dir, const std::string& signer, bool write) {
    const statement::Charter& charter = node_->charter();
    cosigned_ = std::make_unique<store::MemoryCosignState>();  // who only reads cosigns nothing
    if (write && charter.parties.size() > 1) {
        TRY(keys, read_exchange_keys(dir, charter, node_->snapshot().party()));
        keys_ = std::move(keys);
        TRY(cosigned, open_cosigned(signer, *store_, *node_));
        cosigned_ = std::move(cosigned);
    }
    TRY(exchange,
        node::Exchange::open(*node_, *store_, *cosigned_, keys_.get(), *vault_, os_random()));
    exchange_ = std::move(exchange);
    exchange_->name_places(named_places);
    if (!exchange_->solo()) {
        TRY(urgents, node::Urgents::load({node_.get(), exchange_.get(), store_.get(), vault_.get(),
                                          keys_.get(), os_random()}));
        urgents_ = std::move(urgents);
    }
    if (!write) return {};
    // Once more: it may have been stopped between hearing of one and writing it down.
    for (const node::Proposal& one : exchange_->proposals()) keeper()(one);
    for (const auto& [hash, file] : exchange_->rivals()) {
        (void)store::write_atomically(store::os_files(), dir.charter_rival(fingerprint(hash)),
                                      file);
    }
    return {};
}

/// What cannot be written now is written at the next start; the store has it.
std::function<void(const node::Proposal&)> Session::keeper() const {
    return [dir = DataDir{data_}](const node::Proposal& one) {
        (void)store::os_files().make_dir(dir.charters());
        (void)store::write_atomically(store::os_files(), dir.charter_proposal(one.version),
                                      one.file);
    };
}

Result<Bytes> Session::evidence(const node::Gathering& wanted) const {
    std::optional<SealingSecret> sealing;  // opens slots; of who only reads it is not in keys_
    if (!keys_) {
        TRY(secret, read_key_if_there(DataDir{data_}.role_key("sealing"), "sealing"));
        if (secret) sealing = SealingSecret::from(*secret);
    }
    TRY(file, node::gather({*node_, *exchange_, *store_, *vault_, sealing ? &*sealing : nullptr},
                           wanted));
    return evidence::format_file(file);
}

}  // namespace entente::cli
