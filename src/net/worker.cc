// SPDX-License-Identifier: Apache-2.0
#include "net/worker.h"

#include <unistd.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>

#include "net/channel.h"
#include "net/connections.h"
#include "net/http_text.h"
#include "net/problem.h"

namespace entente::net {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;
using Protocol = asio::generic::stream_protocol;
using Plain = beast::basic_stream<Protocol>;
using Secure = beast::ssl_stream<Plain>;

namespace {

constexpr auto tuple = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t piece_bytes = 256 * 1024;

template <class Header>
void read_header(const Header& header, Request& out) {
    out.method = method_of(header.method_string());
    out.head = header.method() == http::verb::head;
    out.target = std::string(header.target());
    out.host = std::string(header[http::field::host]);
    out.origin = std::string(header[http::field::origin]);
    out.authorization = std::string(header[http::field::authorization]);
    out.cookie = std::string(header[http::field::cookie]);
    out.content_type = std::string(header[http::field::content_type]);
    out.accept = std::string(header[http::field::accept]);
    out.accept_encoding = std::string(header[http::field::accept_encoding]);
    out.if_match = std::string(header[http::field::if_match]);
    out.if_none_match = std::string(header[http::field::if_none_match]);
    out.last_event_id = std::string(header["Last-Event-ID"]);
    out.actor = std::string(header["Entente-Actor"]);
    out.reason = std::string(header["Entente-Reason"]);
}

/// Whether another reader could take these fields differently: Beast takes a coding that it does
/// not know for none, and what is a body to a proxy would be the next request here (RFC 9112 6.1).
template <class Fields>
bool is_ambiguous(const Fields& fields) {
    const auto coding = fields.find(http::field::transfer_encoding);
    bool out = coding != fields.end() && !beast::iequals(coding->value(), "chunked");
    for (const auto name : {http::field::transfer_encoding, http::field::host, http::field::origin,
                            http::field::authorization}) {
        out = out || fields.count(name) > 1;
    }
    return out;
}
constexpr const char* ambiguous =
    "a Transfer-Encoding but chunked, or Host, Origin or Authorization twice";

}  // namespace

struct Worker::State {
    Front& front;
    Elsewhere elsewhere;
    Limits limits;
    // Before the context: what it still holds at its end takes itself out of these.
    Connections connections;
    bool finishing = false;
    asio::io_context context{1};
    asio::executor_work_guard<asio::io_context::executor_type> work{context.get_executor()};
    std::unique_ptr<asio::steady_timer> last_call{};
};

namespace {

/// One connection. Stream is Plain or Secure.
template <class Stream>
class Connection {
  public:
    Connection(Worker::State& worker, Stream stream, const Accepted& accepted,
               Connections::At entry)
        : worker_(worker), stream_(std::move(stream)), tls_(accepted.tls), entry_(entry) {
        prototype_.door = accepted.door;
        prototype_.peer = accepted.peer;
    }

    asio::awaitable<void> run() {
        bool go_on = true;
        while (go_on && !worker_.finishing) {
            const bool more = co_await wait_for_request();
            if (!more) break;
            go_on = co_await serve_one();
        }
        co_await shut_down();
    }

    Plain& plain() { return beast::get_lowest_layer(stream_); }

    asio::awaitable<bool> handshake() {
        if constexpr (std::is_same_v<Stream, Secure>) {
            plain().expires_after(worker_.limits.header_max);
            constexpr auto server = asio::ssl::stream_base::server;
            auto [error] = co_await stream_.async_handshake(server, tuple);
            if (error) {
                // Until the alert that says why has been read: RST would overtake it.
                co_await read_away();
                co_return false;
            }
            co_return is_welcome();
        }
        co_return true;
    }

  private:
    using Parser = http::request_parser<http::string_body>;

    /// The first bytes of a request, however long they take within idle_max.
    asio::awaitable<bool> wait_for_request() {
        worker_.connections.waits(entry_);
        if (buffer_.size() > 0) {
            entry_->doing = Doing::reading;
            co_return true;
        }
        plain().expires_after(worker_.limits.idle_max);
        auto space = buffer_.prepare(4096);
        auto [error, count] = co_await stream_.async_read_some(space, tuple);
        if (error) co_return false;
        if (entry_->doing == Doing::waiting) entry_->doing = Doing::reading;
        buffer_.commit(count);
        co_return true;
    }

