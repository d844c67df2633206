// SPDX-License-Identifier: Apache-2.0
// GET /v1/events: every change to the register as server-sent events (WHATWG HTML 9.2). The id of
// an event is the tree size that holds it; `Last-Event-ID` or `after` resumes without a gap.
#include <algorithm>
#include <charconv>

#include "net/api.h"
#include "net/problem.h"

namespace entente::net {
namespace {

constexpr std::uint64_t events_at_once = 256;

class EventSource final : public Source {
  public:
    EventSource(Desk& desk, std::uint64_t after) : desk_(desk), after_(after) {
        // Among others the numbers of events are no sizes of the log.
        const bool counted = desk.changes().first() == 0;
        const std::uint64_t size =
            counted ? desk.changes().size() : desk.moment()->state.as_of.size.v;
        hello_ =
            "retry: 1000\nevent: hello\ndata: {\"tree_size\":" + std::to_string(size) + "}\n\n";
    }
    std::optional<std::string> pull() override {
        std::string out = std::exchange(hello_, {});
        // Their number first: the moment that is taken after it holds at least these entries.
        const std::uint64_t more = desk_.changes().size() - after_;
        const auto moment = desk_.moment();
        out += desk_.changes().since(after_, std::min(more, events_at_once), moment->view);
        return out;
    }
    void on_ready(std::function<void()> wake) override {
        wake_ = std::make_shared<const Changes::Wake>(std::move(wake));
        desk_.changes().on_more(after_, wake_);
    }
    std::string heart_beat() const override { return ": still here\n\n"; }

  private:
    Desk& desk_;
    std::uint64_t after_;
    std::string hello_;
    std::shared_ptr<const Changes::Wake> wake_;
};

}  // namespace

Response events(Api& api, const Call& call) {
    if (auto known = call.target.only({"after"}); !known) return problem(known.error());
    const std::string& text = call.request.last_event_id.empty() ? call.target.value("after")
                                                                 : call.request.last_event_id;
    const std::uint64_t size = api.desk().changes().size();
    std::uint64_t after = size;
    if (!text.empty() || call.target.has("after")) {
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), after);
        if (error != std::errc() || end != text.data() + text.size()) {
            return problem(400, "malformed", "after, or Last-Event-ID: the id of an event");
        }
        if (after < api.desk().changes().first()) {
            return problem(409, "stale",
                           "this node was started since, and numbers its events anew: read the "
                           "register again, and listen without after");
        }
        if (after > size) {
            return problem(409, "stale",
                           "no event has this id yet; the newest is " + std::to_string(size));
        }
    }
    Response response;
    response.type = "text/event-stream";
    response.source = std::make_shared<EventSource>(api.desk(), after);
    return response;
}

}  // namespace entente::net
