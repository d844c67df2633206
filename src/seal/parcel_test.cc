// SPDX-License-Identifier: Apache-2.0
// Releases, what is carried from vault to vault, and parcels.
#include "seal/parcel.h"

#include <gtest/gtest.h>

#include "base/encode.h"
#include "base/limits.h"
#include "base/sha256.h"

namespace entente::seal {
namespace {

Hash leaf_of(std::uint64_t entry) { return sha256("leaf " + std::to_string(entry)); }

Bodies bodies_of(std::uint64_t entry, std::size_t size = 40) {
    Bodies out;
    for (std::size_t slot = 0; slot < slot_count; ++slot) {
        const std::string name = std::to_string(entry) + "/" + std::to_string(slot);
        out[slot] = SaltedBody{sha256("salt " + name), "body " + name + Bytes(size, 'x')};
    }
    return out;
}

Bodies only(const Bodies& bodies, const SlotSet& slots) {
    Bodies out;
    for (std::size_t slot = 0; slot < slot_count; ++slot) {
        if (slots[slot]) out[slot] = bodies[slot];
    }
    return out;
}

Release release_of(std::uint64_t entry, const SlotSet& slots) {
    return {EntryIndex{entry}, leaf_of(entry), slots, sha256("label")};
}

/// An author's vault with entries in it, and a recipient.
struct Parties {
    Rng rng{1};
    Random random = rng.bytes();
    Vault author{Secret::generate(random)};
    Vault recipient{Secret::generate(random)};
    SealingSecret to = SealingSecret::generate(random);
    std::vector<Sealed> rows;

