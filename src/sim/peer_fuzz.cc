// SPDX-License-Identifier: Apache-2.0
// A party that answers another with whatever the input says, in place of what it would answer.
// However it lies: what protects goes on protecting, no log is convicted and nobody else accused,
// copies are beginnings of the logs they are of, a start finds the same, and honest answers heal
// everything.
//
// Input: u8 where the asker stands: even at the beginning, odd in the middle | u8 whom it asks |
// then for each question an operation: 0 the answer | 1 no line | 2 not there | 3, u16, u8 the
// answer with one byte changed | 4, u16 cut | 5, u16 n, n bytes those bytes | 6, u8 the answer to
// another question | 7, u16, u8 n, n bytes put over the answer there. What is missing is honest.
#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "node/paths.h"
#include "sim/draft_for_test.h"

namespace entente::sim {
namespace {

constexpr int questions_max = 60, rounds_max = 4;
constexpr std::int32_t kept = 335'000'000, withdrawn = 345'000'000;
const PartyId fr_id{"fr"};

void require(bool holds, const char* what = "the scene") {
    if (holds) return;
    std::fprintf(stderr, "does not hold: %s\n", what);
    std::abort();
}

class Input {
  public:
    explicit Input(BytesView bytes) : bytes_(bytes) {}
    std::size_t number(std::size_t count) {
        std::size_t out = 0;
        for (std::size_t i = 0; i < count; ++i) {
            out = out << 8 | (bytes_.empty() ? 0 : static_cast<unsigned char>(bytes_[0]));
            if (!bytes_.empty()) bytes_.remove_prefix(1);
        }
        return out;
    }
    Bytes take(std::size_t count) {
        const Bytes out(bytes_.substr(0, count));
        bytes_.remove_prefix(out.size());
        return out;
    }

  private:
    BytesView bytes_;
};

/// msf has told fr two places and withdrawn one of them; ru has told it a third. fr is there as it
/// stood at two moments. It logs nothing: else it would be a node that was put back.
struct Scene {
    Founders founders = found({"fr", "ru", "msf"}, statement::default_joint_terms(), 1);
    Party early{founders, 0, 100}, middle{founders, 0, 100};
    Party ru{founders, 1, 101}, msf{founders, 2, 102};
    Instant now = noon;

