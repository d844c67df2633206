// SPDX-License-Identifier: Apache-2.0
#include "people/duty.h"

#include "people/rows.h"

namespace entente::people {
namespace {

Bytes encode(const Duty& duty) {
    canon::Object out;
    out.set("holder", duty.holder);
    out.set("offered", millis(duty.offered));
    out.set("offered_to", duty.offered_to);
    out.set("role", duty.role);
    out.set("since", millis(duty.since));
    out.set("what", duty.what);
    return canon::encode(std::move(out));
}

Result<Duty> decode_duty(BytesView bytes) {
    TRY(row, RowReader::open(bytes));
    Duty out;
    out.holder = row.text("holder");
    out.offered = instant(row.integer("offered"));
    out.offered_to = row.text("offered_to");
    out.role = row.text("role");
    out.since = instant(row.integer("since"));
    out.what = row.text("what");
    TRYV(row.end("duty"));
    return out;
}

}  // namespace

Result<Roster> Roster::load(Store& store) {
    Roster out(store);
    TRYV(store.scan([&](Table table, const std::string& key, const Bytes& bytes) -> Result<void> {
        if (table != Table::duty) return {};
        TRY(duty, decode_duty(bytes));
        out.all_.emplace(key, std::move(duty));
        return {};
    }));
    return out;
}

Result<Duty> Roster::find(const std::string& role) const {
    const auto found = all_.find(role);
    if (found == all_.end()) return fail(Errc::not_found, "there is no duty role " + role);
    return found->second;
}

Result<void> Roster::put(const Duty& duty, const char* act, const std::string& what, const By& by) {
    TRYV(store_->commit({{Table::duty, duty.role, encode(duty)}},
                        {made_by(by, act, duty.role + (what.empty() ? "" : " " + what))}));
    all_.insert_or_assign(duty.role, duty);
    return {};
}

Result<void> Roster::add(const std::string& role, const std::string& what, const By& by) {
    TRYV(check_name("role", role));
    TRYV(check_text("what", what));
    if (all_.contains(role)) return fail(Errc::refused, "there is a duty role " + role);
    if (all_.size() >= roles_max) {
        return fail(Errc::too_large, "there are as many duty roles as there may be (roles_max)");
    }
    return put({role, what, {}, by.now, {}, {}}, "duty_added", {}, by);
}

Result<void> Roster::remove(const std::string& role, const By& by) {
    TRY(duty, find(role));
    if (!duty.holder.empty()) {
        return fail(Errc::refused, duty.holder + " holds " + role + "; they sign off first");
    }
    TRYV(store_->commit({{Table::duty, role, {}}}, {made_by(by, "duty_removed", role)}));
    all_.erase(role);
    return {};
}

Result<void> Roster::sign_on(const std::string& role, const std::string& who, const By& by) {
    TRY(duty, find(role));
    if (duty.holder == who) return {};
    if (!duty.holder.empty()) {
        return fail(Errc::refused,
                    duty.holder + " holds " + role + ", and hands it over or signs off");
    }
    duty.holder = who;
    duty.since = by.now;
    return put(duty, "duty_on", who, by);
}

Result<void> Roster::sign_off(const std::string& role, const std::string& who, const By& by) {
    TRY(duty, find(role));
    if (duty.holder != who) return fail(Errc::refused, who + " does not hold " + role);
    duty.holder.clear();
    duty.since = by.now;
    duty.offered_to.clear();
    return put(duty, "duty_off", who, by);
}

Result<void> Roster::hand_over(const std::string& role, const std::string& who,
                               const std::string& to, const By& by) {
    TRY(duty, find(role));
    if (duty.holder != who) return fail(Errc::refused, who + " does not hold " + role);
    duty.offered_to = to == who ? std::string() : to;
    duty.offered = by.now;
    return put(duty, "duty_offered", "to " + to, by);
}

Result<void> Roster::accept(const std::string& role, const std::string& who, const By& by) {
    TRY(duty, find(role));
    if (who.empty() || duty.offered_to != who)
        return fail(Errc::refused, role + " is not offered to " + who);
    const std::string before = duty.holder;
    duty.holder = who;
    duty.since = by.now;
    duty.offered_to.clear();
    return put(duty, "duty_accepted", who + " from " + before, by);
}

Result<void> Roster::release(const std::string& account, const By& by) {
    std::vector<Duty> held;
    for (const auto& [role, duty] : all_) {
        if (duty.holder == account || duty.offered_to == account) held.push_back(duty);
    }
    for (Duty& duty : held) {
        if (duty.offered_to == account) duty.offered_to.clear();
        if (duty.holder == account) {
            duty.holder.clear();
            duty.since = by.now;
            duty.offered_to.clear();
        }
        TRYV(put(duty, "duty_off", account, by));
    }
    return {};
}

}  // namespace entente::people
