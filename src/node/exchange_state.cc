// SPDX-License-Identifier: Apache-2.0
#include "node/exchange_state.h"

#include <charconv>

#include "base/encode.h"
#include "node/succession.h"

namespace entente::node {
namespace {

/// Reads a text line by line and word by word; what is wrong is the store's damage.
class Reader {
  public:
    explicit Reader(BytesView text) : rest_(text) {}
    bool at_end() const { return rest_.empty(); }
    /// Up to and without `end`, which must come.
    Result<BytesView> until(char end) {
        const std::size_t at = rest_.find(end);
        if (at == BytesView::npos) {
            return fail(Errc::malformed, "a stored value of the exchange is cut short");
        }
        const BytesView out = rest_.substr(0, at);
        rest_.remove_prefix(at + 1);
        return out;
    }
    Result<std::uint64_t> number(char end) {
        TRY(text, until(end));
        return parse_number(text);
    }
    Result<Instant> time(char end) {
        TRY(ms, number(end));
        return instant(static_cast<std::int64_t>(ms));
    }
    Result<seal::SlotContent> content() {
        TRY(first, until('\n'));
        TRY(second, until('\n'));
        return seal::parse_slot(Bytes(first) + "\n" + Bytes(second) + "\n");
    }

  private:
    BytesView rest_;
};

std::string line(std::int64_t value) { return std::to_string(value) + "\n"; }

/// Of a party's first log without a number, as an earlier program wrote it.
std::string row_of(const Peer& peer, const char* what) {
    const std::string number = peer.number == 1 ? "" : "/" + std::to_string(peer.number);
    return "peer/" + peer.id.v + number + "/" + what;
}

}  // namespace

std::string own_beat_name(std::uint32_t number) { return own_row(number, "beat"); }
std::string told_beat_name(std::uint32_t number, EntryIndex beat) {
    return own_row(number, "beat/" + std::to_string(beat.v));
}
std::string peer_beat_name(const Peer& peer) { return row_of(peer, "beat"); }
std::string receipted_name(const Peer& peer) { return row_of(peer, "receipted"); }
std::string fork_name(const Peer& peer) { return row_of(peer, "fork"); }
std::string fork_said_name(const Peer& peer) { return row_of(peer, "fork_said"); }
std::string branch_name(const Peer& peer) { return row_of(peer, "branch"); }

std::pair<std::string, Bytes> closed_row(const Peer& peer,
                                         const std::map<EntryIndex, Slots>& closed) {
    Bytes out;
    for (const auto& [index, slots] : closed) {
        out += std::to_string(index.v) + " " + std::to_string(slots) + "\n";
    }
    return {row_of(peer, "closed"), std::move(out)};
}

Result<std::map<EntryIndex, Slots>> parse_closed(BytesView text) {
    Reader in(text);
    std::map<EntryIndex, Slots> out;
    while (!in.at_end()) {
        TRY(index, in.number(' '));
        TRY(slots, in.number('\n'));
        if (slots == 0 || slots > 7) return fail(Errc::malformed, "slots are bits of 1, 2 and 4");
        out[{index}] = static_cast<Slots>(slots);
    }
    return out;
}

// A note needs a text: the shortest there is.
/// The key is of one length, and the line has no newline but its last.
Bytes verified_bytes(const tlog::Checkpoint& head, const tlog::CosignerKey& key, BytesView line) {
    return Bytes(key.key.view()) + Bytes(line) + tlog::format_checkpoint(head);
}

Bytes format_line(const tlog::NoteSignature& line) {
    return tlog::format_note({"line\n", {line}}).substr(6);
}

Result<tlog::NoteSignature> parse_line(BytesView line) {
    TRY(note, tlog::parse_note("line\n\n" + Bytes(line)));
    if (note.signatures.size() != 1) return fail(Errc::malformed, "one signature line is expected");
    return note.signatures.front();
}

Result<std::uint64_t> parse_number(BytesView text) {
    std::uint64_t value = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || stop != text.data() + text.size() ||
        std::to_string(value) != text) {
        return fail(Errc::malformed,
                    "a number is expected, not '" + Bytes(text.substr(0, 30)) + "'");
    }
    return value;
}

/// Of one's own its head alone, under which it was whole.
Result<mirror::Standing> standing_of(const StoredHead& stored) {
    if (auto standing = mirror::Standing::parse(stored.note)) return standing;
    TRY(note, tlog::parse_note(stored.note));
    return mirror::Standing{stored.size, {}, std::move(note)};
}

Bytes format_own_beat(const OwnBeat& beat) {
    Bytes out = std::to_string(beat.index.v) + "\n" + line(millis(beat.time));
    for (const auto& [party, content] : beat.contents) {
        out += party.v + "\n" + seal::format_slot(content);
    }
    return out;
}

Result<OwnBeat> parse_own_beat(BytesView text) {
    Reader in(text);
    OwnBeat out;
    TRY(index, in.number('\n'));
    TRY(time, in.time('\n'));
    out.index.v = index;
    out.time = time;
    while (!in.at_end()) {
        TRY(name, in.until('\n'));
        TRY(party, PartyId::parse(name));
        TRY(content, in.content());
        out.contents.emplace(party, content);
    }
    return out;
}

Bytes format_peer_beat(const PeerBeat& known) {
    const HeldBeat& beat = known.beat;
    Bytes out = std::to_string(beat.index.v) + " " + std::to_string(millis(beat.time)) + " " +
                std::to_string(millis(beat.received)) + " " + to_base64(beat.slot.view()) + "\n";
    if (known.explained) {
        out += std::to_string(known.explained->index.v) + "\n" +
               seal::format_slot(known.explained->content);
    }
    return out;
}

std::pair<std::string, Bytes> beat_row(const Peer& peer) {
    return {peer_beat_name(peer), format_peer_beat({*peer.beat, peer.explained})};
}

Result<PeerBeat> parse_peer_beat(BytesView text) {
    Reader in(text);
    PeerBeat out;
    TRY(index, in.number(' '));
    TRY(time, in.time(' '));
    TRY(received, in.time(' '));
    TRY(slot_text, in.until('\n'));
    TRY(slot, hash_from_base64(slot_text));
    out.beat = {{index}, time, received, slot};
    if (in.at_end()) return out;
    TRY(explained, in.number('\n'));
    TRY(content, in.content());
    out.explained = Explained{{explained}, content};
    return out;
}

}  // namespace entente::node
