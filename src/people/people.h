// SPDX-License-Identifier: Apache-2.0
// The people of one party: accounts, sessions and tokens, with the rules for changing them. Every
// change is checked, written durably together with its line of the audit, and only then in force.
// No clock, no chance, no hashing of passwords (that takes long, and its owner may hold a lock).
//
//     TRY(people, People::load(store));
//     TRYV(people.add_account({.name = "nadia", .roles = {Role::registrar}}, by));
//
// One owner: whoever shares it guards it.
#pragma once

#include <map>

#include "people/account.h"
#include "people/store.h"

namespace entente::people {

/// Who changes something, for the audit.
struct By {
    std::string who;
    std::string how;
    Instant now;
    bool owner = false;  // of the data directory: may what would otherwise leave no admin
};

/// Their line of the audit.
Reading made_by(const By& by, std::string act, std::string what);

class People {
  public:
    /// Reads everything; what is past its time is dropped at the next change.
    static Result<People> load(Store& store);

    const std::map<std::string, Account>& accounts() const { return accounts_; }
    /// Null where there is none of this name.
    const Account* account(const std::string& name) const;

    /// Errc::refused for a name that is taken.
    Result<void> add_account(Account account, const By& by);
    /// Errc::refused where no admin would be left. Ends the account's sessions.
    Result<void> set_roles(const std::string& name, Roles roles, const By& by);
    Result<void> set_disabled(const std::string& name, bool disabled, const By& by);
    /// `hash` is hash_password's, or empty. Ends the account's sessions but the one that is kept.
    Result<void> set_password(const std::string& name, const std::string& hash, const By& by,
                              const std::string& kept_session = {});

    const std::map<std::string, Session>& sessions() const { return sessions_; }
    /// The session whose cookie has this hash, while it lasts and its account may sign in.
    const Session* session(const Hash& hash, Instant now) const;
    /// The oldest of the account's end where it would have more than account_sessions_max.
    Result<void> begin_session(Session session, const By& by);
    /// Errc::not_found if there is none.
    Result<void> end_session(const std::string& id, const By& by);

    const std::map<std::string, Token>& tokens() const { return tokens_; }
    /// The token with this hash, while it lasts and its account may sign in.
    const Token* token(const Hash& hash, Instant now) const;
    /// Errc::refused for a name that is taken, a role that the account has not, too many.
    Result<void> add_token(Token token, const By& by);
    Result<void> revoke_token(const std::string& name, const By& by);

    static constexpr std::size_t accounts_max = 10'000;
    static constexpr std::size_t tokens_max = 10'000;
    static constexpr std::size_t account_sessions_max = 64;
    static constexpr Duration token_life_max = std::chrono::hours(24 * 366);

  private:
    explicit People(Store& store) : store_(&store) {}
    Result<void> take(Table table, const std::string& key, const Bytes& bytes);
    Result<Account> changeable(const std::string& name) const;
    Result<void> keep_an_admin(const Account& next, const By& by) const;
    Result<void> replace(const Account& account, std::vector<std::string> ended,
                         const std::string& act, const std::string& what, const By& by);
    std::vector<std::string> sessions_of(const std::string& account) const;
    bool may_sign_in(const std::string& account) const;
    void drop_session(const std::string& id);
    std::vector<std::string> sessions_over(Instant now) const;

    Store* store_;
    std::map<std::string, Account> accounts_;
    std::map<std::string, Session> sessions_;  // by id
    std::map<std::string, Token> tokens_;      // by name
    std::map<Hash, std::string> session_ids_;
    std::map<Hash, std::string> token_names_;
};

}  // namespace entente::people
