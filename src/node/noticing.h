// SPDX-License-Identifier: Apache-2.0
// From changes of the register to notices in the outbox. How far notices were made is kept for each
// log beside the rows and written with them: whatever lies behind that when a process ends is made
// at the next start, and nothing is made twice.
//
//     Noticing noticing({node, exchange, store});
//     TRY(made, noticing.make(subscribers, &changed, now));   // after each commit, and by the
//     clock TRY(rows, noticing.waiting(stream, after, 100));        // what a subscriber has not
//     yet TRY(done, noticing.acknowledge(stream, seqs));          // durable: never sent again
//
// Of one's own log an entry is a cause; of another's the release that shows it, also where that is
// a receipt for one's own record, an entry that says without a release that a record has a newer
// version, and what befalls the log as a whole. By the clock alone a leg of a movement is late,
// overdue or lapsed, and a challenge or an activity overdue: up to which moment that was told is
// kept beside the rest.
// Who signs on to a duty role is told what waits for that role; which were is kept beside it too.
// Owned by the thread that owns the Node.
#pragma once

#include <map>
#include <set>
#include <span>
#include <vector>

#include "node/exchange.h"
#include "node/notice.h"
#include "node/urgent.h"
#include "view/view.h"
#include "watch/question.h"
#include "watch/subscription.h"

namespace entente::node {

/// How much of a log has been told.
struct LogTold {
    std::uint64_t entries = 0;
    std::uint64_t releases = 0;       // to us
    std::uint64_t withheld = 0;       // entries that were looked through for withheld versions
    std::uint64_t unplaced = 0;       // entries that may protect something and show no place
    std::uint64_t unplaced_told = 0;  // how often it was told that there are more of them
    bool forked = false;
    bool left = false;
    bool operator==(const LogTold&) const = default;
};
using Told = std::map<Origin, LogTold>;
Bytes encode_told(const Told& told);
Result<Told> decode_told(BytesView bytes);

/// One who is to be told, as deep as their lists go.
struct Subscriber {
    std::shared_ptr<const watch::Matcher> wants;
    view::Depth depth = view::Depth::coarse;
    watch::OnDuty on_duty = {};  // of the duty roles that it names
    /// Whether a standing question of theirs is asked of whole texts, and joins are told to them.
    bool reads_exactly = false;
};

/// What is told of a live track (watch/live.h), and where that is: of a zone its volumes, of what
/// protects nothing, for the register says it.
struct TrackAlert {
    watch::Alert said;
    std::shared_ptr<const std::vector<watch::Spot>> spots{};  // null: none
};

/// A row of the outbox that nobody has acknowledged.
struct WaitingNotice {
    std::uint64_t seq = 0;
    Notice notice;
};

class Noticing {
  public:
    struct Of {
        const Node* node = nullptr;
        const Exchange* exchange = nullptr;  // null: it stands alone
        Store* store = nullptr;
        /// Every place that protects, as of the newest register; empty: activities that touch
        /// something when they are said are no alarms.
        std::function<index::Index()> protections = {};
        /// Where incidents were (State::incidents); empty: joins are told to nobody.
        std::function<index::Index()> incidents = {};
        /// STOPs that came urgently and are in no log yet; empty: none ever are.
        std::function<std::vector<HeardStop>()> heard_stops = {};
        /// Without it a standing question is told of whatever its words might be in.
        watch::Folding folding = {};
    };
    explicit Noticing(Of of) : of_(std::move(of)) {}

    /// Notices of all that is behind what was told; how many rows that made. `changed`: where to
    /// look for records that changed since the call before, null: everywhere. After an error the
    /// next call looks everywhere. Without subscribers nothing is written.
    Result<std::size_t> make(std::span<const Subscriber> subscribers,
                             const std::vector<registry::Slot>* changed, Instant now);
    /// Notices of alerts of live tracks, durable when it returns; how many rows that made. Each
    /// stream has at most track_rows_max of one share, what comes after them is one `untold`.
    /// What a stream holds, or is among the newest track_done_max that it acknowledged, is not told
    /// it again: after an error, or by positions that are sent again, the same alerts may be given.
    Result<std::size_t> tell_tracks(std::span<const Subscriber> subscribers,
                                    std::span<const TrackAlert> alerts, Instant now);
    /// All that was so far counts as told, durably: before a first subscription, which tells of
    /// nothing that was before it.
    Result<void> begin(Instant now);

