// SPDX-License-Identifier: Apache-2.0
#include "evidence/file.h"

#include "base/encode.h"
#include "base/sha256.h"
#include "evidence/limits.h"
#include "statement/canon.h"
#include "statement/fields.h"

namespace entente::evidence {
namespace {

using statement::Fields;
using statement::canon::Array;
using statement::canon::Object;
using statement::canon::Value;

constexpr std::string_view first_line = "entente/evidence/v1 ";
constexpr std::size_t hash_text_bytes = 44;

Value number(std::uint64_t n) { return static_cast<std::int64_t>(n); }
Value hash_text(const Hash& hash) { return to_base64url(hash.view()); }

Value proof_text(const tlog::Proof& proof) {
    Bytes all;
    for (const Hash& hash : proof) all += hash.view();
    return to_base64url(all);
}

Object format_earlier(const Earlier& one) {
    Object out;
    out.set("growth", proof_text(one.growth));
    out.set("root", hash_text(one.root));
    out.set("size", number(one.size.v));
    return out;
}

Object format_slot(const OpenedSlot& slot) {
    Array lists, releases;
    for (const Earlier& list : slot.lists) lists.emplace_back(format_earlier(list));
    for (const ShownRelease& release : slot.releases) {
        Object one;
        one.set("leaf", release.leaf);
        one.set("number", number(release.number));
        one.set("proof", proof_text(release.proof));
        releases.emplace_back(std::move(one));
    }
    Object out;
    out.set("content", slot.opening.content);
    out.set("lists", std::move(lists));
    out.set("party", slot.party.v);
    out.set("releases", std::move(releases));
    out.set("salt", hash_text(slot.opening.salt));
    return out;
}

Object format_entry(const ShownEntry& entry) {
    Array bodies, slots;
    for (const ShownBody& body : entry.bodies) {
        Object one;
        one.set("body", body.body);
        one.set("salt", hash_text(body.salt));
        one.set("slot", static_cast<int>(body.slot) + 1);
        bodies.emplace_back(std::move(one));
    }
    for (const OpenedSlot& slot : entry.slots) slots.emplace_back(format_slot(slot));
    Object out;
    out.set("bodies", std::move(bodies));
    out.set("entry", entry.entry);
    out.set("index", number(entry.index.v));
    out.set("proof", proof_text(entry.proof));
    out.set("slots", std::move(slots));
    return out;
}

Object format_log(const ShownLog& log) {
    Array earlier, entries;
    for (const EarlierHead& head : log.earlier) {
        Object one = format_earlier(head.head);
        one.set("lines", head.lines);
        earlier.emplace_back(std::move(one));
    }
    for (const ShownEntry& entry : log.entries) entries.emplace_back(format_entry(entry));
    Object out;
    out.set("earlier", std::move(earlier));
    out.set("entries", std::move(entries));
    out.set("head", log.head);
    out.set("origin", log.origin.v);
    return out;
}

/// An array of the object's, each element read by `read`, of at most `most`; `before(a, b)` holds
/// of neighbours, so that one set has one spelling.
template <class T, class Read, class Before>
Result<std::vector<T>> read_all(const Fields& in, const char* key, std::size_t most, Read read,
                                Before before) {
    TRY(array, in.array(key));
    if (array->size() > most) {
        return fail(Errc::too_large, "'" + std::string(key) + "' has " +
                                         std::to_string(array->size()) + " members, at most " +
                                         std::to_string(most) + " are read");
    }
    std::vector<T> out;
    out.reserve(array->size());
    for (std::size_t i = 0; i < array->size(); ++i) {
        const std::string where = std::string(key) + "[" + std::to_string(i) + "]";
        auto one = Fields::of((*array)[i], key).and_then(read);
        if (!one) return at(where, one.error());
        if (!out.empty() && !before(out.back(), *one)) {
            return fail(Errc::not_canonical, where + " is not after the one before it");
        }
        out.push_back(std::move(*one));
    }
    return out;
}

Result<std::uint64_t> read_number(const Fields& in, const char* key) {
    TRY(value, in.integer(key));
    if (value < 0) return fail(Errc::malformed, "'" + std::string(key) + "' is negative");
    return static_cast<std::uint64_t>(value);
}

Result<tlog::Proof> read_proof(const Fields& in, const char* key) {
    TRY(text, in.text(key));
    TRY(bytes, from_base64url(text));
    if (bytes.size() % 32 != 0 || bytes.size() / 32 > limits::proof_hashes_max) {
        return fail(Errc::malformed, "'" + std::string(key) + "' is not hashes, at most " +
                                         std::to_string(limits::proof_hashes_max));
    }
    tlog::Proof out;
    for (std::size_t i = 0; i < bytes.size(); i += 32) {
        out.push_back(Hash::from(BytesView(bytes).substr(i, 32)));
    }
    return out;
}

Result<Earlier> read_earlier(const Fields& in) {
    TRY(size, read_number(in, "size"));
    TRY(root, in.hash("root"));
    TRY(growth, read_proof(in, "growth"));
    return Earlier{{size}, root, std::move(growth)};
}

Result<EarlierHead> read_earlier_head(const Fields& in) {
    TRY(head, read_earlier(in));
    TRY(lines, in.text("lines"));
    return EarlierHead{std::move(head), std::move(lines)};
}

Result<ShownRelease> read_release(const Fields& in) {
    TRY(number, read_number(in, "number"));
    TRY(leaf, in.text("leaf"));
    TRY(proof, read_proof(in, "proof"));
    return ShownRelease{number, std::move(leaf), std::move(proof)};
}

Result<OpenedSlot> read_slot(const Fields& in) {
    OpenedSlot out;
    TRY(party_text, in.text("party"));
    TRY(party, PartyId::parse(party_text));
    TRY(salt, in.hash("salt"));
    TRY(content, in.text("content"));
    TRY(lists, read_all<Earlier>(in, "lists", limits::evidence_earlier_max, read_earlier,
                                 [](const auto& a, const auto& b) { return a.size < b.size; }));
    TRY(releases,
        read_all<ShownRelease>(in, "releases", limits::evidence_releases_max, read_release,
                               [](const auto& a, const auto& b) { return a.number < b.number; }));
    return OpenedSlot{party, {salt, std::move(content)}, std::move(lists), std::move(releases)};
}

Result<ShownBody> read_body(const Fields& in) {
    TRY(slot, in.integer("slot"));
    if (slot < 1 || slot > static_cast<std::int64_t>(statement::slot_count)) {
        return fail(Errc::malformed, "'slot' is 1, 2 or 3");
    }
    TRY(salt, in.hash("salt"));
    TRY(body, in.text("body"));
    if (body.size() > limits::body_bytes_max) {
        return fail(Errc::too_large, "a body is larger than body_bytes_max");
    }
    return ShownBody{static_cast<statement::Slot>(slot - 1), salt, std::move(body)};
}

Result<ShownEntry> read_entry(const Fields& in) {
    TRY(index, read_number(in, "index"));
    TRY(entry, in.text("entry"));
    if (entry.size() > limits::entry_bytes_max) {
        return fail(Errc::too_large, "an entry is larger than entry_bytes_max");
    }
    TRY(proof, read_proof(in, "proof"));
    TRY(bodies, read_all<ShownBody>(in, "bodies", statement::slot_count, read_body,
                                    [](const auto& a, const auto& b) { return a.slot < b.slot; }));
    TRY(slots,
        read_all<OpenedSlot>(in, "slots", limits::parties_max, read_slot,
                             [](const auto& a, const auto& b) { return a.party < b.party; }));
    return ShownEntry{
        {index}, std::move(entry), std::move(proof), std::move(bodies), std::move(slots)};
}

Result<ShownLog> read_log(const Fields& in) {
    TRY(origin, in.text("origin"));
    TRY(head, in.text("head"));
    TRY(earlier, read_all<EarlierHead>(
                     in, "earlier", limits::evidence_earlier_max, read_earlier_head,
                     [](const auto& a, const auto& b) { return a.head.size < b.head.size; }));
    TRY(entries,
        read_all<ShownEntry>(in, "entries", limits::evidence_statements_max, read_entry,
                             [](const auto& a, const auto& b) { return a.index < b.index; }));
    return ShownLog{{std::move(origin)}, std::move(head), std::move(earlier), std::move(entries)};
}

Result<File> read_file(const Fields& in) {
    File out;
    TRY(charter_object, in.object("charter"));
    const Fields charter(*charter_object);
    TRY(id, charter.text("id"));
    TRY(hash, charter.hash("hash"));
    TRY(record_text, in.text("record"));
    TRY(record, RecordId::parse(record_text));
    TRY(author, in.text("author"));
    TRY(by_text, in.text("by"));
    TRY(by, PartyId::parse(by_text));
    TRY(at, in.integer("at"));
    TRY(logs, read_all<ShownLog>(in, "logs", limits::evidence_logs_max, read_log,
                                 [](const auto& a, const auto& b) { return a.origin < b.origin; }));
    return File{std::move(id), hash, record, {std::move(author)}, by, instant(at), std::move(logs)};
}

}  // namespace

Bytes format_file(const File& file) {
    Object charter;
    charter.set("hash", hash_text(file.charter_hash));
    charter.set("id", file.charter);
    Array logs;
    for (const ShownLog& log : file.logs) logs.emplace_back(format_log(log));
    Object out;
    out.set("at", millis(file.at));
    out.set("author", file.author.v);
    out.set("by", file.by.v);
    out.set("charter", std::move(charter));
    out.set("logs", std::move(logs));
    out.set("record", file.record.text());
    const Bytes rest = statement::canon::encode(std::move(out));
    return Bytes(first_line) + to_base64(sha256(rest).view()) + "\n" + rest;
}

Result<File> parse_file(BytesView bytes) {
    if (bytes.size() > limits::evidence_bytes_max) {
        return fail(Errc::too_large, "an evidence file has at most evidence_bytes_max = " +
                                         std::to_string(limits::evidence_bytes_max) + " bytes");
    }
    const std::size_t line_bytes = first_line.size() + hash_text_bytes + 1;
    if (!bytes.starts_with(first_line) || bytes.size() < line_bytes ||
        bytes[line_bytes - 1] != '\n') {
        return fail(Errc::malformed,
                    "not an evidence file: its first line is 'entente/evidence/v1' and a hash");
    }
    TRY(said, hash_from_base64(bytes.substr(first_line.size(), hash_text_bytes)));
    const BytesView rest = bytes.substr(line_bytes);
    if (sha256(rest) != said) {
        return fail(Errc::bad_proof,
                    "the file was changed on its way: it does not have the hash of its first line");
    }
    TRY(value, statement::canon::decode(rest, limits::evidence_bytes_max));
    TRY(fields, Fields::of(value, "the file"));
    TRY(file, read_file(fields));
    // What is not understood would be neither verified nor told.
    if (format_file(file) != bytes) {
        return fail(Errc::not_canonical, "it has members that are not of an evidence file");
    }
    return file;
}

}  // namespace entente::evidence
