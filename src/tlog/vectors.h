// SPDX-License-Identifier: Apache-2.0
// For tests only: where shared test vectors lie, and hexadecimal in one word.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>

#include "base/encode.h"

namespace entente::tlog::vectors {

inline Bytes hex(std::string_view text) { return from_hex(text).value(); }

/// The text of a file of the shared data, or nothing where it is absent.
inline std::optional<std::string> shared(const std::string& path) {
    const char* const env = std::getenv("ENTENTE_SHARED");
    const std::filesystem::path root = env != nullptr ? env : "../shared";
    std::ifstream in(root / path, std::ios::binary);
    if (!in) return std::nullopt;
    return std::string(std::istreambuf_iterator<char>(in), {});
}

inline bool is_long() {
    const char* const env = std::getenv("ENTENTE_LONG");
    return env != nullptr && std::string_view(env) == "1";
}

}  // namespace entente::tlog::vectors
