// SPDX-License-Identifier: Apache-2.0
#include "store/fault_store.h"

#include "base/assert.h"

namespace entente::store {
namespace {

std::optional<Fault> take(std::map<std::uint64_t, Fault>& faults, std::uint64_t number) {
    const auto it = faults.find(number);
    if (it == faults.end()) return std::nullopt;
    const Fault fault = it->second;
    faults.erase(it);
    return fault;
}

/// Does the work or not, and then says that it failed; the work's own error goes first.
template <class Work>
auto fail_around(Fault fault, const Work& work) -> decltype(work()) {
    if (fault == Fault::persisted) {
        auto done = work();
        if (!done) return done;
    }
    return fault_error(fault);
}

}  // namespace

tl::unexpected<Error> fault_error(Fault fault) {
    switch (fault) {
        case Fault::not_persisted:
            return fail(Errc::unavailable, "injected fault: the disk failed before the write");
        case Fault::persisted:
            return fail(Errc::unavailable, "injected fault: the disk failed after the write");
        case Fault::disk_full:
            return fail(Errc::unavailable,
                        "injected fault: No space left on device; free some space and try again");
    }
    ASSERT(false);
}

Result<void> FaultStore::commit(const node::Commit& commit) {
    const auto fault = take(faults_, commits_++);
    if (!fault) return store_.commit(commit);
    return fail_around(*fault, [&] { return store_.commit(commit); });
}

Result<void> FaultStore::add(const node::Additions& additions) {
    const auto fault = take(faults_, commits_++);
    if (!fault) return store_.add(additions);
    return fail_around(*fault, [&] { return store_.add(additions); });
}

std::optional<Fault> FaultSigner::next_fault() { return take(faults_, writes_++); }

Result<Bytes> FaultSigner::propose(const node::SignedHead& next, BytesView text) {
    const auto fault = next_fault();
    if (!fault) return signer_.propose(next, text);
    return fail_around(*fault, [&] { return signer_.propose(next, text); });
}

Result<void> FaultSigner::settle() {
    const auto fault = next_fault();
    if (!fault) return signer_.settle();
    return fail_around(*fault, [&] { return signer_.settle(); });
}

Result<void> FaultSigner::drop() {
    const auto fault = next_fault();
    if (!fault) return signer_.drop();
    return fail_around(*fault, [&] { return signer_.drop(); });
}

}  // namespace entente::store
