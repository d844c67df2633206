// SPDX-License-Identifier: Apache-2.0
// On the node: what of the register a question on the device could touch, with every entry that
// says something of it.
#include <algorithm>
#include <set>

#include "base/encode.h"
#include "base/limits.h"
#include "node/field_wire.h"
#include "seal/pack.h"
#include "seal/release.h"

namespace entente::node {
namespace {

constexpr std::size_t entries_bytes = 8 * 1024 * 1024;  // of one answer in the pack
constexpr std::uint32_t tags_ahead = 64;  // newer versions that are looked for, of who withholds

Result<void> check_wish(const FieldWish& wish) {
    if (wish.device.empty() || wish.device.size() > statement::device_name_bytes_max ||
        !is_utf8(wish.device)) {
        return fail(Errc::malformed, "a device's name has 1 to 64 bytes (device_name_bytes_max)");
    }
    if (wish.area.radius.v <= 0 || wish.area.radius.v > field_radius_dm_max) {
        return fail(Errc::too_large, "a field pack's area has a radius of at most 500 km");
    }
    if (wish.margin.v < 0 || wish.margin.v > limits::margin_dm_max) {
        return fail(Errc::too_large, "a margin is 0 to 100 km");
    }
    if (!wish.window.start || !wish.window.end || *wish.window.start >= *wish.window.end) {
        return fail(Errc::malformed, "a field pack is for a time with a beginning and an end");
    }
    return {};
}

/// Positions and tags that are wanted of one log.
struct WantedOfLog {
    std::set<EntryIndex> entries;
    std::set<Hash> tags;
    std::optional<TreeSize> held;  // nothing at or after this relaxes on the device
};

/// Every record that a question within the area could touch: the index knows how far each reaches,
/// so this is the halo of PROTOCOL 29, no wider than need be.
std::vector<registry::Slot> records_around(const State& state, const FieldWish& wish) {
    geo::Volume4D area;
    area.shape = wish.area;
    const Metres wider = metres(wish.margin) + state.snapshot.charter().terms.policy_distance;
    index::Scratch scratch;
    std::vector<registry::Slot> out;
    state.index.candidates({area, wider}, scratch, out);
    return out;
}

void want(const registry::Record& record, WantedOfLog& out) {
    for (const registry::Version& version : record.versions) {
        out.entries.insert(version.position.index);
        // The device knows fewer of the day's relaxations than we do: of those that are too many,
        // and all that come after, none acts there.
        if (version.held != registry::Held::over_quota) continue;
        const TreeSize size{version.position.index.v};
        out.held = std::min(out.held.value_or(size), size);
    }
    if (!record.newer_withheld) return;
    for (std::uint32_t ahead = 1; ahead <= tags_ahead; ++ahead) {
        out.tags.insert(statement::version_tag(record.secret, record.newest().number + ahead));
    }
}

std::vector<registry::Finality::Step> steps_below(const registry::Finality& finality,
                                                  std::optional<TreeSize> held) {
    std::vector<registry::Finality::Step> out;
    for (auto step : finality.steps()) {
        if (held) step.size = std::min(step.size, *held);
        out.push_back(step);
    }
    return out;
}

/// Gathers entries into answers, and what was released with them.
class Gather {
  public:
    Gather(Exchange& exchange, const registry::Snapshot& all) : exchange_(exchange), all_(all) {}

    Result<void> log(registry::LogNumber number, const WantedOfLog& wanted) {
        const Origin& origin = all_.log(number).origin;
        TRY(head, exchange_.store().head(origin));
        if (!head) return {};
        return exchange_.store().scan(origin, {0}, {head->size.v}, [&](StoredEntry&& row) {
            return entry(number, wanted, std::move(row));
        });
    }
    std::vector<Bytes> finish() {
        if (!current_.empty()) parts_.push_back(std::move(current_));
        return std::move(parts_);
    }
    statement::LogHead releases() const { return {released_.size(), released_.root()}; }