    explicit Parties(std::uint64_t entries) {
        for (std::uint64_t i = 0; i < entries; ++i) {
            rows.push_back(author.seal(leaf_of(i), bodies_of(i), random));
        }
    }
    Carried take(std::uint64_t entry, const SlotSet& slots) {
        return author
            .take_out(leaf_of(entry), rows[entry].wrapped_keys, rows[entry].ciphertexts, slots)
            .value();
    }
    Bytes parcel(std::uint64_t first, const std::vector<SlotSet>& tiers) {
        ParcelWriter writer(Origin{"x/fr"}, PartyId{"ru"}, first, random);
        for (std::uint64_t i = 0; i < tiers.size(); ++i) {
            const Bytes leaf = format_release(release_of(i, tiers[i]));
            EXPECT_TRUE(writer.add(leaf, take(i, tiers[i])));
        }
        return std::move(writer).seal(sha256("root"), to.public_key(), random);
    }
};

TEST(Release, HasTwoLines) {
    const Release release = release_of(17, tier_coarse);
    EXPECT_EQ(format_release(release), "entente/release/v1\n17 " + to_base64(leaf_of(17).view()) +
                                           " 1,2 " + to_base64(sha256("label").view()) + "\n");
    for (const SlotSet& slots : {tier_none, tier_coarse, tier_exact, SlotSet{true, true, true}}) {
        for (const std::uint64_t entry : {std::uint64_t{0}, (std::uint64_t{1} << 63) - 1}) {
            const Bytes leaf = format_release(release_of(entry, slots));
            EXPECT_LE(leaf.size(), limits::release_leaf_bytes_max);
            EXPECT_EQ(parse_release(leaf).value(), release_of(entry, slots));
        }
    }
}

TEST(Release, HasOneForm) {
    const std::string h = to_base64(sha256("h").view());
    const std::string title = "entente/release/v1\n";
    for (const std::string& bad : {
             std::string(),
             title,
             title + "1 " + h + " 1 " + h,
             title + "1 " + h + " 1 " + h + "\n\n",
             "entente/release/v2\n1 " + h + " 1 " + h + "\n",
             title + "01 " + h + " 1 " + h + "\n",
             title + "9223372036854775808 " + h + " 1 " + h + "\n",
             title + "1 " + h + " 2 " + h + "\n",  // without the head
             title + "1 " + h + "  " + h + "\n",   // nothing
             title + "1 " + h + " 2,1 " + h + "\n",
             title + "1 " + h + " 1,1 " + h + "\n",
             title + "1 " + h + " 1,4 " + h + "\n",
             title + "1 " + h + " 1, " + h + "\n",
             title + "1 " + h + " 1 " + h + " \n",
             title + "1 " + h.substr(1) + " 1 " + h + "\n",
             title + "1 " + h + " 1 " + h + Bytes(300, ' ') + "\n",
         }) {
        EXPECT_FALSE(parse_release(bad)) << bad;
    }
}

TEST(Carried, BodiesArriveAsTheyWere) {
    Parties p(2);
    for (const SlotSet& slots : {tier_none, tier_coarse, tier_exact, SlotSet{true, true, true}}) {
        const Carried carried = p.take(1, slots);
        EXPECT_EQ(open_carried(leaf_of(1), carried).value(), only(bodies_of(1), slots));
        EXPECT_EQ(open_carried(leaf_of(0), carried).error().code, Errc::bad_signature);
        const Sealed row = p.recipient.put_in(leaf_of(1), "", "", carried, p.random).value();
        const Opened opened =
            p.recipient.open(leaf_of(1), row.wrapped_keys, row.ciphertexts).value();
        EXPECT_EQ(opened.bodies, only(bodies_of(1), slots));
        // The ciphertexts are still the author's own bytes, under another vault's keys.
        for (std::size_t slot = 0; slot < slot_count; ++slot) {
            if (!slots[slot]) continue;
            EXPECT_NE(p.rows[1].ciphertexts.find(carried.ciphertexts[slot]), Bytes::npos);
            EXPECT_NE(row.ciphertexts.find(carried.ciphertexts[slot]), Bytes::npos);
        }
        EXPECT_FALSE(p.author.open(leaf_of(1), row.wrapped_keys, row.ciphertexts));
    }
}

TEST(Carried, ARowGainsSlotsAndKeepsOthers) {
    Parties p(1);
    const auto put = [&](const Sealed& row, const SlotSet& slots) {
        return p.recipient
            .put_in(leaf_of(0), row.wrapped_keys, row.ciphertexts, p.take(0, slots), p.random)
            .value();
    };
    const auto open = [&](const Sealed& row) {
        return p.recipient.open(leaf_of(0), row.wrapped_keys, row.ciphertexts).value();
    };
    Sealed row = put(put({}, tier_coarse), tier_exact);
    EXPECT_EQ(open(row).bodies, bodies_of(0));
    const Sealed again = put(row, tier_coarse);
    EXPECT_EQ(open(again).bodies, bodies_of(0));
    EXPECT_EQ(again.ciphertexts, row.ciphertexts);

    // What was purged stays so under another release, and ends when it is released again.
    row.wrapped_keys = p.recipient.purge(leaf_of(0), row.wrapped_keys, 2, p.random).value();
    row = put(row, tier_coarse);
    EXPECT_EQ(open(row).states,
              (std::array{SlotState::sealed, SlotState::sealed, SlotState::purged}));
    row = put(row, tier_exact);
    EXPECT_EQ(open(row).bodies, bodies_of(0));
}

TEST(Carried, NothingIsTakenThatIsNotThere) {
    Parties p(1);
    Sealed& row = p.rows[0];
    row.wrapped_keys = p.author.purge(leaf_of(0), row.wrapped_keys, 2, p.random).value();
    const auto take = [&](const SlotSet& slots) {
        return p.author.take_out(leaf_of(0), row.wrapped_keys, row.ciphertexts, slots);
    };
    EXPECT_NE(take(tier_exact).error().detail.find("purged"), std::string::npos);
    EXPECT_TRUE(take(tier_coarse));
    row = p.author.seal(leaf_of(0), only(bodies_of(0), tier_none), p.random);
    EXPECT_EQ(take(tier_coarse).error().code, Errc::not_found);
    EXPECT_TRUE(take(tier_none));
    EXPECT_FALSE(p.recipient.take_out(leaf_of(0), row.wrapped_keys, row.ciphertexts, tier_none));
    // A row of another entry, or of another vault, is not added to.
    const Carried carried = take(tier_none).value();
    EXPECT_FALSE(
        p.recipient.put_in(leaf_of(0), row.wrapped_keys, row.ciphertexts, carried, p.random));
    EXPECT_FALSE(p.author.put_in(leaf_of(1), row.wrapped_keys, row.ciphertexts, carried, p.random));
    Carried short_one = carried;
    short_one.ciphertexts[0] = short_one.ciphertexts[0].substr(0, 47);
    EXPECT_EQ(p.recipient.put_in(leaf_of(0), "", "", short_one, p.random).error().code,
              Errc::malformed);
    EXPECT_EQ(open_carried(leaf_of(0), short_one).error().code, Errc::malformed);
}

TEST(Parcel, ArrivesWhole) {
    Parties p(3);
    const std::vector<SlotSet> tiers{tier_exact, tier_none, tier_coarse};
    const Bytes bytes = p.parcel(40, tiers);
    EXPECT_EQ(bytes.find("body"), Bytes::npos);
    const ParcelContext context{Origin{"x/fr"}, PartyId{"ru"}, 40, TreeSize{43}, sha256("root")};
    EXPECT_EQ(parcel_context(bytes).value(), context);
    const Parcel parcel = open_parcel(bytes, p.to).value();
    EXPECT_EQ(parcel.context, context);
    ASSERT_EQ(parcel.releases.size(), 3u);
    for (std::uint64_t i = 0; i < 3; ++i) {
        EXPECT_EQ(parcel.releases[i].release, release_of(i, tiers[i]));
        EXPECT_EQ(open_carried(leaf_of(i), parcel.releases[i].carried).value(),
                  only(bodies_of(i), tiers[i]));
    }
    const SealingSecret other = SealingSecret::generate(p.random);
    EXPECT_EQ(open_parcel(bytes, other).error().code, Errc::bad_signature);
}

// Any byte of a parcel changed: refused, or (a body's ciphertext) found when the body is opened.
TEST(Parcel, EveryChangedByteIsFound) {
    Parties p(2);
    const Bytes good = p.parcel(0, {tier_exact, tier_coarse});
    int late = 0;
    for (std::size_t i = 0; i < good.size(); ++i) {
        Bytes bad = good;
        bad[i] = static_cast<char>(bad[i] ^ (1 << i % 8));
        const auto parcel = open_parcel(bad, p.to);
        if (!parcel) continue;
        bool found = false;
        for (const Delivered& delivered : parcel->releases) {
            found |= !open_carried(delivered.release.leaf, delivered.carried);
        }
        EXPECT_TRUE(found) << i;
        ++late;
    }
    EXPECT_GT(late, 100);
    for (std::size_t size = 0; size < good.size(); ++size) {
        EXPECT_FALSE(open_parcel(BytesView(good).substr(0, size), p.to)) << size;
    }
    EXPECT_FALSE(open_parcel(good + "x", p.to));
}

// Whoever knows nobody's secret cannot put parts of two parcels together.
TEST(Parcel, PartsOfTwoParcelsDoNotFit) {
    Parties p(2);
    const Bytes one = p.parcel(0, {tier_exact, tier_exact});
    const Bytes later = p.parcel(1, {tier_exact, tier_exact});
    const Bytes again = p.parcel(0, {tier_exact, tier_exact});
    ASSERT_EQ(one.size(), later.size());
    const std::size_t context_end = one.find("\n", one.find("x/fr") + 10) + 46;
    const std::size_t box_end = context_end + 4 + 112;
    EXPECT_FALSE(open_parcel(later.substr(0, context_end) + one.substr(context_end), p.to));
    EXPECT_FALSE(open_parcel(again.substr(0, box_end) + one.substr(box_end), p.to));
    // The two releases change places.
    const std::size_t half = (one.size() - box_end) / 2;
    EXPECT_FALSE(open_parcel(
        one.substr(0, box_end) + one.substr(box_end + half) + one.substr(box_end, half), p.to));
}

TEST(Parcel, IsFullAtItsLimits) {
    Parties p(1);
    const Bytes leaf = format_release(release_of(0, tier_none));
    const Carried small = p.take(0, tier_none);
    ParcelWriter many(Origin{"x/fr"}, PartyId{"ru"}, 0, p.random);
    while (many.add(leaf, small)) {
    }
    EXPECT_EQ(many.count(), limits::parcel_releases_max);
    const Bytes most = std::move(many).seal(sha256("root"), p.to.public_key(), p.random);
    EXPECT_EQ(open_parcel(most, p.to).value().releases.size(), limits::parcel_releases_max);

    Carried large = small;
    const Bytes body(32 + limits::body_bytes_max + 16, 'x');
    large.ciphertexts[0] = body;
    ParcelWriter heavy(Origin{std::string(255, 'o')}, PartyId{std::string(32, 'p')},
                       (std::uint64_t{1} << 63) - 5000, p.random);
    while (heavy.add(leaf, large)) {
    }
    EXPECT_GT(heavy.count(), 200u);
    const Bytes heaviest = std::move(heavy).seal(sha256("root"), p.to.public_key(), p.random);
    EXPECT_LE(heaviest.size(), limits::parcel_bytes_max);
    EXPECT_GT(heaviest.size(), limits::parcel_bytes_max - 70'000);
    EXPECT_TRUE(open_parcel(heaviest, p.to)) << open_parcel(heaviest, p.to).error().detail;
    EXPECT_EQ(open_parcel(Bytes(limits::parcel_bytes_max + 1, 'x'), p.to).error().code,
              Errc::too_large);
}

TEST(Parcel, ContextIsChecked) {
    const std::string root = to_base64(sha256("root").view());
    const auto with = [&](const std::string& context) {
        return parcel_context("entente/parcel/v1\n" + Bytes("\0\0", 2) +
                              static_cast<char>(context.size() >> 8) +
                              static_cast<char>(context.size() & 255) + context);
    };
    EXPECT_TRUE(with("x/fr\nru\n0 1\n" + root + "\n"));
    for (const std::string& bad :
         {std::string(), "\nru\n0 1\n" + root + "\n", "x/fr\nRU\n0 1\n" + root + "\n",
          "x/fr\nru\n1 1\n" + root + "\n", "x/fr\nru\n2 1\n" + root + "\n",
          "x/fr\nru\n0 4097\n" + root + "\n", "x/fr\nru\n00 1\n" + root + "\n",
          "x/fr\nru\n0 1\n" + root + "\n\n", "x/fr\nru\n0 1\n" + root,
          std::string(256, 'o') + "\nru\n0 1\n" + root + "\n"}) {
        EXPECT_FALSE(with(bad)) << bad;
    }
}

}  // namespace
}  // namespace entente::seal
