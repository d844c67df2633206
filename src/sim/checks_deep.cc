// SPDX-License-Identifier: Apache-2.0
// The dear checks: every body in every store, every cosignature, and the end of a world.
#include <algorithm>
#include <set>

#include "sim/checks.h"
#include "tlog/merkle.h"

namespace entente::sim {
namespace {

using namespace std::chrono_literals;

}  // namespace

void Checks::thorough() {
    for (Seat& seat : world_.seats_) {
        if (!seat.honest) continue;
        plans(seat);
        if (seat.party->running()) heard(seat);
        for (std::size_t i = 0; i < world_.founders_.parties.size(); ++i) {
            if (i == seat.founder) continue;
            bodies(seat, world_.founders_.charter.origin(world_.founders_.parties[i].id), i);
        }
        cosignatures(seat);
    }
}

/// Every row of another's entry that holds something must have been released.
void Checks::bodies(Seat& seat, const Origin& origin, std::size_t founder) {
    const auto head = seat.party->store().head(origin);
    if (!head || !*head) return;
    (void)seat.party->store().scan(
        origin, {0}, {(*head)->size.v}, [&](node::StoredEntry&& here) -> Result<void> {
            if (here.wrapped_keys.empty()) return {};
            const Hash leaf = tlog::leaf_hash(here.entry);
            const auto states = seat.party->vault().states(leaf, here.wrapped_keys);
            if (!states) {
                failed(seat, "a vault row of " + origin.v + " does not open");
                return {};
            }
            Bits open = 0;
            for (std::size_t i = 0; i < states->size(); ++i) {
                if ((*states)[i] == seal::SlotState::sealed)
                    open = static_cast<Bits>(open | 1 << i);
            }
            const Bits allowed = released(seat, origin, founder, here);
            if ((open & ~allowed) != 0) {
                failed(seat, "entry " + std::to_string(here.index.v) + " of " + origin.v +
                                 " is open here to " + std::to_string(open) + ", released was " +
                                 std::to_string(allowed));
            }
            return {};
        });
}

/// What the author meant this seat to have of an entry: by the book, or a receipt to it.
Bits Checks::released(Seat& seat, const Origin& origin, std::size_t founder,
                      const node::StoredEntry& here) {
    for (Seat& author : world_.seats_) {
        if (author.founder != founder) continue;
        const auto said = row(author, origin, here.index);
        if (!said || said->entry != here.entry) continue;  // of the other branch
        if (const Said* known = world_.book_.said(world_.number(author), here.index)) {
            const auto allowed = known->allowed.find(seat.party->id());
            return allowed != known->allowed.end() ? allowed->second : Bits{0};
        }
        const auto opened =
            node::open_row({origin, world_.founders_.charter.id}, author.party->vault(), *said);
        if (!opened || !opened->understood || !opened->understood->receipt) return 0;
        return opened->understood->receipt->to == seat.party->id() ? Bits{5} : Bits{0};
    }
    return 0;
}

/// A cosigner's word, as its own store has it, is over a beginning of the log or of one branch.
void Checks::cosignatures(Seat& seat) {
    for (std::size_t i = 0; i < world_.founders_.parties.size(); ++i) {
        if (i == seat.founder) continue;
        const Origin origin = world_.founders_.charter.origin(world_.founders_.parties[i].id);
        const node::Peer* peer = seat.party->running()
                                     ? seat.party->exchange().peer(world_.founders_.parties[i].id)
                                     : nullptr;
        const std::string mirror = world_.founders_.charter.mirror_name(seat.party->id());
        const std::string witness = world_.founders_.charter.witness_name(seat.party->id());
        (void)seat.party->store().scan_cosignatures(origin, [&](node::StoredCosignature&& row) {
            if (row.cosigner != mirror && row.cosigner != witness) return Result<void>();
            bool all_up = true;
            if (!in_some_branch(i, row.size, row.root, all_up) && all_up) {
                failed(seat, "it cosigned a head of " + origin.v + " that never was");
            }
            // All that one cosigner says is of one branch: the one that it holds.
            if (peer != nullptr && (row.size > peer->mirror.size() ||
                                    peer->mirror.tree().root(row.size) != row.root)) {
                failed(seat, "its cosignatures of " + origin.v + " contradict each other");
            }
            return Result<void>();
        });
        words(seat, origin, i);
    }
}

/// What one cosigner says later is never over a smaller tree, nor over another one.
void Checks::words(Seat& seat, const Origin& origin, std::size_t founder) {
    std::map<std::string, std::map<std::pair<Instant, TreeSize>, Hash>> said;
    const statement::Charter& charter = world_.founders_.charter;
    const std::string mirror = charter.mirror_name(seat.party->id());
    const std::string witness = charter.witness_name(seat.party->id());
    (void)seat.party->store().scan_cosignatures(origin, [&](node::StoredCosignature&& row) {
        if (row.cosigner == mirror || row.cosigner == witness) {
            said[row.cosigner].emplace(std::pair(row.time, row.size), row.root);
        }
        return Result<void>();
    });
    for (const auto& word : world_.words_) {
        if (word.witness != world_.number(seat) || word.origin != origin) continue;
        said[witness].emplace(std::pair(word.time, word.size), word.root);
        bool all_up = true;
        if (!in_some_branch(founder, word.size, word.root, all_up) && all_up) {
            failed(seat, "it witnessed a head of " + origin.v + " that never was");
        }
    }
    for (const auto& [cosigner, heads] : said) {
        TreeSize before;
        for (const auto& [when, root] : heads) {
            if (when.second < before) {
                failed(seat, cosigner + " cosigned size " + std::to_string(when.second.v) + " of " +
                                 origin.v + " after size " + std::to_string(before.v));
            }
            before = when.second;
        }
    }
}

void Checks::at_the_end() {
    for (Seat& seat : world_.seats_) {
        if (!seat.honest) continue;
        if (!seat.party->running()) return failed(seat, "it is not up");
        status(seat);
        all_there(seat);
    }
    thorough();
    forks();
    for (Seat& seat : world_.seats_) {
        if (!seat.honest || !world_.out_.failure.empty()) continue;
        told(seat);
        stopped(seat);
        talk(seat);
        sides(seat);
        known(seat);
    }
    told_the_same();
    for (const Claim& claim : world_.book_.claims()) {
        for (Seat& seat : world_.seats_) {
            if (seat.honest && world_.out_.failure.empty()) settled(seat, claim);
        }
    }
    for (const auto& [record, road] : world_.book_.roads()) {
        for (Seat& seat : world_.seats_) {
            if (seat.honest && world_.out_.failure.empty()) settled(seat, record, road);
        }
    }
    for (const auto& [record, plan] : world_.book_.plans()) {
        for (Seat& seat : world_.seats_) {
            if (!seat.honest || !world_.out_.failure.empty()) continue;
            agree(seat, record, plan);
            replied(seat, record, plan);
        }
    }
}

/// Whether it was given this dealing by somebody honest; then its newest version is there, or that
/// is the failure.
bool Checks::has_newest(const Seat& seat, const RecordId& record, std::size_t author,
                        std::size_t versions) {
    if (!world_.seats_[author].honest || !holds(seat, record)) return false;
    const auto& dealings = seat.party->node().snapshot().dealings();
    const auto slot = dealings.find(record);
    if (slot && dealings.at(*slot).versions.back().number == versions) return true;
    failed(seat, "it does not have the newest version of " +
                     world_.book_.records().at(record).kind + " " + record.text());
    return false;
}

/// The last two were told the same, and where everything is told to everybody all were.
void Checks::told_the_same() {
    if (!world_.honest_all() || !world_.out_.failure.empty()) return;
    const auto& seats = world_.seats_;
    const std::size_t parties = world_.founders_.parties.size();
    std::vector<std::size_t> equal;
    for (std::size_t i = world_.theme_ == Theme::known ? 0 : parties - 2; i < parties; ++i) {
        equal.push_back(i);
    }
    const Seat& one = seats[equal.front()];
    const Hash hash = one.party->node().snapshot().hash();
    for (const std::size_t i : equal) {
        if (seats[i].party->node().snapshot().hash() == hash) continue;
        return failed(
            one, "it holds what " + seats[i].party->id().v + " holds, with another register hash");
    }
    alike(equal);
}

bool Checks::all_acknowledged() {
    for (Seat& seat : world_.seats_) {
        if (!seat.honest || !seat.party->running()) continue;
        for (const node::PeerStatus& peer : seat.party->exchange().status(world_.clock(seat))) {
            if (honest(peer.party) && peer.acknowledged != peer.given) return false;
        }
    }
    return true;
}

void Checks::status(Seat& seat) {
    for (const node::PeerStatus& peer : seat.party->exchange().status(world_.clock(seat))) {
        if (!honest(peer.party)) continue;
        if (!peer.missing.empty()) {
            std::string why;
            for (const auto& link : seat.links) {
                if (!link.follow || !link.follow->trouble()) continue;
                why += "; from " + link.follow->peer().v + ": " + link.follow->trouble()->detail;
            }
            failed(seat,
                   "of " + peer.party.v + " is missing: " + peer.missing.front().second + why);
        }
        if (peer.acknowledged != peer.given) {
            failed(seat, peer.party.v + " acknowledges " + std::to_string(peer.acknowledged.v) +
                             " of " + std::to_string(peer.given.v) + " releases");
        }
    }
}

bool Checks::honest(const PartyId& party) const {
    return std::all_of(world_.seats_.begin(), world_.seats_.end(),
                       [&](const Seat& one) { return one.party->id() != party || one.honest; });
}

/// Everything that was released to it has arrived, and it has lost nothing.
void Checks::all_there(Seat& seat) {
    for (Seat& author : world_.seats_) {
        if (!author.honest || author.founder == seat.founder) continue;
        for (const auto& [entry, said] : world_.book_.said_by(world_.number(author))) {
            const auto allowed = said.allowed.find(seat.party->id());
            if (allowed == said.allowed.end()) continue;
            const Bits due = static_cast<Bits>(allowed->second & said.used);
            const Bits open = opened(seat, {world_.number(author), said.record, entry, 0, 0, {}});
            if ((due & ~open) == 0) continue;
            failed(seat, "entry " + std::to_string(entry.v) + " of " + author.party->id().v +
                             " was released to it as " + std::to_string(due) + " and is open as " +
                             std::to_string(open));
        }
    }
}

/// What has not ended protects still, and what has ended long enough ago does not.
void Checks::settled(Seat& seat, const Claim& claim) {
    const Instant now = world_.clock(seat);
    protects(seat, claim, now);
    protects(seat, claim, now + 12h);
    const Seat& author = world_.seats_[claim.author];
    if (!author.honest) return;
    const auto& claims = world_.book_.claims();
    const bool over = std::all_of(claims.begin(), claims.end(), [&](const Claim& one) {
        return one.record != claim.record || one.site != claim.site || !one.ended_by.empty();
    });
    // Who was released less knows less of the end, and then it goes on protecting.
    if (!over || (world_.number(seat) != claim.author && (opened(seat, claim) & 4) == 0)) return;
    if (!heard_enough(seat, claim)) return;
    const Instant then = now + world_.founders_.charter.terms.reduce_delay + 2min;
    ++world_.out_.relaxed;
    if (!finds(seat, claim, 0, then) || may_be_over_limit(claim)) return;
    failed(seat, "record " + claim.record.text() + " of " + author.party->id().v +
                     " protects for ever, though it was ended and that is final");
}

/// Whether what ends this record's claims of that place may be one relaxation too many within a
/// day, and so waits for the root (PROTOCOL 15). The first so many of a log never are.
bool Checks::may_be_over_limit(const Claim& claim) const {
    const std::set<EntryIndex> relaxations = world_.book_.relaxations(claim.author);
    const auto limit = static_cast<std::size_t>(world_.founders_.charter.terms.relaxations_min);
    if (relaxations.size() <= limit) return false;
    const EntryIndex first_over = *std::next(relaxations.begin(), static_cast<int>(limit));
    const auto& claims = world_.book_.claims();
    return std::any_of(claims.begin(), claims.end(), [&](const Claim& one) {
        return one.record == claim.record && one.site == claim.site &&
               one.ended_by.front() >= first_over;
    });
}

/// Whether the end of this claim can be final by what this seat has heard. A liar may keep its
/// word of a head to itself for as long as it likes: what needs that word goes on protecting.
bool Checks::heard_enough(Seat& seat, const Claim& claim) {
    const Seat& author = world_.seats_[claim.author];
    EntryIndex last;
    for (const Claim& one : world_.book_.claims()) {
        if (one.record != claim.record) continue;
        for (const EntryIndex entry : one.ended_by) last = std::max(last, entry);
    }
    return heard_enough(seat, author, last);
}

bool Checks::heard_enough(Seat& seat, const Seat& author, EntryIndex last) {
    std::size_t count = 0;
    for (const auto& founder : world_.founders_.parties) {
        if (founder.id == author.party->id()) continue;
        const auto stored = [&] {
            return seat.party->exchange().stored_by(founder.id, origin_of(author)).v > last.v;
        };
        if (founder.id == seat.party->id() || honest(founder.id) || stored()) ++count;
    }
    const std::size_t others = world_.founders_.parties.size() - 1;
    return count >= 1 + 2 * others / 3;  // PROTOCOL 16
}

/// Two honest nodes that held different branches have met: each has the evidence.
void Checks::forks() {
    if (!world_.fork_) return;
    Seat &first = world_.seats_.front(), &second = world_.seats_.back();
    bool seen_first = false, seen_second = false;
    for (Seat& seat : world_.seats_) {
        if (!seat.honest) continue;
        const node::Peer* peer = seat.party->exchange().peer(first.party->id());
        const tlog::Tree& held = peer->mirror.tree();
        const auto only = [&](Seat& one, Seat& other) {
            if (!one.party->running() || !other.party->running()) return false;
            const auto& a = one.party->node().log();
            const auto& b = other.party->node().log();
            const Hash root = held.root(held.size());
            return held.size() <= a.size() && a.tree().root(held.size()) == root &&
                   !(held.size() <= b.size() && b.tree().root(held.size()) == root);
        };
        seen_first |= only(first, second);
        seen_second |= only(second, first);
    }
    for (Seat& seat : world_.seats_) {
        if (!seat.honest || !seen_first || !seen_second) continue;
        const node::Peer* peer = seat.party->exchange().peer(first.party->id());
        if (!peer->fork) {
            failed(seat, "two branches of one log have met and it holds no evidence");
        } else if (!mirror::verify_fork(*peer->fork, peer->mirror.log())) {
            failed(seat, "its evidence of a fork convicts nobody");
        } else {
            ++world_.out_.forks;
        }
    }
}

}  // namespace entente::sim
