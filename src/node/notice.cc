// SPDX-License-Identifier: Apache-2.0
#include "node/notice.h"

#include "base/encode.h"
#include "base/sha256.h"
#include "statement/canon.h"
#include "statement/fields.h"

namespace entente::node {
namespace {

namespace canon = statement::canon;
using statement::Fields;

constexpr std::size_t id_bytes = 20;
constexpr std::size_t notice_bytes_max = 64 * 1024;

void set_text(canon::Object& out, const char* name, const std::string& text) {
    if (!text.empty()) out.set(name, text);
}

canon::Object encode_track(const watch::Alert& alert) {
    canon::Object out;
    if (alert.begun_before) out.set("begun_before", true);
    out.set("by", alert.by);
    set_text(out, "corrects", alert.corrects);
    out.set("craft", watch::name(alert.craft));
    if (alert.entry) out.set("entry", millis(*alert.entry));
    out.set("id", alert.id);
    if (alert.inside) out.set("inside", std::int64_t{alert.inside->count()});
    set_text(out, "leaf", alert.leaf);
    set_text(out, "more", alert.more);
    set_text(out, "name", alert.name);
    set_text(out, "party", alert.party);
    out.set("share", watch::name(alert.share.of));
    out.set("time", millis(alert.time));
    out.set("track", alert.track);
    set_text(out, "version", alert.version);
    if (alert.warning) out.set("warning", std::int64_t{alert.warning->count()});
    set_text(out, "zone", alert.zone);
    return out;
}

Result<watch::Alert> decode_track(const Fields& fields, const std::string& kind) {
    watch::Alert out;
    const auto known = watch::parse_alert_kind(kind);
    TRY(craft, fields.text("craft"));
    const auto known_craft = watch::parse_craft(craft);
    TRY(share, fields.text("share"));
    const auto known_share = watch::parse_share(share);
    if (!known || !known_craft || !known_share) {
        return fail(Errc::malformed, "track: an alert of no kind that is known here");
    }
    out.kind = *known;
    out.craft = *known_craft;
    out.share.of = *known_share;
    const std::pair<const char*, std::string*> texts[] = {
        {"by", &out.by},       {"corrects", &out.corrects}, {"id", &out.id},
        {"leaf", &out.leaf},   {"more", &out.more},         {"name", &out.name},
        {"party", &out.party}, {"track", &out.track},       {"version", &out.version},
        {"zone", &out.zone}};
    for (const auto& [name, text] : texts) {
        TRY(read, fields.text_or_empty(name));
        *text = std::move(read);
    }
    TRY(time, fields.time("time"));
    TRY(entry, fields.optional_time("entry"));
    TRY(inside, fields.optional_integer("inside"));
    TRY(warning, fields.optional_integer("warning"));
    TRY(begun_before, fields.flag("begun_before"));
    out.time = time;
    out.entry = entry;
    if (inside) out.inside = Duration(*inside);
    if (warning) out.warning = Duration(*warning);
    out.begun_before = begun_before;
    return out;
}

}  // namespace

std::string notice_id(const std::string& stream, const std::string& cause) {
    const Hash hash = sha256({"entente/notice/v1\n", stream, "\n", cause});
    return to_base32(hash.view().substr(0, id_bytes));
}

bool is_notice_id(std::string_view text) {
    const auto bytes = from_base32(text);
    return bytes && bytes->size() == id_bytes;
}

Bytes encode_notice(const Notice& notice) {
    canon::Object out;
    canon::Array subscriptions;
    for (const std::string& one : notice.subscriptions) subscriptions.emplace_back(one);
    if (notice.activity) out.set("activity", notice.activity->text());
    out.set("detail", notice.detail);
    out.set("id", notice.id);
    out.set("index", static_cast<std::int64_t>(notice.index.v));
    out.set("leaf", to_base64url(notice.leaf.view()));
    if (notice.leg != 0) out.set("leg", std::int64_t{notice.leg});
    out.set("origin", notice.origin.v);
    out.set("party", notice.party.v);
    if (notice.record) out.set("record", notice.record->text());
    out.set("subscriptions", std::move(subscriptions));
    if (notice.talk) out.set("talk", notice.talk->text());
    out.set("time", millis(notice.time));
    if (notice.track) out.set("track", encode_track(*notice.track));
    out.set("version", std::int64_t{notice.version});
    out.set("what", notice.what);
    return canon::encode(std::move(out));
}

Result<Notice> decode_notice(BytesView bytes) {
    TRY(value, canon::decode(bytes, notice_bytes_max));
    TRY(fields, statement::Fields::of(value, "notice"));
    Notice out;
    TRY(detail, fields.text("detail"));
    TRY(id, fields.text("id"));
    TRY(index, fields.integer("index"));
    TRY(leaf, fields.text("leaf"));
    TRY(hash, hash_from_base64url(leaf));
    TRY(origin, fields.text("origin"));
    TRY(party, fields.text("party"));
    TRY(party_id, PartyId::parse(party));
    TRY(time, fields.integer("time"));
    TRY(version, fields.integer("version"));
    TRY(what, fields.text("what"));
    TRY(subscriptions, fields.array("subscriptions"));
    if (fields.has("record")) {
        TRY(text, fields.text("record"));
        TRY(record, RecordId::parse(text));
        out.record = record;
    }
    if (fields.has("activity")) {
        TRY(text, fields.text("activity"));
        TRY(activity, RecordId::parse(text));
        out.activity = activity;
    }
    if (fields.has("talk")) {
        TRY(text, fields.text("talk"));
        TRY(talk, RecordId::parse(text));
        out.talk = talk;
    }
    if (fields.has("track")) {
        TRY(said, fields.object("track"));
        TRY(track, decode_track(Fields(*said), detail));
        out.track = std::move(track);
    }
    if (fields.has("leg")) {
        TRY(leg, fields.integer("leg"));
        if (leg < 1 || leg > UINT32_MAX) return fail(Errc::malformed, "leg: from 1 on");
        out.leg = static_cast<std::uint32_t>(leg);
    }
    if (!is_notice_id(id) || index < 0 || version < 0 || version > UINT32_MAX) {
        return fail(Errc::malformed, "a notice of the outbox is not as it was written");
    }
    for (const canon::Value& one : *subscriptions) {
        if (one.text() == nullptr) return fail(Errc::malformed, "subscriptions: expected texts");
        out.subscriptions.push_back(*one.text());
    }
    out.detail = detail;
    out.id = id;
    out.index.v = static_cast<std::uint64_t>(index);
    out.leaf = hash;
    out.origin.v = origin;
    out.party = std::move(party_id);
    out.time = instant(time);
    out.version = static_cast<std::uint32_t>(version);
    out.what = what;
    if (encode_notice(out) != bytes) {
        return fail(Errc::malformed, "a notice of the outbox says more than this entente knows");
    }
    return out;
}

std::string dead_of(const std::string& stream) { return "dead/" + stream; }

std::string done_of(const std::string& stream) { return "done/" + stream; }

std::string unread_of(const std::string& stream) { return "unread/" + stream; }

Bytes encode_dead(const DeadLetter& letter) {
    canon::Object out;
    out.set("attempts", std::int64_t{letter.attempts});
    out.set("died", millis(letter.died));
    out.set("notice", encode_notice(letter.notice));
    out.set("seq", static_cast<std::int64_t>(letter.seq));
    out.set("why", letter.why);
    return canon::encode(std::move(out));
}

Result<DeadLetter> decode_dead(BytesView bytes) {
    TRY(value, canon::decode(bytes, 2 * notice_bytes_max));
    TRY(fields, statement::Fields::of(value, "dead letter"));
    DeadLetter out;
    TRY(attempts, fields.integer("attempts"));
    TRY(died, fields.integer("died"));
    TRY(text, fields.text("notice"));
    TRY(notice, decode_notice(text));
    TRY(seq, fields.integer("seq"));
    TRY(why, fields.text("why"));
    if (attempts < 0 || attempts > UINT32_MAX || seq < 0) {
        return fail(Errc::malformed, "a dead letter of the outbox is not as it was written");
    }
    out.attempts = static_cast<std::uint32_t>(attempts);
    out.died = instant(died);
    out.notice = std::move(notice);
    out.seq = static_cast<std::uint64_t>(seq);
    out.why = why;
    if (encode_dead(out) != bytes) {
        return fail(Errc::malformed, "a dead letter of the outbox says more than is known here");
    }
    return out;
}

}  // namespace entente::node
