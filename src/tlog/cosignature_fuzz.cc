// SPDX-License-Identifier: Apache-2.0
// Cosigned notes out of a stranger's bytes: what verifies formats to the same line, and merging two
// halves of the input loses no known cosigner and never grows past the limits.
#include <cstdlib>

#include "base/limits.h"
#include "tlog/cosignature.h"

namespace entente::tlog {
namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

// The key of the corpus: seed 00 01 … 1f.
const std::vector<CosignerKey>& known() {
    static const std::vector<CosignerKey> out = {
        CosignerKey::parse(
            "witness.example/w1+e75f6532+BAOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4")
            .value()};
    return out;
}

void try_note(const Note& note) {
    for (const NoteSignature& line : note.signatures) {
        if (const auto cosignature = Cosignature::parse(line)) {
            require(cosignature->line() == line);
        }
    }
    const auto found = cosignatures_of(note, known());
    if (!found) return;
    for (const Cosignature& each : *found) {
        require(verify_cosignature(known()[0], each, note.text).has_value());
        require(!verify_cosignature(known()[0], each, note.text + "x").has_value());
    }
    const auto checkpoint = parse_checkpoint(note.text);
    if (!checkpoint) return;
    const VerifierKey log{checkpoint->origin.v, known()[0].key};
    const Note bare{note.text, {}};
    for (const Note* theirs : {&note, &bare}) {
        const auto merged = merge_cosignatures({*checkpoint, note}, *theirs, log, known());
        require(merged.has_value());
        require(cosignatures_of(merged->note, known())->empty() == found->empty());
        require(merged->note.signatures.size() <= 2 + limits::stranger_lines_max);
    }
}

}  // namespace
}  // namespace entente::tlog

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const entente::BytesView bytes(reinterpret_cast<const char*>(data), size);
    if (const auto note = entente::tlog::parse_note(bytes)) entente::tlog::try_note(*note);
    if (const auto key = entente::tlog::CosignerKey::parse(bytes)) {
        entente::tlog::require(key->text() == bytes);
    }
    return 0;
}
