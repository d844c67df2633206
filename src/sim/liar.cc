// SPDX-License-Identifier: Apache-2.0
#include "sim/liar.h"

namespace entente::sim {

Result<node::StepAnswer> Liar::instead(const std::string& path, Result<node::StepAnswer> honest,
                                       Rng& rng, std::uint64_t& lies) {
    if (!lies_now(rng) || !honest) {
        if (honest && lies_ever()) remember(path, honest->body, rng);
        return honest;
    }
    ++lies;
    Bytes& body = honest->body;
    honest->unchanged = false;
    switch (rng.below(7)) {
        case 0:  // garbage
            body.assign(rng.below(3000), '\0');
            for (char& c : body) c = static_cast<char>(rng.below(256));
            break;
        case 1:  // one bit
            if (!body.empty()) body[rng.below(body.size())] ^= static_cast<char>(1 << rng.below(8));
            break;
        case 2: body.resize(rng.below(body.size() + 1)); break;                 // cut short
        case 3: body.append(rng.below(200) + 1, 'x'); break;                    // too long
        case 4: return fail(Errc::not_found, "there is nothing at this path");  // withheld
        case 5:  // the same question's answer of long ago
            if (old_of_.contains(path)) body = old_of_.at(path);
            break;
        default:  // another question's answer
            if (!old_.empty()) body = old_[rng.below(old_.size())];
            break;
    }
    return honest;
}

bool Liar::lies_now(Rng& rng) const { return lies_ever() && rng.unit() < often_; }

void Liar::remember(const std::string& path, const Bytes& body, Rng& rng) {
    constexpr std::size_t kept = 64;
    if (old_.size() < kept)
        old_.push_back(body);
    else
        old_[rng.below(kept)] = body;
    if (old_of_.size() < kept) old_of_.emplace(path, body);
}

}  // namespace entente::sim
