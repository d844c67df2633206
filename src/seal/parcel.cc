// SPDX-License-Identifier: Apache-2.0
#include "seal/parcel.h"

#include <sodium.h>

#include "base/assert.h"
#include "base/encode.h"
#include "base/limits.h"
#include "base/sha256.h"
#include "seal/parts.h"
#include "seal/text.h"

namespace entente::seal {
namespace {

constexpr BytesView title = "entente/parcel/v1\n";
constexpr std::size_t key_bytes = 32;
constexpr std::size_t tag_bytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr std::size_t nonce_bytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t box_bytes = key_bytes + 32 + sealed_box_overhead;
constexpr std::size_t context_bytes_max = 400;  // origin 255, party 32, two numbers, a root
static_assert(nonce_bytes == 24 && tag_bytes == 16);

const unsigned char* raw(BytesView b) { return reinterpret_cast<const unsigned char*>(b.data()); }
unsigned char* raw(Bytes& b) { return reinterpret_cast<unsigned char*>(b.data()); }

tl::unexpected<Error> bad(const std::string& what) {
    return fail(Errc::malformed, "parcel: " + what);
}

Result<BytesView> take_part(BytesView& rest, const char* what, std::size_t most) {
    return seal::take_part(rest, "parcel", what, most);
}

/// The release's number in its list: once under each release key.
struct Nonce {
    unsigned char bytes[nonce_bytes] = {};
    explicit Nonce(std::uint64_t number) {
        for (std::size_t i = 0; i < 8; ++i) {
            bytes[nonce_bytes - 1 - i] = static_cast<unsigned char>(number >> (8 * i) & 255);
        }
    }
};

std::size_t slots_in(const SlotSet& slots) {
    return static_cast<std::size_t>(slots[0]) + static_cast<std::size_t>(slots[1]) +
           static_cast<std::size_t>(slots[2]);
}

/// Of a body that was recalled a zero key, and no ciphertext: its place in the list stays.
Bytes wrap(const Secret& release_key, std::uint64_t number, BytesView leaf, const SlotSet& slots,
           const Carried& carried) {
    Bytes out;
    out.reserve(slot_count * key_bytes + tag_bytes);
    for (std::size_t slot = 0; slot < slot_count; ++slot) {
        if (!slots[slot]) continue;
        carried.slots[slot] ? out += carried.keys[slot].view() : out.append(key_bytes, '\0');
    }
    const std::size_t plain = out.size();
    out.resize(plain + tag_bytes);
    crypto_aead_xchacha20poly1305_ietf_encrypt(raw(out), nullptr, raw(out), plain, raw(leaf),
                                               leaf.size(), nullptr, Nonce(number).bytes,
                                               release_key.bytes.data());
    return out;
}

Result<void> unwrap(const Secret& release_key, std::uint64_t number, BytesView leaf,
                    BytesView wrapped, Carried& out) {
    unsigned char plain[slot_count * key_bytes];
    if (wrapped.size() != slots_in(out.slots) * key_bytes + tag_bytes) {
        return bad("wrapped keys whose length does not fit the release's slots");
    }
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(
            plain, nullptr, nullptr, raw(wrapped), wrapped.size(), raw(leaf), leaf.size(),
            Nonce(number).bytes, release_key.bytes.data()) != 0) {
        return fail(Errc::bad_signature, "parcel: the keys of release " + std::to_string(number) +
                                             " were altered, or are another release's");
    }
    const unsigned char* next = plain;
    for (std::size_t slot = 0; slot < slot_count; ++slot) {
        if (!out.slots[slot]) continue;
        std::memcpy(out.keys[slot].bytes.data(), next, key_bytes);
        next += key_bytes;
    }
    sodium_memzero(plain, sizeof plain);
    return {};
}

Bytes format_context(const ParcelContext& context) {
    return context.author.v + "\n" + context.recipient.v + "\n" + std::to_string(context.first) +
           " " + std::to_string(context.size.v) + "\n" + to_base64(context.root.view()) + "\n";
}

Result<ParcelContext> parse_context(BytesView text) {
    BytesView rest = text;
    const std::string author(take(rest, '\n'));
    if (author.empty() || author.size() > limits::key_name_bytes_max) {
        return bad("an author's origin has 1 to 255 bytes");
    }
    TRY(recipient, PartyId::parse(take(rest, '\n')));
    TRY(first, parse_number(take(rest, ' ')));
    TRY(size, parse_number(take(rest, '\n')));
    TRY(root, hash_from_base64(take(rest, '\n')));
    ParcelContext out{{author}, std::move(recipient), first, TreeSize{size}, root};
    if (first >= size) return bad("it says that it holds no release");
    if (size - first > limits::parcel_releases_max) {
        return fail(Errc::too_large, "parcel: " + std::to_string(size - first) +
                                         " releases, parcel_releases_max is " +
                                         std::to_string(limits::parcel_releases_max));
    }
    if (format_context(out) != text) {
        return fail(Errc::not_canonical, "parcel: its context is not in its one form");
    }
    return out;
}

struct Opening {
    ParcelContext context;
    BytesView context_text;
    BytesView rest;  // from the sealed box on
};

Result<Opening> begin(BytesView parcel) {
    if (parcel.size() > limits::parcel_bytes_max) {
        return fail(Errc::too_large, "parcel: " + std::to_string(parcel.size()) +
                                         " bytes, parcel_bytes_max is " +
                                         std::to_string(limits::parcel_bytes_max));
    }
    if (!parcel.starts_with(title)) return bad("it does not begin with entente/parcel/v1");
    BytesView rest = parcel.substr(title.size());
    TRY(text, take_part(rest, "context", context_bytes_max));
    TRY(context, parse_context(text));
    return Opening{std::move(context), text, rest};
}

Result<Secret> release_key(BytesView box, BytesView context, const SealingSecret& secret) {
    TRY(opened, secret.open(box));
    const bool fits = opened.size() == key_bytes + 32 &&
                      BytesView(opened).substr(key_bytes) == sha256(context).view();
    auto key = Secret::from(BytesView(opened).substr(0, key_bytes));
    sodium_memzero(opened.data(), opened.size());
    if (fits) return key;
    return fail(Errc::bad_signature, "parcel: it was sealed with another context");
}

}  // namespace

