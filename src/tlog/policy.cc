// SPDX-License-Identifier: Apache-2.0
#include "tlog/policy.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "base/limits.h"

namespace entente::tlog {
namespace {

using Words = std::vector<std::string_view>;

Words words_of(std::string_view line) {
    Words out;
    constexpr std::string_view space = " \t";
    while (true) {
        const std::size_t begin = line.find_first_not_of(space);
        if (begin == line.npos) return out;
        const std::size_t end = std::min(line.find_first_of(space, begin), line.size());
        out.push_back(line.substr(begin, end - begin));
        line.remove_prefix(end);
    }
}

std::string quoted(std::string_view name) { return "'" + std::string(name) + "'"; }

// Reads one policy, line after line.
class Reader {
  public:
    Result<void> line(std::string_view text) {
        const Words words = words_of(text);
        if (words.empty() || words[0].starts_with('#')) return {};
        if (words[0] == "log") return log(words);
        if (words[0] == "witness") return witness(words);
        if (words[0] == "group") return group(words);
        if (words[0] == "quorum") return quorum(words);
        return fail(Errc::malformed, "a line begins with log, witness, group or quorum, not with " +
                                         quoted(words[0].substr(0, 40)));
    }
    Result<Policy> finish() && {
        if (policy_.quorum.empty()) {
            return fail(Errc::malformed, "a policy has exactly one quorum line; this has none");
        }
        return std::move(policy_);
    }

  private:
    Result<void> log(const Words& words) {
        if (words.size() < 2 || words.size() > 3) {
            return fail(Errc::malformed, "wanted is log <vkey> [<url>]");
        }
        TRY(key, VerifierKey::parse(words[1]));
        if (!log_keys_.insert(key.key).second) {
            return fail(Errc::malformed, "two log lines have the same key");
        }
        policy_.logs.push_back({std::move(key), url(words, 2)});
        return {};
    }
    Result<void> witness(const Words& words) {
        if (words.size() < 3 || words.size() > 4) {
            return fail(Errc::malformed, "wanted is witness <name> <vkey> [<url>]");
        }
        TRYV(define(words[1]));
        TRY(key, CosignerKey::parse(words[2]));
        if (!witness_keys_.insert(key.key).second) {
            return fail(Errc::malformed, "two witness lines have the same key");
        }
        policy_.witnesses.push_back({std::string(words[1]), std::move(key), url(words, 3)});
        return {};
    }
    Result<void> group(const Words& words) {
        if (words.size() < 4) {
            return fail(Errc::malformed, "wanted is group <name> all|any|<k> <member>...");
        }
        Policy::Group group{std::string(words[1]), 0, {words.begin() + 3, words.end()}};
        TRY(threshold, threshold_of(words[2], group.members.size()));
        group.threshold = threshold;
        for (const std::string& member : group.members) {
            if (!names_.contains(member)) {
                return fail(Errc::malformed,
                            "member " + quoted(member) + " is not defined on a line before");
            }
            if (!members_.insert(member).second) {
                return fail(Errc::malformed, quoted(member) +
                                                 " is a member twice: then its word would count "
                                                 "twice");
            }
        }
        // Only now: a group is no member of itself.
        TRYV(define(words[1]));
        policy_.groups.push_back(std::move(group));
        return {};
    }
    Result<void> quorum(const Words& words) {
        if (words.size() != 2) return fail(Errc::malformed, "wanted is quorum <name>|none");
        if (!policy_.quorum.empty()) {
            return fail(Errc::malformed, "a policy has exactly one quorum line; this is a second");
        }
        if (words[1] != "none" && !names_.contains(std::string(words[1]))) {
            return fail(Errc::malformed,
                        "quorum " + quoted(words[1]) + " is not defined on a line before");
        }
        policy_.quorum = words[1];
        return {};
    }

    Result<void> define(std::string_view name) {
        if (name == "none") return fail(Errc::malformed, "the name 'none' is reserved");
        if (!names_.insert(std::string(name)).second) {
            return fail(Errc::malformed, quoted(name) + " is defined twice");
        }
        return {};
    }
    static Result<std::size_t> threshold_of(std::string_view word, std::size_t members) {
        if (word == "all") return members;
        if (word == "any") return 1;
        std::size_t k = 0;
        const char* const end = word.data() + word.size();
        const auto [stop, error] = std::from_chars(word.data(), end, k);
        if (error == std::errc() && stop == end && std::to_string(k) == word && k >= 1 &&
            k <= members) {
            return k;
        }
        return fail(Errc::malformed, "a threshold is all, any or 1 to " + std::to_string(members) +
                                         ", the number of members; not " +
                                         quoted(word.substr(0, 40)));
    }
    static std::string url(const Words& words, std::size_t at) {
        return at < words.size() ? std::string(words[at]) : std::string();
    }

