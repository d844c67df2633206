// SPDX-License-Identifier: Apache-2.0
// Accounts, sessions and tokens over a store in memory; the audit's chain; what a change that
// cannot be written leaves behind.
#include "people/people.h"

#include <gtest/gtest.h>

#include "base/sha256.h"
#include "people/memory_store.h"
#include "people/rows.h"

namespace entente::people {
namespace {

using std::chrono::hours;

const Instant noon = instant(1'800'000'000'000);
const By admin{"ada", "session", noon, false};
const By owner{"owner", "token", noon, true};

/// Fails when it is told to.
class Store final : public MemoryStore {
  public:
    bool broken = false;
    Result<void> commit(const std::vector<Write>& writes,
                        const std::vector<Reading>& audit) override {
        if (broken) return fail(Errc::unavailable, "the disk is full");
        return MemoryStore::commit(writes, audit);
    }
    std::vector<std::string> acts() {
        std::vector<std::string> out;
        const std::vector<AuditLine> lines = *audit(0, 10'000);
        for (const AuditLine& line : lines) {
            const Reading reading = *decode_reading(line.bytes);
            out.push_back(reading.who + " " + reading.act + " " + reading.what);
        }
        return out;
    }
};

Account account(const std::string& name, Roles roles) {
    Account out;
    out.name = name;
    out.roles = roles;
    out.password = "a hash";
    return out;
}

Session session(const std::string& id, const std::string& account, Instant begun = noon) {
    return {id, sha256(id), account, begun, begun + hours(12), "192.0.2.1"};
}

Token token(const std::string& name, const std::string& account, Roles roles) {
    return {name, sha256(name), account, roles, noon, noon + hours(24)};
}

struct House {
    Store store;
    People people = *People::load(store);
    House() {
        EXPECT_TRUE(people.add_account(account("ada", {Role::admin}), owner));
        EXPECT_TRUE(people.add_account(account("nadia", {Role::registrar, Role::duty}), admin));
    }
};

TEST(People, AreThereAfterAnotherStart) {
    House house;
    ASSERT_TRUE(house.people.begin_session(session("s1", "nadia"), admin));
    ASSERT_TRUE(house.people.begin_session(session("s2", ""), owner));
    ASSERT_TRUE(house.people.add_token(token("drones", "nadia", {Role::duty}), admin));
    const People again = *People::load(house.store);
    EXPECT_EQ(again.accounts(), house.people.accounts());
    EXPECT_EQ(again.sessions(), house.people.sessions());
    EXPECT_EQ(again.tokens(), house.people.tokens());
    ASSERT_NE(again.session(sha256("s1"), noon), nullptr);
    EXPECT_EQ(again.session(sha256("s1"), noon)->account, "nadia");
    EXPECT_EQ(again.token(sha256("drones"), noon)->account, "nadia");
    EXPECT_EQ(again.session(sha256("x"), noon), nullptr);
    EXPECT_EQ(again.token(sha256("x"), noon), nullptr);
}

TEST(People, HaveNamesThatCanStandInAStatement) {
    House house;
    for (const char* name : {"", "Nadia", "nadia h", "1nadia", "na/dia", "owner", "نادية", "-x"}) {
        EXPECT_EQ(house.people.add_account(account(name, {}), admin).error().code, Errc::malformed)
            << name;
    }
    EXPECT_EQ(house.people.add_account(account(std::string(65, 'a'), {}), admin).error().code,
              Errc::malformed);
    EXPECT_EQ(house.people.add_account(account("nadia", {}), admin).error().code, Errc::refused);
    EXPECT_TRUE(house.people.add_account(account("rosa.m-2_x", {}), admin));
}

TEST(People, EndSessionsWhenTheirRightsChange) {
    const struct {
        const char* what;
        Result<void> (*change)(People&);
    } changes[] = {
        {"roles", [](People& p) { return p.set_roles("nadia", {Role::planner}, admin); }},
        {"disabled", [](People& p) { return p.set_disabled("nadia", true, admin); }},
        {"password", [](People& p) { return p.set_password("nadia", "other", admin); }},
    };
    for (const auto& one : changes) {
        House house;
        ASSERT_TRUE(house.people.begin_session(session("s1", "nadia"), admin));
        ASSERT_TRUE(house.people.begin_session(session("s2", "ada"), admin));
        ASSERT_TRUE(one.change(house.people)) << one.what;
        EXPECT_EQ(house.people.session(sha256("s1"), noon), nullptr) << one.what;
        EXPECT_NE(house.people.session(sha256("s2"), noon), nullptr) << one.what;
        EXPECT_EQ(People::load(house.store)->session(sha256("s1"), noon), nullptr) << one.what;
    }
    House house;
    ASSERT_TRUE(house.people.begin_session(session("s1", "nadia"), admin));
    ASSERT_TRUE(house.people.begin_session(session("s2", "nadia"), admin));
    ASSERT_TRUE(house.people.set_password("nadia", "other", admin, "s2"));
    EXPECT_EQ(house.people.session(sha256("s1"), noon), nullptr);
    EXPECT_NE(house.people.session(sha256("s2"), noon), nullptr) << "the one that changed it";
}

TEST(People, WhoAreDisabledComeInByNoWay) {
    House house;
    ASSERT_TRUE(house.people.add_token(token("drones", "nadia", {Role::duty}), admin));
    ASSERT_TRUE(house.people.set_disabled("nadia", true, admin));
    EXPECT_EQ(house.people.token(sha256("drones"), noon), nullptr);
    EXPECT_FALSE(house.people.begin_session(session("s1", "nadia"), admin));
    ASSERT_TRUE(house.people.set_disabled("nadia", false, admin));
    EXPECT_NE(house.people.token(sha256("drones"), noon), nullptr);
}

TEST(People, AreNeverWithoutAnAdminButByTheOwner) {
    House house;
    EXPECT_EQ(house.people.set_disabled("ada", true, admin).error().code, Errc::refused);
    EXPECT_EQ(house.people.set_roles("ada", {Role::duty}, admin).error().code, Errc::refused);
    EXPECT_TRUE(house.people.set_roles("ada", {Role::admin, Role::auditor}, admin));
    ASSERT_TRUE(house.people.add_account(account("boss", {Role::admin}), admin));
    EXPECT_TRUE(house.people.set_disabled("ada", true, admin));
    EXPECT_FALSE(house.people.set_disabled("boss", true, admin));
    EXPECT_TRUE(house.people.set_disabled("boss", true, owner));
}

TEST(Sessions, LastUntilTheirTimeAndAreBounded) {
    House house;
    ASSERT_TRUE(house.people.begin_session(session("first", "nadia"), admin));
    EXPECT_NE(house.people.session(sha256("first"), noon + hours(12) - Duration(1)), nullptr);
    EXPECT_EQ(house.people.session(sha256("first"), noon + hours(12)), nullptr);
    for (std::size_t i = 1; i <= People::account_sessions_max; ++i) {
        By later = admin;
        later.now = noon + Duration(i);
        ASSERT_TRUE(house.people.begin_session(session("s" + std::to_string(i), "nadia", later.now),
                                               later));
    }
    EXPECT_EQ(house.people.session(sha256("first"), noon), nullptr) << "the oldest made room";
    EXPECT_EQ(house.people.sessions().size(), People::account_sessions_max);
    By tomorrow = admin;
    tomorrow.now = noon + hours(24);
    ASSERT_TRUE(house.people.begin_session(session("t", "ada", tomorrow.now), tomorrow));
    EXPECT_EQ(house.people.sessions().size(), 1u) << "what is over is dropped";
    EXPECT_EQ(house.people.end_session("s1", admin).error().code, Errc::not_found);
    EXPECT_TRUE(house.people.end_session("t", admin));
    EXPECT_EQ(People::load(house.store)->sessions().size(), 0u);
}

TEST(Tokens, MayNoMoreThanTheirAccount) {
    House house;
    EXPECT_EQ(house.people.add_token(token("t", "nadia", {Role::admin}), admin).error().code,
              Errc::refused);
    EXPECT_EQ(house.people.add_token(token("t", "nobody", {}), admin).error().code,
              Errc::not_found);
    Token late = token("t", "nadia", {Role::duty});
    for (const Instant until : {noon, noon - hours(1), noon + hours(24 * 367)}) {
        late.until = until;
        EXPECT_EQ(house.people.add_token(late, admin).error().code, Errc::malformed);
    }
    ASSERT_TRUE(house.people.add_token(token("t", "nadia", {Role::duty}), admin));
    EXPECT_EQ(house.people.add_token(token("t", "nadia", {}), admin).error().code, Errc::refused);
    EXPECT_NE(house.people.token(sha256("t"), noon + hours(24) - Duration(1)), nullptr);
    EXPECT_EQ(house.people.token(sha256("t"), noon + hours(24)), nullptr);
    ASSERT_TRUE(house.people.revoke_token("t", admin));
    EXPECT_EQ(house.people.token(sha256("t"), noon), nullptr);
    EXPECT_EQ(house.people.revoke_token("t", admin).error().code, Errc::not_found);
}

TEST(People, StayAsTheyWereWhereNothingCanBeWritten) {
    House house;
    ASSERT_TRUE(house.people.begin_session(session("s1", "nadia"), admin));
    ASSERT_TRUE(house.people.add_token(token("t", "nadia", {Role::duty}), admin));
    const auto accounts = house.people.accounts();
    const auto sessions = house.people.sessions();
    const auto tokens = house.people.tokens();
    house.store.broken = true;
    EXPECT_FALSE(house.people.add_account(account("omar", {}), admin));
    EXPECT_FALSE(house.people.set_roles("nadia", {}, admin));
    EXPECT_FALSE(house.people.set_disabled("nadia", true, admin));
    EXPECT_FALSE(house.people.set_password("nadia", "", admin));
    EXPECT_FALSE(house.people.begin_session(session("s2", "nadia"), admin));
    EXPECT_FALSE(house.people.end_session("s1", admin));
    EXPECT_FALSE(house.people.add_token(token("u", "nadia", {}), admin));
    EXPECT_FALSE(house.people.revoke_token("t", admin));
    EXPECT_EQ(house.people.accounts(), accounts);
    EXPECT_EQ(house.people.sessions(), sessions);
    EXPECT_EQ(house.people.tokens(), tokens);
    EXPECT_NE(house.people.session(sha256("s1"), noon), nullptr);
    EXPECT_NE(house.people.token(sha256("t"), noon), nullptr);
}

TEST(Audit, HasALineForEveryChangeToPeople) {
    House house;
    ASSERT_TRUE(house.people.set_roles("nadia", {Role::planner}, admin));
    ASSERT_TRUE(house.people.begin_session(session("s1", "nadia"), admin));
    ASSERT_TRUE(house.people.end_session("s1", admin));
    EXPECT_EQ(
        house.store.acts(),
        (std::vector<std::string>{
            "owner person_added ada admin", "ada person_added nadia registrar,duty",
            "ada roles_set nadia planner", "ada signed_in s1", "ada session_ended nadia s1"}));
}

TEST(Audit, NoticesWhatWasChangedOrTakenOut) {
    House house;
    for (int i = 0; i < 20; ++i) {
        ASSERT_TRUE(house.people.set_disabled("nadia", i % 2 == 0, admin));
    }
    const std::vector<AuditLine> whole = *house.store.audit(0, 100);
    const auto holds = [](const std::vector<AuditLine>& lines) {
        AuditLine last;
        for (const AuditLine& line : lines) {
            if (!follows(last, line)) return false;
            last = line;
        }
        return true;
    };
    EXPECT_TRUE(holds(whole));
    EXPECT_EQ(house.store.audit(5, 3)->front(), whole[5]);
    EXPECT_EQ(house.store.audit(5, 3)->size(), 3u);
    EXPECT_EQ(house.store.audit(99, 3)->size(), 0u);
    for (std::size_t i = 0; i < whole.size(); ++i) {
        std::vector<AuditLine> without = whole;
        without.erase(without.begin() + static_cast<std::ptrdiff_t>(i));
        EXPECT_EQ(holds(without), i + 1 == whole.size()) << i;
        std::vector<AuditLine> renumbered = without;
        for (std::size_t j = 0; j < renumbered.size(); ++j) renumbered[j].seq = j + 1;
        EXPECT_EQ(holds(renumbered), i + 1 == whole.size()) << i;
        for (std::size_t bit = 0; bit < 8 * whole[i].bytes.size(); bit += 7) {
            std::vector<AuditLine> changed = whole;
            changed[i].bytes[bit / 8] = static_cast<char>(changed[i].bytes[bit / 8] ^ 1 << bit % 8);
            EXPECT_FALSE(holds(changed)) << i << " " << bit;
        }
    }
}

TEST(Rows, AreRefusedWhenTheyAreNotWhole) {
    const Bytes whole = encode(account("nadia", {Role::duty}));
    EXPECT_TRUE(decode_account(whole));
    for (const Bytes& wrong : {Bytes(), Bytes("{}"), whole.substr(1), whole + " ", Bytes("[]"),
                               Bytes(whole).replace(whole.find("\"duty\""), 6, "\"cook\""),
                               Bytes(whole).replace(whole.find("false"), 5, "0"),
                               Bytes(whole).replace(whole.find("\"roles\""), 7, "\"rolex\"")}) {
        EXPECT_FALSE(decode_account(wrong)) << wrong;
    }
}

}  // namespace
}  // namespace entente::people
