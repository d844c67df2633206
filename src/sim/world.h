// SPDX-License-Identifier: Apache-2.0
// A whole exchange in one process out of one seed (PROTOCOL 20, 25, 26, 31): parties over the real
// core, mail that is late, lost, doubled and out of order, partitions, clocks that differ,
// processes that die in the middle of a write, and in some seeds a party that lies. After every
// step what must hold is looked at; the first thing that does not hold ends the run.
//
//     sim::Outcome outcome = sim::World(seed).run();
//     outcome.failure;    // empty, or what did not hold, where and when
#pragma once

#include <array>
#include <functional>
#include <map>
#include <memory>

#include "node/replying.h"
#include "node/urgent.h"
#include "sim/book.h"
#include "sim/liar.h"
#include "sim/listener.h"

namespace entente::sim {

/// Duty roles that a STOP may be addressed to.
constexpr std::array<const char*, 3> duty_desks = {"duty", "floor", "air"};

struct Outcome {
    std::string failure;  // empty: all held
    std::uint64_t step = 0, parties = 0;
    std::uint64_t delivered = 0;  // questions and answers that arrived
    std::uint64_t crashes = 0, partitions = 0, statements = 0, asked = 0, relaxed = 0;
    std::uint64_t forks = 0;  // honest nodes that hold the evidence of one
    std::uint64_t lies = 0, witnessed = 0, sticks = 0, faults = 0;
    // Of movements: what was said, what must not be, what was asked of them, and what was found to
    // protect no more at the end.
    std::uint64_t legs = 0, refused = 0, legs_asked = 0, legs_ended = 0;
    std::uint64_t told = 0;  // notices
    // Of activities: versions that were said, what nodes replied by themselves and how much that
    // named, objections, and how often they and activities were asked for.
    std::uint64_t plans = 0, replies = 0, named = 0, objections = 0, objections_asked = 0;
    std::uint64_t plans_asked = 0, replies_due = 0;
    // Of STOPs: how many were said, calls by nodes, how many came urgently before the log of their
    // author, what was kept for others and asked for, answers, and what was asked of them.
    std::uint64_t stops = 0, calls = 0, urgent = 0, kept = 0, fetched = 0, answers = 0;
    std::uint64_t stops_asked = 0;
    // Of challenges, messages and boundaries: versions, and what was asked of each.
    std::uint64_t contests = 0, messages = 0, zones = 0;
    std::uint64_t contested_asked = 0, talk_asked = 0;
    // Of groups: positions and presences, versions of them, and what presences were asked to be.
    std::uint64_t positions = 0, presences = 0, presences_asked = 0, presences_contested = 0;
    std::uint64_t presence_conflicts = 0, presence_cautions = 0;
    // Of what parties know: versions, what was asked of it, places that incidents were joined to;
    // at the end how often lines were counted, how many reports fell into a line that there was,
    // and how many nodes said the same of all of it.
    std::uint64_t known = 0, known_asked = 0, joined = 0;
    std::uint64_t corroborations = 0, lines_joined = 0, alike = 0;
    bool operator==(const Outcome&) const = default;
};

/// What the parties of a world speak of.
enum class Theme : std::uint8_t {
    everything,  // four or five of them, to whomever they choose; in some seeds one lies
    known,       // twenty, of places, groups and what they know, all of it to everybody
};

class World {
  public:
    explicit World(std::uint64_t seed, Theme theme = Theme::everything);
    ~World();
    Outcome run();

  private:
    friend class Checks;
    struct Link {  // one asks, the other answers
        std::optional<node::Follow> follow;
        std::uint64_t asked = 0;  // the question that waits for its answer; 0: none
        TreeSize shown;           // of the asker's log, that the other has witnessed
    };
    struct Seat {
        std::unique_ptr<Party> party;
        std::unique_ptr<Listener> listener;
        std::optional<node::Replying> replying;       // of this life
        std::optional<node::Urgents> urgents;         // as well
        std::set<RecordId> calling = {};              // STOPs of which a call is under way, too
        std::map<Hash, RecordId> boxes = {};          // STOPs that it has said it took, by leaf
        bool died_taking = false;                     // one: it may have that, and has not said so
        std::map<std::size_t, Bytes> kept_seen = {};  // what others keep for it, and it has; too
        bool untold = false;                          // its notices could not be made just now
        std::set<view::DealingSlot> unanswered = {};  // activities of others to be looked at
        std::size_t founder = 0;
        bool honest = true;
        int camp = 0;  // of a fork: who sees which branch; 0: everybody
        Duration skew{};
        std::uint64_t life = 0;  // counts its starts
        /// What the book learns if the write that died was kept; of its first entry.
        std::function<void(EntryIndex)> if_stored;
        TreeSize size_before;     // of its log before that write
        std::vector<Link> links;  // by seat
    };

