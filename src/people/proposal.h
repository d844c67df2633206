// SPDX-License-Identifier: Apache-2.0
// What waits for officers (PROTOCOL 15): versions that are proposed, who signed them, what came of
// them; and whose key is whose. A signature is verified when it comes and again by the register,
// which alone decides what acts. Every change is durable before it is in force.
//
// One owner: whoever shares it guards it.
#pragma once

#include <map>
#include <vector>

#include "people/people.h"
#include "seal/approval.h"

namespace entente::people {

/// An officer whose key the root has enrolled in the log.
struct Officer {
    std::string name;  // of the account that may sign with it in a session, where there is one
    Bytes key;         // Ed25519 public key
    std::uint64_t entry = 0;  // of the log, that enrols it
    Instant made;
    bool operator==(const Officer&) const = default;
};

struct Signature {
    std::string officer;
    Bytes key;
    Bytes signature;
    Instant time;
    bool operator==(const Signature&) const = default;
};

struct Proposal {
    enum class State : std::uint8_t { waiting, logged, refused };

    std::string id;  // 16 base32 characters
    std::string record;
    std::uint32_t version = 0;  // that the record would have
    std::string act;
    std::string by;
    Instant time;  // of the statement, fixed when it was proposed
    Instant until;
    int needed = 1;
    seal::Approved what;
    Bytes wrapped_keys;  // its bodies, as node::seal_proposed has them; gone when it is done
    Bytes ciphertexts;
    std::vector<Signature> signatures;
    State state = State::waiting;
    std::string ended_by;
    std::string why;          // of a refusal
    std::uint64_t entry = 0;  // where it was logged

    bool has_enough() const { return signatures.size() >= static_cast<std::size_t>(needed); }
};
bool operator==(const Proposal& a, const Proposal& b);
const char* name(Proposal::State state);

class Proposals {
  public:
    static Result<Proposals> load(Store& store);

    const std::map<std::string, Officer>& officers() const { return officers_; }
    const Officer* officer_of(BytesView key) const;
    /// Errc::refused where the name has another key, or the key another name.
    Result<void> add_officer(const Officer& officer, const By& by);

    const std::map<std::string, Proposal>& all() const { return all_; }
    const Proposal* find(const std::string& id) const;
    /// Errc::too_large while waiting_max of them wait. Drops the oldest of those that are done.
    Result<void> add(Proposal proposal, const By& by);
    /// Errc::bad_signature; refused where it waits no more, or this officer or key has signed.
    Result<void> sign(const std::string& id, Signature signature, const By& by);
    Result<void> refuse(const std::string& id, const std::string& why, const By& by);
    /// It stands in the log. Nothing where that was noted already.
    Result<void> logged(const std::string& id, std::uint64_t entry, const By& by);

    static constexpr std::size_t waiting_max = 1000;
    static constexpr std::size_t done_max = 1000;
    static constexpr Duration life = std::chrono::hours(24 * 7);

  private:
    explicit Proposals(Store& store) : store_(&store) {}
    Result<Proposal> open(const std::string& id, Instant now) const;
    Result<void> put(Proposal proposal, const std::string& act, const std::string& what,
                     const By& by);

    Store* store_;
    std::map<std::string, Officer> officers_;  // by name
    std::map<std::string, Proposal> all_;      // by id
};

}  // namespace entente::people
