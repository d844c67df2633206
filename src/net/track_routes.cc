// SPDX-License-Identifier: Apache-2.0
// POST /v1/tracks: positions of live tracks, one a line; GET /v1/tracks/alerts: what they gave rise
// to, a page at a time or as server-sent events (WHATWG HTML 9.2). An alert of what protects tells
// where that is: who reads it is noted, as of a check.
#include <algorithm>
#include <charconv>

#include "formats/json_out.h"
#include "net/api.h"
#include "net/live_desk.h"
#include "net/problem.h"
#include "net/track_json.h"

namespace entente::net {
namespace {

constexpr std::size_t positions_max = 10'000;  // of one request
constexpr std::size_t reasons_max = 100;       // listed of one request
constexpr std::size_t page_max = 1000;
constexpr std::size_t page_usual = 200;

Response not_served() {
    return problem(503, "unavailable",
                   "positions are taken by a node that is served: entente serve");
}

struct Refused {
    std::uint64_t line;
    std::string why;
};

/// The positions of a body, and what is none.
struct Lines {
    std::vector<watch::Position> positions;
    std::vector<std::uint64_t> numbers;  // of each position: its line
    std::vector<Refused> refused;
};

Lines read_lines(BytesView body) {
    Lines out;
    for (std::uint64_t number = 1; !body.empty(); ++number) {
        const std::size_t end = std::min(body.find('\n'), body.size());
        BytesView line = body.substr(0, end);
        if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
        body.remove_prefix(std::min(end + 1, body.size()));
        if (line.empty()) continue;
        auto position = read_position(line);
        if (position) {
            out.positions.push_back(std::move(*position));
            out.numbers.push_back(number);
        } else {
            out.refused.push_back({number, whole_characters(position.error().detail)});
        }
    }
    return out;
}

std::string report(const LiveDesk::Done& done, const std::vector<Refused>& refused) {
    formats::JsonOut out;
    out.object([&] {
        out.member("accepted", std::uint64_t{done.taken.accepted});
        out.member("repeated", std::uint64_t{done.taken.repeated});
        out.member("late", std::uint64_t{done.taken.late});
        out.member("refused", std::uint64_t{refused.size()});
        out.name("reasons");
        out.array([&] {
            for (std::size_t i = 0; i < std::min(refused.size(), reasons_max); ++i) {
                out.object([&] {
                    out.member("line", refused[i].line);
                    out.member("error", refused[i].why);
                });
            }
        });
        out.member("alerts", std::uint64_t{done.alerts});
        out.member("newest_alert", done.newest);
        if (!done.kept) out.member("notices_waiting", true);
    });
    return std::move(out).text() + "\n";
}

using Note = std::function<void(std::span<const RecordId>)>;

void note(const Note& note, const std::vector<LiveDesk::Told>& alerts) {
    std::vector<RecordId> records;
    for (const LiveDesk::Told& one : alerts) {
        if (one.record) records.push_back(*one.record);
    }
    if (!records.empty()) note(records);
}

class AlertSource final : public Source {
  public:
    AlertSource(LiveDesk& live, std::uint64_t after, Note note)
        : live_(live), after_(after), note_(std::move(note)) {
        hello_ = "retry: 1000\nevent: hello\ndata: {\"newest\":" +
                 std::to_string(live_.since(after, 0).newest) + "}\n\n";
    }
    std::optional<std::string> pull() override {
        std::string out = std::exchange(hello_, {});
        const LiveDesk::Page page = live_.since(after_, page_usual);
        if (page.missed > std::max(after_, missed_)) {
            // Whoever is slower than alerts come must know that it has not seen all.
            out += "event: missed\ndata: {\"after\":" + std::to_string(after_) +
                   ",\"up_to\":" + std::to_string(page.missed) + "}\n\n";
            missed_ = page.missed;
            after_ = std::max(after_, page.first);
        }
        for (const LiveDesk::Told& one : page.alerts) {
            out +=
                "id: " + std::to_string(one.number) + "\nevent: alert\ndata: " + one.json + "\n\n";
            after_ = one.number;
        }
        note(note_, page.alerts);
        return out;
    }
    void on_ready(std::function<void()> wake) override {
        wake_ = std::make_shared<const LiveDesk::Wake>(std::move(wake));
        live_.on_more(after_, wake_);
    }
    std::string heart_beat() const override { return ": still here\n\n"; }

