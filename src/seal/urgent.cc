// SPDX-License-Identifier: Apache-2.0
#include "seal/urgent.h"

#include "base/encode.h"
#include "base/limits.h"
#include "base/sha256.h"
#include "seal/parts.h"
#include "seal/text.h"

namespace entente::seal {
namespace {

constexpr const char* first_line = "entente/urgent/v1\n";
constexpr const char* of = "urgent statement";
constexpr std::size_t signature_bytes = 64;
constexpr std::size_t line_bytes_max = 1024;
constexpr std::uint64_t time_ms_max = (std::uint64_t{1} << 53) - 1;  // as of a statement

Bytes message_to_sign(const Hash& hash) { return "entente/v1/urgent\n" + Bytes(hash.view()); }

Bytes encode(const Urgent& urgent) {
    Bytes out = first_line;
    for (const std::string* line :
         {&urgent.charter, &urgent.origin.v, &urgent.author.v, &urgent.recipient.v}) {
        out += *line + "\n";
    }
    out += std::to_string(millis(urgent.sent)) + "\n" + std::to_string(urgent.desks.size()) + "\n";
    for (const std::string& desk : urgent.desks) put_part(out, desk);
    put_part(out, urgent.entry);
    for (const auto& body : urgent.bodies) {
        Bytes part;
        if (body) part = Bytes(body->salt.view()) + body->body;
        put_part(out, part);
    }
    return out;
}

Result<std::string> take_line(BytesView& rest, const char* what) {
    const std::size_t end = rest.substr(0, line_bytes_max).find('\n');
    if (end == std::string_view::npos) {
        return fail(Errc::malformed, std::string(of) + ": no line with the " + what);
    }
    std::string out(rest.substr(0, end));
    rest.remove_prefix(end + 1);
    return out;
}

Result<PartyId> take_party(BytesView& rest, const char* what) {
    TRY(line, take_line(rest, what));
    return PartyId::parse(line);
}

Result<std::uint64_t> take_number(BytesView& rest, const char* what, std::uint64_t most) {
    TRY(line, take_line(rest, what));
    TRY(value, parse_number(line));
    if (value > most) return fail(Errc::too_large, std::string(of) + ": " + what + " is too much");
    return value;
}

Result<Bodies> take_bodies(BytesView& rest) {
    Bodies out;
    for (auto& body : out) {
        TRY(part, take_part(rest, of, "body", sizeof(Hash::bytes) + limits::body_bytes_max));
        if (part.empty()) continue;
        if (part.size() <= sizeof(Hash::bytes)) {
            return fail(Errc::malformed, std::string(of) + ": a body without salt or bytes");
        }
        body = SaltedBody{Hash::from(part.substr(0, sizeof(Hash::bytes))),
                          Bytes(part.substr(sizeof(Hash::bytes)))};
    }
    return out;
}

Result<Urgent> decode(BytesView rest) {
    if (!rest.starts_with(first_line)) {
        return fail(Errc::malformed, std::string(of) + ": its first line is not entente/urgent/v1");
    }
    rest.remove_prefix(std::string_view(first_line).size());
    Urgent out;
    TRY(charter, take_line(rest, "charter"));
    TRY(origin, take_line(rest, "origin"));
    TRY(author, take_party(rest, "author"));
    TRY(recipient, take_party(rest, "recipient"));
    TRY(sent, take_number(rest, "time", time_ms_max));
    TRY(desks, take_number(rest, "number of desks", urgent_desks_max));
    for (std::uint64_t i = 0; i < desks; ++i) {
        TRY(desk, take_part(rest, of, "desk", limits::text_bytes_max));
        if (!is_utf8(desk)) return fail(Errc::malformed, "a desk is not UTF-8");
        out.desks.emplace_back(desk);
    }
    TRY(entry, take_part(rest, of, "entry", limits::entry_bytes_max));
    out.entry = Bytes(entry);
    TRY(bodies, take_bodies(rest));
    if (!rest.empty()) return fail(Errc::malformed, std::string(of) + ": bytes behind its end");
    out.charter = std::move(charter);
    out.origin = {std::move(origin)};
    out.author = author;
    out.recipient = recipient;
    out.sent = instant(static_cast<std::int64_t>(sent));
    out.bodies = std::move(bodies);
    return out;
}

}  // namespace

Bytes seal_urgent(const Urgent& urgent, const SecretKey& duty, const SealingKey& to,
                  const Random& random) {
    const Bytes message = encode(urgent);
    return seal_to(to, message + duty.sign(message_to_sign(sha256(message))), random);
}

Result<OpenedUrgent> open_urgent(BytesView box, const SealingSecret& own) {
    if (box.size() > limits::urgent_bytes_max) {
        return fail(Errc::too_large, std::string(of) + " of " + std::to_string(box.size()) +
                                         " bytes; at most urgent_bytes_max = " +
                                         std::to_string(limits::urgent_bytes_max));
    }
    TRY(opened, own.open(box));
    if (opened.size() < signature_bytes) return fail(Errc::malformed, "cut short");
    const BytesView whole = opened;
    const BytesView message = whole.substr(0, whole.size() - signature_bytes);
    TRY(urgent, decode(message));
    if (encode(urgent) != message) {
        return fail(Errc::malformed, std::string(of) + ": not in its one form");
    }
    return OpenedUrgent{std::move(urgent), sha256(message),
                        Bytes(whole.substr(whole.size() - signature_bytes))};
}

Result<void> verify_urgent(const PublicKey& duty, const OpenedUrgent& opened) {
    if (verify(duty, message_to_sign(opened.signed_hash), opened.signature)) return {};
    return fail(Errc::bad_signature, "it is not signed with the duty key of " +
                                         opened.urgent.author.v + " by the charter in force");
}

}  // namespace entente::seal