  private:
    Result<void> entry(registry::LogNumber number, const WantedOfLog& wanted, StoredEntry&& row) {
        const bool selected = wanted.entries.count(row.index) > 0;
        auto decoded = statement::decode_entry(row.entry);
        if (!decoded) return {};  // void (PROTOCOL 16)
        FieldEntry out{number, row.index, std::move(row.entry), {}};
        if (const auto* open = std::get_if<statement::OpenEntry>(&*decoded)) {
            return open->kind == statement::beat_kind ? Result<void>() : put(std::move(out));
        }
        if (!selected) {
            const auto& tag = std::get<statement::SealedEntry>(*decoded).tag;
            return wanted.tags.count(tag) > 0 ? put(std::move(out)) : Result<void>();
        }
        const Hash leaf = tlog::leaf_hash(out.entry);
        auto opened = exchange_.vault().open(leaf, row.wrapped_keys, row.ciphertexts);
        if (!opened) return at("entry " + std::to_string(row.index.v), opened.error());
        out.bodies = std::move(opened->bodies);
        seal::Release release{row.index, leaf, {}, {}};
        for (std::size_t slot = 0; slot < out.bodies.size(); ++slot) {
            release.slots[slot] = out.bodies[slot].has_value();
        }
        released_.append(tlog::leaf_hash(seal::format_release(release)));
        return put(std::move(out));
    }

    Result<void> put(FieldEntry&& entry) {
        if (++lines_ > field_lines_max) {
            return fail(Errc::too_large,
                        "more than field_lines_max = " + std::to_string(field_lines_max) +
                            " entries speak of this area; ask for a smaller one");
        }
        append_field_entry(current_, entry);
        if (current_.size() >= entries_bytes) parts_.push_back(std::exchange(current_, {}));
        return {};
    }

    Exchange& exchange_;
    const registry::Snapshot& all_;
    tlog::Tree released_;
    std::size_t lines_ = 0;
    Bytes current_;
    std::vector<Bytes> parts_;
};

}  // namespace

Result<Bytes> make_field_pack(Exchange& exchange, const FieldWish& wish, const std::string& actor,
                              Instant now, const Random& random) {
    TRYV(check_wish(wish));
    if (exchange.keys() == nullptr) {
        return fail(Errc::refused,
                    "a field pack is signed with the channel key that a charter of "
                    "several parties names; this register has none");
    }
    const State before = exchange.state();
    const auto slots = records_around(before, wish);
    if (slots.size() > field_records_max) {
        return fail(Errc::too_large,
                    std::to_string(slots.size()) + " records lie there, field_records_max is " +
                        std::to_string(field_records_max) + "; ask for a smaller area");
    }
    const registry::Snapshot& all = before.snapshot;
    std::vector<WantedOfLog> wanted(all.logs().size());
    for (registry::Slot slot : slots) want(all.at(slot), wanted[all.at(slot).log]);
    Gather gather(exchange, all);
    FieldAbout about{wish, now, all.unplaced(), {}, {}};
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const auto number = static_cast<registry::LogNumber>(i);
        const registry::LogState& log = all.log(number);
        TRYV(gather.log(number, wanted[i]));
        about.logs.push_back(
            {log.origin, log.party, steps_below(*log.finality, wanted[i].held), log.forked});
    }
    const std::vector<Bytes> parts = gather.finish();
    Batch batch;
    TRY(said, compose_field_pack(exchange.author(),
                                 {{},
                                  wish.device,
                                  Hash::from(wish.key.view()),
                                  wish.area,
                                  wish.window,
                                  wish.margin,
                                  gather.releases()},
                                 actor, now, random));
    batch.statements.push_back(std::move(said));
    TRYV(exchange.log(std::move(batch), {{}}, now));
    about.as_of = exchange.state().as_of;
    seal::PackWriter pack({exchange.node().charter().id, exchange.self(), device_id(wish.key), now},
                          wish.key, random);
    bool fits = pack.add(field_path, encode_field_about(about));
    for (std::size_t i = 0; i < parts.size(); ++i) {
        fits = fits && pack.add(field_entries_path + std::to_string(i), parts[i]);
    }
    if (!fits) {
        return fail(Errc::too_large,
                    "what lies there does not fit into one pack (pack_bytes_max); "
                    "ask for a smaller area");
    }
    return std::move(pack).sign(exchange.keys()->channel);
}

}  // namespace entente::node
