// SPDX-License-Identifier: Apache-2.0
#include "view/message.h"

#include <algorithm>

#include "base/breaks.h"

namespace entente::view {

const statement::Message* SeenMessage::message() const {
    const auto& said = version().said;
    return said ? std::get_if<statement::Message>(said.get()) : nullptr;
}

std::vector<SeenReply> SeenMessage::acknowledgements() const {
    std::vector<SeenReply> out = replies_to(*snapshot_, *dealing_);
    std::erase_if(out, [&](const SeenReply& one) {
        return one.party == party() ||
               (one.reply->automatic && !broken(Break::let_nodes_acknowledge)) ||
               one.reply->word != statement::ReplyWord::noted ||
               one.reply->to != version().position.leaf;
    });
    return out;
}

bool is_message(const registry::Snapshot& snapshot, DealingSlot slot) {
    return is_of_kind(snapshot.dealings().at(slot), statement::message_kind);
}

}  // namespace entente::view
