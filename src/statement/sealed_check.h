// SPDX-License-Identifier: Apache-2.0
// A check that a party keeps sealed (DESIGN 3, PROTOCOL 24): the question, the answer, and what it
// rests on, committed to in the log and released to nobody until its author opens it. Opened, it
// proves that this party had this answer by then. It does not prove that nobody else checked, nor
// that it asked nothing else: others see how many of its entries stay unopened.
#pragma once

#include "statement/body.h"
#include "statement/checked.h"

namespace entente::statement {

constexpr const char* sealed_check_kind = "check";

struct SealedCheck {
    BodyKeys keys;
    /// What was asked about, at most places_max; no buffers and no accuracies.
    std::vector<geo::Place> volumes;
    Decimetres margin;
    Checked checked;            // the answer's verdict and count are in it
    std::vector<Hash> touched;  // leaf hashes of what it touched, ascending, at most touched_max:
                                // of more the nearest
    bool operator==(const SealedCheck&) const = default;
};
constexpr std::size_t sealed_touched_max = 200;

Result<void> validate(const SealedCheck& check);

Bytes encode_sealed_check(const SealedCheck& check);
/// Form, limits and validate(). Members that are not known are passed over.
Result<SealedCheck> decode_sealed_check(BytesView bytes);

}  // namespace entente::statement
