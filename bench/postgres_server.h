// SPDX-License-Identifier: Apache-2.0
// A PostgreSQL server of the bench's own: made new in a temporary folder, listening on a Unix
// socket there and nowhere else, and gone with this object. Should the bench be killed, the kernel
// tells the server to stop (PR_SET_PDEATHSIG). PostgreSQL refuses to run as root, so the server
// runs as the user `postgres` then.
#pragma once

#include <sys/types.h>

#include <string>

namespace entente::bench {

class PostgresServer {
  public:
    /// `shared_mb` of shared buffers, in huge pages where they can be had.
    explicit PostgresServer(int shared_mb);
    ~PostgresServer();
    PostgresServer(const PostgresServer&) = delete;
    PostgresServer& operator=(const PostgresServer&) = delete;

    /// What PQconnectdb wants.
    std::string connection() const;

  private:
    PostgresServer() = default;  // delegated to, so that a failing start still cleans up
    void reserve_huge_pages(int shared_mb);
    void start(int shared_mb);

    std::string folder_;
    std::string huge_pages_before_;  // what to put back; empty: nothing was changed
    pid_t server_ = -1;
};

}  // namespace entente::bench