ParcelWriter::ParcelWriter(Origin author, PartyId recipient, std::uint64_t first,
                           const Random& random)
    : author_(std::move(author)), recipient_(std::move(recipient)), first_(first),
      release_key_(Secret::generate(random)) {
    ASSERT(sodium_init() >= 0);
}

bool ParcelWriter::add(BytesView leaf, const Carried& carried) {
    constexpr std::size_t header_bytes_max = title.size() + 4 + context_bytes_max + 4 + box_bytes;
    const auto release = parse_release(leaf);
    ASSERT(release);
    const SlotSet& slots = release->slots;
    const auto ciphertext = [&](std::size_t slot) {
        return carried.slots[slot] ? carried.ciphertexts[slot] : BytesView();
    };
    std::size_t bytes = 4 + leaf.size() + 4 + slots_in(slots) * key_bytes + tag_bytes;
    for (std::size_t slot = 0; slot < slot_count; ++slot) {
        if (slots[slot]) bytes += 4 + ciphertext(slot).size();
    }
    if (count_ == limits::parcel_releases_max ||
        header_bytes_max + releases_.size() + bytes > limits::parcel_bytes_max) {
        return false;
    }
    put_part(releases_, leaf);
    put_part(releases_, wrap(release_key_, first_ + count_, leaf, slots, carried));
    for (std::size_t slot = 0; slot < slot_count; ++slot) {
        if (slots[slot]) put_part(releases_, ciphertext(slot));
    }
    ++count_;
    return true;
}

Bytes ParcelWriter::seal(const Hash& root, const SealingKey& to, const Random& random) && {
    ASSERT(count_ > 0);
    const Bytes context = format_context({author_, recipient_, first_, size(), root});
    Bytes secret(release_key_.view());
    secret += sha256(context).view();
    Bytes out(title);
    out.reserve(title.size() + 8 + context.size() + box_bytes + releases_.size());
    put_part(out, context);
    put_part(out, seal_to(to, secret, random));
    sodium_memzero(secret.data(), secret.size());
    out += releases_;
    return out;
}

Result<ParcelContext> parcel_context(BytesView parcel) {
    TRY(opening, begin(parcel));
    return std::move(opening.context);
}

Result<Parcel> open_parcel(BytesView parcel, const SealingSecret& secret) {
    ASSERT(sodium_init() >= 0);
    TRY(opening, begin(parcel));
    BytesView rest = opening.rest;
    TRY(box, take_part(rest, "sealed box", box_bytes));
    TRY(key, release_key(box, opening.context_text, secret));
    constexpr std::size_t body_max = 32 + limits::body_bytes_max + tag_bytes;
    Parcel out{std::move(opening.context), {}};
    for (std::uint64_t number = out.context.first; number < out.context.size.v; ++number) {
        Delivered delivered;
        TRY(leaf, take_part(rest, "release", limits::release_leaf_bytes_max));
        TRY(release, parse_release(leaf));
        delivered.release = release;
        delivered.leaf = leaf;
        delivered.carried.slots = release.slots;
        TRY(wrapped, take_part(rest, "wrapped key", slot_count * key_bytes + tag_bytes));
        TRYV(unwrap(key, number, leaf, wrapped, delivered.carried));
        for (std::size_t slot = 0; slot < slot_count; ++slot) {
            if (!release.slots[slot]) continue;
            TRY(ciphertext, take_part(rest, "ciphertext", body_max));
            delivered.carried.ciphertexts[slot] = ciphertext;
            if (ciphertext.empty() && slot > 0) delivered.carried.slots[slot] = false;
        }
        out.releases.push_back(std::move(delivered));
    }
    if (!rest.empty()) return bad("bytes beyond its last release");
    return out;
}

}  // namespace entente::seal
