// SPDX-License-Identifier: Apache-2.0
// Four parties of one charter in one process, for tests of evidence: msf says a hospital, exact to
// fr, coarse to ru, nothing to un.
#pragma once

#include <gtest/gtest.h>

#include "base/encode.h"
#include "base/sha256.h"
#include "evidence/verify.h"
#include "node/gather.h"
#include "sim/draft_for_test.h"

namespace entente::sim {

class Four {
  public:
    Four() : founders_(found({"fr", "ru", "msf", "un"}, statement::default_joint_terms(), 1)) {
        for (std::size_t i = 0; i < 4; ++i) {
            parties_.push_back(std::make_unique<Party>(founders_, i, 100 + i));
        }
    }
    Party& fr() { return *parties_[0]; }
    Party& ru() { return *parties_[1]; }
    Party& msf() { return *parties_[2]; }
    Party& un() { return *parties_[3]; }
    const std::string& charter() const { return founders_.charter_file; }
    Instant now = noon;

    /// Beats where they are due, and everybody asks everybody; `deaf` answers, and asks nobody.
    void round(const Party* deaf = nullptr) {
        now += std::chrono::seconds(60);
        for (auto& party : parties_) EXPECT_TRUE(party->exchange().tick(now));
        for (auto& asker : parties_) {
            for (auto& asked : parties_) {
                if (asker == asked || asker.get() == deaf) continue;
                EXPECT_TRUE(sync(*asker, *asked, now));
            }
        }
    }
    void rounds(int count, const Party* deaf = nullptr) {
        for (int i = 0; i < count; ++i) round(deaf);
    }

    Bytes file(Party& by, const RecordId& record, node::Tier show = node::Tier::exact) {
        const auto made = node::gather({by.node(), by.exchange(), by.store(), *by.author().vault},
                                       {record, show, now});
        EXPECT_TRUE(made) << made.error().detail;
        return made ? evidence::format_file(*made) : Bytes();
    }
    Result<evidence::Report> verify(BytesView file) const {
        return evidence::verify(file, {&charter(), 1});
    }

  private:
    Founders founders_;
    std::vector<std::unique_ptr<Party>> parties_;
};

constexpr const char* secret_name = "Al-Noor <b>underground</b> & ward";

inline node::Draft hospital() {
    node::Draft out = hospital(335'000'000);
    out.protection.names = {{secret_name, "en", "Latn"}};
    return out;
}

inline RecordId say(Four& four) {
    const auto id = four.msf().say(
        hospital(), {}, {{PartyId{"fr"}, node::Tier::exact}, {PartyId{"ru"}, node::Tier::coarse}},
        four.now);
    EXPECT_TRUE(id) << id.error().detail;
    return *id;
}

/// The file with `rest` in place of what follows its first line, and the hash of that.
inline Bytes resealed(BytesView rest) {
    return "entente/evidence/v1 " + to_base64(sha256(rest).view()) + "\n" + Bytes(rest);
}

}  // namespace entente::sim
