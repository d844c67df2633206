// SPDX-License-Identifier: Apache-2.0
// The two frames in which nodes answer each other beside C2SP's own files
// (doc/protocol/exchange.md, "What a node asks of another"). Form and limits only: signatures and
// slots are the exchange's.
//
//     Bytes frame = format_heads({own.bytes(), theirs.bytes()}, mark);
//     TRY(heads, parse_heads(frame));            // views into the frame
#pragma once

#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/ids.h"
#include "base/limits.h"
#include "base/result.h"

namespace entente::node {

struct HeadsFrame {
    BytesView mark;  // what to name in order to be told only what came after; empty: nothing
    std::vector<BytesView> notes;
};

/// `entente/heads/v1\n`, the mark and a newline, then per note `<bytes>\n` and the note.
Bytes format_heads(const std::vector<Bytes>& notes, std::string_view mark);
/// Views into `frame`. Errc::too_large beyond heads_bytes_max or heads_max.
Result<HeadsFrame> parse_heads(BytesView frame);
/// At most mark_bytes_max of lower-case letters, digits and hyphens.
bool is_mark(BytesView text);

/// What an author answers to who asks for its releases: its newest slot for the asker, opened, and
/// a parcel of what the asker has not, if there is any.
struct ReleasesFrame {
    EntryIndex beat;  // whose slot is opened
    Bytes content;    // seal::SlotContent as text: two lines
    /// From the size that the parcel leads to, to the slot's: so a list that comes in many parcels
    /// is the slot's from the first one on. Empty where they are equal.
    std::vector<Hash> proof;
    BytesView parcel;  // empty: nothing more
};
Bytes format_releases(const ReleasesFrame& frame);
/// `parcel` is a view into `frame`. Errc::too_large beyond releases_bytes_max.
Result<ReleasesFrame> parse_releases(BytesView frame);

/// What a recipient shows an author of the author's own list: the slot of the newest beat that it
/// can open, and the leaves from `first` on.
struct ReceivedFrame {
    EntryIndex beat;  // the author's
    Bytes content;    // seal::SlotContent as text: two lines
    std::uint64_t first = 0;
    std::vector<Bytes> leaves;
};
Bytes format_received(const ReceivedFrame& frame);
/// Errc::too_large beyond received_bytes_max.
Result<ReceivedFrame> parse_received(BytesView frame);

constexpr std::size_t received_bytes_max = 8 * 1024 * 1024;
constexpr std::size_t heads_bytes_max = 4 * 1024 * 1024;
constexpr std::size_t heads_max = 4096;
constexpr std::size_t mark_bytes_max = 48;
constexpr std::size_t releases_bytes_max =
    limits::parcel_bytes_max + 1024 * 1024;  // a parcel and its frame

}  // namespace entente::node
