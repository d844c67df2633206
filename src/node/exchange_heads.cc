// SPDX-License-Identifier: Apache-2.0
// What others say of heads: newer ones to fetch, cosignatures to keep, and contradictions. One's
// own log is among them: whoever holds more of it than we do knows that we were put back.
#include <algorithm>

#include "base/breaks.h"
#include "base/encode.h"
#include "node/exchange_state.h"

namespace entente::node {
namespace {

std::string shown(const tlog::Checkpoint& head) {
    return "size " + std::to_string(head.size.v) + " root " + to_base64(head.root.view());
}

/// A log's newest head is told with the log's own signature, older ones without.
bool is_newest(const tlog::Note& note, const tlog::Checkpoint& head) {
    return std::any_of(note.signatures.begin(), note.signatures.end(),
                       [&](const auto& line) { return line.name == head.origin.v; });
}

}  // namespace

/// The witness and mirror keys of all parties but the log's own, for nobody cosigns himself, nor a
/// log that he kept before; and outside witnesses.
std::vector<tlog::CosignerKey> Exchange::cosigners_of(const Origin& origin) const {
    std::vector<tlog::CosignerKey> out;
    const Peer* const of = peer_of(origin);
    const PartyId& author = of == nullptr ? self_ : of->id;
    if (own_mirror_ && author != self_) {
        out.push_back(*own_witness_);
        out.push_back(*own_mirror_);
    }
    for (const auto& peer : peers_) {
        if (peer->id == author) continue;
        out.push_back(peer->witness_key);
        out.push_back(peer->mirror_key);
    }
    for (const OutsideWitness& one : outside_) out.push_back(one.key);
    return out;
}

/// What it sent cannot be true, whoever else may be at fault: named, and the round ends.
tl::unexpected<Error> Exchange::lie(const PartyId& from, Error error, Instant now) {
    const char* const code = error.code == Errc::too_large       ? "too_large"
                             : error.code == Errc::bad_signature ? "not_signed"
                                                                 : "malformed";
    accuse(from, code, error.detail, now);
    return tl::unexpected(std::move(error));
}

/// What a frame brings, while it is read. Its cosignatures are verified and say something new; they
/// count for nothing before they are stored.
struct Exchange::Hearing {
    HeadsTaken out;
    std::vector<tlog::Note> notes;
    std::vector<std::pair<tlog::Checkpoint, tlog::Cosignature>> lines;  // in order
    Additions additions;                                                // the same, to be stored
    std::map<std::pair<Origin, std::string>, TreeSize> newest;          // of these, by cosigner

