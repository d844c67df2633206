// SPDX-License-Identifier: Apache-2.0
// Statements out of a stranger's bytes: the first byte selects what is read. Whatever is accepted
// must, written again, be read as the same; only members that are not known may be gone.
#include <cstdlib>

#include "statement/adoption.h"
#include "statement/body.h"
#include "statement/dealing.h"
#include "statement/fork_entry.h"
#include "statement/key_entry.h"
#include "statement/label.h"
#include "statement/leave.h"
#include "statement/recall.h"
#include "statement/receipt.h"
#include "statement/said_codec.h"

namespace st = entente::statement;
using entente::BytesView;

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

template <class T, class Encode, class Decode>
void round_trip(BytesView bytes, Encode encode, Decode decode) {
    const entente::Result<T> first = decode(bytes);
    if (!first) return;
    const entente::Bytes written = encode(*first);
    // A list of slots in another order, and members not known, are not written again.
    require(written.size() <= bytes.size());
    const entente::Result<T> second = decode(written);
    require(second && *second == *first);
    require(encode(*second) == written);
}

void entry(BytesView bytes) {
    const auto first = st::decode_entry(bytes);
    if (!first) return;
    if (const auto* sealed = std::get_if<st::SealedEntry>(&*first)) {
        require(st::encode_entry(*sealed) == bytes);
        return;
    }
    const auto& open = std::get<st::OpenEntry>(*first);
    const auto second = st::decode_entry(st::encode_entry(open));
    require(second && std::get<st::OpenEntry>(*second) == open);
}

void head(BytesView bytes) {
    round_trip<st::Head>(bytes, st::encode_head, st::decode_head);
    const auto read = st::decode_head(bytes);
    if (!read) return;
    const auto bare = st::unapproved_head(bytes);
    require(bare.has_value() && bare->size() < bytes.size());
    if (st::encode_head(*read) == bytes) require(*bare == st::encode_head_unapproved(*read));
}

void exact(BytesView bytes) {
    round_trip<st::Exact>(bytes, st::encode_exact, st::decode_exact);
    const auto read = st::decode_exact(bytes);
    if (!read) return;
    // What is understood can be read without understanding it, and its coarse body too.
    const auto unknown = st::decode_unknown(bytes, st::Slot::exact);
    require(unknown && unknown->where == read->protection.where && unknown->keys == read->keys);
    const st::Coarse coarse = st::coarse_of(*read);
    const auto opened = st::decode_coarse(st::encode_coarse(coarse));
    require(opened && *opened == coarse);
    (void)st::validate(read->protection);
}

template <class T, class Encode, class Decode>
void open_round_trip(BytesView bytes, Encode encode, Decode decode) {
    const auto entry = st::decode_entry(bytes);
    if (!entry || !std::holds_alternative<st::OpenEntry>(*entry)) return;
    const entente::Result<T> first = decode(std::get<st::OpenEntry>(*entry));
    if (!first) return;
    const entente::Bytes written = encode(*first);
    require(written.size() <= bytes.size() + 2);  // "v" may have been another number
    const entente::Result<T> second = decode(std::get<st::OpenEntry>(*st::decode_entry(written)));
    require(second && *second == *first);
}

void open_entry(BytesView bytes) {
    open_round_trip<st::Beat>(bytes, st::encode_beat, st::decode_beat);
    open_round_trip<st::ForkEntry>(bytes, st::encode_fork_entry, st::decode_fork_entry);
    open_round_trip<st::Leave>(bytes, st::encode_leave, st::decode_leave);
    open_round_trip<st::Adoption>(bytes, st::encode_adoption, st::decode_adoption);
}

void key_entry(BytesView bytes) {
    const auto entry = st::decode_entry(bytes);
    if (!entry || !std::holds_alternative<st::OpenEntry>(*entry)) return;
    const auto root =
        entente::SecretKey::from_seed(entente::Secret::from(entente::Bytes(32, 'r')).value());
    const entente::Origin origin{"solo-abcdefghijklmnop/exercise/fr"};
    const auto read =
        st::read_key_entry(std::get<st::OpenEntry>(*entry), origin, root.public_key());
    if (!read) return;
    const auto again =
        st::read_key_entry(st::make_key_entry(*read, origin, root), origin, root.public_key());
    require(again && *again == *read);
}

void receipt(BytesView bytes) {
    round_trip<st::Receipt>(bytes, st::encode_receipt, st::decode_receipt);
    const auto read = st::decode_receipt(bytes);
    if (read) (void)st::validate(*read);
}

/// A body of any kind of dealing.
void dealing(BytesView bytes) {
    for (const char* kind : st::dealing_kinds()) {
        const auto read = st::decode_dealt(kind, bytes);
        if (!read) continue;
        require(st::validate(*read) && std::string(st::kind_of(*read)) == kind);
        const auto again = st::decode_dealt(kind, st::encode_dealt(*read));
        require(again && *again == *read);
    }
}

void label(BytesView bytes) {
    const auto read = st::decode_label(bytes);
    if (!read || !*read) return;
    require(st::encode_label(*read) == bytes);  // one value has one spelling
}

void tear(BytesView bytes) {
    const auto read = st::decode_said<st::Tear>(bytes, st::Slot::coarse);
    if (!read) return;
    const auto written = st::encode_said(*read, st::Slot::coarse);
    const auto again = st::decode_said<st::Tear>(written, st::Slot::coarse);
    require(again && *again == *read);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const BytesView bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    switch (data[0]) {
        case 'e': entry(bytes); break;
        case 'h': head(bytes); break;
        case 'c': round_trip<st::Coarse>(bytes, st::encode_coarse, st::decode_coarse); break;
        case 'x': exact(bytes); break;
        case 'b': open_entry(bytes); break;
        case 'k': key_entry(bytes); break;
        case 'r': receipt(bytes); break;
        case 'w': round_trip<st::Recall>(bytes, st::encode_recall, st::decode_recall); break;
        case 'd': dealing(bytes); break;
        case 'l': label(bytes); break;
        case 't': tear(bytes); break;
        case 'p': round_trip<st::Purge>(bytes, st::encode_purge, st::decode_purge); break;
        case 'u': (void)st::decode_unknown(bytes, st::Slot::coarse); break;
        default: break;
    }
    return 0;
}
