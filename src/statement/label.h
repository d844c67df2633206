// SPDX-License-Identifier: Apache-2.0
// The author's label on a statement: who may pass it on, how it may be used, whether its author may
// be named, how sensitive it is and until when. It stands in the head, is given with every body and
// cannot be changed by who receives it; another label is another version. It is structure, never a
// string: doc/protocol/sharing.md says what a node does by it, and what only people can keep.
// After TLP 2.0, FIRST IEP 2.0, STANAG 4774 and the IASC guidance on data responsibility.
//
// What is not understood counts as `Label::closed()`: nobody passes it on.
#pragma once

#include "statement/members.h"

namespace entente::statement {

/// Who may give it to others than its author did.
enum class Onward : std::uint8_t {
    ask,       // nobody before the author has agreed (kind `request`)
    none,      // nobody
    delegate,  // who is named in `delegates` decides, and keeps account of it
    free,      // everybody who has it
};
constexpr std::size_t onward_count = 4;

/// TLP 2.0; `unstated` where the author uses none, `everybody` for its widest, whose own word no
/// output of entente has.
enum class Tlp : std::uint8_t { unstated, red, amber_strict, amber, green, everybody };
constexpr std::size_t tlp_count = 6;

/// Whether who uses it may say from whom it has it.
enum class Attribution : std::uint8_t { ask, must_not, may, must };
constexpr std::size_t attribution_count = 4;

/// What it may be used for. Nothing in entente nominates a target, whatever a label allows.
enum class Use : std::uint8_t { protection, analysis, investigation, publication };
constexpr std::size_t use_count = 4;

const char* name(Onward onward);
const char* name(Tlp tlp);
const char* name(Attribution attribution);
const char* name(Use use);

struct Label {
    Tlp tlp = Tlp::unstated;
    Onward onward = Onward::ask;
    std::vector<PartyId> delegates;
    Use use = Use::protection;  // this, and what stands before it in the list
    Attribution attribution = Attribution::ask;
    std::string scheme;                // whose words of sensitivity, and which version of them
    std::string sensitivity;           // the word
    std::optional<Instant> review_at;  // when it is to be looked at again
    std::optional<Instant> expires;    // after it who has it lets go of it
    std::string purpose;               // for which it was collected
    std::string consent;               // on what basis, where people are spoken of
    bool personal_data = false;
    bool operator==(const Label&) const = default;

    /// The one of a statement that has none, or one that is not understood.
    static Label closed() {
        Label out;
        out.onward = Onward::none;
        return out;
    }
};

void members(Members& m, Label& label);
Result<void> validate(const Label& label);

constexpr std::size_t label_bytes_max = 8 * 1024;

/// The canonical object; of the label that nobody has stated, no bytes at all.
Bytes encode_label(const std::optional<Label>& label);
/// What a head's bytes say; nothing for no bytes. A member that is not known may restrain: then it
/// is not understood.
Result<std::optional<Label>> decode_label(BytesView bytes);

}  // namespace entente::statement
