// SPDX-License-Identifier: Apache-2.0
#include "seal/pack.h"

#include <sodium.h>

#include <algorithm>

#include "base/assert.h"
#include "base/limits.h"
#include "base/sha256.h"
#include "seal/parts.h"
#include "seal/text.h"

namespace entente::seal {
namespace {

constexpr BytesView title = "entente/pack/v1\n";
constexpr BytesView purpose = "entente/v1/pack\n";
constexpr std::size_t key_bytes = 32;
constexpr std::size_t tag_bytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr std::size_t nonce_bytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t box_bytes = key_bytes + 32 + sealed_box_overhead;
constexpr std::size_t signature_bytes = 64;
constexpr std::size_t header_bytes_max = 512;
constexpr std::size_t answer_bytes_max =
    limits::parcel_bytes_max + 2 * 1024 * 1024;  // the largest answer, with its path and frame

const unsigned char* raw(BytesView b) { return reinterpret_cast<const unsigned char*>(b.data()); }
unsigned char* raw(Bytes& b) { return reinterpret_cast<unsigned char*>(b.data()); }

tl::unexpected<Error> bad(const std::string& what) {
    return fail(Errc::malformed, "pack: " + what);
}

/// The answer's number: once under each pack's key.
struct Nonce {
    unsigned char bytes[nonce_bytes] = {};
    explicit Nonce(std::uint64_t number) {
        for (std::size_t i = 0; i < 8; ++i) {
            bytes[nonce_bytes - 1 - i] = static_cast<unsigned char>(number >> (8 * i) & 255);
        }
    }
};

Bytes format_header(const PackHeader& header) {
    return Bytes(title) + header.charter + "\n" + header.from.v + " " + header.to.v + "\n" +
           std::to_string(millis(header.made)) + " " + std::to_string(header.part) + "\n\n";
}

/// Takes the header off the front.
Result<PackHeader> take_header(BytesView& rest) {
    if (!rest.starts_with(title)) return bad("it does not begin with entente/pack/v1");
    const BytesView all = rest;
    BytesView text = rest.substr(0, header_bytes_max);
    const BytesView before = text;
    text.remove_prefix(title.size());
    PackHeader out;
    out.charter = std::string(take(text, '\n'));
    if (out.charter.empty() || out.charter.size() > limits::key_name_bytes_max) {
        return bad("a charter's id has 1 to 255 bytes");
    }
    TRY(from, PartyId::parse(take(text, ' ')));
    TRY(to, PartyId::parse(take(text, '\n')));
    TRY(made, parse_number(take(text, ' ')));
    TRY(part, parse_number(take(text, '\n')));
    if (part == 0 || part > limits::pack_parts_max) return bad("it is no part that there can be");
    out.from = std::move(from);
    out.to = std::move(to);
    out.made = instant(static_cast<std::int64_t>(made));
    out.part = part;
    if (take(text, '\n') != "" ||
        format_header(out) != before.substr(0, before.size() - text.size())) {
        return fail(Errc::not_canonical, "pack: its header is not in its one form");
    }
    rest = all.substr(before.size() - text.size());
    return out;
}

Result<PackHeader> begin(BytesView& rest) {
    if (rest.size() > limits::pack_bytes_max) {
        return fail(Errc::too_large, "pack: " + std::to_string(rest.size()) +
                                         " bytes, pack_bytes_max is " +
                                         std::to_string(limits::pack_bytes_max));
    }
    return take_header(rest);
}

Result<Secret> pack_key(BytesView box, BytesView header, const SealingSecret& secret) {
    auto opened = secret.open(box);
    if (!opened) {
        return fail(Errc::bad_signature,
                    "pack: it is sealed to another key than this node's sealing key");
    }
    const bool fits = opened->size() == key_bytes + 32 &&
                      BytesView(*opened).substr(key_bytes) == sha256(header).view();
    auto key = Secret::from(BytesView(*opened).substr(0, key_bytes));
    sodium_memzero(opened->data(), opened->size());
    if (fits) return key;
    return fail(Errc::bad_signature, "pack: it was sealed with another header");
}

Result<Bytes> decrypt(const Secret& key, std::uint64_t number, BytesView sealed) {
    if (sealed.size() < tag_bytes) return bad("an answer that is shorter than its own tag");
    Bytes plain(sealed.size() - tag_bytes, '\0');
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(raw(plain), nullptr, nullptr, raw(sealed),
                                                   sealed.size(), nullptr, 0, Nonce(number).bytes,
                                                   key.bytes.data()) != 0) {
        return fail(Errc::bad_signature, "pack: answer " + std::to_string(number) + " was altered");
    }
    return plain;
}

}  // namespace

