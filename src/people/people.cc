// SPDX-License-Identifier: Apache-2.0
#include "people/people.h"

#include <algorithm>

#include "base/encode.h"
#include "people/rows.h"

namespace entente::people {
namespace {

std::string joined(const std::vector<std::string>& list) {
    std::string out;
    for (const std::string& one : list) out += (out.empty() ? "" : ",") + one;
    return out;
}

}  // namespace

Reading made_by(const By& by, std::string act, std::string what) {
    Reading out;
    out.time = by.now;
    out.who = by.who;
    out.how = by.how;
    out.act = std::move(act);
    out.what = std::move(what);
    return out;
}

Result<void> check_name(std::string_view what, std::string_view text) {
    constexpr std::string_view first = "abcdefghijklmnopqrstuvwxyz";
    constexpr std::string_view all = "abcdefghijklmnopqrstuvwxyz0123456789._-";
    constexpr std::size_t name_bytes_max = 64;
    if (text.empty() || text.size() > name_bytes_max ||
        first.find(text.front()) == std::string_view::npos ||
        text.find_first_not_of(all) != std::string_view::npos) {
        return fail(Errc::malformed, std::string(what) +
                                         ": 1 to 64 of a-z, 0-9, '.', '_' and '-', beginning with "
                                         "a letter");
    }
    if (text == "owner") {
        return fail(Errc::malformed,
                    std::string(what) + ": `owner` is the name of whoever owns the directory");
    }
    return {};
}

Result<void> check_text(std::string_view what, std::string_view text) {
    constexpr std::size_t text_bytes_max = 256;
    const bool control = std::any_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    });
    if (text.size() > text_bytes_max || control || !is_utf8(text)) {
        return fail(Errc::malformed,
                    std::string(what) + ": at most 256 bytes of UTF-8, without control characters");
    }
    return {};
}

Result<People> People::load(Store& store) {
    People out(store);
    TRYV(store.scan([&](Table table, const std::string& key, const Bytes& bytes) {
        return out.take(table, key, bytes);
    }));
    return out;
}

Result<void> People::take(Table table, const std::string& key, const Bytes& bytes) {
    switch (table) {
        case Table::account: {
            TRY(account, decode_account(bytes));
            accounts_.emplace(key, std::move(account));
            break;
        }
        case Table::session: {
            TRY(session, decode_session(bytes));
            session_ids_.emplace(session.hash, key);
            sessions_.emplace(key, std::move(session));
            break;
        }
        case Table::token: {
            TRY(token, decode_token(bytes));
            token_names_.emplace(token.hash, key);
            tokens_.emplace(key, std::move(token));
            break;
        }
        case Table::officer:
        case Table::proposal:
        case Table::duty:
        case Table::subscription:
        case Table::sheet: break;  // others read these
    }
    return {};
}

const Account* People::account(const std::string& name) const {
    const auto found = accounts_.find(name);
    return found == accounts_.end() ? nullptr : &found->second;
}

bool People::may_sign_in(const std::string& name) const {
    const Account* found = account(name);
    return found != nullptr && !found->disabled;
}

Result<Account> People::changeable(const std::string& name) const {
    const Account* found = account(name);
    if (found == nullptr) return fail(Errc::not_found, "nobody here has the name " + name);
    return *found;
}

Result<void> People::add_account(Account account, const By& by) {
    TRYV(check_name("name", account.name));
    TRYV(check_text("full_name", account.full_name));
    if (accounts_.contains(account.name)) {
        return fail(Errc::refused, account.name +
                                       " is taken; names stand in statements, so none "
                                       "is given twice");
    }
    if (accounts_.size() >= accounts_max) {
        return fail(Errc::too_large, "there are as many accounts as there may be (accounts_max)");
    }
    account.made = by.now;
    const std::string what = account.name + " " + joined(account.roles.names());
    TRYV(replace(account, {}, "person_added", what, by));
    return {};
}

Result<void> People::replace(const Account& account, std::vector<std::string> ended,
                             const std::string& act, const std::string& what, const By& by) {
    std::vector<Write> writes = {{Table::account, account.name, encode(account)}};
    for (const std::string& id : ended) writes.push_back({Table::session, id, {}});
    TRYV(store_->commit(writes, {made_by(by, act, what)}));
    accounts_[account.name] = account;
    for (const std::string& id : ended) drop_session(id);
    return {};
}

/// Only the owner of the directory, who can make another, may leave the node without an admin.
Result<void> People::keep_an_admin(const Account& next, const By& by) const {
    const auto is_admin = [](const Account& one) {
        return !one.disabled && one.roles.has(Role::admin);
    };
    const bool left =
        is_admin(next) || std::any_of(accounts_.begin(), accounts_.end(), [&](const auto& one) {
            return one.first != next.name && is_admin(one.second);
        });
    if (left || by.owner) return {};
    return fail(Errc::refused, next.name + " is the last admin; make another one first");
}

Result<void> People::set_roles(const std::string& name, Roles roles, const By& by) {
    TRY(next, changeable(name));
    next.roles = roles;
    TRYV(keep_an_admin(next, by));
    return replace(next, sessions_of(name), "roles_set", name + " " + joined(roles.names()), by);
}