    /// What the stream has not acknowledged with seq > after, in order, at most `most`. A row that
    /// cannot be read is set aside, durably, and a notice of `unreadable` says so behind the
    /// others.
    Result<std::vector<WaitingNotice>> waiting(const std::string& stream, std::uint64_t after,
                                               std::size_t most);
    Result<std::size_t> count(const std::string& stream);
    /// Durable when it returns; rows that are not the stream's, or not there, are passed over.
    Result<std::size_t> acknowledge(const std::string& stream, std::span<const std::uint64_t> seqs);

    /// The first row of each stream that has one.
    Result<std::map<std::string, WaitingNotice>> first_of(std::span<const std::string> streams);

    // ---- dead letters ----
    /// The row becomes a dead letter of its stream, with its place in the order. Errc::refused
    /// where there are dead_max of them: then it stays where it is.
    Result<void> set_aside(const std::string& stream, const WaitingNotice& notice,
                           std::uint32_t attempts, const std::string& why, Instant now);
    Result<std::vector<DeadLetter>> dead(const std::string& stream);
    /// Back to its stream, behind what waits there; or for good. Whether it was there.
    Result<bool> retry(const std::string& stream, const std::string& id);
    Result<bool> drop(const std::string& stream, const std::string& id);
    /// Everything of a stream that nobody is told by any more.
    Result<void> end(const std::string& stream);
    /// Streams of which something is in the outbox.
    Result<std::vector<std::string>> streams();
    static constexpr std::size_t dead_max = 1000;

    /// Rows of one stream; what comes after them is told as one `overflow`.
    static constexpr std::size_t stream_rows_max = 10'000;
    /// Behind that alarms and STOPs are told all the same, while the stream has fewer than so many
    /// alarms, or STOPs, by the same party: nobody's keep another's from being told.
    static constexpr std::size_t urgent_rows_max = 200;
    /// Of what is told of live tracks: rows of one share (watch/live.h). They take no other's room.
    static constexpr std::size_t track_rows_max = 500;
    static constexpr std::size_t track_done_max = 10'000;
    static constexpr const char* told_name = "notices/told";
    static constexpr const char* clock_name = "notices/clock";
    static constexpr const char* heard_stops_name = "notices/stops";
    static constexpr const char* duty_name = "notices/duty";

