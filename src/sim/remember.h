// SPDX-License-Identifier: Apache-2.0
// What libsodium answered of signatures and keys, so that it is asked once (see remember.cc).
#pragma once

#include <cstdint>

namespace entente::sim {

/// Whether from here on it is remembered; at first it is.
void remember_signatures(bool on);
/// A world begins with it, so that what is remembered stays small.
void forget_signatures();
/// How many signatures were asked about in this thread, remembered or not.
std::uint64_t signatures_asked();

}  // namespace entente::sim
