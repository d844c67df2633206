// SPDX-License-Identifier: Apache-2.0
// On the device: the register of what the pack holds, folded by the same rules as anywhere.
#include "node/field_wire.h"
#include "node/index_of.h"
#include "seal/pack.h"
#include "statement/charter.h"
#include "tlog/merkle.h"

namespace entente::node {
namespace {

Result<void> check_for(const seal::PackHeader& header, const statement::Charter& charter,
                       const PartyId& party, const PartyId& device) {
    if (header.charter != charter.id) {
        return fail(Errc::refused, "the pack is of the charter " + header.charter +
                                       ", this device's is " + charter.id);
    }
    if (header.from != party) {
        return fail(Errc::refused,
                    "the pack is from " + header.from.v + ", this device is of " + party.v);
    }
    if (header.to == device) return {};
    return fail(Errc::refused, "the pack is for " + header.to.v + ", this device is " + device.v);
}

Result<void> fold(registry::Registry& registry, const FieldAbout& about, const std::string& charter,
                  FieldEntry&& entry) {
    if (entry.log >= about.logs.size()) {
        return fail(Errc::malformed, "a field pack's entry is of no log that it names");
    }
    const Origin& origin = about.logs[entry.log].origin;
    const registry::Position position{entry.index, tlog::leaf_hash(entry.entry)};
    TRY(decoded, statement::decode_entry(entry.entry));
    if (const auto* open = std::get_if<statement::OpenEntry>(&decoded)) {
        registry.apply(entry.log, position, *open);
        return {};
    }
    const auto& sealed = std::get<statement::SealedEntry>(decoded);
    bool any = false;
    for (const auto& body : entry.bodies) any |= body.has_value();
    if (!any) {
        registry.note_sealed(entry.log, position, sealed);
        return {};
    }
    const auto understood = registry::understand({origin, charter}, position, sealed, entry.bodies);
    if (!understood.faults.empty()) {
        return fail(Errc::bad_proof, "entry " + std::to_string(entry.index.v) + " of " + origin.v +
                                         ": " + understood.faults.front());
    }
    registry.apply(entry.log, understood);
    return {};
}

Result<void> fold_all(registry::Registry& registry, const FieldAbout& about,
                      const std::string& charter, const seal::PackAnswers& answers) {
    for (std::size_t i = 1; i < about.logs.size(); ++i) {
        if (registry.add_log(about.logs[i].origin, about.logs[i].party) != i) {
            return fail(Errc::malformed, "a field pack names a log twice");
        }
    }
    for (const auto& [path, bytes] : answers) {
        if (!path.starts_with(field_entries_path)) continue;
        TRY(entries, parse_field_entries(bytes));
        for (FieldEntry& entry : entries) {
            TRYV(fold(registry, about, charter, std::move(entry)));
        }
    }
    for (std::size_t i = 0; i < about.logs.size(); ++i) {
        const auto log = static_cast<registry::LogNumber>(i);
        registry.set_finality(log, registry::Finality(about.logs[i].finality));
        if (about.logs[i].forked) registry.fork(log, *about.logs[i].forked);
    }
    registry.settle();
    return {};
}

}  // namespace

Result<Field> open_field_pack(BytesView file, std::string_view charter_file, const PartyId& party,
                              const SealingSecret& device) {
    TRY(charter, statement::parse_charter(charter_file));
    TRY(hash, statement::charter_hash(charter_file));
    TRY(header, seal::pack_header(file));
    TRYV(check_for(header, charter, party, device_id(device.public_key())));
    const statement::CharterParty* const maker = charter.party(party);
    if (maker == nullptr) return fail(Errc::refused, "the charter has no party " + party.v);
    TRY(channel, PublicKey::from(maker->channel));
    TRY(answers, seal::open_pack(file, {{channel}}, device));
    const auto found = answers.find(field_path);
    if (found == answers.end()) return fail(Errc::malformed, "this is a pack, but no field pack");
    TRY(about, decode_field_about(found->second));
    if (about.as_of.charter != hash) {
        return fail(Errc::refused,
                    "the pack was made under another version of the charter than this device "
                    "has; put the charter's file of now into its directory");
    }
    if (about.as_of.party != party || about.given.key != device.public_key() ||
        about.logs.front().origin != charter.origin(party) || about.made != header.made) {
        return fail(Errc::malformed, "the field pack says another thing inside than outside");
    }
    registry::Registry registry(charter, party);
    TRYV(fold_all(registry, about, charter.id, answers));
    Field out{about.given, about.made, about.unplaced, registry.snapshot(), {}, about.as_of};
    out.index = index_of(out.snapshot);
    return out;
}

}  // namespace entente::node