PackWriter::PackWriter(const PackHeader& header, const SealingKey& to, const Random& random,
                       std::size_t bytes_max)
    : key_(Secret::generate(random)), bytes_max_(bytes_max), out_(format_header(header)) {
    ASSERT(bytes_max <= limits::pack_bytes_max);
    ASSERT(sodium_init() >= 0);
    Bytes secret(key_.view());
    secret += sha256(out_).view();
    put_part(out_, seal_to(to, secret, random));
    sodium_memzero(secret.data(), secret.size());
}

bool PackWriter::add(BytesView path, BytesView answer) {
    ASSERT(path.size() <= limits::pack_path_bytes_max && path.find('\n') == path.npos);
    const std::size_t plain = path.size() + 1 + answer.size();
    if (out_.size() + 4 + plain + tag_bytes + signature_bytes > bytes_max_) return false;
    Bytes sealed(path);
    sealed += '\n';
    sealed += answer;
    sealed.resize(plain + tag_bytes);
    crypto_aead_xchacha20poly1305_ietf_encrypt(raw(sealed), nullptr, raw(sealed), plain, nullptr, 0,
                                               nullptr, Nonce(count_).bytes, key_.bytes.data());
    put_part(out_, sealed);
    ++count_;
    return true;
}

Bytes PackWriter::sign(const SecretKey& channel) && {
    Bytes message(purpose);
    message += sha256(out_).view();
    out_ += channel.sign(message);
    return std::move(out_);
}

Result<PackHeader> pack_header(BytesView pack) { return begin(pack); }

Result<PackAnswers> open_pack(BytesView pack, std::span<const PublicKey> channels,
                              const SealingSecret& secret) {
    ASSERT(sodium_init() >= 0);
    BytesView rest = pack;
    TRY(header, begin(rest));
    const BytesView header_text = pack.substr(0, pack.size() - rest.size());
    if (rest.size() < signature_bytes) return bad("cut short before its signature");
    const BytesView signature = rest.substr(rest.size() - signature_bytes);
    rest.remove_suffix(signature_bytes);
    Bytes message(purpose);
    message += sha256(pack.substr(0, pack.size() - signature_bytes)).view();
    const auto signed_by = [&](const PublicKey& key) { return verify(key, message, signature); };
    if (std::none_of(channels.begin(), channels.end(), signed_by)) {
        return fail(Errc::bad_signature,
                    "pack: no channel key of " + header.from.v +
                        " signed these bytes: it was altered or cut short on its way, or somebody "
                        "else made it; ask for it again");
    }
    TRY(box, take_part(rest, "pack", "sealed box", box_bytes));
    TRY(key, pack_key(box, header_text, secret));
    PackAnswers out;
    for (std::uint64_t number = 0; !rest.empty(); ++number) {
        TRY(sealed, take_part(rest, "pack", "answer", answer_bytes_max));
        TRY(plain, decrypt(key, number, sealed));
        const std::size_t end = plain.find('\n');
        if (end == Bytes::npos || end > limits::pack_path_bytes_max) {
            return bad("answer " + std::to_string(number) + " does not begin with its path");
        }
        if (!out.emplace(plain.substr(0, end), plain.substr(end + 1)).second) {
            return bad("it answers " + plain.substr(0, end) + " twice");
        }
    }
    return out;
}

}  // namespace entente::seal