    Scene() {
        require(middle.stand_on(early).has_value());
        const node::Audience exact{{fr_id, node::Tier::exact}};
        require(msf.say(hospital(kept), {}, exact, now).has_value());
        const auto id = msf.say(hospital(withdrawn), {}, exact, now);
        require(id.has_value());
        rounds(3);
        heal(middle);
        node::Draft withdraw;
        withdraw.act = statement::act::withdraw;
        withdraw.actor = "a.registrar";
        require(msf.say(withdraw, *id, {}, now).has_value());
        require(ru.say(clinic(355'000'000), {}, exact, now).has_value());
        rounds(3);
    }
    void rounds(int count) {
        for (int i = 0; i < count; ++i) {
            now += std::chrono::seconds(60);
            require(ru.exchange().tick(now) && msf.exchange().tick(now));
            require(sync(ru, msf, now) && sync(msf, ru, now));
        }
    }
    void heal(Party& one) {
        for (int i = 0; i < 2; ++i) {
            require(sync(one, ru, now) && sync(one, msf, now), "who is honest is understood");
        }
    }
};

Scene& scene() {
    static Scene out;
    return out;
}

/// What an asker comes to that nobody lied to.
const Hash& honest(bool middle) {
    static const auto work_out = [](const Party& from) {
        Party one(scene().founders, 0, 100);
        require(one.stand_on(from).has_value());
        scene().heal(one);
        return one.node().snapshot().hash();
    };
    static const Hash from_early = work_out(scene().early), from_middle = work_out(scene().middle);
    return middle ? from_middle : from_early;
}

const std::string& another(std::size_t which) {
    static const std::vector<std::string> paths = {
        node::heads_path,
        node::releases_path + "0",
        node::releases_path + "1",
        node::received_path + "0",
        node::charter_path,
        node::charter_version_path + "1",
        node::deposits_path,
        node::held_path + "msf",
        node::log_path(scene().msf.node().origin()) + "tile/entries/000.p/3",
        node::log_path(scene().ru.node().origin()) + "tile/0/000.p/3",
    };
    return paths[which % paths.size()];
}

Result<node::StepAnswer> answer(Input& input, Party& liar, const std::string& path) {
    auto bytes = liar.exchange().answer(fr_id, path);
    const std::size_t operation = input.number(1) % 8;
    if (operation == 1) return fail(Errc::unavailable, "no line");
    if (operation == 2) return fail(Errc::not_found, "not there");
    if (operation == 5) bytes = input.take(input.number(2));
    if (operation == 6) bytes = liar.exchange().answer(fr_id, another(input.number(1)));
    if (!bytes) return tl::unexpected(bytes.error());
    if (operation == 3 && !bytes->empty()) {
        const std::size_t at = input.number(2) % bytes->size();
        (*bytes)[at] = static_cast<char>((*bytes)[at] ^ static_cast<char>(input.number(1)));
    }
    if (operation == 4) bytes->resize(input.number(2) % (bytes->size() + 1));
    if (operation == 7) {
        const std::size_t at = input.number(2) % (bytes->size() + 1);
        const Bytes over = input.take(input.number(1));
        bytes->replace(at, over.size(), over);
    }
    return node::StepAnswer{false, {}, std::move(*bytes)};
}

/// Where bodies came that are not their entry's own, which only their author can do, they may be of
/// anything: then the answer is incomplete at least, until they are released again.
bool protects(Party& one, std::int32_t lat_e7, bool spoiled) {
    const geo::Circle there{{lat_e7, 363'000'000}, {500}};
    const auto verdict = one.ask({{{there, {}, {}}}, {0}}, scene().now).verdict;
    return verdict == check::Verdict::conflict ||
           (spoiled && verdict == check::Verdict::incomplete);
}

void stands(Party& one, const Party& liar, bool knows, bool spoiled) {
    for (const auto& peer : one.exchange().peers()) {
        require(!peer->fork && !peer->branch, "no log is convicted");
        require(peer->id == liar.id() || peer->misdeeds.empty(), "nobody else is accused");
        Party& author = peer->id == scene().ru.id() ? scene().ru : scene().msf;
        const tlog::Tree& log = author.node().log().tree();
        require(peer->mirror.size() <= log.size() &&
                    log.root(peer->mirror.size()) == peer->mirror.tree().root(),
                "a copy is a beginning of its log");
    }
    require(!knows || (protects(one, kept, spoiled) && protects(one, withdrawn, spoiled)),
            "what protects goes on, and is not relaxed before its time");
}

void try_all(BytesView bytes) {
    Input input(bytes);
    const bool middle = input.number(1) % 2 == 1;
    Party& liar = input.number(1) % 2 == 0 ? scene().ru : scene().msf;
    static Party fr(scene().founders, 0, 100);
    require(fr.stand_on(middle ? scene().middle : scene().early).has_value());
    node::Follow follow(fr.exchange(), liar.id(), std::chrono::seconds(10));
    int rounds = 0;
    for (int i = 0; i < questions_max && rounds < rounds_max; ++i) {
        if (const auto step = follow.next(scene().now)) {
            follow.take(answer(input, liar, step->path), scene().now);
            continue;
        }
        follow.hurry();
        ++rounds;
    }
    const auto& misdeeds = fr.exchange().peer(liar.id())->misdeeds;
    const bool spoiled = std::any_of(misdeeds.begin(), misdeeds.end(),
                                     [](const auto& one) { return one.code == "void_body"; });
    stands(fr, liar, middle, spoiled);
    const Hash before = fr.node().snapshot().hash();
    fr.stop();
    require(fr.start().has_value(), "it starts again");
    require(fr.node().snapshot().hash() == before, "a start finds the same");
    scene().heal(fr);
    stands(fr, liar, true, spoiled);
    require(spoiled || fr.node().snapshot().hash() == honest(middle),
            "honest answers heal everything");
}

}  // namespace
}  // namespace entente::sim

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    entente::sim::try_all({reinterpret_cast<const char*>(data), size});
    return 0;
}