Result<void> People::set_disabled(const std::string& name, bool disabled, const By& by) {
    TRY(next, changeable(name));
    next.disabled = disabled;
    TRYV(keep_an_admin(next, by));
    return replace(next, sessions_of(name), disabled ? "person_disabled" : "person_enabled", name,
                   by);
}

Result<void> People::set_password(const std::string& name, const std::string& hash, const By& by,
                                  const std::string& kept_session) {
    TRY(next, changeable(name));
    next.password = hash;
    std::vector<std::string> ended = sessions_of(name);
    std::erase(ended, kept_session);
    return replace(next, std::move(ended), "password_set", name, by);
}

std::vector<std::string> People::sessions_of(const std::string& account) const {
    std::vector<std::string> out;
    for (const auto& [id, session] : sessions_) {
        if (session.account == account) out.push_back(id);
    }
    return out;
}

std::vector<std::string> People::sessions_over(Instant now) const {
    std::vector<std::string> out;
    for (const auto& [id, session] : sessions_) {
        if (session.until <= now) out.push_back(id);
    }
    return out;
}

void People::drop_session(const std::string& id) {
    const auto found = sessions_.find(id);
    if (found == sessions_.end()) return;
    session_ids_.erase(found->second.hash);
    sessions_.erase(found);
}

const Session* People::session(const Hash& hash, Instant now) const {
    const auto found = session_ids_.find(hash);
    if (found == session_ids_.end()) return nullptr;
    const Session& out = sessions_.at(found->second);
    if (out.until <= now) return nullptr;
    return out.account.empty() || may_sign_in(out.account) ? &out : nullptr;
}

Result<void> People::begin_session(Session session, const By& by) {
    if (!session.account.empty() && !may_sign_in(session.account)) {
        return fail(Errc::refused, session.account + " may not sign in");
    }
    std::vector<std::string> ended = sessions_over(by.now);
    std::vector<std::string> own = sessions_of(session.account);
    std::erase_if(own, [&](const std::string& id) { return sessions_.at(id).until <= by.now; });
    if (own.size() >= account_sessions_max) {
        ended.push_back(
            *std::min_element(own.begin(), own.end(), [&](const auto& a, const auto& b) {
                return sessions_.at(a).begun < sessions_.at(b).begun;
            }));
    }
    std::vector<Write> writes = {{Table::session, session.id, encode(session)}};
    for (const std::string& id : ended) writes.push_back({Table::session, id, {}});
    TRYV(store_->commit(writes, {made_by(by, "signed_in", session.id)}));
    for (const std::string& id : ended) drop_session(id);
    session_ids_[session.hash] = session.id;
    sessions_.insert_or_assign(session.id, std::move(session));
    return {};
}

Result<void> People::end_session(const std::string& id, const By& by) {
    const auto found = sessions_.find(id);
    if (found == sessions_.end()) return fail(Errc::not_found, "there is no such session");
    const std::string whose = found->second.account.empty() ? "owner" : found->second.account;
    TRYV(store_->commit({{Table::session, id, {}}},
                        {made_by(by, "session_ended", whose + " " + id)}));
    drop_session(id);
    return {};
}

const Token* People::token(const Hash& hash, Instant now) const {
    const auto found = token_names_.find(hash);
    if (found == token_names_.end()) return nullptr;
    const Token& out = tokens_.at(found->second);
    if (out.until <= now) return nullptr;
    return may_sign_in(out.account) ? &out : nullptr;
}

Result<void> People::add_token(Token token, const By& by) {
    TRYV(check_name("name", token.name));
    TRY(account, changeable(token.account));
    if (tokens_.contains(token.name)) {
        return fail(Errc::refused, "there is a token " + token.name +
                                       "; revoke it first, or give "
                                       "this one another name");
    }
    if (tokens_.size() >= tokens_max) {
        return fail(Errc::too_large, "there are as many tokens as there may be (tokens_max)");
    }
    if (!token.roles.within(account.roles)) {
        return fail(Errc::refused, "a token has no role that " + account.name + " has not");
    }
    if (token.until <= by.now || token.until > by.now + token_life_max) {
        return fail(Errc::malformed, "until: later than now, and within a year");
    }
    token.made = by.now;
    const std::string what = token.name + " of " + token.account + " " +
                             joined(token.roles.names()) + " until " + format_rfc3339(token.until);
    TRYV(store_->commit({{Table::token, token.name, encode(token)}},
                        {made_by(by, "token_made", what)}));
    token_names_[token.hash] = token.name;
    tokens_.insert_or_assign(token.name, std::move(token));
    return {};
}

Result<void> People::revoke_token(const std::string& name, const By& by) {
    const auto found = tokens_.find(name);
    if (found == tokens_.end()) return fail(Errc::not_found, "there is no token " + name);
    TRYV(store_->commit({{Table::token, name, {}}}, {made_by(by, "token_revoked", name)}));
    token_names_.erase(found->second.hash);
    tokens_.erase(found);
    return {};
}

}  // namespace entente::people
