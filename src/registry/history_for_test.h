// SPDX-License-Identifier: Apache-2.0
// Histories of a party's statements for tests, told in a line each: `History h; h.say({...})`.
// Each is applied to a register of that party alone. Included by tests only.
#pragma once

#include "registry/registry.h"
#include "registry/teller_for_test.h"

namespace entente::registry::test {

class History {
  public:
    explicit History(Duration reduce_delay = Duration(0), int officers = 1,
                     int relaxations_min = 100, int relaxations_percent = 0)
        : registry_(charter(reduce_delay, officers, relaxations_min, relaxations_percent),
                    PartyId{"fr"}) {
        this->key('o', 0, 'r');
    }

    Registry& registry() { return registry_; }
    const Registry& registry() const { return registry_; }
    const Record& record(int number = 0) const {
        const auto slot = registry_.snapshot().find(id(number));
        ASSERT(slot);
        return registry_.snapshot().at(*slot);
    }
    static RecordId id(int record) { return Teller("fr").id(record); }
    void skip_to(std::uint64_t index) { teller_.skip_to(index); }

    Understood say(const Said& said) {
        const Understood made = make(said);
        apply(made);
        return made;
    }
    void apply(const Understood& made) {
        last_ = registry_.apply(made);
        registry_.settle();
    }
    Change last() const { return last_; }

    void key(char letter, std::uint64_t from, char signer) {
        const SecretKey officer = test::key(letter), by = test::key(signer);
        registry_.apply(
            teller_.position("key"),
            make_key_entry({"officer", officer.public_key(), from}, teller_.origin(), by));
    }

    Understood make(const Said& said) { return teller_.make(said).open(); }

  private:
    static statement::Charter charter(Duration reduce_delay, int officers, int min, int percent) {
        statement::Charter out;
        out.id = "solo";
        out.terms = statement::default_terms();
        out.terms.reduce_delay = reduce_delay;
        out.terms.relaxations_min = min;
        out.terms.relaxations_percent = percent;
        statement::CharterParty party;
        party.id = PartyId{"fr"};
        party.name = "France";
        party.root = Bytes(test::key('r').public_key().view());
        party.officers = officers;
        out.parties.push_back(std::move(party));
        return out;
    }

    Registry registry_;
    Teller teller_{"fr"};
    Change last_;
};

}  // namespace entente::registry::test
