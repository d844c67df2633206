// SPDX-License-Identifier: Apache-2.0
// Requests to a witness, and its answers: what parses as a request formats to the same bytes, and
// an answer that is believed verifies.
#include <cstdlib>

#include "tlog/witness_wire.h"

namespace entente::tlog {
namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

constexpr std::string_view text =
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";

void try_all(BytesView bytes) {
    static const CosignerKey witness =
        CosignerKey::parse(
            "witness.example/w1+e75f6532+BAOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4")
            .value();
    if (const auto request = parse_add_checkpoint(bytes)) {
        require(format_add_checkpoint(*request) == bytes);
        require(request->old_size <= request->checkpoint.size);
    }
    for (const int status : {200, 409}) {
        const auto reply = read_witness_reply(status, bytes, witness, text);
        if (!reply) continue;
        if (const auto* cosignature = std::get_if<Cosignature>(&*reply)) {
            require(status == 200);
            require(verify_cosignature(witness, *cosignature, text).has_value());
        } else {
            require(status == 409);
        }
    }
}

}  // namespace
}  // namespace entente::tlog

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    entente::tlog::try_all({reinterpret_cast<const char*>(data), size});
    return 0;
}
