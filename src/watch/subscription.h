// SPDX-License-Identifier: Apache-2.0
// What somebody wants to be told of, and whether something concerns them. It errs on the side of
// telling: what has no place, no class that is known here, or only an area around it, concerns
// whoever it might.
//
//     const Matcher wants(subscription);
//     if (wants.matches(concern)) ...        // pure; safe from any thread
//
// What a person may not see must not be tried out by subscriptions either: whoever makes a Concern
// makes it of what that person's lists and maps show.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/ids.h"
#include "base/time.h"
#include "geo/box.h"
#include "geo/prepared.h"
#include "geo/shape.h"

namespace entente::watch {

/// What there is to be told. The list is open: a subscription that names none is told of all, also
/// of what a later entente adds; but for `track`, which is asked for by name: crossings of lines
/// are many, and no word of a party.
namespace what {
constexpr const char* record = "record";  // something was said of a record, or more of it shown
constexpr const char* objection = "objection";  // one was said, amended or lifted, or was shown
constexpr const char* stop = "stop";          // one was said, came urgently, was answered or lifted
constexpr const char* withheld = "withheld";  // a record has a newer version that is not shown here
constexpr const char* log = "log";            // of a log as a whole: fork, leaving, what is unread
constexpr const char* receipt = "receipt";    // what another party did with one's own record
constexpr const char* leg = "leg";            // of a movement: late, overdue or lapsed
constexpr const char* activity = "activity";  // said of an activity, or replied to one
constexpr const char* challenge = "challenge";  // said of one, or replied to it
constexpr const char* message = "message";      // on the hot line, or the acknowledgement of one
constexpr const char* alarm = "alarm";  // what was said of a record touches an activity to come
constexpr const char* match = "match";  // a standing question has another answer
constexpr const char* join = "join";    // a record protected where and when an incident was
constexpr const char* track = "track";  // a live track crossed a line, or will
}  // namespace what
/// Those that this entente knows.
const std::vector<std::string>& known_whats();

/// Where notices go.
struct Route {
    std::string kind = "board";  // board; webhook or mail, then
    std::string to;              // the URL or the address
    bool operator==(const Route&) const = default;
};

/// A question that stands (watch/question.h), beside what its subscription says of area, classes
/// and parties. Who has one is told of what is new or changed and fits it, and of nothing else.
struct Standing {
    std::string name;  // what its owner calls it
    std::string text;  // words, as they were written
    geo::Window window;
    std::vector<std::string> kinds;   // empty: all
    std::optional<char> source;       // A to E: of a grade at least as good
    std::optional<char> information;  // 1 to 5
    bool operator==(const Standing&) const = default;
};

struct Subscription {
    std::string id;                    // 16 base32 characters
    std::string owner;                 // an account; empty: the owner of the data directory
    std::vector<geo::Place> area;      // its buffer is a margin; empty: everywhere
    std::vector<std::string> classes;  // empty: all
    std::vector<PartyId> parties;      // empty: all
    std::vector<std::string> what;     // empty: all but `track`
    /// Duty roles: told is only what is addressed to one of them, and only while its owner is
    /// signed on to that one. Empty: whatever it is addressed to, if anything.
    std::vector<std::string> duties;
    Route route;
    Bytes secret;  // with which webhooks are signed
    Instant made;
    std::optional<Standing> standing = {};
    bool operator==(const Subscription&) const = default;
};

/// Whose outbox rows are in one order: a person's board, or what one webhook or address gets.
std::string stream_of(const Subscription& subscription);
/// The board of this account.
std::string board_of(const std::string& account);

/// One place that something protects or protected, as far as the reader may see it.
struct Spot {
    geo::Volume4D volume;  // valid
    Metres reach;          // buffer and accuracy
};

/// The duty roles that somebody is signed on to, and since when.
using OnDuty = std::map<std::string, Instant>;

/// What is to be told, as far as it decides whom.
struct Concern {
    std::string what;
    PartyId party;                     // whose record, or log, it is
    PartyId by;                        // who says it; of a receipt another
    std::vector<std::string> classes;  // of all its versions
    bool class_unknown = false;        // of one of them, or it has none
    std::vector<Spot> spots;
    bool unplaced = false;                // some of it, or all, shows no place
    std::vector<std::string> desks = {};  // duty roles of this party that it is addressed to
};

class Matcher {
  public:
    /// Precondition: the area is valid (geo/valid.h).
    explicit Matcher(Subscription subscription);
    const Subscription& subscription() const { return subscription_; }
    /// `on_duty`: of its owner.
    bool matches(const Concern& concern, const OnDuty& on_duty = {}) const;

  private:
    struct Zone {
        geo::Prepared shape;
        geo::Box box;  // with the margin
        Metres margin;
    };
    bool touches(const Spot& spot) const;
    bool calls_owner(const Concern& concern, const OnDuty& on_duty) const;

    Subscription subscription_;
    std::vector<Zone> zones_;  // of each place of the area
};

}  // namespace entente::watch
