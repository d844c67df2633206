// SPDX-License-Identifier: Apache-2.0
#include "statement/entry.h"

#include <cstring>

#include "base/encode.h"
#include "base/limits.h"
#include "base/sha256.h"
#include "statement/fields.h"

namespace entente::statement {

Bytes encode_entry(const SealedEntry& entry) {
    canon::Array commitments;
    for (const Hash& hash : entry.commitments) commitments.emplace_back(to_base64url(hash.view()));
    canon::Object out;
    out.set("c", std::move(commitments));
    out.set("tag", to_base64url(entry.tag.view()));
    out.set("v", 1);
    return canon::encode(out);
}

Bytes encode_entry(const OpenEntry& entry) {
    canon::Object out = entry.fields;
    out.set("kind", entry.kind);
    out.set("v", 1);
    return canon::encode(out);
}

Result<Entry> decode_entry(BytesView bytes) {
    TRY(value, canon::decode(bytes, limits::entry_bytes_max));
    TRY(fields, Fields::of(value, "entry"));
    TRY(version, fields.integer("v"));
    if (fields.has("kind")) {
        TRY(kind, fields.text("kind"));
        canon::Object rest;
        for (const auto& [key, member] : fields.members()) {
            if (key != "kind" && key != "v") rest.set(key, member);
        }
        return Entry(OpenEntry{std::move(kind), std::move(rest)});
    }
    if (version != 1 || fields.members().size() != 3) {
        return fail(Errc::malformed, "neither an open nor a sealed entry of version 1");
    }
    TRY(array, fields.array("c"));
    if (array->size() != slot_count) return fail(Errc::malformed, "'c' has three commitments");
    SealedEntry sealed;
    for (std::size_t i = 0; i < slot_count; ++i) {
        if ((*array)[i].text() == nullptr) return fail(Errc::malformed, "'c' holds hashes");
        TRY(hash, hash_from_base64url(*(*array)[i].text()));
        sealed.commitments[i] = hash;
    }
    TRY(tag, fields.hash("tag"));
    sealed.tag = tag;
    return Entry(sealed);
}

RecordId record_id(const Origin& origin, const Hash& secret) {
    const Hash hash = sha256({"entente/record/v1\n", origin.v, secret.view()});
    RecordId id;
    std::memcpy(id.bytes.data(), hash.bytes.data(), id.bytes.size());
    return id;
}

Hash version_tag(const Hash& secret, std::uint32_t version) {
    const char big_endian[4] = {static_cast<char>(version >> 24), static_cast<char>(version >> 16),
                                static_cast<char>(version >> 8), static_cast<char>(version)};
    return sha256({"entente/tag/v1\n", secret.view(), BytesView(big_endian, 4)});
}

}  // namespace entente::statement
