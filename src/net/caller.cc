// SPDX-License-Identifier: Apache-2.0
#include "net/caller.h"

#include <algorithm>
#include <system_error>

#include "base/encode.h"
#include "base/limits.h"
#include "base/sha256.h"
#include "net/target.h"
#include "node/compose_dealing.h"

namespace entente::net {
namespace {

using statement::AttemptOutcome;
using statement::Route;
using statement::Tried;

constexpr std::chrono::milliseconds look_every{500};
constexpr Duration unlogged_pause = std::chrono::seconds(30);  // where an attempt is not durable
constexpr const char* urgent_path = "/peer/v1/urgent";

/// At most what a statement takes in one line.
std::string line_of(std::string text) {
    std::string out;
    for (const char c : text) out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
    if (out.size() > limits::text_bytes_max) out.resize(limits::text_bytes_max);
    while (!is_utf8(out)) out.pop_back();
    return out;
}

/// What came of a call that the party's own node took.
Tried taken_by(Tried tried, const std::vector<std::string>& desks, const Roles& roles) {
    std::string held, empty;
    for (const std::string& desk : desks) {
        const auto role = roles.held.find(desk);
        if (role == roles.held.end()) continue;
        std::string& to = role->second ? held : empty;
        to += (to.empty() ? "" : ", ") + desk;
    }
    if (held.empty() && !empty.empty()) tried.outcome = AttemptOutcome::no_answer;
    if (!empty.empty()) tried.detail = line_of("nobody holds " + empty);
    return tried;
}

}  // namespace

Bytes format_taken(const Roles& roles) {
    Bytes out = "taken\n";
    for (const auto& [role, held] : roles.held) out += (held ? "held " : "empty ") + role + "\n";
    return out;
}

Roles parse_taken(BytesView text) {
    Roles out;
    while (!text.empty()) {
        const BytesView line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        if (line.starts_with("held ")) out.held[std::string(line.substr(5))] = true;
        if (line.starts_with("empty ")) out.held[std::string(line.substr(6))] = false;
    }
    return out;
}

struct Caller::Line {
    Route route;
    PartyId via;
};

Caller::Caller(Desk& desk, Options options) : desk_(desk), options_(std::move(options)) {
    thread_ = std::thread([this] { run(); });
}

Caller::~Caller() {
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
        for (PeerClient* client : clients_) client->stop();
    }
    woken_.notify_all();
    thread_.join();
    reap(true);
}

void Caller::run() {
    for (;;) {
        {
            std::unique_lock lock(mutex_);
            if (woken_.wait_for(lock, look_every, [&] { return ending_; })) return;
        }
        reap(false);
        begin_calls();
        begin_asking();
    }
}

/// Threads that have ended are let go of.
void Caller::reap(bool all) {
    std::vector<std::future<void>> ended;
    {
        const std::lock_guard lock(mutex_);
        for (auto job = jobs_.begin(); job != jobs_.end();) {
            if (!all && job->wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
                ++job;
                continue;
            }
            ended.push_back(std::move(*job));
            job = jobs_.erase(job);
        }
    }
    for (auto& job : ended) job.wait();
}

/// Whether there is a thread for it. Precondition: mutex_ is held.
bool Caller::start(std::function<void()> job) {
    try {
        jobs_.push_back(std::async(std::launch::async, std::move(job)));
    } catch (const std::system_error&) {  // no thread is to be had now
        return false;
    }
    return true;
}

void Caller::begin_calls() {
    auto due = desk_.due_calls();
    if (!due) return;  // the node is stopping
    const Instant now = options_.now();
    const std::lock_guard lock(mutex_);
    for (Desk::DueCall& one : *due) {
        if (ending_ || calling_.size() >= calls_max) return;
        const RecordId stop = one.calling.stop;
        const auto paced = not_before_.find(stop);
        // One that is further off than any pause is of a clock that was set back since.
        const bool waits = paced != not_before_.end() && now < paced->second;
        if (waits && paced->second - now <= unlogged_pause) continue;
        if (!calling_.insert(stop).second) continue;
        const bool started = start([this, stop, one = std::move(one)] {
            call(one);
            const std::lock_guard done(mutex_);
            calling_.erase(stop);
        });
        if (!started) calling_.erase(stop);
    }
}

/// In the order in which an attempt lists them.
std::vector<Caller::Line> Caller::lines_to(const PartyId& to) const {
    std::vector<Line> out;
    if (options_.reachable.contains(to)) out.push_back({Route::direct, to});
    const auto relay = options_.relay_of.find(to);
    for (const auto& [party, options] : options_.reachable) {
        if (party == to) continue;
        const bool relays = relay != options_.relay_of.end() && relay->second == party;
        out.push_back({relays ? Route::relay : Route::party, party});
    }
    return out;
}

/// One request to this party, which ends when this does; null where there was none.
std::optional<Reply> Caller::once(const PartyId& via, const PeerLimits& limits,
                                  const std::function<Reply(PeerClient&)>& use) {
    PeerOptions options = options_.reachable.at(via);
    options.limits = limits;
    auto client = PeerClient::make(std::move(options));
    if (!client) return std::nullopt;
    {
        const std::lock_guard lock(mutex_);
        if (ending_) return std::nullopt;
        clients_.push_back(client->get());
    }
    Reply reply = use(**client);
    const std::lock_guard lock(mutex_);
    std::erase(clients_, client->get());
    return reply;
}