    /// Between nodes: whose connection this is, and whether that party may have one more.
    bool is_welcome() {
        if constexpr (std::is_same_v<Stream, Secure>) {
            if (!tls_->asks_for_keys()) return true;
            key_ = shown_key(stream_.native_handle());
            const auto party = key_ ? tls_->party_of(*key_) : std::nullopt;
            return party && worker_.connections.belongs_to(entry_, party->v);
        }
        return true;
    }

    /// Reads, answers; whether the connection goes on.
    asio::awaitable<bool> serve_one() {
        Parser parser;
        parser.header_limit(header_bytes_max);
        parser.body_limit(boost::none);
        plain().expires_after(worker_.limits.header_max);
        auto [error, count] = co_await http::async_read_header(stream_, buffer_, parser, tuple);
        const bool to_head = parser.get().method() == http::verb::head;
        if (!error && is_ambiguous(parser.get())) error = asio::error::invalid_argument;
        if (error) {
            co_await refuse_header(error, to_head);
            co_return false;
        }
        Request request = prototype_;
        read_header(parser.get().base(), request);
        request.tls = std::is_same_v<Stream, Secure>;
        // Asked anew each time: who is no party any more is not served any more.
        if (key_) request.party = tls_->party_of(*key_);
        const bool keep = parser.get().keep_alive() && !worker_.finishing;
        const Way way = worker_.front.admit(request);
        if (way.refusal) {
            entry_->doing = Doing::working;
            // Its body was not read, so nothing more can be: unless there was none.
            const bool keep_on = keep && parser.is_done();
            worker_.front.count(*way.refusal);
            const bool wrote = co_await write(*way.refusal, request, keep_on);
            if (!wrote) co_return false;
            co_return keep_on;
        }
        const bool whole = co_await read_body(parser, request, way.body_max);
        if (!whole) co_return false;
        entry_->doing = Doing::working;
        request.body = std::move(parser.get().body());
        Response response = co_await answer(request, way);
        if (response.source) {
            co_await write_stream(response, request);
            co_return false;
        }
        const bool keep_on = keep && !worker_.finishing;
        const bool wrote = co_await write(response, request, keep_on);
        if (!wrote) co_return false;
        co_return keep_on;
    }

    /// What is no HTTP gets one line of answer; who is gone or too slow, none.
    asio::awaitable<bool> refuse_header(error_code error, bool head) {
        if (error == http::error::end_of_stream || error == beast::error::timeout ||
            error == asio::error::operation_aborted || error == asio::error::connection_reset ||
            error == asio::error::eof || error == http::error::partial_message) {
            co_return false;
        }
        const bool long_header =
            error == http::error::header_limit || error == http::error::buffer_overflow;
        const Response response =
            long_header ? problem(431, "too_large", "the header is too long", "header_bytes_max")
                        : problem(400, "malformed",
                                  "this is not HTTP/1.1 with one meaning: " +
                                      (error == asio::error::invalid_argument ? ambiguous
                                                                              : error.message()));
        worker_.front.count(response);
        Request unknown = prototype_;
        unknown.head = head;
        const bool wrote = co_await write(response, unknown, false);
        co_return wrote;
    }

    asio::awaitable<bool> read_body(Parser& parser, const Request& request, std::size_t most) {
        if (parser.is_done()) co_return true;
        const auto length = parser.content_length();
        if (length && *length > most) {
            co_await refuse_body(request, most);
            co_return false;
        }
        parser.body_limit(most);
        plain().expires_after(worker_.limits.body_max);
        if (beast::iequals(parser.get()[http::field::expect], "100-continue")) {
            const http::response<http::empty_body> go{http::status::continue_, 11};
            auto [error, count] = co_await http::async_write(stream_, go, tuple);
            if (error) co_return false;
        }
        auto [error, count] = co_await http::async_read(stream_, buffer_, parser, tuple);
        if (!error) co_return true;
        if (error == http::error::body_limit) {
            co_await refuse_body(request, most);
            co_return false;
        }
        co_await refuse_header(error, false);
        co_return false;
    }

    asio::awaitable<bool> refuse_body(const Request& request, std::size_t most) {
        const Response response = problem(413, "too_large",
                                          "the body has more than " + std::to_string(most) +
                                              " bytes, which is all that this path takes",
                                          "body_max");
        worker_.front.count(response);
        const bool wrote = co_await write(response, request, false);
        co_return wrote;
    }

    asio::awaitable<Response> answer(const Request& request, const Way& way) {
        plain().expires_never();
        if (!way.slow) co_return way.answer(request);
        Response response;
        asio::steady_timer done(worker_.context, asio::steady_timer::time_point::max());
        worker_.elsewhere([&] {
            response = way.answer(request);
            asio::post(worker_.context, [&] { done.cancel(); });
        });
        // Always ends by the cancel above: this thread runs that only once this waits.
        co_await done.async_wait(tuple);
        co_return response;
    }

