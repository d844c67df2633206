// SPDX-License-Identifier: Apache-2.0
// Writing a charter and a party's card. A solo charter's bytes are what the first release wrote:
// logs have adopted their hashes.
#include <cmath>

#include "base/encode.h"
#include "statement/charter.h"

namespace entente::statement {
namespace {

std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        if (c == '\n') {
            out += "\\n";
        } else if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F) {
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

std::string by_class(const ByClass& numbers) {
    std::string out;
    for (std::size_t i = 0; i < protection_class_count; ++i) {
        out += line(name(static_cast<ProtectionClass>(i)), std::to_string(numbers[i]));
    }
    return out;
}

std::string format_party(const CharterParty& party, bool solo) {
    std::string out =
        "\n[[party]]\n" + line("id", quoted(party.id.v)) + line("name", quoted(party.name));
    if (!solo) {
        out += line("sponsor", quoted(party.sponsor), "the party that vouched for it, or \"\"") +
               line("address", quoted(party.address), "of its node, or \"\"") +
               line("relay", quoted(party.relay), "the party that relays for it, or \"\"");
    }
    out += line("root", quoted(to_base64(party.root))) +
           line("root_next", quoted(to_base64(party.root_next.view()))) +
           line("log", quoted(party.log));
    if (!solo) {
        out += line("witness", quoted(party.witness)) + line("mirror", quoted(party.mirror)) +
               line("sealing", quoted(to_base64(party.sealing))) +
               line("channel", quoted(to_base64(party.channel))) +
               line("duty", quoted(to_base64(party.duty)));
    }
    return out + line("officers", std::to_string(party.officers),
                      "signatures that a withdrawal or reduction needs");
}

std::string format_joint_terms(const CharterTerms& t) {
    return "\n# A STOP that nobody answers.\n[stop]\n" +
           line("next_desk_after_s", seconds_of(t.stop_next_desk), "goes to the next duty role") +
           line("escalate_after_s", seconds_of(t.stop_escalate), "goes to all of them at once") +
           line("extent_m", std::to_string(t.stop_extent_m),
                "how far one may reach, from end to end; 0 is no limit") +
           line("area_km2", std::to_string(t.stop_area_km2),
                "of all of one party; what is over is shown, and counts as a caution") +
           "\n# How much one party may register, by class; 0 is no limit. What is over it is "
           "shown,\n"
           "# and counts as a caution.\n[budget_records]\n" +
           by_class(t.budget_records) +
           "\n# The area of all that one party registers, by class; 0 is no limit.\n"
           "[budget_area_km2]\n" +
           by_class(t.budget_area_km2) +
           "\n# How far one place may reach, from end to end, by class; 0 is no limit.\n"
           "[extent_m]\n" +
           by_class(t.extent_m);
}

std::string format_terms(const CharterTerms& t, bool solo) {
    std::string out =
        "\n[terms]\n" +
        line("reduce_delay_s", seconds_of(t.reduce_delay),
             "a withdrawal or reduction acts this long after it was said") +
        line("quorum", std::to_string(t.quorum), "root signatures that change this charter") +
        line("beat_every_s", seconds_of(t.beat_every)) +
        line("age_limit_s", seconds_of(t.age_limit), "an older view makes an answer incomplete") +
        line("absent_after_s", seconds_of(t.absent_after)) +
        line("policy_distance_m", std::to_string(std::llround(t.policy_distance.v)),
             "protected things this near to a plan are cautions") +
        line("relaxations_min", std::to_string(t.relaxations_min),
             "withdrawals within 24 h that need no root signature:") +
        line("relaxations_percent", std::to_string(t.relaxations_percent),
             "the larger of this number and this share of the records");
    if (!solo) {
        out += line("receipt_due_s", seconds_of(t.receipt_due),
                    "what was released is acknowledged, or said to be missing") +
               line("heads_every_s", seconds_of(t.heads_every),
                    "each log states the newest heads of the others");
    }
    out += "\n# Around a place that states no buffer, in metres.\n[buffers_m]\n" +
           by_class(t.buffers) +
           "\n# Where a place states no accuracy, in metres.\n[accuracies_m]\n" +
           by_class(t.accuracies);
    return solo ? out : out + format_joint_terms(t);
}

std::string format_witness(const OutsideWitness& witness) {
    return "\n# A witness that is no party.\n[[witness]]\n" + line("name", quoted(witness.name)) +
           line("vkey", quoted(witness.vkey)) + line("url", quoted(witness.url));
}

std::string format_signatures(const std::map<std::string, Bytes>& signatures) {
    std::string out = "[signatures]\n";
    for (const auto& [party, signature] : signatures) {
        out += line(party.c_str(), quoted(to_base64(signature)));
    }
    return out;
}

}  // namespace

std::string format_charter(const Charter& charter) {
    std::string out =
        "# The charter of an entente: who is in, and on what terms. Parties adopt it by its hash;\n"
        "# a changed byte above [signatures] is another charter. Lengths in metres, times in "
        "seconds.\n";
    out += line("id", quoted(charter.id));
    out += line("version", std::to_string(charter.version));
    if (charter.previous || !charter.solo) {
        const std::string hash = charter.previous ? to_base64(charter.previous->view()) : "";
        out += line("previous", quoted(hash), "hash of the version before this one");
    }
    out += line("exercise", charter.exercise ? "true" : "false");
    out += line("points_agreed", list(charter.points_agreed));
    out += line("points_of_difference", list(charter.points_of_difference));
    for (const CharterParty& party : charter.parties) out += format_party(party, charter.solo);
    for (const OutsideWitness& witness : charter.witnesses) out += format_witness(witness);
    out += format_terms(charter.terms, charter.solo);
    return out + "\n" + format_signatures(charter.signatures);
}

std::string format_card(const Card& card) {
    return "# A party's card: what a charter says of it. All of it is public. Whoever puts the\n"
           "# charter together adds it with: entente charter add CHARTER CARD\n" +
           line("charter", quoted(card.charter)) +
           line("exercise", card.exercise ? "true" : "false") + format_party(card.party, false);
}

Result<std::string> with_signature(std::string_view file, const PartyId& party,
                                   BytesView signature) {
    TRY(size, signed_size(file));
    TRY(charter, parse_charter(file));
    charter.signatures.insert_or_assign(party.v, Bytes(signature));
    return std::string(file.substr(0, size)) + format_signatures(charter.signatures);
}

}  // namespace entente::statement
