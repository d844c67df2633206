// SPDX-License-Identifier: Apache-2.0
#include "seal/approval.h"

namespace entente::seal {

Bytes approval_message(const Approved& what) {
    Bytes out = "entente/v1/approve\n";
    out += what.head.view();
    out += what.coarse.view();
    out += what.exact.view();
    return out;
}

Bytes sign_approval(const SecretKey& officer, const Approved& what) {
    return officer.sign(approval_message(what));
}

Result<void> verify_approval(const PublicKey& officer, const Approved& what, BytesView signature) {
    if (verify(officer, approval_message(what), signature)) return {};
    return fail(Errc::bad_signature, "the officer's signature does not fit this statement");
}

}  // namespace entente::seal
