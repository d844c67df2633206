// SPDX-License-Identifier: Apache-2.0
#include "net/outbound.h"

#include <curl/curl.h>

#include <algorithm>
#include <map>

namespace entente::net {
namespace {

constexpr std::size_t answer_bytes_max = 64 * 1024;  // nobody reads it
constexpr std::size_t url_bytes_max = 512;
constexpr std::size_t address_bytes_max = 254;  // RFC 5321 4.5.3.1.3, without the brackets

std::string part_of(CURLU* url, CURLUPart part, unsigned flags = 0) {
    char* text = nullptr;
    if (curl_url_get(url, part, &text, flags) != CURLUE_OK) return {};
    std::string out(text);
    curl_free(text);
    return out;
}

struct Parsed {
    std::string scheme, host, port;
    bool plain = true;  // no user, password or fragment
};

std::optional<Parsed> parse(const std::string& text) {
    const std::unique_ptr<CURLU, void (*)(CURLU*)> url(curl_url(), curl_url_cleanup);
    const bool printable =
        std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7F; });
    if (!url || !printable || text.size() > url_bytes_max || text.find("://") == std::string::npos)
        return std::nullopt;
    if (curl_url_set(url.get(), CURLUPART_URL, text.c_str(), CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK)
        return std::nullopt;
    Parsed out{part_of(url.get(), CURLUPART_SCHEME), part_of(url.get(), CURLUPART_HOST),
               part_of(url.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT)};
    for (const CURLUPart part : {CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_FRAGMENT}) {
        out.plain = out.plain && part_of(url.get(), part).empty();
    }
    std::transform(out.host.begin(), out.host.end(), out.host.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return out;
}

bool is_loopback(const std::string& host) {
    return host == "127.0.0.1" || host == "[::1]" || host == "localhost";
}

std::string domain_of(const std::string& address) {
    std::string out = address.substr(address.rfind('@') + 1);
    std::transform(out.begin(), out.end(), out.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return out;
}

/// What a subscriber may be told of a failure: nothing that the other end wrote.
std::string word_of(CURLcode code) {
    switch (static_cast<int>(code)) {
        case CURLE_COULDNT_RESOLVE_HOST: return "no_such_host";
        case CURLE_COULDNT_CONNECT: return "unreachable";
        case CURLE_OPERATION_TIMEDOUT: return "timeout";
        case CURLE_PEER_FAILED_VERIFICATION: return "wrong_certificate";
        case CURLE_SSL_CONNECT_ERROR:
        case CURLE_USE_SSL_FAILED: return "no_tls";
        case CURLE_WRITE_ERROR:
        case CURLE_FILESIZE_EXCEEDED: return "too_large";
        case CURLE_GOT_NOTHING:
        case CURLE_RECV_ERROR:
        case CURLE_SEND_ERROR:
        case CURLE_PARTIAL_FILE: return "cut_off";
        case CURLE_LOGIN_DENIED: return "login_denied";
        default: return "garbage";
    }
}

/// One transfer; what libcurl points to lives as long as it.
struct Transfer {
    std::uint64_t job = 0;
    CURL* easy = nullptr;
    curl_slist* lines = nullptr;
    curl_slist* to = nullptr;
    std::string text;
    std::size_t sent = 0;
    std::size_t read = 0;
    bool mail = false;
    bool good = true;

    Transfer() = default;
    Transfer(const Transfer&) = delete;
    Transfer& operator=(const Transfer&) = delete;
    ~Transfer() {
        curl_easy_cleanup(easy);
        curl_slist_free_all(lines);
        curl_slist_free_all(to);
    }
    template <class Value>
    void set(CURLoption option, Value value) {
        good = good && curl_easy_setopt(easy, option, value) == CURLE_OK;
    }
};

std::size_t take_answer(char*, std::size_t, std::size_t size, void* transfer) {
    auto& read = static_cast<Transfer*>(transfer)->read;
    read += size;
    return read <= answer_bytes_max ? size : 0;
}

std::size_t give_text(char* out, std::size_t each, std::size_t count, void* transfer) {
    auto& one = *static_cast<Transfer*>(transfer);
    const std::size_t size = std::min(each * count, one.text.size() - one.sent);
    one.text.copy(out, size, one.sent);
    one.sent += size;
    return size;
}

class CurlOutbound final : public Outbound {
  public:
    explicit CurlOutbound(OutboundPolicy policy)
        : policy_(std::move(policy)), multi_(curl_multi_init()) {}
    ~CurlOutbound() override {
        for (auto& [easy, transfer] : transfers_) (void)curl_multi_remove_handle(multi_, easy);
        transfers_.clear();
        curl_multi_cleanup(multi_);
    }
    bool ready() const { return multi_ != nullptr; }

    void start(std::uint64_t job, const Post& post) override {
        if (!policy_.may_post(post.url)) return refuse(job, "not_allowed");
        auto one = begin(job, post.url, "https,http");
        one->text = post.body;
        for (const std::string& line : post.headers) {
            one->lines = curl_slist_append(one->lines, line.c_str());
        }
        one->lines = curl_slist_append(one->lines, "Expect:");
        one->set(CURLOPT_HTTPHEADER, one->lines);
        one->set(CURLOPT_POST, 1L);
        one->set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(one->text.size()));
        one->set(CURLOPT_POSTFIELDS, one->text.data());
        one->set(CURLOPT_FOLLOWLOCATION, 0L);
        one->set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
        one->set(CURLOPT_HTTP09_ALLOWED, 0L);
        one->set(CURLOPT_USERAGENT, "entente");
        run(std::move(one));
    }

    void start(std::uint64_t job, const Mail& mail) override {
        if (!policy_.may_mail(mail.to)) return refuse(job, "not_allowed");
        auto one = begin(job, policy_.smtp, "smtp,smtps");
        const auto server = parse(policy_.smtp);
        const bool here = server && is_loopback(server->host);
        one->mail = true;
        one->text = mail.text;
        // An honest server on the way offers TLS; without it whoever stands there reads along.
        one->set(CURLOPT_USE_SSL, static_cast<long>(here ? CURLUSESSL_NONE : CURLUSESSL_ALL));
        if (!policy_.smtp_user.empty()) {
            one->set(CURLOPT_USERNAME, policy_.smtp_user.c_str());
            one->set(CURLOPT_PASSWORD, policy_.smtp_password.c_str());
        }
        one->set(CURLOPT_MAIL_FROM, policy_.mail_from.c_str());
        one->to = curl_slist_append(nullptr, mail.to.c_str());
        one->set(CURLOPT_MAIL_RCPT, one->to);
        one->set(CURLOPT_UPLOAD, 1L);
        one->set(CURLOPT_READFUNCTION, give_text);
        one->set(CURLOPT_READDATA, one.get());
        run(std::move(one));
    }

    std::vector<Done> wait(Duration most) override {
        int running = 0;
        (void)curl_multi_perform(multi_, &running);
        collect();
        if (done_.empty()) {
            (void)curl_multi_poll(multi_, nullptr, 0, static_cast<int>(most.count()), nullptr);
            (void)curl_multi_perform(multi_, &running);
            collect();
        }
        return std::exchange(done_, {});
    }

    void wake() override { (void)curl_multi_wakeup(multi_); }

  private:
    std::unique_ptr<Transfer> begin(std::uint64_t job, const std::string& url,
                                    const char* protocols) {
        auto one = std::make_unique<Transfer>();
        one->job = job;
        one->easy = curl_easy_init();
        one->good = one->easy != nullptr;
        one->set(CURLOPT_URL, url.c_str());
        one->set(CURLOPT_PROTOCOLS_STR, protocols);
        one->set(CURLOPT_NOSIGNAL, 1L);
        one->set(CURLOPT_PROXY, "");
        one->set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
        one->set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(policy_.connect_max.count()));
        one->set(CURLOPT_TIMEOUT_MS, static_cast<long>(policy_.total_max.count()));
        one->set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
        one->set(CURLOPT_SSL_VERIFYPEER, 1L);
        one->set(CURLOPT_SSL_VERIFYHOST, 2L);
        if (!policy_.authorities.empty()) {
            one->set(CURLOPT_CAINFO, policy_.authorities.c_str());
            one->set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
        }
        one->set(CURLOPT_WRITEFUNCTION, take_answer);
        one->set(CURLOPT_WRITEDATA, one.get());
        return one;
    }

    void refuse(std::uint64_t job, const char* why) { done_.push_back({job, why}); }

    void run(std::unique_ptr<Transfer> one) {
        if (!one->good || curl_multi_add_handle(multi_, one->easy) != CURLM_OK) {
            return refuse(one->job, "libcurl");
        }
        CURL* easy = one->easy;
        transfers_.emplace(easy, std::move(one));
    }

    void collect() {
        int left = 0;
        while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
            if (message->msg != CURLMSG_DONE) continue;
            CURL* easy = message->easy_handle;
            const CURLcode code = message->data.result;
            const auto found = transfers_.find(easy);
            if (found == transfers_.end()) continue;
            const Transfer& one = *found->second;
            long status = 0;
            (void)curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
            Done done{one.job, {}};
            if (code != CURLE_OK) {
                // A server that says no says it by its code; of other failures a word is enough.
                done.failure =
                    one.mail && status >= 400 ? "smtp_" + std::to_string(status) : word_of(code);
            } else if (!one.mail && (status < 200 || status > 299)) {
                done.failure = "http_" + std::to_string(status);
            }
            done_.push_back(std::move(done));
            (void)curl_multi_remove_handle(multi_, easy);
            transfers_.erase(found);
        }
    }

