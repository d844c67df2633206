// SPDX-License-Identifier: Apache-2.0
// Charters and cards out of a stranger's bytes: the first byte selects which. What is accepted
// must, written again, be read as the same, and its hash is over the bytes that were read.
#include <cstdlib>

#include "statement/charter.h"
#include "statement/vkey.h"

namespace st = entente::statement;
using entente::BytesView;

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

void charter(BytesView file) {
    const auto read = st::parse_draft(file);
    if (!read) return;
    require(st::check_charter(*read).has_value());
    const std::string written = st::format_charter(*read);
    const auto again = st::parse_draft(written);
    // Texts lose control characters when they are written; then the second reading decides.
    require(again.has_value() && st::format_charter(*again) == written);
    require(again->parties == read->parties && again->terms == read->terms &&
            again->witnesses == read->witnesses && again->signatures == read->signatures);
    require(st::parse_charter(file).has_value() == !read->parties.empty());
    const auto hash = st::charter_hash(file);
    require(hash.has_value());
    if (read->parties.empty()) return;
    const auto more = st::with_signature(file, read->parties[0].id, entente::Bytes(64, 's'));
    require(more.has_value() && st::charter_hash(*more) == hash);
    require(st::parse_charter(*more).has_value());
}

void card(BytesView file) {
    const auto read = st::parse_card(file);
    if (!read) return;
    require(st::check_card(*read).has_value());
    const auto again = st::parse_card(st::format_card(*read));
    require(again && *again == *read);
}

void vkey(BytesView text) {
    const auto read = st::parse_vkey(text);
    if (read) require(read->text() == text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const BytesView bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    switch (data[0]) {
        case 'f': charter(bytes); break;
        case 'c': card(bytes); break;
        case 'v': vkey(bytes); break;
        default: break;
    }
    return 0;
}