    bool is_old(const Origin& origin, const std::string& cosigner, TreeSize size) const {
        const auto found = newest.find({origin, cosigner});
        return found != newest.end() && size <= found->second;
    }
};

Result<HeadsTaken> Exchange::take_heads(const PartyId& from, BytesView frame, Instant now) {
    for (Peer* log : logs_) keep_fork(*log);
    const auto heads = parse_heads(frame);
    if (!heads) return lie(from, heads.error(), now);
    Hearing hearing;
    hearing.out.mark = heads->mark;
    const auto read = read_heads(from, *heads, hearing, now);
    TRYV(keep_heard(hearing));  // what came before a lie is as good as ever
    TRYV(read);
    if (forgets()) {
        TRYV(heard_from(from, hearing.notes));
        hearing.out.mark.clear();  // until all have told all that they know
    }
    return std::move(hearing.out);
}

Result<void> Exchange::read_heads(const PartyId& from, const HeadsFrame& frame, Hearing& hearing,
                                  Instant now) {
    for (BytesView bytes : frame.notes) {
        auto note = tlog::parse_note(bytes);
        auto checkpoint = note ? tlog::parse_checkpoint(note->text)
                               : Result<tlog::Checkpoint>(tl::unexpected(note.error()));
        if (!checkpoint) {
            return lie(from,
                       {checkpoint.error().code,
                        "a head from " + from.v + ": " + checkpoint.error().detail},
                       now);
        }
        if (checkpoint->origin == node_.origin()) {
            TRYV(take_own_head(from, *note, *checkpoint, hearing, now));
        } else if (Peer* peer = peer_of(checkpoint->origin)) {
            if (peer == peer_of(from) && is_newest(*note, *checkpoint)) {
                hearing.out.own = std::max(hearing.out.own, checkpoint->size);
            }
            TRYV(take_head(from, *peer, *note, *checkpoint, hearing, now));
        } else {  // a log of nobody in this charter does no harm
            note_unknown(from, checkpoint->origin, hearing.out);
        }
        hearing.notes.push_back(std::move(*note));
    }
    return {};
}

/// A node whose signer remembers nothing may have signed anything, as a log and as a cosigner. What
/// it did its peers have: once all of them have told all that they know, and nothing of it is
/// beyond what is here, it goes on (PROTOCOL 26).
Result<void> Exchange::heard_from(const PartyId& from, std::span<const tlog::Note> notes) {
    if (keys_ == nullptr || this->peer(from) == nullptr) return {};
    for (const tlog::Note& note : notes) {
        TRY(head, tlog::parse_checkpoint(note.text));
        const Peer* const of = peer_of(head.origin);
        if (of == nullptr) continue;
        for (const auto* secret : {&keys_->witness, &keys_->mirror}) {
            const tlog::CosignerKey key = secret->key();
            TRY(lines, tlog::cosignatures_of(note, {&key, 1}));
            if (lines.empty()) continue;
            // Not before that head is here: the next answer shows it again.
            if (head.size > of->mirror.size()) return {};
            if (of->mirror.tree().root(head.size) != head.root) return {};
            const auto role = secret == &keys_->mirror ? CosignRole::mirror : CosignRole::witness;
            TRY(last, cosign_state_.last(of->origin, role));
            if (last && last->size >= head.size) continue;
            TRYV(cosign_state_.replace(of->origin, role, last, {head.size, head.root}));
        }
    }
    told_.insert(from);
    return told_.size() == peers_.size() ? all_told() : Result<void>();
}

Result<void> Exchange::all_told() {
    if (cosigned_unknown_) {
        Additions additions;
        additions.local.emplace_back(cosigned_unknown_name, Bytes());
        TRYV(store_.add(additions));
        cosigned_unknown_ = false;
    }
    if (node_.waits_for_peers()) node_.resume();
    return {};
}

Result<void> Exchange::take_own_head(const PartyId& from, const tlog::Note& note,
                                     const tlog::Checkpoint& checkpoint, Hearing& hearing,
                                     Instant now) {
    const tlog::Log& log = node_.log();
    const bool held =
        checkpoint.size <= log.size() && log.tree().root(checkpoint.size) == checkpoint.root;
    if (held) return take_cosignatures(from, nullptr, note, checkpoint, hearing, now);
    if (!tlog::open_checkpoint(tlog::format_note(note), node_.origin(), node_.verifier())) {
        return lie(
            from,
            {Errc::bad_signature, from.v + " shows a head of our log that our key did not sign"},
            now);
    }
    // Signed by our key and not in our log: it was put back to an earlier time (PROTOCOL 26), or
    // somebody else signs with our key. Either way the next head we sign would be the second
    // history.
    node_.halt("signing is halted: " + from.v + " holds a head of this log, " + shown(checkpoint) +
               ", that is not in it; it was put back to an earlier time, or its key is used "
               "elsewhere. Checks go on; restore the newer copy, or fetch what is missing from the "
               "others' copies (stop the node; entente scrub --from-peers), or let the root open a "
               "successor log");
    return {};
}

Result<void> Exchange::take_head(const PartyId& from, Peer& peer, const tlog::Note& note,
                                 const tlog::Checkpoint& checkpoint, Hearing& hearing,
                                 Instant now) {
    const bool held = checkpoint.size <= peer.mirror.size();
    if (held && peer.mirror.tree().root(checkpoint.size) == checkpoint.root) {
        return take_cosignatures(from, &peer, note, checkpoint, hearing, now);
    }
    const Bytes bytes = tlog::format_note(note);
    auto head = tlog::open_checkpoint(bytes, peer.origin, peer.mirror.log());
    if (!head) {
        // An older head that only cosigners signed can be judged once we hold as much. Of another
        // branch than ours it says nothing without the log's own signature, and who passes it on
        // is not to blame for it.
        if (head.error().code == Errc::unknown_key) return {};
        return lie(from,
                   {head.error().code,
                    from.v + " shows a head of " + peer.origin.v + ": " + head.error().detail},
                   now);
    }
    if (in_branch(peer, checkpoint)) return {};
    auto age = peer.mirror.compare(*head);
    if (!age) {
        refuse(from, peer.origin, age.error(), now);
        want_branch(peer, *head, bytes, hearing.out);
        return {};  // the others' heads in this frame are as good as before
    }
    if (!peer.newest_seen || checkpoint.size > *peer.newest_seen) {
        peer.newest_seen = checkpoint.size;
        hearing.out.news = true;
    }
    if (!held) hearing.out.wanted.push_back({peer.origin, checkpoint.size, bytes});
    return {};
}

Result<void> Exchange::take_cosignatures(const PartyId& from, const Peer* of,
                                         const tlog::Note& note, const tlog::Checkpoint& checkpoint,
                                         Hearing& hearing, Instant now) {
    const Origin& origin = checkpoint.origin;
    const HeadBook& book = of ? of->heads : own_heads_;
    const auto is_old = [&](const std::string& cosigner) {
        return book.is_old(cosigner, checkpoint.size) ||
               hearing.is_old(origin, cosigner, checkpoint.size);
    };
    // Most of what comes was heard of others, and a signature is dear to verify.
    tlog::Note fresh = note;
    std::erase_if(fresh.signatures, [&](const auto& line) { return is_old(line.name); });
    const auto known = cosigners_of(origin);
    auto lines = tlog::cosignatures_of(fresh, known);
    if (!lines) {
        return lie(from,
                   {lines.error().code,
                    from.v + " shows a cosigned head of " + origin.v + ": " + lines.error().detail},
                   now);
    }
    for (tlog::Cosignature& line : *lines) {
        // Who cosigns ahead of all clocks would make what it covers final before it was said.
        if (line.time > now + clock_skew_max) {
            hearing.out.mark.clear();  // it may be good later
            continue;
        }
        if (is_old(line.name)) continue;  // of two over one head the first
        const auto key = std::find_if(known.begin(), known.end(),
                                      [&](const auto& each) { return line.is_of(each); });
        hearing.newest[{origin, line.name}] = checkpoint.size;
        hearing.additions.cosignatures.push_back(row_of(checkpoint, *key, line));
        hearing.lines.emplace_back(checkpoint, std::move(line));
    }
    return {};
}

/// All of a frame in one transaction. They count once they are stored: what relaxes by them would
/// protect again after the next start otherwise. Where that fails nothing has changed, and the
/// frame is asked for again under the mark before it.
Result<void> Exchange::keep_heard(Hearing& hearing) {
    if (hearing.lines.empty()) return {};
    TRYV(store_.add(hearing.additions));
    std::set<Peer*> changed;  // null: the own log
    for (const auto& [head, line] : hearing.lines) {
        Peer* const of = peer_of(head.origin);
        keep_cosignature(of, head, line);
        changed.insert(of);
    }
    for (Peer* const of : changed) tell_finality(of);
    hearing.out.news = true;
    return {};
}

/// Into the book and the staircase. Precondition: it is stored.
void Exchange::keep_cosignature(Peer* of, const tlog::Checkpoint& checkpoint,
                                const tlog::Cosignature& line) {
    HeadBook& book = of ? of->heads : own_heads_;
    mirror::Cosigned& cosigned = of ? of->cosigned : own_cosigned_;
    if (const auto party = mirror_party(line)) {
        cosigned.add({*party, checkpoint.size, line.time});
    }
    book.add(checkpoint, line.name, line.line(), ++turn_);
}

StoredCosignature Exchange::row_of(const tlog::Checkpoint& head, const tlog::CosignerKey& key,
                                   const tlog::Cosignature& line) const {
    Bytes text = format_line(line.line());
    Bytes mark = marker_.mark(verified_bytes(head, key, text));
    return {head.origin, head.size,       head.root,      line.name,
            line.time,   std::move(text), std::move(mark)};
}

/// Whose mirror key made this line, if it is a mirror's: only those make final.
std::optional<PartyId> Exchange::mirror_party(const tlog::Cosignature& line) const {
    if (own_mirror_ && line.is_of(*own_mirror_)) return self_;
    for (const auto& peer : peers_) {
        if (line.is_of(peer->mirror_key)) return peer->id;
    }
    return std::nullopt;
}

/// What the cosignatures that are known make final of this log; the register waits for it.
void Exchange::tell_finality(Peer* of) {
    mirror::Cosigned& cosigned = of ? of->cosigned : own_cosigned_;
    std::vector<registry::Finality::Step> steps;
    const std::size_t quorum =
        broken(Break::relax_before_final) ? 1 : mirror::quorum_of(peers_.size());
    for (const auto& step : cosigned.final_steps(quorum)) {
        steps.push_back({step.size, step.time});
    }
    node_.set_finality(of ? of->log : 0, registry::Finality(std::move(steps)));
}

}  // namespace entente::node