    OutboundPolicy policy_;
    CURLM* multi_;
    std::map<CURL*, std::unique_ptr<Transfer>> transfers_;
    std::vector<Done> done_;
};

}  // namespace

Result<std::string> origin_of(const std::string& url) {
    const auto parsed = parse(url);
    const bool good =
        parsed && parsed->plain && !parsed->host.empty() &&
        (parsed->scheme == "https" || (parsed->scheme == "http" && is_loopback(parsed->host)));
    if (!good) {
        return fail(Errc::malformed,
                    "expected an address like https://hooks.example.org/entente (http only to "
                    "this machine itself), without user, password or fragment");
    }
    return parsed->scheme + "://" + parsed->host + ":" + parsed->port;
}

bool is_mail_address(std::string_view text) {
    // Not % and !, by which old servers pass on to another domain than the one that is named
    // (RFC 5321 F.2, RFC 1123 5.2.16): a%b.example@ours.example is for b.example.
    constexpr std::string_view others = "#$&'*+-/=?^_`{|}~.";
    const std::size_t at = text.find('@');
    if (text.size() > address_bytes_max || at == std::string_view::npos || at == 0 || at > 64) {
        return false;
    }
    const auto letter = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    };
    const auto parts_are = [&](std::string_view part, std::string_view more) {
        if (part.empty() || part.front() == '.' || part.back() == '.' ||
            part.find("..") != std::string_view::npos) {
            return false;
        }
        return std::all_of(part.begin(), part.end(), [&](char c) {
            return letter(c) || more.find(c) != std::string_view::npos;
        });
    };
    return parts_are(text.substr(0, at), others) && parts_are(text.substr(at + 1), "-.");
}