  private:
    struct Stream {
        std::size_t rows = 0;
        bool overflowed = false;
        std::map<std::pair<PartyId, std::string>, std::size_t> urgent{};  // by party and what
        /// Of live tracks, by whose word and which of it: what is over a budget, or a zone, keeps
        /// no protection from being told.
        using Share = std::pair<PartyId, std::string>;
        static Share share_of(const Notice& notice);
        std::map<Share, std::size_t> tracks{};  // rows
        std::size_t of_tracks = 0;              // all of them
        std::set<Share> unkept{};               // of which more is not told
        void count(const Notice& notice, bool comes);
        bool has_room(const Notice& notice) const;
        bool make_room_of_track(Notice& notice, std::string& key) const;
    };
    static bool is_urgent(const std::string& what);
    struct Cause;
    struct Pass;
    Result<void> load();
    Told present() const;
    Result<void> own_causes(Pass& pass) const;
    Result<void> peer_causes(const Peer& peer, Pass& pass) const;
    Result<void> receipt_causes(const Peer& peer, const std::set<Hash>& released, Pass& pass) const;
    void leg_causes(Pass& pass) const;
    void early_legs(Pass& pass) const;
    void stop_causes(Pass& pass) const;
    /// By which subscription who is signed on to what was told what waits for that role.
    struct SignedOn {
        std::string subscription, role;
        Instant since;
        auto operator<=>(const SignedOn&) const = default;
    };
    using AllSignedOn = std::set<SignedOn>;
    static AllSignedOn signed_on(std::span<const Subscriber> subscribers);
    Result<AllSignedOn> load_signed_on();
    Result<std::vector<Forgotten>> load_forgotten() const;
    Cause forgotten_unread(Instant now) const;
    static Bytes encode_signed_on(const AllSignedOn& all);
    void duty_causes(Pass& pass) const;
    void waiting_stops(const std::string& role, Pass& pass, std::vector<Cause>& out) const;
    void waiting_messages(const std::string& role, Pass& pass, std::vector<Cause>& out) const;
    using HeardStages = std::map<Hash, std::uint8_t>;  // by leaf: what was told of one
    HeardStages heard_stages(Instant now) const;
    Result<HeardStages> load_heard_stops();
    static Bytes encode_stages(const HeardStages& stages);
    void activity_causes(Pass& pass) const;
    static void note_stated(const registry::LogState& log, registry::DealingSlot slot,
                            const registry::DealingVersion& version,
                            const std::vector<std::uint64_t>& numbers, Pass& pass);
    void challenge_causes(Pass& pass) const;
    void overdue_activities(Pass& pass) const;
    std::optional<Instant> next_answer_due(Instant after) const;
    bool answers_due(Instant now) const { return answers_due_ && *answers_due_ <= now; }
    std::vector<registry::DealingSlot> dealt(const Pass& pass) const;
    void alarm_causes(Pass& pass) const;
    void match_causes(Pass& pass) const;
    void join_causes(Pass& pass) const;
    void tell_join(const view::View& view, registry::DealingSlot incident,
                   const std::vector<view::Slot>& slots, const std::set<view::Slot>& fresh,
                   Pass& pass) const;
    bool note_standing(std::span<const Subscriber> subscribers);
    struct Compared;
    bool fits(const Cause& cause, const Subscriber& subscriber, Compared& compared) const;
    const watch::Asked& asked(const watch::Subscription& subscription) const;
    void declared_alarms(Pass& pass) const;
    void position_alarms(Pass& pass) const;
    void recall_alarms(Pass& pass) const;
    void fork_alarms(Pass& pass) const;
    static Cause alarm_of(const registry::LogState& log, const registry::Position& entry,
                          const view::Seen& presence, const view::SeenActivity& activity,
                          Instant now);
    void schedule(Instant after, std::span<const registry::Slot> slots);
    bool legs_due(Instant now) const;
    struct Missing;
    Result<void> withheld_causes(const Peer& peer, Pass& pass) const;
    void note_withheld(const Pass& pass);
    void withheld_is_told();
    static bool says_of_groups(const registry::Dealing& dealing);
    Result<void> find_causes(Pass& pass);
    void log_causes(Pass& pass) const;
    static bool newly_on(const Subscriber& subscriber, const std::string& role, const Pass& pass);
    Cause cause_of(const TrackAlert& alert, Instant now) const;
    /// Of a notice of a track, with spaces between: its seq, so that such rows are in the order of
    /// what they say, its id, and the id of what it corrects, which may hold again.
    static std::string done_row(const std::string& stream, const Notice& notice, std::uint64_t seq);
    static std::string id_in(const std::string& done_row);
    static void note_done_row(const std::string& row, std::set<std::string>& ids);
    bool is_known(const std::string& stream, const std::string& id, const Pass& pass) const;
    void tell(const Cause& cause, std::span<const Subscriber> subscribers, Pass& pass) const;
    Result<void> write(Pass& pass);
    Result<void> set_unreadable_aside(const std::string& stream,
                                      std::span<const std::pair<std::uint64_t, OutboxRow>> rows);
    Result<void> take_back(const std::string& stream, const std::string& id, bool again,
                           bool& found);
    Result<void> change(const Additions& additions);
    Result<std::vector<std::string>> note_done(const std::string& stream,
                                               std::span<const Notice> gone, Additions& additions);

    Of of_;
    bool loaded_ = false;
    bool look_everywhere_ = true;
    // Records to look at once their log is whole here, and what is no record.
    std::set<registry::Slot> withheld_;
    std::set<registry::DealingSlot> withheld_dealings_;
    std::optional<Told> told_;      // absent: nobody has ever subscribed
    std::optional<Instant> clock_;  // up to when it was told what the clock makes; with told_
    // When the next leg of which movement will stand otherwise, unless something is said of it.
    std::set<std::pair<Instant, registry::Slot>> due_;
    std::map<registry::Slot, Instant> due_of_;
    std::optional<Instant> answers_due_;  // when the next challenge or activity is overdue
    HeardStages heard_stops_;             // what was told of STOPs that came urgently; with told_
    AllSignedOn signed_on_;  // to whom it was told what waited for their desk; with told_
    std::size_t heard_ = 0;  // of Exchange::heard(): what was looked through
    std::size_t dealt_ = 0;  // of Node::changed_dealings(): the same
    std::optional<std::size_t> forgotten_;  // of Exchange::forgotten(): as of what was read
    std::map<std::string, Stream> streams_;
    std::map<std::string, std::set<std::string>> track_ids_;  // by stream: held or acknowledged
    mutable std::map<std::string, watch::Asked> asked_;       // standing questions, by subscription
};

}  // namespace entente::node
