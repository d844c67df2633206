// SPDX-License-Identifier: Apache-2.0
// A charter of several parties, and the register of one of them, for tests. Keys are letters as in
// teller_for_test.h; every party has the root 'r'. Included by tests only.
#pragma once

#include "registry/registry.h"
#include "registry/teller_for_test.h"

namespace entente::registry::test {

inline statement::Charter joint_charter(const std::vector<std::string>& parties,
                                        Duration reduce_delay = Duration(0), int officers = 1) {
    statement::Charter out;
    out.id = "joint";
    out.terms = statement::default_terms();
    out.terms.reduce_delay = reduce_delay;
    for (const std::string& party : parties) {
        statement::CharterParty one;
        one.id = PartyId{party};
        one.name = party;
        one.root = Bytes(test::key('r').public_key().view());
        one.officers = officers;
        out.parties.push_back(one);
    }
    return out;
}

/// The register of `un`, which has the log of `fr` beside its own; officer 'o' signs for both.
class Exchange {
  public:
    explicit Exchange(const statement::Charter& charter = joint_charter({"fr", "ru", "un"}))
        : registry_(charter, PartyId{"un"}), fr_("fr", "joint"), un_("un", "joint") {
        log_ = registry_.add_log(fr_.origin(), PartyId{"fr"});
        key(log_, fr_, 'o');
        key(0, un_, 'o');
    }

    Registry& registry() { return registry_; }
    LogNumber log() const { return log_; }
    Teller& fr() { return fr_; }
    Teller& un() { return un_; }

    const Snapshot& settled() {
        registry_.settle();
        return registry_.snapshot();
    }
    const Record& record(int number = 0) { return own_or(fr_.id(number)); }
    const Record& own_record(int number = 0) { return own_or(un_.id(number)); }
    const LogState& state() { return settled().log(log_); }
    /// When the versions of a record of fr stop protecting, by what is final.
    std::vector<Instant> ends(int number = 0) {
        const Record& of = record(number);
        std::vector<Instant> out;
        for (const Version& one : of.versions) out.push_back(state().end_of(one));
        return out;
    }

    /// fr says it, and it is open here as far as `slots` says; 0: withheld.
    Made say(const Said& said, unsigned slots = 7) {
        Made made = fr_.make(said);
        hear(made, slots);
        return made;
    }
    void hear(const Made& made, unsigned slots = 7) {
        if (slots == 0)
            registry_.note_sealed(log_, made.position, made.entry);
        else
            registry_.apply(log_, made.open(slots));
    }
    /// The entries of fr below `size` have been final since `at`.
    void final(std::uint64_t size, Instant at) {
        registry_.set_finality(log_, Finality({{TreeSize{size}, at}}));
    }
    void key(LogNumber log, Teller& teller, char letter) {
        registry_.apply(log, teller.position("key"),
                        make_key_entry({"officer", test::key(letter).public_key(), 0},
                                       teller.origin(), test::key('r')));
    }

  private:
    const Record& own_or(const RecordId& id) {
        const auto slot = settled().find(id);
        ASSERT(slot);
        return registry_.snapshot().at(*slot);
    }

    Registry registry_;
    Teller fr_;
    Teller un_;
    LogNumber log_ = 0;
};

}  // namespace entente::registry::test
