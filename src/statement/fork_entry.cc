// SPDX-License-Identifier: Apache-2.0
#include "statement/fork_entry.h"

#include "base/encode.h"
#include "base/limits.h"
#include "base/sha256.h"
#include "statement/fields.h"

namespace entente::statement {

ForkEntry fork_entry(const Origin& origin, BytesView proof) {
    ForkEntry out{origin, sha256(proof), Bytes(proof)};
    if (encode_fork_entry(out).size() > limits::entry_bytes_max) out.proof.clear();
    return out;
}

Bytes encode_fork_entry(const ForkEntry& fork) {
    OpenEntry entry{fork_kind, {}};
    entry.fields.set("hash", to_base64url(fork.hash.view()));
    entry.fields.set("origin", fork.origin.v);
    if (!fork.proof.empty()) entry.fields.set("proof", to_base64url(fork.proof));
    return encode_entry(entry);
}

Result<ForkEntry> decode_fork_entry(const OpenEntry& entry) {
    if (entry.kind != fork_kind) return fail(Errc::malformed, "an entry of kind " + entry.kind);
    const Fields fields(entry.fields);
    TRY(origin, fields.text("origin"));
    if (origin.empty() || origin.size() > limits::key_name_bytes_max) {
        return fail(Errc::malformed, "'origin' is no log's name");
    }
    TRY(hash, fields.hash("hash"));
    TRY(proof_text, fields.text_or_empty("proof"));
    TRY(proof, from_base64url(proof_text));
    if (!proof.empty() && sha256(proof) != hash) {
        return fail(Errc::malformed, "'hash' is not that of 'proof'");
    }
    return ForkEntry{{std::move(origin)}, hash, std::move(proof)};
}

}  // namespace entente::statement
