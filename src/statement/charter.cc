// SPDX-License-Identifier: Apache-2.0
#include "statement/charter.h"

#include <algorithm>

#include "base/encode.h"
#include "base/limits.h"
#include "base/sha256.h"

namespace entente::statement {
namespace {

constexpr std::string_view signatures_line = "\n[signatures]\n";

/// The one that lets more protect in full, where 0 is no limit.
std::int64_t larger(std::int64_t a, std::int64_t b) {
    return a == 0 || b == 0 ? 0 : std::max(a, b);
}
ByClass larger(const ByClass& a, const ByClass& b) {
    ByClass out{};
    for (std::size_t i = 0; i < out.size(); ++i) {
        out[i] = larger(a[i], b[i]);
    }
    return out;
}

}  // namespace

const CharterParty* Charter::party(const PartyId& wanted) const {
    for (const CharterParty& one : parties) {
        if (one.id == wanted) return &one;
    }
    return nullptr;
}

std::string Charter::base_name(const PartyId& wanted) const {
    return id + (exercise ? "/exercise/" : "/") + wanted.v;
}

Origin Charter::origin(const PartyId& wanted) const {
    std::string base = base_name(wanted);
    const CharterParty* one = party(wanted);
    // A successor log's name is the first one's and a number (PROTOCOL 8).
    if (one != nullptr && one->log.starts_with(base + "/")) {
        return {one->log.substr(0, one->log.find('+'))};
    }
    return {std::move(base)};
}

std::string Charter::witness_name(const PartyId& wanted) const {
    return base_name(wanted) + "/witness";
}

std::string Charter::mirror_name(const PartyId& wanted) const {
    return base_name(wanted) + "/mirror";
}

CharterTerms default_terms() {
    CharterTerms terms;
    using enum ProtectionClass;
    const std::pair<ProtectionClass, int> metres_by_class[] = {
        {hospital, 500}, {clinic, 300},      {ambulance, 200},     {safety_zone, 1000},
        {un_site, 500},  {detention, 500},   {civil_defence, 300}, {cultural, 300},
        {dam, 1000},     {nuclear, 2000},    {power, 300},         {water, 300},
        {food, 300},     {school, 300},      {camp, 500},          {worship, 300},
        {relief, 300},   {journalists, 200}, {group_area, 500},    {other, 300},
    };
    for (const auto& [c, m] : metres_by_class) {
        terms.buffers[static_cast<std::size_t>(c)] = Decimetres{m * 10};
    }
    return terms;
}

CharterTerms default_joint_terms() {
    CharterTerms terms = default_terms();
    terms.reduce_delay = std::chrono::minutes(60);
    terms.stop_extent_m = 1'000'000;
    terms.stop_area_km2 = 1'000'000;
    return terms;
}

int majority(std::size_t parties) { return static_cast<int>(parties / 2) + 1; }

CharterTerms stricter(const CharterTerms& before, const CharterTerms& now) {
    CharterTerms out = now;
    out.reduce_delay = std::max(before.reduce_delay, now.reduce_delay);
    out.age_limit = std::min(before.age_limit, now.age_limit);
    out.absent_after = std::max(before.absent_after, now.absent_after);
    out.policy_distance = Metres{std::max(before.policy_distance.v, now.policy_distance.v)};
    out.relaxations_min = std::min(before.relaxations_min, now.relaxations_min);
    out.relaxations_percent = std::min(before.relaxations_percent, now.relaxations_percent);
    for (std::size_t i = 0; i < protection_class_count; ++i) {
        out.buffers[i].v = std::max(before.buffers[i].v, now.buffers[i].v);
        out.accuracies[i].v = std::max(before.accuracies[i].v, now.accuracies[i].v);
    }
    out.receipt_due = std::min(before.receipt_due, now.receipt_due);
    out.stop_next_desk = std::min(before.stop_next_desk, now.stop_next_desk);
    out.stop_escalate = std::min(before.stop_escalate, now.stop_escalate);
    out.budget_records = larger(before.budget_records, now.budget_records);
    out.budget_area_km2 = larger(before.budget_area_km2, now.budget_area_km2);
    out.extent_m = larger(before.extent_m, now.extent_m);
    out.stop_extent_m = larger(before.stop_extent_m, now.stop_extent_m);
    out.stop_area_km2 = larger(before.stop_area_km2, now.stop_area_km2);
    return out;
}

Result<std::string> charter_id(std::string_view name, BytesView ten_random_bytes) {
    const auto fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    };
    if (name.empty() || name.size() > 64 || name[0] < 'a' || name[0] > 'z' ||
        !std::all_of(name.begin(), name.end(), fits)) {
        return fail(Errc::malformed,
                    "a charter's name is 1 to 64 of a-z, 0-9 and '-', beginning "
                    "with a letter; \"" +
                        std::string(name.substr(0, 80)) + "\" is not");
    }
    return std::string(name) + "-" + to_base32(ten_random_bytes);
}

Result<std::size_t> signed_size(std::string_view file) {
    const std::size_t cut = file.find(signatures_line);
    if (cut == std::string_view::npos) {
        return fail(Errc::malformed, "a charter has a line [signatures] after its terms");
    }
    return cut + 1;
}

Result<Hash> charter_hash(std::string_view file) {
    TRY(size, signed_size(file));
    return sha256({"entente/charter/v1\n", file.substr(0, size)});
}

Bytes charter_message(const Hash& hash) { return "entente/v1/charter\n" + Bytes(hash.view()); }

}  // namespace entente::statement