    Policy policy_;
    std::set<std::string> names_;    // of witnesses and groups: one space of names
    std::set<std::string> members_;  // of any group
    std::set<PublicKey> log_keys_;
    std::set<PublicKey> witness_keys_;
};

std::string with_url(const std::string& url) { return url.empty() ? "\n" : " " + url + "\n"; }

// The listed log that signed; its line has been verified, and so has every line of a listed log.
Result<VerifierKey> signer_of(const Policy& policy, const Note& note, const Origin& origin) {
    std::vector<VerifierKey> logs;
    for (const Policy::Log& log : policy.logs) logs.push_back(log.key);
    TRY(signers, open_note(note, logs));
    for (VerifierKey& signer : signers) {
        if (signer.name == origin.v) return std::move(signer);
    }
    return fail(Errc::unknown_key, "the log " + origin.v + " did not sign its checkpoint itself");
}

}  // namespace

Result<Policy> parse_policy(std::string_view text) {
    if (text.size() > limits::policy_bytes_max) {
        return fail(Errc::too_large,
                    "a policy has at most " + std::to_string(limits::policy_bytes_max) +
                        " bytes (policy_bytes_max), not " + std::to_string(text.size()));
    }
    const auto control = [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && c != '\t' && c != '\n') || byte == 0x7F;
    };
    if (std::any_of(text.begin(), text.end(), control)) {
        return fail(Errc::malformed,
                    "a policy has no control characters but tabs and newlines (no carriage "
                    "returns either)");
    }
    Reader reader;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const std::size_t end = text.find('\n');
        const auto read = reader.line(text.substr(0, end));
        if (!read) return at("line " + std::to_string(number), read.error());
        text.remove_prefix(end == text.npos ? text.size() : end + 1);
    }
    return std::move(reader).finish();
}

std::string format_policy(const Policy& policy) {
    std::string out;
    for (const Policy::Log& log : policy.logs) out += "log " + log.key.text() + with_url(log.url);
    for (const Policy::Witness& witness : policy.witnesses) {
        out += "witness " + witness.name + " " + witness.key.text() + with_url(witness.url);
    }
    for (const Policy::Group& group : policy.groups) {
        const bool all = group.threshold == group.members.size();
        out += "group " + group.name + (all ? " all" : " " + std::to_string(group.threshold));
        for (const std::string& member : group.members) out += " " + member;
        out += '\n';
    }
    return out + "quorum " + policy.quorum + "\n";
}

std::optional<Instant> Policy::enough_at(const std::map<std::string, Instant>& cosigned) const {
    // Groups refer only to what stands before them.
    std::map<std::string, Instant> enough;
    for (const Witness& witness : witnesses) {
        const auto time = cosigned.find(witness.name);
        if (time != cosigned.end()) enough.insert(*time);
    }
    for (const Group& group : groups) {
        std::vector<Instant> times;
        for (const std::string& member : group.members) {
            const auto time = enough.find(member);
            if (time != enough.end()) times.push_back(time->second);
        }
        if (times.size() < group.threshold) continue;
        std::sort(times.begin(), times.end());
        enough.emplace(group.name, times[group.threshold - 1]);
    }
    const auto found = enough.find(quorum);
    if (found == enough.end()) return std::nullopt;
    return found->second;
}

Result<PolicyVerdict> evaluate(const Policy& policy, BytesView bytes) {
    TRY(note, parse_note(bytes));
    TRY(checkpoint, parse_checkpoint(note.text));
    TRY(log, signer_of(policy, note, checkpoint.origin));
    TRY(head, open_checkpoint(bytes, checkpoint.origin, log));
    PolicyVerdict out{std::move(head), {}, std::nullopt, false};
    for (const Policy::Witness& witness : policy.witnesses) {
        TRY(found, cosignatures_of(note, {&witness.key, 1}));
        for (const Cosignature& each : found) {
            const auto first = out.cosigned.emplace(witness.name, each.time).first;
            first->second = std::min(first->second, each.time);
        }
    }
    out.enough_at = policy.enough_at(out.cosigned);
    out.satisfied = policy.asks_for_nobody() || out.enough_at.has_value();
    return out;
}

}  // namespace entente::tlog