    // ---- time and mail (world_mail.cc) ----
    void after(Duration wait, std::function<void()> event);
    bool step();
    void run_until(Instant end);
    Instant clock(const Seat& seat) const { return now_ + seat.skew; }
    bool linked(std::size_t a, std::size_t b) const;
    bool cut(std::size_t a, std::size_t b) const;
    void carry(std::size_t from, std::size_t to, const std::function<void()>& arrive);
    void wake_all();
    void wake(Seat& seat);
    void poke(std::size_t asker, std::size_t asked);
    void ask(std::size_t asker, std::size_t asked, const node::Step& question);
    void answer(std::size_t asker, std::size_t asked, std::uint64_t id, std::uint64_t life,
                const node::Step& question);
    void take(std::size_t asker, std::size_t asked, std::uint64_t id, std::uint64_t life,
              const Result<node::StepAnswer>& answer);

    // ---- other ways (world_other.cc) ----
    void show_head();
    void witness(std::size_t asker, std::size_t asked, const tlog::Checkpoint& head,
                 const Bytes& request);
    void send_stick();
    void take_stick(std::size_t self, const Bytes& bytes);

    // ---- what happens (world_events.cc) ----
    void guarded(Seat& seat, const std::function<void()>& work);
    void crash(Seat& seat);
    void start(Seat& seat);
    void tick(std::size_t seat, std::uint64_t epoch, std::uint64_t life);
    void trouble();
    void partition();
    void act();
    void say_something(Seat& seat);
    void say_of_places(Seat& seat);
    bool stored(Seat& seat, std::function<void(EntryIndex)> if_stored,
                const std::function<Result<node::Receipt>()>& work);
    bool log(Seat& seat, std::vector<node::Composed> composed, std::vector<Book::Meaning> meanings);
    void learn(const Book::Meaning& meaning, EntryIndex entry);
    void say(Seat& seat, const node::Draft& draft, const RecordId* record, Book::Meaning meaning);
    void say_new(Seat& seat);
    void say_next(Seat& seat);
    void release_later(Seat& seat);
    std::map<PartyId, node::Tier> some_audience(const Seat& seat);
    std::optional<RecordId> one_of(const Seat& seat, const std::string& kind);
    void heal();

    // ---- notices (world_other.cc) ----
    void tell(Seat& seat, std::vector<registry::Slot> changed);
    void make_notices(Seat& seat, const std::vector<registry::Slot>& changed);
    void read_notices();

    // ---- activities, replies and objections (world_plans.cc, world_replies.cc) ----
    void say_plan(Seat& seat);
    void declare(Seat& seat);
    void go_on_with(Seat& seat, const RecordId& record);
    void amend(const Seat& seat, std::vector<PlanVolume>& volumes);
    void say_activity(Seat& seat, const RecordId* record, Book::Meaning meaning);
    Result<node::Composed> composed(Seat& seat, const RecordId* record,
                                    const Book::Meaning& meaning);
    void say_what_is_no_plan(Seat& seat, const RecordId& record);
    void object(Seat& seat);
    void go_on_objecting(Seat& seat, const RecordId& record);
    void answer_in_person(Seat& seat);
    std::optional<view::SeenActivity> activity_of_another(const Seat& seat);
    PlanVolume some_volume(const Seat& seat);
    std::map<PartyId, node::Tier> some_told(const Seat& seat);
    void tell_twins(const Seat& seat, std::map<PartyId, node::Tier>& audience) const;
    void note_concerned(Seat& seat, const std::vector<registry::Slot>& changed);
    bool reply(Seat& seat);
    bool say_replies(Seat& seat, std::vector<node::DueReply> due, const std::string& actor);