Result<void> OutboundPolicy::check() const {
    for (const std::string& one : webhook_to) {
        if (auto origin = origin_of(one); !origin) return at("webhook_to", origin.error());
    }
    if (smtp.empty()) return {};
    const auto server = parse(smtp);
    if (!server || !server->plain || server->host.empty() ||
        (server->scheme != "smtp" && server->scheme != "smtps")) {
        return fail(Errc::malformed, "smtp: expected smtp://HOST[:PORT] or smtps://HOST[:PORT]");
    }
    if (!is_mail_address(mail_from)) {
        return fail(Errc::malformed, "mail_from: whose address do mails come from?");
    }
    return {};
}

Result<void> OutboundPolicy::may_post(const std::string& url) const {
    TRY(origin, origin_of(url));
    for (const std::string& one : webhook_to) {
        const auto allowed = origin_of(one);
        if (allowed && *allowed == origin) return {};
    }
    return fail(Errc::refused,
                "this node posts notices to " +
                    std::string(webhook_to.empty() ? "nobody" : "named places only") +
                    "; the operator names the place: entente serve --webhook-to " + origin);
}

Result<void> OutboundPolicy::may_mail(const std::string& address) const {
    if (!is_mail_address(address)) {
        return fail(Errc::malformed, "expected a mail address like duty@example.org");
    }
    if (smtp.empty()) {
        return fail(Errc::refused,
                    "this node sends no mail; the operator names a server: entente serve --smtp");
    }
    const std::string domain = domain_of(address);
    const bool named =
        mail_to.empty() ? domain == domain_of(mail_from)
                        : std::any_of(mail_to.begin(), mail_to.end(), [&](const std::string& one) {
                              return domain_of(one) == domain;
                          });
    if (named) return {};
    return fail(Errc::refused, "this node sends no mail to " + domain +
                                   "; the operator names it: entente serve --mail-to " + domain);
}

Result<std::unique_ptr<Outbound>> Outbound::make(OutboundPolicy policy) {
    // Counted by libcurl, and safe from several threads since 7.84.
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        return fail(Errc::unavailable, "libcurl does not start");
    }
    TRYV(policy.check());
    auto out = std::make_unique<CurlOutbound>(std::move(policy));
    if (!out->ready()) return fail(Errc::unavailable, "libcurl does not start");
    return std::unique_ptr<Outbound>(std::move(out));
}

}  // namespace entente::net