/// `of` is the rest of the query.
Tried Caller::push(const Line& line, const PartyId& to, const std::string& of, const Bytes& box) {
    Tried out{line.route, line.via.v, AttemptOutcome::failed, {}};
    PeerLimits limits;
    limits.connect_max = route_max;
    limits.total_max = route_max;
    limits.body_max = 64 * 1024;
    const std::string path = std::string(urgent_path) + "?to=" + percent_encode(to.v) + of;
    const auto reply = once(line.via, limits, [&](PeerClient& client) {
        return client.post(path, "application/octet-stream", box);
    });
    if (!reply) {
        out.detail = "its address is none, or this node was stopping";
    } else if (!*reply) {
        out.detail = name(reply->error().reason);
    } else if ((*reply)->status != 200) {
        out.detail = "it answered " + std::to_string((*reply)->status);
    } else {
        out.outcome = AttemptOutcome::handed;
        out.detail = (*reply)->body;  // for taken_by()
    }
    return out;
}

void Caller::call(const Desk::DueCall& due) {
    statement::Attempt attempt;
    attempt.of = due.calling.stop;
    attempt.to = due.calling.leaf;
    attempt.desks = due.desks;
    attempt.at = options_.now();
    attempt.automatic = true;
    // A later call of one STOP takes the place of the one before, wherever it is kept.
    const std::string of =
        "&of=" + to_hex(sha256({"entente/urgent/of/v1\n", due.calling.leaf.view()}).view());
    for (Tried& tried : push_all(due, of)) {
        const Roles roles = parse_taken(tried.detail);
        if (tried.outcome == AttemptOutcome::handed) tried.detail.clear();
        if (tried.route == Route::direct && tried.outcome == AttemptOutcome::handed) {
            tried = taken_by(std::move(tried), due.desks, roles);
        }
        if (attempt.tried.size() < statement::tried_max) attempt.tried.push_back(std::move(tried));
    }
    if (attempt.tried.empty()) {
        const std::string why =
            due.trouble.empty() ? "no party of the charter has an address" : due.trouble;
        attempt.tried.push_back({Route::other, {}, AttemptOutcome::failed, line_of(why)});
    }
    {
        const std::lock_guard lock(mutex_);
        if (ending_) return;  // cut off by our own end, which says nothing of the routes
    }
    const auto logged = desk_.deal(
        [attempt](const node::Author& author, const registry::Snapshot&, Instant now,
                  const Random& random, const Desk::Inside&) {
            return node::compose_attempt(author, attempt, "node", now, random);
        },
        {{due.calling.to, node::Tier::exact}});
    const std::lock_guard lock(mutex_);
    not_before_.erase(due.calling.stop);
    if (!logged) not_before_[due.calling.stop] = options_.now() + unlogged_pause;
}

/// Over every route at once. What there is no thread for was not tried.
std::vector<Tried> Caller::push_all(const Desk::DueCall& due, const std::string& of) {
    std::vector<std::future<Tried>> pushed;
    std::vector<Tried> out;
    if (!due.trouble.empty()) return out;
    for (const Line& line : lines_to(due.calling.to)) {
        try {
            pushed.push_back(std::async(std::launch::async, [this, line, &due, &of] {
                return push(line, due.calling.to, of, due.box);
            }));
        } catch (const std::system_error&) {
            out.push_back({line.route, line.via.v, AttemptOutcome::failed, "no thread is free"});
        }
    }
    for (auto& one : pushed) out.push_back(one.get());
    return out;
}

void Caller::carry(const PartyId& from, const PartyId& to, Bytes box) {
    if (!options_.reachable.contains(to)) return;
    const std::lock_guard lock(mutex_);
    // It is kept, and its author calls again.
    if (ending_ || carrying_.size() >= carried_max) return;
    const std::pair pair(from, to);
    if (!carrying_.insert(pair).second) return;
    const bool started = start([this, pair, box = std::move(box)] {
        (void)push({Route::direct, pair.second}, pair.second, {}, box);
        const std::lock_guard done(mutex_);
        carrying_.erase(pair);
    });
    if (!started) carrying_.erase(pair);
}

void Caller::begin_asking() {
    const Instant now = options_.now();
    if (asked_ <= now && now < asked_ + options_.ask_every) return;
    asked_ = now;
    const std::lock_guard lock(mutex_);
    for (const auto& [party, options] : options_.reachable) {
        if (ending_) return;
        if (!asking_.insert(party).second) continue;
        const bool started = start([this, of = party] {
            ask(of);
            const std::lock_guard done(mutex_);
            asking_.erase(of);
        });
        if (!started) asking_.erase(party);
    }
}

void Caller::ask(const PartyId& party) {
    PeerLimits limits;
    limits.total_max = std::chrono::seconds(60);
    const std::string seen = [&] {
        const std::lock_guard lock(mutex_);
        return kept_seen_[party];
    }();
    const auto reply =
        once(party, limits, [&](PeerClient& client) { return client.get(urgent_path, seen); });
    if (!reply || !*reply || (*reply)->status != 200) return;
    const auto boxes = node::urgent_boxes((*reply)->body);
    if (!boxes) return;
    bool settled = true;
    for (const Bytes& box : *boxes) {
        const auto taken = desk_.take_urgent(box);
        // A store that fails, a charter that is on its way: the same box is asked for again.
        settled &= taken || taken.error().code == Errc::malformed;
    }
    const std::lock_guard lock(mutex_);
    if (settled) kept_seen_[party] = (*reply)->etag;
}

}  // namespace entente::net