    // ---- STOPs: what is said (world_stops.cc), and how it is carried (world_calls.cc) ----
    void say_of_stops(Seat& seat);
    void say_stop(Seat& seat);
    void lift_stop(Seat& seat, const RecordId& record);
    void say_what_is_no_stop(Seat& seat, const RecordId& record);
    bool answer_stop(Seat& seat);
    void tell_of_call(Seat& seat, const RecordId& record);
    std::vector<RecordId> stops_of(const Seat& seat) const;
    /// How parties are reached: desks that somebody holds, an address, who relays.
    struct Reach {
        std::set<std::string> held;
        bool addressed = true;
        std::optional<std::size_t> relay;
    };
    struct Ringing;
    Result<void> load_urgents(Seat& seat);
    void mind_urgency(Seat& seat);
    void begin_calls(Seat& seat);
    void call(Seat& seat, const node::Calling& calling, const std::vector<std::string>& desks);
    void push(const std::shared_ptr<Ringing>& ringing, std::size_t line, std::size_t via);
    void end_call(const std::shared_ptr<Ringing>& ringing);
    struct Box {
        Bytes bytes;
        bool spoiled = false;
    };
    Box carried(const Seat& by, const Bytes& box);
    bool take_urgent(std::size_t at, const Box& box);
    bool keep_urgent(std::size_t from, std::size_t at, std::size_t to, const Bytes& of,
                     const Bytes& box);
    void ask_for_kept(Seat& seat);
    void reply_to_stops(Seat& seat);
    void settle_urgents(Seat& seat);
    std::optional<std::size_t> seat_of(std::size_t seen_from, std::size_t founder) const;
    std::size_t founder_of(const PartyId& party) const;
    bool deal(Seat& seat, Result<node::Composed> made, Book::Meaning meaning);

    // ---- groups, positions and presences (world_sides.cc) ----
    void say_of_groups(Seat& seat);
    void say_group(Seat& seat);
    void take_position(Seat& seat, const RecordId& group);
    void say_presence(Seat& seat, const RecordId& group);
    std::optional<RecordId> group_seen(const Seat& seat);

    // ---- reports, incidents and who is held responsible (world_known.cc) ----
    void say_known(Seat& seat);
    void say_known(Seat& seat, const registry::Dealing* dealing, Book::Meaning meaning);
    void go_on_knowing(Seat& seat, const RecordId& record);
    std::optional<RecordId> known_seen(const Seat& seat, const std::string& kind);
    KnownVersion some_knowledge(const Seat& seat, const std::string& kind);

    // ---- challenges, messages and airspace (world_talk.cc) ----
    void say_talk(Seat& seat);
    void contest(Seat& seat);
    void go_on_contesting(Seat& seat);
    void answer_challenge(Seat& seat);
    void send_message(Seat& seat);
    void acknowledge(Seat& seat);
    void say_zone(Seat& seat);
    struct Version {
        RecordId record;
        Hash leaf;
    };
    bool reply_to(Seat& seat, const PartyId& to, const Version& of, statement::ReplyWord word,
                  bool automatic);
    const registry::Dealing* own_dealing(Seat& seat, const RecordId& record);

    // ---- movements (world_roads.cc) ----
    void say_road(Seat& seat);
    void add_road(Seat& seat);
    void go_on(Seat& seat, const RecordId& record);
    void amend(const Seat& seat, const Road& road, RoadLeg& leg, Book::Meaning& meaning);
    void say_legs(Seat& seat, const std::optional<RecordId>& record, Book::Meaning meaning,
                  std::optional<std::uint32_t> leg);
    void say_what_must_not_be(Seat& seat, const RecordId& record);
    RoadLeg some_leg(const Seat& seat, std::uint32_t number);

    bool honest_all() const { return seats_.front().honest; }
    void failed(const std::string& what);
    std::size_t number(const Seat& seat) const {
        return static_cast<std::size_t>(&seat - seats_.data());
    }
    Duration between(Duration low, Duration high) {
        return low + Duration(static_cast<Duration::rep>(
                         rng_.below(static_cast<std::uint64_t>((high - low).count()))));
    }
    bool chance(double p) { return rng_.unit() < p; }

    bool goes_on() const;

    const Theme theme_;
    Rng rng_;
    Founders founders_;
    std::vector<Seat> seats_;
    std::vector<Reach> reach_;  // by founder
    Book book_;
    /// A witness's words as they left it.
    struct Word {
        std::size_t witness;
        Origin origin;
        TreeSize size;
        Hash root;
        Instant time;
    };
    std::vector<Word> words_;
    Liar liar_;
    bool fork_ = false;  // the liar is two
    Instant now_;
    std::map<std::pair<Instant, std::uint64_t>, std::function<void()>> events_;
    std::uint64_t sequence_ = 0, questions_ = 0, in_flight_ = 0, epoch_ = 0;
    double drop_ = 0, twice_ = 0, late_ = 0;
    std::uint64_t cut_ = 0;   // bit of each seat on the far side of a partition
    std::uint64_t pace_ = 1;  // how many times slower everything repeats
    bool month_ = false;      // a partition of a month is still to come
    bool healing_ = false;
    int sites_ = 0;
    Outcome out_;
};

}  // namespace entente::sim
