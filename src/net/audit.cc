// SPDX-License-Identifier: Apache-2.0
#include "net/audit.h"

#include <algorithm>

namespace entente::net {
namespace {

using people::Reading;

/// The reading as lines of at most audit_records_max records each.
void split(const Reading& reading, std::vector<Reading>& out) {
    std::size_t at = 0;
    do {
        Reading part = reading;
        const std::size_t end = std::min(reading.records.size(), at + people::audit_records_max);
        part.records.assign(reading.records.begin() + static_cast<std::ptrdiff_t>(at),
                            reading.records.begin() + static_cast<std::ptrdiff_t>(end));
        out.push_back(std::move(part));
        at = end;
    } while (at < reading.records.size());
}

std::string key_of(const Reading& reading) {
    std::string out;
    for (const std::string* part : {&reading.who, &reading.how, &reading.act, &reading.why}) {
        out += *part + '\0';
    }
    return out;
}

}  // namespace

Audit::Audit(people::Store& store) : store_(store), thread_([this] { run(); }) {}

Audit::~Audit() {
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
    }
    work_.notify_all();
    thread_.join();
}

Result<void> Audit::wait_for(std::vector<Reading> lines) {
    Waiting waiting{std::move(lines), {}};
    auto future = waiting.promise.get_future();
    {
        const std::lock_guard lock(mutex_);
        waiting_.push_back(std::move(waiting));
    }
    work_.notify_one();
    return future.get();
}

Result<void> Audit::record(Reading reading) {
    std::vector<Reading> lines;
    split(reading, lines);
    auto written = wait_for(std::move(lines));
    if (written) return {};
    return fail(Errc::unavailable,
                "what is read here is written to the audit first, and that "
                "failed: " +
                    written.error().detail);
}

Result<void> Audit::flush() { return wait_for({}); }

Result<std::vector<people::AuditLine>> Audit::lines(std::uint64_t after, std::size_t most) {
    TRYV(flush());
    return store_.audit(after, most);
}

std::string Audit::failing() const {
    const std::lock_guard lock(mutex_);
    return failing_;
}

void Audit::note(const Reading& reading, std::span<const RecordId> records) {
    if (records.empty()) return;
    const std::string key = key_of(reading);
    const std::lock_guard lock(mutex_);
    Asker& asker = askers_[key];
    if (asker.seen.empty() || reading.time >= asker.since + note_again_after ||
        reading.time < asker.since) {
        asker.seen.clear();
        asker.since = reading.time;
    }
    if (asker.any) {
        ++asker.reading.count;
    } else {
        asker.reading = reading;
        asker.reading.count = 1;
    }
    bool fresh = false;
    for (const RecordId& id : records) {
        if (!asker.seen.insert(id).second) continue;
        asker.fresh.push_back(id);
        fresh = true;
    }
    asker.any = true;
    if (!fresh || noted_) return;
    noted_ = true;
    work_.notify_one();
}

/// What was noted since the last time, as lines. Precondition: mutex_ is held.
std::vector<Reading> Audit::gather() {
    std::vector<Reading> out;
    out.swap(unwritten_);
    for (auto& [key, asker] : askers_) {
        // Answers that showed nothing new are counted in the next line that says what they showed.
        if (asker.fresh.empty()) continue;
        for (const RecordId& id : asker.fresh) asker.reading.records.push_back(id.text());
        split(asker.reading, out);
        asker.fresh.clear();
        asker.any = false;
    }
    if (askers_.size() > askers_max) askers_.clear();
    noted_ = false;
    return out;
}

void Audit::run() {
    std::unique_lock lock(mutex_);
    for (;;) {
        work_.wait(lock, [&] { return ending_ || noted_ || !waiting_.empty(); });
        // Notes gather for a while; whoever waits is not kept waiting.
        work_.wait_for(lock, note_every, [&] { return ending_ || !waiting_.empty(); });
        std::vector<Reading> lines = gather();
        std::deque<Waiting> waiting;
        waiting.swap(waiting_);
        const bool last = ending_;
        const std::size_t noted = lines.size();
        for (const Waiting& one : waiting) {
            lines.insert(lines.end(), one.lines.begin(), one.lines.end());
        }
        lock.unlock();
        const auto written = lines.empty() ? Result<void>() : store_.commit({}, lines);
        lock.lock();
        failing_ = written ? std::string() : written.error().detail;
        // Whoever waits sees with the answer whether writing fails.
        for (Waiting& one : waiting) one.promise.set_value(written);
        if (!written) {
            lines.resize(std::min(noted, waiting_max));
            unwritten_ = std::move(lines);
            noted_ = !last && !unwritten_.empty();
        }
        if (last && waiting_.empty()) return;
    }
}

}  // namespace entente::net
