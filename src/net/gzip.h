// SPDX-License-Identifier: Apache-2.0
// RFC 1952 through zlib: for responses, and for what peers send.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

struct z_stream_s;

namespace entente::net {

constexpr std::size_t gzip_bytes_min = 1400;  // what fits one packet gains nothing

std::string gzip(const std::string& bytes, int level = 4);

/// Takes a stranger's gzip apart as it comes. One member and nothing behind it; a few bytes can
/// stand for many (1:1032), so the limit is on what comes out, and memory never goes beyond it.
class Gunzip {
  public:
    explicit Gunzip(std::size_t bytes_max);
    ~Gunzip();
    Gunzip(const Gunzip&) = delete;
    Gunzip& operator=(const Gunzip&) = delete;

    /// Appends to `out` what these bytes stand for. Errc::too_large where `out` would have more
    /// than bytes_max bytes, malformed for what is no gzip.
    Result<void> feed(std::string_view bytes, std::string& out);
    /// Errc::malformed if the member has not ended.
    Result<void> end() const;

  private:
    std::unique_ptr<z_stream_s> stream_;
    std::size_t bytes_max_;
    bool ended_ = false;
};

}  // namespace entente::net
