// SPDX-License-Identifier: Apache-2.0
#include "net/peer_client.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <atomic>

#include "base/encode.h"
#include "base/sha256.h"
#include "net/answer_reader.h"
#include "net/peer_failure.h"

namespace entente::net {
namespace {

/// Once in a program, before any thread asks. False: this libcurl is not OpenSSL's, or is broken.
bool curl_is_ready() {
    static const bool ready = [] {
        if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) return false;
        const curl_version_info_data* about = curl_version_info(CURLVERSION_NOW);
        return about->ssl_version != nullptr &&
               std::string_view(about->ssl_version).find("OpenSSL") != std::string_view::npos;
    }();
    return ready;
}

std::string part_of(CURLU* url, CURLUPart part) {
    char* text = nullptr;
    if (curl_url_get(url, part, &text, 0) != CURLUE_OK) return {};
    std::string out(text);
    curl_free(text);
    return out;
}

bool is_loopback(const std::string& host) {
    return host == "127.0.0.1" || host == "[::1]" || host == "localhost";
}

/// The base of all URLs without a slash at its end.
Result<std::string> base_of(const PeerOptions& options) {
    const std::unique_ptr<CURLU, void (*)(CURLU*)> url(curl_url(), curl_url_cleanup);
    const bool parsed =
        url && curl_url_set(url.get(), CURLUPART_URL, options.url.c_str(), 0) == CURLUE_OK;
    const std::string scheme = parsed ? part_of(url.get(), CURLUPART_SCHEME) : std::string();
    const bool plain = scheme == "http" && options.loopback_http && options.keys.empty() &&
                       is_loopback(part_of(url.get(), CURLUPART_HOST));
    bool good = options.url.starts_with(scheme + "://") && (scheme == "https" || plain);
    for (const CURLUPart part :
         {CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_QUERY, CURLUPART_FRAGMENT}) {
        good = good && part_of(url.get(), part).empty();
    }
    if (!good) {
        return fail(Errc::malformed,
                    "expected an address like https://node.example.org:8701, got " + options.url);
    }
    std::string out = options.url;
    while (out.ends_with('/')) out.pop_back();
    return out;
}

class CurlClient final : public PeerClient {
  public:
    CurlClient(PeerOptions options, std::string base)
        : options_(std::move(options)), base_(std::move(base)), multi_(curl_multi_init()),
          easy_(curl_easy_init()) {
        pin_.keys = options_.keys;
    }

    ~CurlClient() override {
        curl_easy_cleanup(easy_);
        curl_multi_cleanup(multi_);
    }

