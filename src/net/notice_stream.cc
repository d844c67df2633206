// SPDX-License-Identifier: Apache-2.0
// GET /v1/notices/stream: one's board as server-sent events (WHATWG HTML 9.2), first what waits,
// then what comes. The id of an event is the notice's seq; `Last-Event-ID` or `after` resumes.
// Nothing is acknowledged by having been sent: that is the board's. It ends with the person's right
// to be told.
#include <charconv>
#include <mutex>

#include "net/api.h"
#include "net/notice_json.h"
#include "net/problem.h"

namespace entente::net {
namespace {

constexpr std::size_t notices_at_once = 256;

/// What the connection's thread takes and the desk's thread gives.
class Feed : public std::enable_shared_from_this<Feed> {
  public:
    Feed(Api& api, const Call& call, std::uint64_t after)
        : api_(api), account_(call.who.account), exactly_(call.who.may(Right::read_exact)),
          note_(api.noting(call, "alerts")), after_(after) {}

    std::optional<std::string> take() {
        const std::lock_guard lock(mutex_);
        if (over_) return std::nullopt;
        return std::exchange(ready_, {});
    }

    /// Wakes once there is something to take.
    void on_ready(std::function<void()> wake) {
        {
            const std::lock_guard lock(mutex_);
            if (ready_.empty() && !over_) {
                wake_ = std::move(wake);
                if (asking_) return;
                asking_ = true;
                wake = nullptr;
            }
        }
        if (wake) return wake();
        ask();
    }

  private:
    /// Held by whoever waits for more.
    void ask() {
        const std::uint64_t turn = api_.notices().turn();  // before looking
        std::uint64_t after = 0;
        {
            const std::lock_guard lock(mutex_);
            after = after_;
        }
        const bool will = api_.notices().board_later(
            account_, after, notices_at_once,
            [self = weak_from_this(), turn](std::vector<node::WaitingNotice> notices) {
                if (const auto feed = self.lock()) feed->give(notices, turn);
            });
        if (!will) end();
    }

    void give(const std::vector<node::WaitingNotice>& notices, std::uint64_t turn) {
        if (!api_.notices().may_be_told(account_)) return end();
        if (notices.empty()) {
            auto again = std::make_shared<const Notices::Wake>([self = weak_from_this()] {
                if (const auto feed = self.lock()) feed->ask();
            });
            {
                const std::lock_guard lock(mutex_);
                again_ = again;
            }
            return api_.notices().on_more(turn, again);
        }
        const auto moment = api_.desk().moment();
        const view::View view = moment->view.at_depth(api_.notices().depth_of(account_));
        const bool exactly = exactly_ && api_.notices().reads_exactly(account_);
        if (exactly) note_(of_tracks(notices));
        std::string text;
        for (const node::WaitingNotice& one : notices) {
            formats::JsonOut out;
            notice_object(out, view, *moment, told_to(exactly, one), api_.desk().now());
            text +=
                "id: " + std::to_string(one.seq) + "\nevent: notice\ndata: " + out.text() + "\n\n";
        }
        done([&] {
            ready_ += text;
            after_ = notices.back().seq;
        });
    }

    void end() {
        done([&] { over_ = true; });
    }

    template <class Change>
    void done(const Change& change) {
        std::function<void()> wake;
        {
            const std::lock_guard lock(mutex_);
            change();
            asking_ = false;
            wake = std::exchange(wake_, nullptr);
        }
        if (wake) wake();
    }

    Api& api_;
    const std::string account_;
    const bool exactly_;  // by what it was asked with; the account's roles may change
    const std::function<void(std::span<const RecordId>)> note_;
    std::mutex mutex_;  // guards what follows
    std::uint64_t after_;
    std::string ready_;
    bool asking_ = false;  // somebody looks, or waits for more
    bool over_ = false;
    std::function<void()> wake_;
    std::shared_ptr<const Notices::Wake> again_;
};

class NoticeSource final : public Source {
  public:
    explicit NoticeSource(std::shared_ptr<Feed> feed) : feed_(std::move(feed)) {}
    std::optional<std::string> pull() override {
        std::string out = std::exchange(hello_, {});
        auto more = feed_->take();
        if (!more) return out.empty() ? std::nullopt : std::optional(std::move(out));
        return out + *more;
    }
    void on_ready(std::function<void()> wake) override { feed_->on_ready(std::move(wake)); }
    std::string heart_beat() const override { return ": still here\n\n"; }

  private:
    std::shared_ptr<Feed> feed_;
    std::string hello_ = "retry: 1000\n\n";
};

}  // namespace

Response stream_notices(Api& api, const Call& call) {
    if (auto known = call.target.only({"after"}); !known) return problem(known.error());
    const std::string& text = call.request.last_event_id.empty() ? call.target.value("after")
                                                                 : call.request.last_event_id;
    std::uint64_t after = 0;
    if (!text.empty() || call.target.has("after")) {
        constexpr std::uint64_t most = std::uint64_t{1} << 53;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), after);
        if (error != std::errc() || end != text.data() + text.size() || after > most) {
            return problem(400, "malformed", "after, or Last-Event-ID: the seq of a notice");
        }
    }
    Response response;
    response.type = "text/event-stream";
    response.source = std::make_shared<NoticeSource>(std::make_shared<Feed>(api, call, after));
    return response;
}

}  // namespace entente::net
