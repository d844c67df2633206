// SPDX-License-Identifier: Apache-2.0
#include "net/client.h"

#include <sys/socket.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <cerrno>

namespace entente::net {
namespace {

namespace http = boost::beast::http;
using boost::system::error_code;
using Protocol = boost::asio::local::stream_protocol;

constexpr std::uint64_t response_bytes_max = std::uint64_t{1} << 30;

http::verb verb_of(Method method) {
    switch (method) {
        case Method::get: return http::verb::get;
        case Method::post: return http::verb::post;
        case Method::patch: return http::verb::patch;
        case Method::del: return http::verb::delete_;
        case Method::other: break;
    }
    return http::verb::unknown;
}

class SocketClient final : public Client {
  public:
    SocketClient() : socket_(context_) {}

    Result<void> connect(const std::string& path) {
        path_ = path;
        error_code error;
        try {
            socket_.connect(Protocol::endpoint(path), error);
        } catch (const boost::system::system_error& too_long) {
            error = too_long.code();
        }
        // A path that is too long for a socket is too long for a node, too.
        if (error == boost::system::errc::no_such_file_or_directory ||
            error == boost::system::errc::not_a_directory ||
            error == boost::system::errc::filename_too_long ||
            error == boost::system::errc::connection_refused) {
            return fail(Errc::not_found, "no node listens on " + path);
        }
        if (error) return broken("connect to " + path, error);
        return {};
    }

    Result<Response> ask(const Request& request) override { return ask(request, nullptr); }

    Result<Response> ask(const Request& request,
                         const std::function<void(std::string_view)>& piece) override {
        http::request<http::string_body> message(verb_of(request.method), request.target, 11);
        message.set(http::field::host, "node.sock");
        set(message, "Authorization", request.authorization);
        set(message, "Content-Type", request.content_type);
        set(message, "Accept", request.accept);
        set(message, "If-Match", request.if_match);
        set(message, "Entente-Actor", request.actor);
        set(message, "Entente-Reason", request.reason);
        message.body() = request.body;
        message.prepare_payload();
        TRYV(renew());
        error_code error;
        http::write(socket_, message, error);
        if (error) return broken("ask the node", error);
        return read(piece);
    }

  private:
    /// The node closes after what it streamed, and what was idle for long; nothing of the next
    /// request has been sent by then.
    Result<void> renew() {
        char byte = 0;
        const bool quiet = ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 &&
                           (errno == EAGAIN || errno == EWOULDBLOCK);
        if (open_ && quiet) return {};
        error_code ignored;
        socket_.close(ignored);
        buffer_.clear();
        open_ = true;
        const std::string path = path_;
        return connect(path);
    }
    static tl::unexpected<Error> broken(const std::string& what, error_code error) {
        return fail(Errc::unavailable, "could not " + what + ": " + error.message());
    }
    static void set(http::request<http::string_body>& message, const char* name,
                    const std::string& value) {
        if (!value.empty()) message.set(name, value);
    }

    Result<Response> read(const std::function<void(std::string_view)>& piece) {
        http::response_parser<http::string_body> parser;
        parser.body_limit(response_bytes_max);
        error_code error;
        http::read_header(socket_, buffer_, parser, error);
        if (error) return broken("read the node's answer", error);
        std::size_t passed_on = 0;
        while (!parser.is_done()) {
            http::read_some(socket_, buffer_, parser, error);
            if (error) return broken("read the node's answer", error);
            const std::string& body = parser.get().body();
            const bool good = parser.get().result_int() < 400;
            if (piece && good && body.size() > passed_on) {
                piece(std::string_view(body).substr(passed_on));
                passed_on = body.size();
            }
        }
        open_ = parser.get().keep_alive();
        Response out;
        out.status = static_cast<int>(parser.get().result_int());
        for (const auto& header : parser.get()) {
            if (header.name() == http::field::content_type) out.type = std::string(header.value());
            out.headers.emplace_back(std::string(header.name_string()),
                                     std::string(header.value()));
        }
        out.body = std::move(parser.get().body());
        return out;
    }

    boost::asio::io_context context_;
    Protocol::socket socket_;
    std::string path_;
    bool open_ = true;
    boost::beast::flat_buffer buffer_;
};

}  // namespace

Result<std::unique_ptr<Client>> Client::connect(const std::string& socket) {
    auto client = std::make_unique<SocketClient>();
    TRYV(client->connect(socket));
    return std::unique_ptr<Client>(std::move(client));
}

}  // namespace entente::net