    /// The header lines of a response.
    template <class Message>
    void fill(Message& message, const Response& response, bool keep) {
        message.version(11);
        message.result(static_cast<unsigned>(response.status));
        message.reason(reason_phrase(response.status));
        message.set(http::field::date, http_date(worker_.front.now()));
        if (!response.type.empty()) message.set(http::field::content_type, response.type);
        if (!response.etag.empty()) message.set(http::field::etag, response.etag);
        for (const auto& [name, value] : response.headers) message.insert(name, value);
        message.set("X-Content-Type-Options", "nosniff");
        message.keep_alive(keep);
    }

    asio::awaitable<bool> write(const Response& response, const Request& request, bool keep) {
        const std::string& bytes = response.bytes();
        plain().expires_after(worker_.limits.write_max);
        if (request.head || response.status == 204 || response.status == 304) {
            http::response<http::empty_body> message;
            fill(message, response, keep);
            if (request.head) message.content_length(bytes.size());
            auto [error, count] = co_await http::async_write(stream_, message, tuple);
            co_return !error;
        }
        http::response<http::span_body<const char>> message;
        message.body() = {bytes.data(), bytes.size()};
        fill(message, response, keep);
        message.content_length(bytes.size());
        if (bytes.size() > piece_bytes) {
            const bool wrote = co_await write_long(message);
            co_return wrote;
        }
        auto [error, count] = co_await http::async_write(stream_, message, tuple);
        co_return !error;
    }

    /// What is long has write_max for each piece: a slow link gets it whole.
    asio::awaitable<bool> write_long(http::response<http::span_body<const char>>& message) {
        http::response_serializer<http::span_body<const char>> serializer(message);
        auto [error, count] = co_await http::async_write_header(stream_, serializer, tuple);
        if (error) co_return false;
        const auto& body = message.body();
        for (std::size_t at = 0; at < body.size(); at += piece_bytes) {
            const asio::const_buffer piece(body.data() + at,
                                           std::min(piece_bytes, body.size() - at));
            plain().expires_after(worker_.limits.write_max);
            auto [failed, written] = co_await asio::async_write(stream_, piece, tuple);
            if (failed) co_return false;
        }
        co_return true;
    }

    /// Pieces as they come, until the end, the peer's or the node's.
    asio::awaitable<bool> write_stream(const Response& response, const Request& request) {
        http::response<http::empty_body> message;
        fill(message, response, false);
        message.set(http::field::cache_control, "no-store");
        message.chunked(true);
        http::response_serializer<http::empty_body> serializer(message);
        plain().expires_after(worker_.limits.write_max);
        auto [error, count] = co_await http::async_write_header(stream_, serializer, tuple);
        if (error || request.head) co_return !error;
        entry_->doing = Doing::streaming;
        const bool written = co_await write_pieces(*response.source);
        if (!written) co_return false;
        auto last = http::make_chunk_last();
        plain().expires_after(worker_.limits.write_max);
        auto [last_error, last_count] = co_await asio::async_write(stream_, last, tuple);
        co_return !last_error;
    }

    asio::awaitable<bool> write_pieces(Source& source) {
        auto timer = std::make_shared<asio::steady_timer>(worker_.context);
        entry_->wake = [timer] { timer->cancel(); };
        while (!worker_.finishing) {
            std::optional<std::string> piece = source.pull();
            if (!piece) co_return true;
            if (piece->empty()) {
                timer->expires_after(std::chrono::seconds(15));
                source.on_ready([this_context = &worker_.context, timer] {
                    asio::post(*this_context, [timer] { timer->cancel(); });
                });
                plain().expires_never();
                auto [woken] = co_await timer->async_wait(tuple);
                if (woken) continue;
                piece = source.heart_beat();
                if (piece->empty()) continue;
            }
            const asio::const_buffer bytes(piece->data(), piece->size());
            auto chunk = http::make_chunk(bytes);
            plain().expires_after(worker_.limits.write_max);
            auto [error, count] = co_await asio::async_write(stream_, chunk, tuple);
            if (error) co_return false;
        }
        co_return true;
    }

    asio::awaitable<void> shut_down() {
        if constexpr (std::is_same_v<Stream, Secure>) {
            plain().expires_after(std::chrono::seconds(2));
            co_await stream_.async_shutdown(tuple);
        } else {
            co_await read_away();
        }
    }

