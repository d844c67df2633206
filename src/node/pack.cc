// SPDX-License-Identifier: Apache-2.0
#include "node/pack.h"

#include <algorithm>

#include "base/limits.h"
#include "node/exchange_state.h"
#include "node/follow.h"
#include "node/paths.h"
#include "tlog/tile.h"

namespace entente::node {
namespace {

/// Answers, in the order in which they are made, into the part that is asked for.
class Parts {
  public:
    Parts(seal::PackHeader header, SealingKey to, const Random& random,
          std::size_t bytes_max = limits::pack_bytes_max)
        : header_(std::move(header)), to_(to), random_(random), bytes_max_(bytes_max),
          writer_(header_, to_, random_, bytes_max_) {}

    /// In every part: what the others are read by.
    Result<void> add_to_each(const std::string& path, const Bytes& answer) {
        each_.emplace_back(path, answer);
        return put(path, answer);
    }
    /// Whether it went into the part that is asked for.
    Result<bool> add(const std::string& path, const Bytes& answer) {
        if (done_) return false;
        if (writer_.add(path, answer)) return number_ == header_.part;
        if (number_ == header_.part) {
            done_ = true;
            return false;
        }
        ++number_;
        writer_ = seal::PackWriter(header_, to_, random_, bytes_max_);
        for (const auto& [name, bytes] : each_) TRYV(put(name, bytes));
        TRYV(put(path, answer));
        return number_ == header_.part;
    }
    bool reached() const { return number_ == header_.part; }
    bool more() const { return done_; }
    Bytes sign(const SecretKey& channel) && { return std::move(writer_).sign(channel); }

  private:
    Result<void> put(const std::string& path, const Bytes& answer) {
        if (writer_.add(path, answer)) return {};
        return fail(Errc::too_large, "the answer at " + path + " does not fit into a pack");
    }

