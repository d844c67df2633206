// SPDX-License-Identifier: Apache-2.0
// From a verified entry and the bodies that were opened to what they say: commitments, keys, record
// id and tag are compared here, once, and the type remembers it. Pure and thread-safe, so that many
// entries can be understood at once before they are applied in order.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/ed25519.h"
#include "seal/vault.h"
#include "statement/body.h"
#include "statement/dealing.h"
#include "statement/recall.h"
#include "statement/receipt.h"

namespace entente::registry {

/// Where an entry stands; only a log or a mirror may say it (their trees are verified).
struct Position {
    EntryIndex index;
    Hash leaf;
    bool operator==(const Position&) const = default;
};

/// What the register keeps of an exact body.
struct Content {
    statement::Protection protection;
    statement::CoarseOpening coarse;
    bool operator==(const Content&) const = default;
};

/// A sealed entry as far as it is open to us and belongs to itself.
struct Understood {
    Position position;
    Hash tag;  // the entry's
    std::uint8_t opened =
        0;  // bodies that are open and the entry's own: bit 0 the head, 1 coarse, 2 exact
    /// Bodies that were purged, or are held, for a recall (PROTOCOL 12), as bits: a purge mark
    /// (PROTOCOL 20). Whoever reads the entry sets it, and leaves these bodies out.
    std::uint8_t closed = 0;
    std::optional<statement::Head> head;     // absent: withheld or void, and why is in `faults`
    std::shared_ptr<const Content> content;  // of an exact body that is understood
    std::optional<statement::Coarse> coarse;
    std::vector<geo::Place> unknown_where;              // of a shape body that is not understood
    std::shared_ptr<const statement::Receipt> receipt;  // of a receipt's exact body
    std::shared_ptr<const statement::Recall> recall;
    std::shared_ptr<const statement::Purge> purge;
    std::shared_ptr<const statement::Dealt> dealt;  // of a dealing's
    std::shared_ptr<const statement::Tear> tear;    // and of its coarse body
    bool coarse_opens = false;           // the exact body's opening yields the coarse commitment
    std::vector<PublicKey> approved_by;  // whose approvals verify; who counts is the fold's
    bool void_body = false;  // one that is the entry's by its commitment, and says what it must not
    std::vector<std::string> faults;  // bodies that are void, and why
};

struct Context {
    Origin origin;
    std::string charter;  // the charter's id
};

Understood understand(const Context& context, const Position& position,
                      const statement::SealedEntry& entry, const seal::Bodies& bodies);

}  // namespace entente::registry
