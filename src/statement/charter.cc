// SPDX-License-Identifier: Apache-2.0
#include "statement/charter.h"

#include <cmath>

#include "base/encode.h"
#include "base/sha256.h"

namespace entente::statement {
namespace {

constexpr std::string_view signatures_line = "\n[signatures]\n";

std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        if (c == '\n') {
            out += "\\n";
        } else if (static_cast<unsigned char>(c) >= 0x20) {
            out += c;
        }
    }
    return out + '"';
}

std::string list(const std::vector<std::string>& items) {
    std::string out = "[";
    for (const std::string& item : items) out += "\n    " + quoted(item) + ",";
    return out + (items.empty() ? "]" : "\n]");
}

std::string line(const char* key, const std::string& value, const char* comment = "") {
    std::string out = std::string(key) + " = " + value;
    if (*comment != '\0')
        out += std::string(out.size() < 36 ? 36 - out.size() : 1, ' ') + "# " + comment;
    return out + "\n";
}

std::string seconds_of(Duration d) {
    return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(d).count());
}

std::string by_class(const std::array<Decimetres, protection_class_count>& lengths) {
    std::string out;
    for (std::size_t i = 0; i < protection_class_count; ++i) {
        out += line(name(static_cast<ProtectionClass>(i)), std::to_string(lengths[i].v / 10));
    }
    return out;
}

std::string format_terms(const CharterTerms& t) {
    return "\n[terms]\n" +
           line("reduce_delay_s", seconds_of(t.reduce_delay),
                "a withdrawal or reduction acts this long after it was said") +
           line("quorum", std::to_string(t.quorum), "root signatures that change this charter") +
           line("beat_every_s", seconds_of(t.beat_every)) +
           line("age_limit_s", seconds_of(t.age_limit),
                "an older view makes an answer incomplete") +
           line("absent_after_s", seconds_of(t.absent_after)) +
           line("policy_distance_m", std::to_string(std::llround(t.policy_distance.v)),
                "protected things this near to a plan are cautions") +
           line("relaxations_min", std::to_string(t.relaxations_min),
                "withdrawals within 24 h that need no root signature:") +
           line("relaxations_percent", std::to_string(t.relaxations_percent),
                "the larger of this number and this share of the records") +
           "\n# Around a place that states no buffer, in metres.\n[buffers_m]\n" +
           by_class(t.buffers) +
           "\n# Where a place states no accuracy, in metres.\n[accuracies_m]\n" +
           by_class(t.accuracies);
}

}  // namespace

const CharterParty* Charter::party(const PartyId& wanted) const {
    for (const CharterParty& one : parties) {
        if (one.id == wanted) return &one;
    }
    return nullptr;
}

Origin Charter::origin(const PartyId& wanted) const {
    return {id + (exercise ? "/exercise/" : "/") + wanted.v};
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

std::string format_charter(const Charter& charter) {
    std::string out =
        "# The charter of an entente: who is in, and on what terms. Parties adopt it by its hash;\n"
        "# a changed byte above [signatures] is another charter. Lengths in metres, times in "
        "seconds.\n";
    out += line("id", quoted(charter.id));
    out += line("version", std::to_string(charter.version));
    out += line("exercise", charter.exercise ? "true" : "false");
    out += line("points_agreed", list(charter.points_agreed));
    out += line("points_of_difference", list(charter.points_of_difference));
    for (const CharterParty& party : charter.parties) {
        out += "\n[[party]]\n" + line("id", quoted(party.id.v)) + line("name", quoted(party.name)) +
               line("root", quoted(to_base64(party.root))) +
               line("root_next", quoted(to_base64(party.root_next.view()))) +
               line("log", quoted(party.log)) +
               line("officers", std::to_string(party.officers),
                    "signatures that a withdrawal or reduction needs");
    }
    out += format_terms(charter.terms);
    out += signatures_line;
    for (const auto& [party, signature] : charter.signatures) {
        out += line(party.c_str(), quoted(to_base64(signature)));
    }
    return out;
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
