// SPDX-License-Identifier: Apache-2.0
// Writes down who read which exact position (DESIGN 9), beside the work and without slowing it: one
// thread commits what has gathered, as one group.
//
//     TRYV(audit.record(reading));        // durable when it returns: then the answer leaves
//     audit.note(reading, records, now);  // of a check: durable within note_every
//
// A single record, a list, a proof is answered only once its line is durable, and not at all (503)
// where it cannot be written. A check is answered at once: it must not wait for a disk, and a full
// one must not keep anybody from asking what a plan touches. So a crash loses the lines of the
// checks of the last note_every, and nothing else. For one asker, a record that checks found is
// written once in note_again_after; the line says for how many answers it stands.
#pragma once

#include <condition_variable>
#include <deque>
#include <future>
#include <map>
#include <mutex>
#include <set>
#include <span>
#include <thread>

#include "base/ids.h"
#include "people/store.h"

namespace entente::net {

/// Safe from any thread.
class Audit {
  public:
    explicit Audit(people::Store& store);
    /// Writes what was noted.
    ~Audit();
    Audit(const Audit&) = delete;
    Audit& operator=(const Audit&) = delete;

    /// Errc::unavailable if it cannot be written. Splits what names too many records for one line.
    Result<void> record(people::Reading reading);
    /// `reading` without its records. Never fails: what cannot be written is tried again.
    void note(const people::Reading& reading, std::span<const RecordId> records);
    /// Everything noted so far is durable.
    Result<void> flush();
    /// The lines after `after`, at most `most`, with what was noted so far.
    Result<std::vector<people::AuditLine>> lines(std::uint64_t after, std::size_t most);
    /// Why lines of checks wait to be written, or empty.
    std::string failing() const;

    static constexpr Duration note_every = std::chrono::seconds(1);
    static constexpr Duration note_again_after = std::chrono::minutes(1);
    static constexpr std::size_t askers_max = 1024;
    static constexpr std::size_t waiting_max =
        100'000;  // lines of checks, while none can be written

  private:
    struct Waiting {
        std::vector<people::Reading> lines;
        std::promise<Result<void>> promise;
    };
    /// What one asker's checks found.
    struct Asker {
        people::Reading reading;
        Instant since;            // the first of this minute
        std::set<RecordId> seen;  // in this minute
        std::vector<RecordId> fresh;
        bool any = false;  // something was noted that is not written yet
    };

    Result<void> wait_for(std::vector<people::Reading> lines);
    std::vector<people::Reading> gather();
    void run();

    people::Store& store_;
    mutable std::mutex mutex_;  // guards what follows
    std::condition_variable work_;
    std::deque<Waiting> waiting_;
    std::map<std::string, Asker> askers_;
    std::vector<people::Reading> unwritten_;  // of checks, after a failure
    bool noted_ = false;
    bool ending_ = false;
    std::string failing_;
    std::thread thread_;
};

}  // namespace entente::net
