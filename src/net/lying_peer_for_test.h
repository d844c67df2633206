// SPDX-License-Identifier: Apache-2.0
// The other end of a connection, for tests: a real socket on loopback that does whatever a script
// says, with TLS or without, to one connection after the other.
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "net/channel.h"

namespace entente::net::test {

/// One connection, as its script has it.
class Talk {
  public:
    Talk(int descriptor, SSL* tls) : descriptor_(descriptor), tls_(tls) {}

    /// The next request's header; empty when the other end has gone.
    std::string request() {
        std::string out;
        char byte = 0;
        while (!out.ends_with("\r\n\r\n") && read(byte)) out += byte;
        return out.ends_with("\r\n\r\n") ? out : std::string();
    }
    std::string body(std::size_t size) {
        std::string out;
        char byte = 0;
        while (out.size() < size && read(byte)) out += byte;
        return out;
    }
    /// False when the other end has gone.
    bool say(std::string_view bytes) {
        while (!bytes.empty()) {
            const auto count = tls_ != nullptr
                                   ? static_cast<ssize_t>(SSL_write(tls_, bytes.data(),
                                                                    static_cast<int>(bytes.size())))
                                   : ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (count <= 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(count));
        }
        return true;
    }
    bool answer(std::string_view body, std::string_view headers = {}) {
        return say("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
                   std::string(headers) + "\r\n" + std::string(body));
    }
    /// Says nothing for so long; false as soon as the other end has gone.
    bool wait(int milliseconds) {
        pollfd one{descriptor_, POLLRDHUP, 0};
        return ::poll(&one, 1, milliseconds) == 0;
    }
    /// Until the other end has gone.
    void hang() { (void)wait(-1); }
    /// RST in place of FIN.
    void reset() {
        const linger now{1, 0};
        (void)::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    }

  private:
    bool read(char& byte) {
        if (tls_ != nullptr) return SSL_read(tls_, &byte, 1) == 1;
        return ::recv(descriptor_, &byte, 1, 0) == 1;
    }
    int descriptor_;
    SSL* tls_;
};

struct Manner {
    std::shared_ptr<const Channel> channel;  // null: no TLS
    Tls::PartyOf party_of = [](const PublicKey&) { return PartyId{"anybody"}; };
    int newest = TLS1_3_VERSION;
    bool asks_for_key = true;
};

class LyingPeer {
  public:
    using Script = std::function<void(Talk& talk)>;

    LyingPeer(Manner manner, Script script)
        : script_(std::move(script)), asked_(std::move(manner.party_of)) {
        (void)std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes where the other end has gone
        if (manner.channel) {
            tls_ = *manner.channel->listening([this](const PublicKey& key) { return asked_(key); });
            context_ = tls_->share();
            (void)SSL_CTX_set_min_proto_version(context_, TLS1_2_VERSION);
            (void)SSL_CTX_set_max_proto_version(context_, manner.newest);
            if (!manner.asks_for_key) SSL_CTX_set_verify(context_, SSL_VERIFY_NONE, nullptr);
        }
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        listening_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        auto* plain = reinterpret_cast<sockaddr*>(&address);
        EXPECT_EQ(::bind(listening_, plain, size), 0);
        EXPECT_EQ(::listen(listening_, 16), 0);
        EXPECT_EQ(::getsockname(listening_, plain, &size), 0);
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this] { run(); });
    }
    ~LyingPeer() {
        {
            const std::lock_guard lock(mutex_);
            ending_ = true;
            if (open_ >= 0) (void)::shutdown(open_, SHUT_RDWR);
        }
        (void)::shutdown(listening_, SHUT_RDWR);
        thread_.join();
        (void)::close(listening_);
        SSL_CTX_free(context_);
    }
    LyingPeer(const LyingPeer&) = delete;
    LyingPeer& operator=(const LyingPeer&) = delete;

    std::string url(const char* scheme = "https") const {
        return std::string(scheme) + "://127.0.0.1:" + std::to_string(port_);
    }
    int connections() const { return connections_; }

  private:
    void run() {
        while (true) {
            const int descriptor = ::accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
            if (descriptor < 0) return;
            ++connections_;
            {
                const std::lock_guard lock(mutex_);
                open_ = descriptor;
                if (ending_) (void)::shutdown(open_, SHUT_RDWR);
            }
            serve(descriptor);
            const std::lock_guard lock(mutex_);
            open_ = -1;
            (void)::close(descriptor);
        }
    }
    void serve(int descriptor) {
        if (context_ == nullptr) {
            Talk talk(descriptor, nullptr);
            script_(talk);
            return;
        }
        SSL* tls = SSL_new(context_);
        (void)SSL_set_fd(tls, descriptor);
        if (SSL_accept(tls) == 1) {
            Talk talk(descriptor, tls);
            script_(talk);
        } else {
            // So that the alert is read before the connection is gone.
            char rest[4096];
            (void)::shutdown(descriptor, SHUT_WR);
            while (::recv(descriptor, rest, sizeof rest, 0) > 0) continue;
        }
        SSL_free(tls);
    }

    Script script_;
    Tls::PartyOf asked_;
    std::shared_ptr<Tls> tls_;
    SSL_CTX* context_ = nullptr;
    int listening_ = -1;
    std::uint16_t port_ = 0;
    std::atomic<int> connections_ = 0;
    std::mutex mutex_;  // guards the next two
    int open_ = -1;
    bool ending_ = false;
    std::thread thread_;
};

}  // namespace entente::net::test
