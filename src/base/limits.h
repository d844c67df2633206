// SPDX-License-Identifier: Apache-2.0
// Every bound that bytes from outside meet, by name. An error that a limit raises says its name.
#pragma once

#include <cstddef>
#include <cstdint>

namespace entente::limits {

// Statements (PROTOCOL 1 and 3).
constexpr std::size_t entry_bytes_max = 4096;
constexpr std::size_t body_bytes_max = 64 * 1024;
constexpr std::size_t vertices_max = 2000;  // of one shape, or of one plan
constexpr int json_depth_max = 16;
constexpr std::int64_t json_integer_max = (std::int64_t{1} << 53) - 1;
constexpr std::size_t places_max = 16;  // of one body's `where`
constexpr std::size_t approvals_max = 64;
constexpr std::size_t body_keys_bytes_max =
    4096;  // what ties a body to its record, and the coarse opening

// Shapes, in decimetres. A plan or protection that needs more is several.
constexpr std::int64_t radius_dm_max = 10'000'000;    // 1,000 km: radius, half-width
constexpr std::int64_t buffer_dm_max = 1'000'000;     // 100 km: buffer, accuracy
constexpr std::int64_t margin_dm_max = 1'000'000;     // 100 km
constexpr std::int64_t altitude_dm_max = 10'000'000;  // ±1,000 km
constexpr std::int64_t flight_level_max = 1000;
constexpr std::int64_t flight_level_min = -20;

// Parties and their charter. 32 parties' slots fill an open entry.
constexpr std::size_t charter_bytes_max = 1024 * 1024;
constexpr std::size_t charter_versions_max = 1000;
constexpr std::size_t card_bytes_max = 16 * 1024;
constexpr std::size_t parties_max = 32;
constexpr std::size_t outside_witnesses_max = 32;
constexpr std::size_t points_max = 256;  // agreed, and of difference
constexpr std::size_t url_bytes_max = 512;

// Receipts: what one acknowledges one by one.
constexpr std::size_t receipt_exceptions_max = 1000;
constexpr std::size_t receipt_entries_max = 1000;
constexpr std::size_t read_backs_max = 200;
constexpr std::size_t recall_entries_max = 100;  // whose outcomes, with reasons, fit a body

// Text fields of a body.
constexpr std::size_t text_bytes_max = 1024;  // one name, ref, contact
constexpr std::size_t names_max = 32;
constexpr std::size_t said_text_bytes_max = 16 * 1024;  // what a report or an incident tells
constexpr std::size_t sources_max = 16;                 // of one statement
constexpr std::size_t about_max = 16;                   // records that one statement speaks of

// Files that people bring.
constexpr std::size_t plan_bytes_max = 4 * 1024 * 1024;
constexpr std::size_t volumes_max = 100;  // of one plan
constexpr std::uint64_t import_bytes_max = 512ull * 1024 * 1024;
constexpr std::uint64_t import_rows_max = 2'000'000;
constexpr std::size_t row_bytes_max = 1024 * 1024;
constexpr std::size_t columns_max = 1000;

constexpr std::uint64_t tile_file_bytes_max = 256 * (2 + entry_bytes_max);

// Answers.
constexpr std::size_t findings_listed_max = 200;
constexpr std::size_t objections_listed_max = 8;  // in an answer, of one party's

// Notes, checkpoints, proofs (C2SP). Go's note tools stop at the same million and hundred.
constexpr std::size_t note_bytes_max = 1'000'000;
constexpr std::size_t note_signatures_max = 100;  // C2SP asks for at least 16
constexpr std::size_t key_name_bytes_max = 255;   // names and origins: cosignatures count in a u8
constexpr std::size_t proof_hashes_max = 63;      // no tree is larger than 2^63 entries
constexpr std::size_t policy_bytes_max = 64 * 1024;
constexpr std::size_t fork_bytes_max = 3900;           // so that an entry can hold it
constexpr std::size_t head_bytes_max = 64 * 1024;      // a checkpoint with its cosignatures
constexpr std::uint64_t pull_quick_entries_max = 256;  // taken before the root is compared
constexpr std::size_t past_heads_max = 16;  // of a mirror: towards which pulls may be under way
constexpr std::size_t pull_chunk_entries = 4096;  // so many entries, or so many bytes of them, are
constexpr std::size_t pull_chunk_bytes = 4 * 1024 * 1024;    // stored in one transaction
constexpr std::size_t urgent_bytes_max = 256 * 1024;         // an urgent statement in its box
constexpr std::size_t add_checkpoint_bytes_max = 64 * 1024;  // a request to a witness, an answer
constexpr std::size_t stranger_lines_max = 16;  // signature lines of unknown keys that are kept
constexpr std::size_t stranger_bytes_max = 16 * 1024;  // and their names and signatures together

// Between parties (doc/protocol/exchange.md).
constexpr std::size_t release_leaf_bytes_max = 160;  // four lines, the longest has 137
constexpr std::uint64_t parcel_releases_max = 4096;  // of one parcel
constexpr std::size_t parcel_bytes_max = 16 * 1024 * 1024;
constexpr std::size_t pack_bytes_max = 128 * 1024 * 1024;  // one file, held in memory
constexpr std::size_t pack_path_bytes_max = 512;           // of an answer in it
constexpr std::uint64_t pack_parts_max = 100'000;
constexpr std::size_t slot_content_bytes_max = 256;              // of an opened slot
constexpr std::size_t local_value_bytes_max = 16 * 1024 * 1024;  // one of a node's small values

}  // namespace entente::limits
