// SPDX-License-Identifier: Apache-2.0
#include "net/server.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <thread>

#include "net/worker.h"

namespace entente::net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using asio::local::stream_protocol;
using boost::system::error_code;

/// Connections need descriptors; the soft limit is often 1,024.
void raise_descriptor_limit() {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &limit);
}

constexpr auto tuple = asio::as_tuple(asio::use_awaitable);

std::string peer_of(const tcp::socket& socket) {
    error_code error;
    const auto endpoint = socket.remote_endpoint(error);
    return error ? std::string() : endpoint.address().to_string();
}

/// The API for people and programs, as sockets see it.
class ApiFront final : public Front {
  public:
    explicit ApiFront(Api& api) : api_(api) {}
    Way admit(const Request& request) override {
        Way out;
        auto admission = std::make_shared<Admission>(api_.admit(request));
        if (admission->refusal) {
            out.refusal = std::move(admission->refusal);
            return out;
        }
        out.body_max = admission->route->body_max;
        // Another party's view is made for the one who asks (PROTOCOL 9).
        out.slow = admission->route->slow || admission->target.has("as");
        out.answer = [&api = api_, admission](const Request& whole) {
            return api.answer(whole, std::move(*admission));
        };
        return out;
    }
    void count(const Response& response) override { api_.count(response); }
    Instant now() const override { return api_.desk().now(); }

  private:
    Api& api_;
};

class BeastServer final : public Server {
  public:
    explicit BeastServer(const ServerOptions& options)
        : options_(options), pool_(options.threads),
          tcp_(std::make_unique<tcp::acceptor>(accepting_)),
          local_(std::make_unique<stream_protocol::acceptor>(accepting_)) {}

    ~BeastServer() override { stop(); }

    Result<void> open() {
        raise_descriptor_limit();
        tls_ = options_.tls;
        if (!options_.tls_cert.empty()) {
            TRY(tls, load_tls(options_.tls_cert, options_.tls_key));
            tls_ = std::move(tls);
        }
        if (!options_.address.empty()) TRYV(listen_tcp());
        if (!options_.socket.empty()) TRYV(listen_local());
        return {};
    }

    void serve(Api& api) override {
        api_ = std::make_unique<ApiFront>(api);
        serve(*api_);
    }

    void serve(Front& front) override {
        const auto elsewhere = [this](std::function<void()> job) {
            asio::post(pool_, std::move(job));
        };
        for (unsigned i = 0; i < options_.threads; ++i) {
            workers_.push_back(std::make_unique<Worker>(
                front, elsewhere, options_.limits,
                std::max<std::size_t>(1, options_.limits.connections_max / options_.threads)));
        }
        asio::co_spawn(accepting_, accept_tcp(), asio::detached);
        asio::co_spawn(accepting_, accept_local(), asio::detached);
        threads_.emplace_back([this] { accepting_.run(); });
        for (auto& worker : workers_) {
            threads_.emplace_back([&worker = *worker] { worker.run(); });
        }
    }

    std::uint16_t port() const override { return port_; }

    void stop() override {
        if (stopped_) return;
        stopped_ = true;
        asio::post(accepting_, [this] {
            error_code ignored;
            tcp_->close(ignored);
            local_->close(ignored);
        });
        for (auto& worker : workers_) worker->finish();
        for (std::thread& thread : threads_) thread.join();
        pool_.join();
        if (!options_.socket.empty()) (void)::unlink(options_.socket.c_str());
    }

    Gauges gauges() const override {
        std::size_t open = 0;
        for (const auto& worker : workers_) open += worker->open();
        return {{"entente_connections", static_cast<double>(open)}};
    }

  private:
    Result<void> listen_tcp() {
        error_code error;
        const auto address = asio::ip::make_address(options_.address, error);
        if (error) {
            return fail(Errc::malformed, "--listen: " + options_.address +
                                             " is no numeric address, like 127.0.0.1 or ::1");
        }
        const tcp::endpoint endpoint(address, options_.port);
        tcp_->open(endpoint.protocol(), error);
        if (!error) tcp_->set_option(tcp::acceptor::reuse_address(true), error);
        if (!error) tcp_->bind(endpoint, error);
        if (!error) tcp_->listen(asio::socket_base::max_listen_connections, error);
        if (error) {
            return fail(Errc::unavailable, "cannot listen on " + options_.address + ":" +
                                               std::to_string(options_.port) + ": " +
                                               error.message() + "; is another program there?");
        }
        port_ = tcp_->local_endpoint(error).port();
        return {};
    }

    /// The path belongs to this process: it holds the directory's lock, so what lies there is left
    /// from one that was killed.
    Result<void> listen_local() {
        error_code error;
        (void)::unlink(options_.socket.c_str());
        const mode_t before = ::umask(0177);
        try {
            const stream_protocol::endpoint endpoint(options_.socket);
            local_->open(endpoint.protocol(), error);
            if (!error) local_->bind(endpoint, error);
            if (!error) local_->listen(asio::socket_base::max_listen_connections, error);
        } catch (const boost::system::system_error& too_long) {
            error = too_long.code();
        }
        (void)::umask(before);
        if (error) {
            return fail(Errc::unavailable, "cannot listen on " + options_.socket + ": " +
                                               error.message() +
                                               " (the path of a socket has at most 107 bytes)");
        }
        return {};
    }

    Worker& next_worker() { return *workers_[turn_++ % workers_.size()]; }

    asio::awaitable<void> accept_tcp() {
        while (tcp_->is_open()) {
            auto [error, socket] = co_await tcp_->async_accept(tuple);
            if (error) {
                co_await pause(error);
                continue;
            }
            error_code ignored;
            socket.set_option(tcp::no_delay(true), ignored);
            Accepted accepted{-1, tcp_->local_endpoint(ignored).protocol().family(), Door::tcp,
                              peer_of(socket), tls_};
            accepted.descriptor = socket.release(ignored);
            next_worker().take(std::move(accepted));
        }
    }

    asio::awaitable<void> accept_local() {
        while (local_->is_open()) {
            auto [error, socket] = co_await local_->async_accept(tuple);
            if (error) {
                co_await pause(error);
                continue;
            }
            error_code ignored;
            Accepted accepted{-1, AF_UNIX, Door::socket, "node.sock", nullptr};
            accepted.descriptor = socket.release(ignored);
            next_worker().take(std::move(accepted));
        }
    }

    /// Without descriptors left accept fails at once and again; what is open frees some soon.
    asio::awaitable<void> pause(error_code error) {
        if (error == asio::error::operation_aborted) co_return;
        asio::steady_timer timer(accepting_, std::chrono::milliseconds(50));
        co_await timer.async_wait(asio::use_awaitable);
    }

    ServerOptions options_;
    asio::io_context accepting_{1};
    asio::thread_pool pool_;
    std::shared_ptr<Tls> tls_;
    std::unique_ptr<ApiFront> api_;
    std::unique_ptr<tcp::acceptor> tcp_;
    std::unique_ptr<stream_protocol::acceptor> local_;
    std::vector<std::unique_ptr<Worker>> workers_;
    std::vector<std::thread> threads_;
    std::size_t turn_ = 0;  // of the accepting thread
    std::uint16_t port_ = 0;
    bool stopped_ = false;
};

}  // namespace

Result<std::unique_ptr<Server>> Server::listen(const ServerOptions& options) {
    auto server = std::make_unique<BeastServer>(options);
    TRYV(server->open());
    return std::unique_ptr<Server>(std::move(server));
}

}  // namespace entente::net
