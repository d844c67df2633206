// SPDX-License-Identifier: Apache-2.0
#include "statement/adoption.h"

#include "base/encode.h"
#include "statement/fields.h"

namespace entente::statement {

Bytes encode_adoption(const Adoption& adoption) {
    OpenEntry entry{charter_kind, {}};
    entry.fields.set("hash", to_base64url(adoption.hash.view()));
    entry.fields.set("id", adoption.charter);
    entry.fields.set("version", std::int64_t{adoption.version});
    return encode_entry(entry);
}

Result<Adoption> decode_adoption(const OpenEntry& entry) {
    if (entry.kind != charter_kind) {
        return fail(Errc::malformed, "an entry of kind " + entry.kind + " adopts no charter");
    }
    const Fields fields(entry.fields);
    TRY(hash, fields.hash("hash"));
    TRY(id, fields.text("id"));
    TRY(version, fields.integer("version"));
    if (version < 1 || version > UINT32_MAX) {
        return fail(Errc::malformed, "'version' is not 1 to 2^32-1");
    }
    return Adoption{std::move(id), static_cast<std::uint32_t>(version), hash};
}

}  // namespace entente::statement
