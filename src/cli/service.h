// SPDX-License-Identifier: Apache-2.0
// Where a verb takes its answers from: the node that serves the data directory, over DIR/node.sock,
// or, when none does, the same API over the register opened in this process. So a verb gives the
// same bytes either way, and never needs the node to be stopped.
#pragma once

#include <functional>
#include <memory>

#include "cli/session.h"
#include "net/message.h"

namespace entente::cli {

class Service {
  public:
    static Result<Service> open(const Common& common, const OpenOptions& options);
    ~Service();
    Service(Service&&) noexcept;
    Service& operator=(Service&&) noexcept;

    /// Fills in who asks. Statuses from 400 come back as errors.
    Result<net::Response> ask(net::Request request);
    Result<net::Response> get(const std::string& target, const std::string& accept);

    /// For answers that come piece by piece from a node; the response has them all again.
    Result<net::Response> ask_streamed(net::Request request,
                                       const std::function<void(std::string_view)>& piece);

    /// The register in this process; null when a node serves it.
    Session* session();

  private:
    struct State;
    explicit Service(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

/// The value of a header, or empty.
std::string header(const net::Response& response, std::string_view name);

}  // namespace entente::cli
