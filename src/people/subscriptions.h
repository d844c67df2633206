// SPDX-License-Identifier: Apache-2.0
// Standing subscriptions of people, each its owner's (watch/subscription.h). Every change is
// checked and written durably with its line of the audit before it is in force. What webhooks are
// signed with lies beside them: it must be at hand, so people.db is as secret as a key.
//
// One owner: whoever shares it guards it.
#pragma once

#include <map>
#include <memory>

#include "people/people.h"
#include "watch/subscription.h"

namespace entente::people {

class Subscriptions {
  public:
    using Wants = std::shared_ptr<const watch::Matcher>;

    static Result<Subscriptions> load(Store& store);

    const std::map<std::string, Wants>& all() const { return all_; }
    /// Errc::malformed for an area, class, party or word that is none; too_large for too many.
    Result<void> add(watch::Subscription subscription, const By& by);
    /// Errc::not_found.
    Result<void> remove(const std::string& id, const By& by);
    /// A line of the audit about what was done with notices.
    Result<void> note(const std::string& act, const std::string& what, const By& by);

    static constexpr std::size_t all_max = 1000;
    static constexpr std::size_t person_max = 50;
    static constexpr std::size_t list_max = 64;  // classes, parties, words
    static constexpr std::size_t secret_bytes = 32;
    static constexpr std::size_t name_bytes_max = 256;  // of a standing question

  private:
    explicit Subscriptions(Store& store) : store_(&store) {}

    Store* store_;
    std::map<std::string, Wants> all_;  // by id
};

/// Everything but whether a place can be reached: that is the sender's.
Result<void> validate(const watch::Subscription& subscription);
Bytes encode(const watch::Subscription& subscription);
Result<watch::Subscription> decode_subscription(BytesView bytes);

}  // namespace entente::people
