// SPDX-License-Identifier: Apache-2.0
#include "people/proposal.h"

#include <algorithm>

#include "base/encode.h"
#include "people/rows.h"

namespace entente::people {
namespace {

using State = Proposal::State;

constexpr const char* state_names[] = {"waiting", "logged", "refused"};

canon::Array signatures(const std::vector<Signature>& list) {
    canon::Array out;
    for (const Signature& one : list) {
        canon::Object row;
        row.set("key", to_base64url(one.key));
        row.set("officer", one.officer);
        row.set("signature", to_base64url(one.signature));
        row.set("time", millis(one.time));
        out.emplace_back(std::move(row));
    }
    return out;
}

Result<std::vector<Signature>> signatures_of(RowReader& row) {
    std::vector<Signature> out;
    for (const canon::Object& object : row.objects("signatures")) {
        RowReader one(object);
        Signature signature;
        signature.key = one.base64("key");
        signature.officer = one.text("officer");
        signature.signature = one.base64("signature");
        signature.time = instant(one.integer("time"));
        TRYV(one.end("signature"));
        out.push_back(std::move(signature));
    }
    return out;
}

Bytes encode(const Proposal& p) {
    canon::Object out;
    out.set("act", p.act);
    out.set("by", p.by);
    out.set("ciphertexts", to_base64url(p.ciphertexts));
    out.set("coarse", to_base64url(p.what.coarse.view()));
    out.set("ended_by", p.ended_by);
    out.set("entry", static_cast<std::int64_t>(p.entry));
    out.set("exact", to_base64url(p.what.exact.view()));
    out.set("head", to_base64url(p.what.head.view()));
    out.set("id", p.id);
    out.set("needed", std::int64_t{p.needed});
    out.set("record", p.record);
    out.set("signatures", signatures(p.signatures));
    out.set("state", name(p.state));
    out.set("time", millis(p.time));
    out.set("until", millis(p.until));
    out.set("version", std::int64_t{p.version});
    out.set("why", p.why);
    out.set("wrapped_keys", to_base64url(p.wrapped_keys));
    return canon::encode(std::move(out));
}

Result<Proposal> decode_proposal(BytesView bytes) {
    TRY(row, RowReader::open(bytes));
    Proposal out;
    out.act = row.text("act");
    out.by = row.text("by");
    out.ciphertexts = row.base64("ciphertexts");
    out.what.coarse = row.hash("coarse");
    out.ended_by = row.text("ended_by");
    out.entry = static_cast<std::uint64_t>(row.integer("entry"));
    out.what.exact = row.hash("exact");
    out.what.head = row.hash("head");
    out.id = row.text("id");
    out.needed = static_cast<int>(row.integer("needed"));
    out.record = row.text("record");
    TRY(signed_by, signatures_of(row));
    out.signatures = std::move(signed_by);
    const std::string state = row.text("state");
    out.time = instant(row.integer("time"));
    out.until = instant(row.integer("until"));
    out.version = static_cast<std::uint32_t>(row.integer("version"));
    out.why = row.text("why");
    out.wrapped_keys = row.base64("wrapped_keys");
    TRYV(row.end("proposal"));
    for (const State one : {State::waiting, State::logged, State::refused}) {
        if (state != name(one)) continue;
        out.state = one;
        return out;
    }
    return fail(Errc::malformed, "a row of people.db (proposal): state is not as it was");
}

Bytes encode(const Officer& officer) {
    canon::Object out;
    out.set("entry", static_cast<std::int64_t>(officer.entry));
    out.set("key", to_base64url(officer.key));
    out.set("made", millis(officer.made));
    out.set("name", officer.name);
    return canon::encode(std::move(out));
}

Result<Officer> decode_officer(BytesView bytes) {
    TRY(row, RowReader::open(bytes));
    Officer out;
    out.entry = static_cast<std::uint64_t>(row.integer("entry"));
    out.key = row.base64("key");
    out.made = instant(row.integer("made"));
    out.name = row.text("name");
    TRYV(row.end("officer"));
    return out;
}

Reading line(const By& by, std::string act, std::string what, const std::string& record) {
    Reading out = made_by(by, std::move(act), std::move(what));
    if (!record.empty()) out.records = {record};
    return out;
}

}  // namespace

const char* name(Proposal::State state) { return state_names[static_cast<std::size_t>(state)]; }

bool operator==(const Proposal& a, const Proposal& b) { return encode(a) == encode(b); }

Result<Proposals> Proposals::load(Store& store) {
    Proposals out(store);
    TRYV(store.scan([&](Table table, const std::string& key, const Bytes& bytes) -> Result<void> {
        if (table == Table::proposal) {
            TRY(proposal, decode_proposal(bytes));
            out.all_.emplace(key, std::move(proposal));
        } else if (table == Table::officer) {
            TRY(officer, decode_officer(bytes));
            out.officers_.emplace(key, std::move(officer));
        }
        return {};
    }));
    return out;
}

const Officer* Proposals::officer_of(BytesView key) const {
    for (const auto& [name, officer] : officers_) {
        if (officer.key == key) return &officer;
    }
    return nullptr;
}

Result<void> Proposals::add_officer(const Officer& officer, const By& by) {
    TRYV(check_name("name", officer.name));
    const auto there = officers_.find(officer.name);
    if (there != officers_.end() && there->second.key == officer.key) return {};
    if (there != officers_.end()) {
        return fail(Errc::refused, "the officer " + officer.name +
                                       " has another key; a new key "
                                       "takes a new name");
    }
    if (const Officer* other = officer_of(officer.key)) {
        return fail(Errc::refused, "this key is " + other->name + "'s");
    }
    TRYV(store_->commit({{Table::officer, officer.name, encode(officer)}},
                        {line(by, "officer_added", officer.name, {})}));
    officers_.emplace(officer.name, officer);
    return {};
}

const Proposal* Proposals::find(const std::string& id) const {
    const auto found = all_.find(id);
    return found == all_.end() ? nullptr : &found->second;
}

/// One that still waits.
Result<Proposal> Proposals::open(const std::string& id, Instant now) const {
    const Proposal* found = find(id);
    if (found == nullptr) return fail(Errc::not_found, "there is no such proposal");
    if (found->state != State::waiting) {
        return fail(Errc::refused, std::string("this proposal is done: ") + name(found->state) +
                                       " by " + found->ended_by);
    }
    if (found->until <= now) {
        return fail(Errc::stale, "this proposal ended at " + format_rfc3339(found->until) +
                                     "; propose it again");
    }
    return *found;
}

Result<void> Proposals::put(Proposal proposal, const std::string& act, const std::string& what,
                            const By& by) {
    TRYV(store_->commit({{Table::proposal, proposal.id, encode(proposal)}},
                        {line(by, act, what, proposal.record)}));
    const std::string id = proposal.id;
    all_.insert_or_assign(id, std::move(proposal));
    return {};
}

Result<void> Proposals::add(Proposal proposal, const By& by) {
    std::size_t waiting = 0;
    std::size_t done = 0;
    const Proposal* oldest = nullptr;  // of those that are done
    for (const auto& [id, one] : all_) {
        if (one.state == State::waiting && one.until > by.now) {
            ++waiting;
            continue;
        }
        ++done;
        if (oldest == nullptr || one.time < oldest->time) oldest = &one;
    }
    if (waiting >= waiting_max) {
        return fail(Errc::too_large,
                    "as many proposals wait as may (waiting_max); sign or refuse "
                    "some first");
    }
    std::vector<Write> writes = {{Table::proposal, proposal.id, encode(proposal)}};
    std::string dropped;
    if (done >= done_max) {
        dropped = oldest->id;
        writes.push_back({Table::proposal, dropped, {}});
    }
    TRYV(store_->commit(writes,
                        {line(by, "proposed", proposal.act + " " + proposal.id, proposal.record)}));
    if (!dropped.empty()) all_.erase(dropped);
    const std::string id = proposal.id;
    all_.insert_or_assign(id, std::move(proposal));
    return {};
}

Result<void> Proposals::sign(const std::string& id, Signature signature, const By& by) {
    TRY(next, open(id, by.now));
    TRY(key, PublicKey::from(signature.key));
    TRYV(seal::verify_approval(key, next.what, signature.signature));
    for (const Signature& one : next.signatures) {
        if (one.key == signature.key || one.officer == signature.officer) {
            return fail(Errc::refused, one.officer +
                                           " has signed it already; it takes another "
                                           "officer");
        }
    }
    if (next.has_enough()) return fail(Errc::refused, "enough officers have signed it already");
    const std::string what = next.act + " " + id + " as " + signature.officer;
    next.signatures.push_back(std::move(signature));
    return put(std::move(next), "signed", what, by);
}

Result<void> Proposals::refuse(const std::string& id, const std::string& why, const By& by) {
    TRYV(check_text("why", why));
    TRY(next, open(id, by.now));
    if (next.has_enough()) {
        return fail(Errc::refused, "enough officers have signed it; it is about to be logged");
    }
    next.state = State::refused;
    next.ended_by = by.who;
    next.why = why;
    next.wrapped_keys.clear();
    next.ciphertexts.clear();
    const std::string what = next.act + " " + id;
    return put(std::move(next), "refused", what, by);
}

Result<void> Proposals::logged(const std::string& id, std::uint64_t entry, const By& by) {
    const Proposal* found = find(id);
    if (found == nullptr) return fail(Errc::not_found, "there is no such proposal");
    if (found->state == State::logged) return {};
    Proposal next = *found;
    next.state = State::logged;
    next.ended_by = by.who;
    next.entry = entry;
    next.wrapped_keys.clear();
    next.ciphertexts.clear();
    const std::string what = next.act + " " + id;
    return put(std::move(next), "logged", what, by);
}

}  // namespace entente::people
