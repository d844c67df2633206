// SPDX-License-Identifier: Apache-2.0
// Successors out of a stranger's bytes: the frame has one spelling, and of its entries only those
// count that a root of the charter signed, which then say the same when they are written again.
//
// Input: any bytes as a frame, and as one entry alone.
#include <cstdlib>

#include "node/succession.h"
#include "statement/charter_for_test.h"

namespace entente::node {
namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

void try_entry(BytesView entry, const statement::samples::World& world) {
    const statement::Charter& charter = world.charter;
    const auto said = statement::read_succession(entry, charter);
    if (!said) return;
    require(charter.party(said->party) != nullptr && said->number > 1);
    const Origin origin = statement::log_name(charter, said->party, said->number);
    require(statement::log_number(charter, said->party, origin) == said->number);
    require(statement::parse_vkey(statement::vkey_of(charter, *said)).has_value());
    for (const statement::samples::Founder& one : world.founders) {
        if (one.party.id != said->party) continue;
        const auto again = statement::succession_entry(charter, *said, one.root);
        require(statement::read_succession(again, charter) == *said);
    }
    Successions known;
    known.emplace(std::pair(said->party, said->number), KnownSuccession{*said, Bytes(entry), {}});
    const Bytes frame = format_successors(known);
    const auto read = parse_successors(frame);
    require(read && read->size() == 1 && read->front() == entry);
}

void try_all(BytesView input) {
    static const statement::samples::World world = statement::samples::world();
    try_entry(input, world);
    const auto entries = parse_successors(input);
    if (!entries) return;
    require(input.size() <= successors_bytes_max);
    Bytes written = "entente/successors/v1\n";
    for (BytesView entry : *entries) {
        written += std::to_string(entry.size()) + "\n" + Bytes(entry);
        try_entry(entry, world);
    }
    require(written == input);
}

}  // namespace
}  // namespace entente::node

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    entente::node::try_all({reinterpret_cast<const char*>(data), size});
    return 0;
}