    /// Ends sending; what the peer still sends is read away for a moment, so that it can read what
    /// was said last.
    asio::awaitable<void> read_away() {
        Plain& below = plain();
        error_code ignored;
        below.socket().shutdown(Protocol::socket::shutdown_send, ignored);
        below.expires_after(std::chrono::seconds(1));
        for (std::size_t total = 0; total < (std::size_t{1} << 20);) {
            buffer_.clear();
            auto space = buffer_.prepare(16384);
            auto [error, count] = co_await below.async_read_some(space, tuple);
            if (error) break;
            total += count;
        }
    }

    Worker::State& worker_;
    Stream stream_;
    Request prototype_;
    std::shared_ptr<Tls> tls_;
    std::optional<PublicKey> key_;  // between nodes: what the other one showed
    Connections::At entry_;
    beast::flat_buffer buffer_;
};

/// Out of the list when the connection ends, however it ends.
struct Listed {
    Worker::State& worker;
    Connections::At entry;
    explicit Listed(Worker::State& state) : worker(state), entry(state.connections.add()) {}
    Listed(const Listed&) = delete;
    Listed& operator=(const Listed&) = delete;
    ~Listed() {
        worker.connections.remove(entry);
        if (worker.context.stopped()) return;  // then the timer may be gone already
        if (worker.connections.empty() && worker.last_call) worker.last_call->cancel();
    }
};

template <class Stream>
asio::awaitable<void> serve(Worker::State& worker, Stream stream, Accepted accepted) {
    const Listed listed(worker);
    Connection<Stream> connection(worker, std::move(stream), accepted, listed.entry);
    listed.entry->close = [&connection] {
        error_code ignored;
        connection.plain().socket().close(ignored);
    };
    const bool ready = co_await connection.handshake();
    if (!ready) co_return;
    co_await connection.run();
}

/// Where nobody can make room: says so, for two seconds at most.
asio::awaitable<void> turn_away(Plain stream) {
    const Response full = problem(503, "too_many", "this node serves as many connections as it may",
                                  "connections_max");
    const std::string text = "HTTP/1.1 503 Service Unavailable\r\nContent-Type: " + full.type +
                             "\r\nContent-Length: " + std::to_string(full.body.size()) +
                             "\r\nRetry-After: 1\r\nConnection: close\r\n\r\n" + full.body;
    stream.expires_after(std::chrono::seconds(2));
    const asio::const_buffer bytes(text.data(), text.size());
    co_await asio::async_write(stream, bytes, tuple);
}

void begin(Worker::State& worker, Accepted accepted) {
    error_code error;
    Protocol::socket socket(worker.context);
    socket.assign(Protocol(accepted.family, 0), accepted.descriptor, error);
    if (error) {
        (void)::close(accepted.descriptor);
        return;
    }
    if (worker.finishing) return;  // the socket closes itself
    if (!worker.connections.make_room()) {
        if (!accepted.tls) {
            asio::co_spawn(worker.context, turn_away(Plain(std::move(socket))), asio::detached);
        }
        return;
    }
    if (accepted.tls) {
        // The stream keeps OpenSSL's context; Asio's is only the way to hand it over.
        asio::ssl::context context(accepted.tls->share());
        Secure stream(Plain(std::move(socket)), context);
        asio::co_spawn(worker.context, serve(worker, std::move(stream), std::move(accepted)),
                       asio::detached);
    } else {
        asio::co_spawn(worker.context, serve(worker, Plain(std::move(socket)), std::move(accepted)),
                       asio::detached);
    }
}

}  // namespace

Worker::Worker(Front& front, Elsewhere elsewhere, const Limits& limits, std::size_t connections_max)
    : state_(new State{
          front, std::move(elsewhere), limits, {connections_max, limits.party_connections_max}}) {}
Worker::~Worker() = default;

void Worker::take(Accepted accepted) {
    asio::post(state_->context, [state = state_.get(), accepted = std::move(accepted)]() mutable {
        begin(*state, std::move(accepted));
    });
}

void Worker::run() { state_->context.run(); }

void Worker::finish() {
    asio::post(state_->context, [state = state_.get()] {
        state->finishing = true;
        state->connections.finish();
        state->work.reset();
        if (state->connections.empty()) return;
        state->last_call = std::make_unique<asio::steady_timer>(state->context);
        state->last_call->expires_after(state->limits.stop_max);
        state->last_call->async_wait([state](error_code cancelled) {
            if (!cancelled) state->context.stop();
        });
    });
}

std::size_t Worker::open() const { return state_->connections.size(); }

}  // namespace entente::net
