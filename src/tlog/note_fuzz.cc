// SPDX-License-Identifier: Apache-2.0
// Notes and proofs: what parses must format to the same bytes.
#include <cstdlib>

#include "tlog/proof.h"

namespace entente::tlog {
namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

void try_all(BytesView bytes) {
    static const VerifierKey known =
        VerifierKey::parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
            .value();
    if (const auto note = parse_note(bytes)) {
        require(format_note(*note) == bytes);
        require(parse_note(format_note(*note)) == note);
        const auto signers = open_note(*note, {&known, 1});
        require(!signers || signers->size() == 1);
    }
    if (const auto proof = parse_proof(bytes)) {
        require(format_proof(*proof) == bytes);
        require(parse_proof(format_proof(*proof)) == proof);
    }
    if (const auto key = VerifierKey::parse(bytes)) require(key->text() == bytes);
}

}  // namespace
}  // namespace entente::tlog

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    entente::tlog::try_all({reinterpret_cast<const char*>(data), size});
    return 0;
}
