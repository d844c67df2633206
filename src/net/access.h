// SPDX-License-Identifier: Apache-2.0
// Who asks, and whether they may. Three ways in: the token that stands in the data directory (mode
// 0600) is its owner's and may everything; an API token may what its account may, as far as the
// token's roles go; a browser has a session, which a password or a one-time link began. Another
// page open in the same browser can do nothing: its requests carry a foreign Origin, and a name
// that was bent to point here carries a foreign Host (DNS rebinding).
//
// Safe from any thread. Secrets are kept and compared as hashes.
#pragma once

#include <deque>
#include <mutex>
#include <set>

#include "base/bytes.h"
#include "base/random.h"
#include "base/time.h"
#include "net/message.h"
#include "people/attempts.h"
#include "people/memory_store.h"
#include "people/password.h"
#include "people/people.h"

namespace entente::net {

using people::Right;

/// Who a request comes from.
struct Who {
    enum class Kind : std::uint8_t { nobody, owner, person };
    Kind kind = Kind::nobody;
    std::string account;             // of a person
    std::string how;                 // token, session, proxy, or `token NAME` of an API token
    std::string session;             // its id, where the request is in one
    std::optional<Hash> credential;  // of the token or session; nothing of the owner's own token
    people::Roles roles;

    bool is_owner() const { return kind == Kind::owner; }
    bool may(Right right) const;
    /// What the audit calls them.
    std::string name() const { return is_owner() ? "owner" : account; }
    people::By by(Instant now) const { return {name(), how, now, is_owner()}; }
};

class Access {
  public:
    struct Options {
        std::string token;            // what the owner's programs show; at least 32 characters
        std::set<std::string> hosts;  // lower-case `name` or `name:port` that this node answers to
        std::string cookie;           // name of the session cookie, one a port
        people::People* people = nullptr;  // outlives this, guarded by it; null: nobody, in memory
        people::Cost cost = {};            // of a password
    };
    Access(Options options, Random random);

    /// Nothing if the request may do this, or the problem to answer with: 401, 403, 421. `who` is
    /// set to whom it comes from as soon as that is known.
    std::optional<Response> refuse(const Request& request, Right right, Instant now,
                                   Who* who = nullptr);
    /// Whether who was let in by `refuse` would be now, by what was shown then: for what goes on
    /// behind a request, as a stream does.
    bool lets_in_still(const Who& who, Right right, Instant now);
    /// `source`, which ends as soon as they would not be: what it has then is not given.
    std::shared_ptr<Source> while_let_in(std::shared_ptr<Source> source, Who who, Right right,
                                         std::function<Instant()> now);
    /// Whether this request shows the owner's token (then its Entente-Actor counts).
    bool shows_token(const Request& request) const;

    /// A code for a one-time link of the owner's; the newest codes_max of them are good for an
    /// hour.
    std::string make_code(Instant now);
    /// A code that makes the first admin, good once, for an hour, while there is no account.
    std::string make_first_code(Instant now);
    /// A code by which the account's person gives it a password, good once, for a day; the newest.
    std::string make_invitation(const std::string& account, Instant now);

    // What begins a session gives its Set-Cookie. Errc::refused: the code or the password is not
    // (or no longer) good; the same for a name that nobody has.
    Result<std::string> begin_session(const std::string& code, const Request& request, Instant now);
    Result<std::string> sign_in(const std::string& name, const std::string& password,
                                const Request& request, Instant now);
    struct First {
        std::string code;
        std::string name;
        std::string full_name;
        std::string password;
    };
    Result<std::string> first_admin(const First& first, const Request& request, Instant now);
    Result<std::string> accept_invitation(const std::string& code, const std::string& password,
                                          const Request& request, Instant now);
    /// How long until the next attempt at this name's password from there; counts one.
    Duration attempt(const std::string& name, const Request& request, Instant now);
    /// Ends the request's session; Set-Cookie that removes the cookie.
    std::string end_session(const Request& request, const Who& who, Instant now);

    /// Whether the password is the account's; takes as long where there is no such account.
    bool knows(const std::string& name, const std::string& password);
    Result<std::string> hash(const std::string& password) const;
    /// 160 bits as 32 base32 characters.
    std::string draw() const;

    /// Works with the people while nobody else does.
    template <class Work>
    auto with_people(Work work) {
        const std::lock_guard lock(mutex_);
        return work(*people_);
    }

    static constexpr std::size_t codes_max = 16;
    static constexpr std::size_t sessions_max = people::People::account_sessions_max;
    static constexpr std::size_t invitations_max = 256;
    static constexpr Duration code_life = std::chrono::hours(1);
    static constexpr Duration invitation_life = std::chrono::hours(24);
    static constexpr Duration session_life = std::chrono::hours(12);

  private:
    struct Code {
        Hash hash;
        Instant until;
        std::string account;  // of an invitation
    };
    std::optional<Code> find_code(std::deque<Code>& codes, const std::string& code, Instant now);
    bool take_code(std::deque<Code>& codes, const std::string& code, Instant now);
    Result<std::string> begin(const std::string& account, const Request& request,
                              const people::By& by);
    std::optional<Hash> session_of(const Request& request) const;
    Who find(const Request& request, Instant now);
    Who by_token(const Hash& hash, Instant now) const;
    Who by_session(const Hash& hash, Instant now) const;

    Options options_;
    Random random_;
    Hash token_hash_;
    people::MemoryStore no_store_;
    std::optional<people::People> nobody_;  // where no people were given
    std::mutex mutex_;                      // guards what follows
    people::People* people_;
    people::Attempts attempts_;
    std::deque<Code> codes_;
    std::deque<Code> first_codes_;
    std::deque<Code> invitations_;
};

}  // namespace entente::net
