// SPDX-License-Identifier: Apache-2.0
// Subscriptions as people.db keeps them: what is refused, what is counted, what comes back.
#include "people/subscriptions.h"

#include <gtest/gtest.h>

#include "people/memory_store.h"

namespace entente::people {
namespace {

const By by{"nadia", "session", instant(1'800'000'000'000)};

watch::Subscription sample(const std::string& id, const std::string& owner = "nadia") {
    watch::Subscription out;
    out.id = id;
    out.owner = owner;
    out.area = {{{geo::Circle{{100'000'000, 200'000'000}, {250}}, {}, {}}, Decimetres{10}, {}}};
    out.classes = {"hospital", "clinic"};
    out.parties = {PartyId{"fr"}};
    out.what = {watch::what::record};
    out.made = by.now;
    return out;
}

TEST(Subscriptions, ComeBackAsTheyWere) {
    MemoryStore store;
    auto all = Subscriptions::load(store).value();
    ASSERT_TRUE(all.add(sample("one"), by));
    watch::Subscription everywhere;
    everywhere.id = "two";
    ASSERT_TRUE(all.add(everywhere, by));
    watch::Subscription desk = sample("three");
    desk.duties = {"air-desk", "duty"};
    ASSERT_TRUE(all.add(desk, by));
    const auto again = Subscriptions::load(store).value();
    ASSERT_EQ(again.all().size(), 3u);
    EXPECT_EQ(again.all().at("three")->subscription(), desk);
    EXPECT_EQ(again.all().at("one")->subscription(), sample("one"));
    EXPECT_EQ(again.all().at("two")->subscription(), everywhere);
    ASSERT_TRUE(all.remove("one", by));
    EXPECT_FALSE(all.remove("one", by));
    EXPECT_EQ(Subscriptions::load(store).value().all().size(), 2u);
    EXPECT_EQ(store.audit(0, 9).value().size(), 4u);
}

TEST(Subscriptions, RefuseWhatMeansNothing) {
    MemoryStore store;
    auto all = Subscriptions::load(store).value();
    const auto refused = [&](const auto& spoil) {
        watch::Subscription one = sample("one");
        spoil(one);
        EXPECT_FALSE(all.add(one, by));
    };
    refused([](auto& one) { one.classes = {"hospitals"}; });
    refused([](auto& one) { one.what = {"everything"}; });
    refused([](auto& one) { one.route.kind = "pigeon"; });
    refused([](auto& one) { one.route.to = "somebody"; });
    refused([](auto& one) { one.route = {"webhook", ""}; });
    refused([](auto& one) { one.route = {"mail", "a@b\r\nBcc: c@d"}; });
    refused([](auto& one) { one.area[0].volume.shape = geo::Corridor{}; });
    refused([](auto& one) { one.duties = {"Air desk"}; });
    refused([](auto& one) { one.duties.assign(65, "duty"); });
    refused([](auto& one) {
        one.duties = {"duty"};
        one.owner.clear();
    });
    refused([](auto& one) { one.area.resize(17, one.area[0]); });
    refused([](auto& one) { one.classes.assign(65, "hospital"); });
    refused([](auto& one) {
        geo::Corridor line;
        for (std::int32_t i = 0; i < 2001; ++i) line.line.push_back({i, i});
        one.area[0].volume.shape = line;
    });
    EXPECT_TRUE(all.all().empty());
    ASSERT_TRUE(all.add(sample("one"), by));
    EXPECT_FALSE(all.add(sample("one", "omar"), by)) << "its id is taken";
}

TEST(Subscriptions, AreCountedByPersonAndInAll) {
    MemoryStore store;
    auto all = Subscriptions::load(store).value();
    std::size_t made = 0;
    for (std::size_t person = 0; made < Subscriptions::all_max; ++person) {
        for (std::size_t i = 0; i < Subscriptions::person_max && made < Subscriptions::all_max;
             ++i) {
            watch::Subscription one;
            one.id = std::to_string(made++);
            one.owner = "p" + std::to_string(person);
            ASSERT_TRUE(all.add(one, by)) << made;
        }
        watch::Subscription more;
        more.id = "more";
        more.owner = "p" + std::to_string(person);
        const auto refused = all.add(more, by);
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, Errc::too_large);
    }
    watch::Subscription more;
    more.id = "more";
    more.owner = "somebody";
    EXPECT_FALSE(all.add(more, by));
}

TEST(Subscriptions, AreNotReadFromRowsThatAreNotWhole) {
    const Bytes good = encode(sample("one"));
    EXPECT_TRUE(decode_subscription(good));
    for (std::size_t size = 0; size < good.size(); ++size) {
        EXPECT_FALSE(decode_subscription(good.substr(0, size)));
    }
    Bytes invalid = good;
    const std::string radius = "\"radius\":250";
    ASSERT_NE(invalid.find(radius), std::string::npos);
    invalid.replace(invalid.find(radius), radius.size(), "\"radius\":-50");
    EXPECT_FALSE(decode_subscription(invalid));
}

}  // namespace
}  // namespace entente::people