    /// Sets what is the same for all requests; false if libcurl takes anything of it not.
    bool begin() {
        if (easy_ == nullptr || multi_ == nullptr) return false;
        const PeerLimits& limits = options_.limits;
        bool good = curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, 1L) == CURLM_OK;
        const auto set = [&](CURLoption option, auto value) {
            good = good && curl_easy_setopt(easy_, option, value) == CURLE_OK;
        };
        set(CURLOPT_ERRORBUFFER, error_);
        set(CURLOPT_NOSIGNAL, 1L);
        set(CURLOPT_PROTOCOLS_STR, options_.loopback_http ? "https,http" : "https");
        set(CURLOPT_FOLLOWLOCATION, 0L);
        set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
        set(CURLOPT_PATH_AS_IS, 1L);
        set(CURLOPT_PROXY, options_.proxy.c_str());  // empty: none, whatever the environment says
        set(CURLOPT_NOPROXY, "");
        set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
        set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
        set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
        set(CURLOPT_HTTP09_ALLOWED, 0L);
        set(CURLOPT_USERAGENT, "entente");
        // What libcurl unpacks it would unpack without a limit of ours in between (and br, zstd
        // too): the reader of the answer does it.
        set(CURLOPT_HTTP_CONTENT_DECODING, 0L);
        set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(limits.connect_max.count()));
        set(CURLOPT_TIMEOUT_MS, static_cast<long>(limits.total_max.count()));
        set(CURLOPT_LOW_SPEED_LIMIT, limits.bytes_per_second_min);
        set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(limits.slow_max.count()));
        set(CURLOPT_WRITEFUNCTION, take_body);
        set(CURLOPT_HEADERFUNCTION, take_header);
        return good && secure();
    }

    Reply get(const std::string& path, const std::string& etag, std::size_t body_max) override {
        List headers{"Accept-Encoding: gzip, identity"};
        if (!etag.empty()) headers.add("If-None-Match: " + etag);
        if (curl_easy_setopt(easy_, CURLOPT_HTTPGET, 1L) != CURLE_OK) return out_of_order();
        return ask(path, headers, body_max);
    }

    Reply post(const std::string& path, const std::string& type, BytesView body) override {
        List headers{"Accept-Encoding: gzip, identity"};
        headers.add("Content-Type: " + type);
        headers.add("Expect:");  // a round trip for nothing: what we send is small
        const bool set = curl_easy_setopt(easy_, CURLOPT_POST, 1L) == CURLE_OK &&
                         curl_easy_setopt(easy_, CURLOPT_POSTFIELDSIZE_LARGE,
                                          static_cast<curl_off_t>(body.size())) == CURLE_OK &&
                         curl_easy_setopt(easy_, CURLOPT_COPYPOSTFIELDS,
                                          body.empty() ? "" : body.data()) == CURLE_OK;
        if (!set) return out_of_order();
        return ask(path, headers, 0);
    }

    void stop() override {
        stopping_ = true;
        (void)curl_multi_wakeup(multi_);
    }
    std::uint64_t bytes_in() const override { return bytes_in_; }

  private:
    /// A list of header lines, freed at its end.
    struct List {
        curl_slist* first = nullptr;
        explicit List(const char* line) { add(line); }
        ~List() { curl_slist_free_all(first); }
        List(const List&) = delete;
        List& operator=(const List&) = delete;
        void add(const std::string& line) { first = curl_slist_append(first, line.c_str()); }
    };

    /// By whose word the other end is known.
    bool secure() {
        bool good = true;
        const auto set = [&](CURLoption option, auto value) {
            good = good && curl_easy_setopt(easy_, option, value) == CURLE_OK;
        };
        set(CURLOPT_SSL_SESSIONID_CACHE, 0L);  // nothing is resumed past a check
        if (options_.keys.empty()) {
            set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
            set(CURLOPT_SSL_VERIFYPEER, 1L);
            set(CURLOPT_SSL_VERIFYHOST, 2L);
            if (!options_.authorities.empty()) {
                set(CURLOPT_CAINFO, options_.authorities.c_str());
                set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
            }
            return good;
        }
        // No authority vouches for a channel key and no name belongs to it: the charter does, and
        // the key itself is compared. Twice: in the handshake, before ours is shown (configure),
        // and by libcurl after it.
        set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_3));
        set(CURLOPT_SSL_VERIFYPEER, 0L);
        set(CURLOPT_SSL_VERIFYHOST, 0L);
        std::string pins;
        for (const PublicKey& key : options_.keys) {
            pins += (pins.empty() ? "sha256//" : ";sha256//") + to_base64(sha256(spki(key)).view());
        }
        set(CURLOPT_PINNEDPUBLICKEY, pins.c_str());
        set(CURLOPT_SSL_CTX_FUNCTION, configure);
        set(CURLOPT_SSL_CTX_DATA, this);
        return good;
    }

    static CURLcode configure(CURL*, void* context, void* self) {
        auto& client = *static_cast<CurlClient*>(self);
        const bool good =
            client.options_.own->calling(static_cast<ssl_ctx_st*>(context), client.pin_);
        return good ? CURLE_OK : CURLE_ABORTED_BY_CALLBACK;
    }
    static std::size_t take_header(char* bytes, std::size_t, std::size_t size, void* reader) {
        return static_cast<AnswerReader*>(reader)->header({bytes, size}) ? size : 0;
    }
    static std::size_t take_body(char* bytes, std::size_t, std::size_t size, void* reader) {
        return static_cast<AnswerReader*>(reader)->body({bytes, size}) ? size : 0;
    }

    static Reply out_of_order() {
        return tl::unexpected(Failure{Reason::failing, "libcurl refuses an option"});
    }

    Reply ask(const std::string& path, const List& headers, std::size_t body_max) {
        const std::string url = base_ + path;
        const std::size_t limit = options_.limits.body_max;
        const std::size_t most = body_max == 0 ? limit : std::min(body_max, limit);
        const bool set = curl_easy_setopt(easy_, CURLOPT_URL, url.c_str()) == CURLE_OK &&
                         curl_easy_setopt(easy_, CURLOPT_MAXFILESIZE_LARGE,
                                          static_cast<curl_off_t>(most)) == CURLE_OK &&
                         curl_easy_setopt(easy_, CURLOPT_HTTPHEADER, headers.first) == CURLE_OK;
        if (!set) return out_of_order();
        for (bool again = false;; again = true) {
            AnswerReader reader(options_.limits.header_max, most);
            (void)curl_easy_setopt(easy_, CURLOPT_HEADERDATA, &reader);
            (void)curl_easy_setopt(easy_, CURLOPT_WRITEDATA, &reader);
            pin_.mismatch = false;
            error_[0] = '\0';
            const CURLcode code = run();
            bytes_in_ += reader.bytes_in();
            if (stopping_) return tl::unexpected(Failure{Reason::stopped, "this node is stopping"});
            if (code == CURLE_OK) return reader.finish();
            const Failure failed = failure(code, reader);
            if (again || !was_stale(failed, reader)) return tl::unexpected(failed);
        }
    }

    /// Whether the connection had been closed over there before this was asked, which is nobody's
    /// fault: everything that nodes ask may be asked twice.
    bool was_stale(const Failure& failure, const AnswerReader& reader) const {
        long opened = 1;
        (void)curl_easy_getinfo(easy_, CURLINFO_NUM_CONNECTS, &opened);
        return failure.reason == Reason::cut_off && reader.bytes_in() == 0 && opened == 0;
    }

    /// To the end of one transfer, or of stop().
    CURLcode run() {
        if (curl_multi_add_handle(multi_, easy_) != CURLM_OK) return CURLE_FAILED_INIT;
        int running = 1;
        while (!stopping_ && running > 0) {
            if (curl_multi_perform(multi_, &running) != CURLM_OK) break;
            if (running > 0 && !stopping_) (void)curl_multi_poll(multi_, nullptr, 0, 1000, nullptr);
        }
        CURLcode code = CURLE_ABORTED_BY_CALLBACK;
        int left = 0;
        while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
            if (message->msg == CURLMSG_DONE) code = message->data.result;
        }
        // A name that is still being looked up would be waited for.
        if (stopping_) (void)curl_easy_setopt(easy_, CURLOPT_QUICK_EXIT, 1L);
        (void)curl_multi_remove_handle(multi_, easy_);
        return code;
    }

    Failure failure(CURLcode code, const AnswerReader& reader) const {
        if (reader.failure()) return *reader.failure();
        Outcome outcome;
        outcome.code = code;
        outcome.said = error_;
        outcome.limits = options_.limits;
        outcome.limits.body_max = reader.body_max();
        outcome.pinned = !options_.keys.empty();
        outcome.mismatch = pin_.mismatch;
        curl_off_t connected = 0;
        (void)curl_easy_getinfo(easy_, CURLINFO_APPCONNECT_TIME_T, &connected);
        outcome.connected = connected > 0 || reader.bytes_in() > 0;
        return failure_of(outcome);
    }

    PeerOptions options_;
    std::string base_;
    Pin pin_;
    CURLM* multi_;
    CURL* easy_;
    char error_[CURL_ERROR_SIZE] = "";
    std::atomic<bool> stopping_ = false;
    std::atomic<std::uint64_t> bytes_in_ = 0;
};

}  // namespace

Result<std::unique_ptr<PeerClient>> PeerClient::make(PeerOptions options) {
    if (!curl_is_ready()) {
        return fail(Errc::unavailable, "libcurl does not start, or was not built with OpenSSL");
    }
    if (!options.keys.empty() && !options.own) {
        return fail(Errc::malformed, "a node is asked with a channel key of one's own");
    }
    TRY(base, base_of(options));
    auto client = std::make_unique<CurlClient>(std::move(options), std::move(base));
    if (!client->begin()) return fail(Errc::unavailable, "libcurl does not take the options");
    return std::unique_ptr<PeerClient>(std::move(client));
}

}  // namespace entente::net
