// SPDX-License-Identifier: Apache-2.0
// Reads a peer's answer as it comes, line by line and piece by piece, within limits; no socket.
// What two readers could take differently is refused: two lengths, a coding that nobody asked for.
#pragma once

#include <optional>

#include "net/gzip.h"
#include "net/message.h"
#include "net/reason.h"

namespace entente::net {

class AnswerReader {
  public:
    AnswerReader(std::size_t header_max, std::size_t body_max)
        : header_max_(header_max), body_max_(body_max) {
        response_.status = 0;
    }

    /// One line, with its end; a status line begins anew (RFC 9110 15.2: 1xx come before). False:
    /// give up, failure() says why.
    bool header(std::string_view line);
    bool body(std::string_view bytes);
    /// After the last byte.
    tl::expected<Response, Failure> finish();

    const std::optional<Failure>& failure() const { return failure_; }
    std::uint64_t bytes_in() const { return bytes_in_; }
    std::size_t body_max() const { return body_max_; }

  private:
    bool give_up(Reason reason, std::string detail);
    bool field(std::string_view name, std::string_view value);

    std::size_t header_max_;
    std::size_t body_max_;
    std::uint64_t bytes_in_ = 0;
    std::size_t header_bytes_ = 0;  // of all lines, trailers and 1xx too
    std::size_t body_bytes_ = 0;    // as they came
    std::optional<std::string> length_;
    std::unique_ptr<Gunzip> gunzip_;
    Response response_;
    std::optional<Failure> failure_;
};

}  // namespace entente::net