  private:
    LiveDesk& live_;
    std::uint64_t after_;
    std::uint64_t missed_ = 0;  // it was told that some up to this are missing
    Note note_;
    std::string hello_;
    std::shared_ptr<const LiveDesk::Wake> wake_;
};

Result<std::optional<std::uint64_t>> number_of(const std::string& text, const char* name,
                                               std::uint64_t most) {
    std::uint64_t out = 0;
    if (text.empty()) return std::optional<std::uint64_t>();
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error != std::errc() || end != text.data() + text.size() || out > most) {
        return fail(Errc::malformed,
                    std::string(name) + ": a whole number up to " + std::to_string(most));
    }
    return std::optional(out);
}

}  // namespace

Response take_positions(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    LiveDesk* live = api.options().live;
    if (live == nullptr) return not_served();
    const std::string& type = call.request.content_type;
    if (type.substr(0, type.find(';')) != "application/x-ndjson") {
        return problem(415, "unsupported_media_type",
                       "positions are application/x-ndjson: one a line");
    }
    const std::string& body = call.request.body;
    if (static_cast<std::size_t>(std::count(body.begin(), body.end(), '\n')) > positions_max) {
        return problem(413, "too_large",
                       "more than " + std::to_string(positions_max) +
                           " lines; none was taken, send them in several requests",
                       "positions_max");
    }
    Lines lines = read_lines(body);
    auto done = live->take(std::move(lines.positions));
    if (!done) return problem(done.error());
    for (const watch::Refusal& one : done->taken.refused) {
        lines.refused.push_back({lines.numbers[one.position], one.error.detail});
    }
    std::sort(lines.refused.begin(), lines.refused.end(),
              [](const Refused& a, const Refused& b) { return a.line < b.line; });
    return ok("application/json", report(*done, lines.refused));
}

Response list_alerts(Api& api, const Call& call) {
    if (auto known = call.target.only({"after", "limit"}); !known) return problem(known.error());
    LiveDesk* live = api.options().live;
    if (live == nullptr) return not_served();
    const std::string& text = call.request.last_event_id.empty() ? call.target.value("after")
                                                                 : call.request.last_event_id;
    const auto after = number_of(text, "after, or Last-Event-ID", std::uint64_t{1} << 53);
    if (!after) return problem(after.error());
    const auto limit = number_of(call.target.value("limit"), "limit", page_max);
    if (!limit) return problem(limit.error());
    const LiveDesk::Page now = live->since(0, 0);
    if (*after && (**after < now.first || **after > now.newest)) {
        return problem(409, "stale",
                       "alerts from " + std::to_string(now.first + 1) + " to " +
                           std::to_string(now.newest) +
                           " are kept, of this node since it was started; ask without after");
    }
    const bool streams = accepts(call.request, "text/event-stream");
    const std::uint64_t begin = after->value_or(streams ? now.newest : now.first);
    if (streams) {
        Response response;
        response.type = "text/event-stream";
        response.source = std::make_shared<AlertSource>(*live, begin, api.noting(call, "alerts"));
        return response;
    }
    const LiveDesk::Page page = live->since(begin, limit->value_or(page_usual));
    note(api.noting(call, "alerts"), page.alerts);
    formats::JsonOut out;
    out.object([&] {
        out.member("first", page.first);
        out.member("newest", page.newest);
        if (page.missed > begin) out.member("missed_up_to", page.missed);
        out.name("alerts");
        out.array([&] {
            for (const LiveDesk::Told& one : page.alerts) out.raw(one.json);
        });
    });
    return ok("application/json", std::move(out).text() + "\n");
}

}  // namespace entente::net