    seal::PackHeader header_;
    SealingKey to_;
    const Random& random_;
    std::size_t bytes_max_;
    seal::PackWriter writer_;
    std::vector<std::pair<std::string, Bytes>> each_;
    std::uint64_t number_ = 1;
    bool done_ = false;
};

/// From the files of one log, those that hold something from `since` on: a tile that is full by
/// then is held, the one at the edge is needed to show that the log only grew.
bool beyond(const tlog::Tile& tile, TreeSize since) {
    const std::uint64_t last = since.v == 0 ? 0 : since.v - 1;
    return (tile.index + 1) * tlog::tile_width > last >> (8 * tile.level);
}

struct LogToPack {
    Origin origin;
    TreeSize size;
    TreeSize since;  // known to be held
};

std::vector<LogToPack> logs_for(const Exchange& exchange, const PartyId& to, bool whole) {
    std::vector<LogToPack> out;
    const auto add = [&](const Origin& origin, TreeSize size) {
        out.push_back({origin, size, whole ? TreeSize{0} : exchange.stored_by(to, origin)});
    };
    add(exchange.node().origin(), exchange.node().log().size());
    for (const auto* peers : {&exchange.peers(), &exchange.former()}) {
        for (const auto& peer : *peers) {
            if (peer->id != to && peer->mirror.size().v > 0) add(peer->origin, peer->mirror.size());
        }
    }
    return out;
}

Result<void> pack_logs(const Exchange& exchange, const PartyId& to,
                       const std::vector<LogToPack>& logs, Parts& parts, Packed& out) {
    const auto each = [&](tlog::Tile::Kind kind, const auto& use) -> Result<void> {
        for (const LogToPack& log : logs) {
            if (log.since >= log.size) continue;
            for (const tlog::Tile& tile : tlog::tiles_of(log.size)) {
                if (tile.kind != kind || !beyond(tile, log.since)) continue;
                const std::string path = log_path(log.origin) + tile.path();
                TRY(answer, exchange.answer(to, path));
                TRYV(use(tile, path, answer));
            }
        }
        return {};
    };
    using Kind = tlog::Tile::Kind;
    TRYV(each(Kind::hashes, [&](const tlog::Tile&, const std::string& path, const Bytes& answer) {
        return parts.add_to_each(path, answer);
    }));
    return each(
        Kind::entries,
        [&](const tlog::Tile& tile, const std::string& path, const Bytes& answer) -> Result<void> {
            TRY(here, parts.add(path, answer));
            if (here) out.entries += tile.width;
            return {};
        });
}

/// Our own logs, the one in force first, as far as the other side is not known to hold them. Of one
/// before that went on behind where our root ended it the others have told already.
std::vector<LogToPack> own_logs(const Exchange& exchange, const HandOver& wish) {
    std::vector<LogToPack> out;
    const auto add = [&](const Origin& origin, TreeSize size, TreeSize known) {
        TreeSize since = std::min(size, std::max(known, exchange.stored_by(wish.to, origin)));
        if (size.v - since.v > wish.entries_max) since = size;
        out.push_back({origin, size, since});
    };
    add(exchange.node().origin(), exchange.node().log().size(), wish.since);
    for (const auto& log : exchange.former()) {
        const bool ended = log->last && log->mirror.size() <= log->last->size;
        if (log->id == exchange.self() && ended) add(log->origin, log->mirror.size(), {0});
    }
    return out;
}

/// Of the heads that it would be told those of our own logs; of the others' only what we cosigned,
/// which it takes where it holds that head and passes over where it does not.
Result<Bytes> own_heads(const Exchange& exchange, const PartyId& to,
                        const std::vector<LogToPack>& logs) {
    TRY(all, exchange.answer(to, heads_path));
    TRY(frame, parse_heads(all));
    std::vector<Bytes> out;
    for (BytesView bytes : frame.notes) {
        const bool own = std::any_of(logs.begin(), logs.end(), [&](const LogToPack& log) {
            return bytes.starts_with(log.origin.v + "\n");
        });
        if (own) {
            out.emplace_back(bytes);
            continue;
        }
        TRY(note, tlog::parse_note(bytes));
        std::erase_if(note.signatures, [&](const tlog::NoteSignature& line) {
            return line.name != exchange.keys()->witness.key().name &&
                   line.name != exchange.keys()->mirror.key().name;
        });
        if (!note.signatures.empty()) out.push_back(tlog::format_note(note));
    }
    return format_heads(out, {});
}

/// Versions of the charter that the other side may not have adopted yet.
Result<void> pack_charters(const Exchange& exchange, const PartyId& to, Parts& parts) {
    const auto newest = static_cast<std::uint32_t>(exchange.node().charter_hashes().size());
    for (std::uint32_t version = 2; version <= newest; ++version) {
        const Peer& peer = *exchange.peer(to);
        if (version <= peer.adopted) continue;
        const std::string path = charter_version_path + std::to_string(version);
        TRY(answer, exchange.answer(to, path));
        TRYV(parts.add(path, answer));
    }
    return {};
}

/// A list of releases to this party, parcel by parcel, of `size` those that it has not.
Result<void> pack_list(const Exchange& exchange, const Peer& to, const std::string& begins,
                       std::uint64_t after, TreeSize size, Parts& parts, Packed& out) {
    while (true) {
        const std::string path = begins + std::to_string(after);
        TRY(answer, exchange.answer(to.id, path));
        TRY(here, parts.add(path, answer));
        TRY(frame, parse_releases(answer));
        if (frame.parcel.empty()) return {};
        TRY(context, seal::parcel_context(frame.parcel));
        if (here) out.releases += context.size.v - after;
        after = context.size.v;
        if (after == size.v) return {};
    }
}

/// From what it acknowledged on; also of logs that were kept before, where that is known. What
/// cannot be given of those is missing there by its slot, and hinders no pack.
Result<void> pack_releases(const Exchange& exchange, const Peer& to, bool whole, Parts& parts,
                           Packed& out) {
    const std::uint64_t held = whole ? 0 : to.acknowledged().v;
    TRYV(pack_list(exchange, to, releases_path, held, to.given.size(), parts, out));
    for (const GivenBefore& one : to.given_before) {
        const TreeSize has = whole ? TreeSize{0} : one.acknowledged;
        const std::string begins = former_path + std::to_string(one.number) + former_after;
        if (has == one.list.size() && has.v > 0) continue;
        if (!exchange.answer(to.id, begins + std::to_string(has.v))) continue;
        TRYV(pack_list(exchange, to, begins, has.v, one.list.size(), parts, out));
    }
    return {};
}

/// Up to and with `after=` of a path that names a place in a list; empty for another.
std::string_view list_of(std::string_view path) {
    if (!path.starts_with(releases_path) && !path.starts_with(former_path)) return {};
    return path.substr(0, path.rfind('=') + 1);
}

/// The answer in the pack to a question; of releases the parcel that begins at or before the one
/// that is asked for.
Result<Bytes> find(const seal::PackAnswers& answers, const std::string& path) {
    if (const auto found = answers.find(path); found != answers.end()) return found->second;
    if (const std::string_view list = list_of(path); !list.empty()) {
        TRY(wanted, parse_number(std::string_view(path).substr(list.size())));
        const Bytes* best = nullptr;
        std::uint64_t best_after = 0;
        for (const auto& [name, answer] : answers) {
            if (list_of(name) != list) continue;
            TRY(after, parse_number(std::string_view(name).substr(list.size())));
            if (after > wanted || (best != nullptr && after < best_after)) continue;
            best = &answer;
            best_after = after;
        }
        if (best != nullptr) return *best;
    }
    if (path.starts_with(charter_version_path) || path == successors_path) {
        return fail(Errc::not_found, "the pack has no " + path);
    }
    return fail(Errc::unavailable, "the pack has no " + path +
                                       ": another part of it, or an earlier pack, comes first; "
                                       "or ask for a whole one (pack --whole)");
}

struct HeldNow {
    std::uint64_t entries = 0;
    std::uint64_t releases = 0;
    std::size_t successions = 0;
    bool operator==(const HeldNow&) const = default;
};

HeldNow held(const Exchange& exchange, const PartyId& from) {
    HeldNow out;
    for (const auto* peers : {&exchange.peers(), &exchange.former()}) {
        for (const auto& peer : *peers) {
            out.entries += peer->mirror.size().v;
            if (peer->id == from) out.releases += peer->received.size().v;
        }
    }
    out.successions = exchange.successions().size();
    return out;
}

/// The logs that parties go on in: without it a log that the other side has not heard of is
/// nobody's.
Result<void> pack_successors(const Exchange& exchange, const PartyId& to, Parts& parts) {
    if (exchange.successions().empty()) return {};
    TRY(answer, exchange.answer(to, successors_path));
    return parts.add_to_each(successors_path, answer);
}

Result<const statement::CharterParty*> maker_of(const Exchange& exchange,
                                                const seal::PackHeader& header) {
    const statement::Charter& charter = exchange.node().charter();
    const PartyId& self = exchange.self();
    if (header.charter != charter.id) {
        return fail(Errc::refused, "the pack is of the charter " + header.charter +
                                       ", this node is in " + charter.id);
    }
    if (header.to != self) {
        return fail(Errc::refused, "the pack is for " + header.to.v + ", this node is " + self.v);
    }
    const auto* maker = header.from == self ? nullptr : charter.party(header.from);
    if (maker == nullptr) {
        return fail(Errc::refused, "the pack says that it is from " + header.from.v +
                                       ", which is no other party of the charter");
    }
    return maker;
}

}  // namespace

Result<Packed> pack(const Exchange& exchange, const PartyId& to, std::uint64_t part, bool whole,
                    Instant now, const Random& random) {
    const Peer* const peer = exchange.peer(to);
    if (peer == nullptr) return fail(Errc::not_found, "no other party '" + to.v + "'");
    if (exchange.keys() == nullptr)
        return fail(Errc::refused, "the keys of this node are not here");
    if (part == 0 || part > limits::pack_parts_max) return fail(Errc::malformed, "part: from 1 on");
    Parts parts({exchange.node().charter().id, exchange.self(), to, now, part}, peer->sealing,
                random);
    Packed out;
    TRY(heads, exchange.answer(to, heads_path));
    TRYV(parts.add_to_each(heads_path, heads));
    TRYV(pack_successors(exchange, to, parts));
    TRYV(pack_charters(exchange, to, parts));
    TRYV(pack_logs(exchange, to, logs_for(exchange, to, whole), parts, out));
    TRYV(pack_releases(exchange, *peer, whole, parts, out));
    if (!parts.reached()) {
        return fail(Errc::not_found, "there is no part " + std::to_string(part));
    }
    out.more = parts.more();
    out.bytes = std::move(parts).sign(exchange.keys()->channel);
    return out;
}

Result<Packed> pack_own(const Exchange& exchange, const HandOver& wish, Instant now,
                        const Random& random) {
    const Peer* const peer = exchange.peer(wish.to);
    if (peer == nullptr) return fail(Errc::not_found, "no other party '" + wish.to.v + "'");
    if (exchange.keys() == nullptr)
        return fail(Errc::refused, "the keys of this node are not here");
    const std::vector<LogToPack> logs = own_logs(exchange, wish);
    Parts parts({exchange.node().charter().id, exchange.self(), wish.to, now, 1}, peer->sealing,
                random, relay_pack_bytes_max);
    Packed out;
    TRY(heads, own_heads(exchange, wish.to, logs));
    TRYV(parts.add_to_each(heads_path, heads));
    TRYV(pack_successors(exchange, wish.to, parts));
    TRYV(pack_charters(exchange, wish.to, parts));
    TRYV(pack_logs(exchange, wish.to, logs, parts, out));
    TRYV(pack_releases(exchange, *peer, false, parts, out));
    out.more = parts.more();
    out.bytes = std::move(parts).sign(exchange.keys()->channel);
    return out;
}

Result<seal::PackHeader> handed_over(const Exchange& exchange, const PartyId& from,
                                     BytesView pack) {
    if (pack.size() > relay_pack_bytes_max) {
        return fail(Errc::too_large, "what is handed over has at most " +
                                         std::to_string(relay_pack_bytes_max) + " bytes");
    }
    TRY(header, seal::pack_header(pack));
    const statement::Charter& charter = exchange.node().charter();
    if (header.charter != charter.id) {
        return fail(Errc::refused, "the pack is of the charter " + header.charter +
                                       ", this node is in " + charter.id);
    }
    if (header.from != from) {
        return fail(Errc::refused, "the pack says that it is from " + header.from.v +
                                       ", and the channel key is that of " + from.v);
    }
    if (header.to == from || charter.party(header.to) == nullptr || header.part != 1) {
        return fail(Errc::refused, "the pack is for no other party of the charter, or not whole");
    }
    return header;
}

Result<Unpacked> unpack(Exchange& exchange, BytesView bytes, Instant now) {
    Unpacked out;
    TRY(header, seal::pack_header(bytes));
    out.header = std::move(header);
    if (exchange.keys() == nullptr)
        return fail(Errc::refused, "the keys of this node are not here");
    TRY(maker, maker_of(exchange, out.header));
    TRY(channel, PublicKey::from(maker->channel));
    TRY(answers, seal::open_pack(bytes, {{channel}}, exchange.keys()->sealing));
    const PartyId& from = out.header.from;
    const auto before = held(exchange, from);
    // The poll is far away: the round ends when there is nothing more to ask.
    Follow follow(exchange, from, std::chrono::hours(1), true);
    auto last = before;
    bool first = true;
    while (const auto step = follow.next(now)) {
        // A pack tells all that there is, also where only what is newer would be asked for.
        const bool heads = step->path.starts_with(heads_path);
        if (heads) {
            const auto have = held(exchange, from);
            if (!first && have == last) break;  // a round that gave nothing more
            first = false;
            last = have;
        }
        auto answer = find(answers, heads ? heads_path : step->path);
        follow.take(answer ? Result<StepAnswer>(StepAnswer{false, {}, std::move(*answer)})
                           : tl::unexpected(answer.error()),
                    now);
    }
    out.trouble = follow.trouble();
    const auto after = held(exchange, from);
    out.entries = after.entries - before.entries;
    out.releases = after.releases - before.releases;
    return out;
}

}  // namespace entente::node
