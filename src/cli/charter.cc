// SPDX-License-Identifier: Apache-2.0
// `entente charter new|add|sign|amend|policy`: a charter is put together as a file that travels
// from party to party. Nothing here touches a log.
#include <fmt/format.h>

#include <sstream>

#include "base/encode.h"
#include "base/limits.h"
#include "base/printable.h"
#include "cli/charter_files.h"
#include "cli/verbs.h"
#include "statement/charter_chain.h"
#include "statement/charter_policy.h"
#include "store/files.h"

namespace entente::cli {
namespace {

using statement::Card;
using statement::Charter;

Result<Charter> draft_of(const std::string& path) {
    TRY(file, read_charter_file(path));
    auto draft = statement::parse_draft(file);
    if (!draft) return at(path, draft.error());
    return draft;
}

Result<Charter> new_draft(const CharterArgs& args) {
    Bytes chance(10, '\0');
    os_random()(reinterpret_cast<std::uint8_t*>(chance.data()), chance.size());
    TRY(id, statement::charter_id(args.name, chance));
    Charter draft;
    draft.id = std::move(id);
    draft.exercise = args.exercise;
    draft.terms = statement::default_joint_terms();
    TRYV(write_new_file(args.out, statement::format_charter(draft)));
    return draft;
}

Result<Card> read_card(const std::string& path) {
    TRY(file, read_file(path, limits::card_bytes_max));
    auto card = statement::parse_card(file);
    if (!card) return at(path, card.error());
    return card;
}

/// A card of a party that is there already takes its place.
void put(Charter& draft, const Card& card) {
    for (statement::CharterParty& party : draft.parties) {
        if (party.id != card.party.id) continue;
        party = card.party;
        return;
    }
    draft.parties.push_back(card.party);
}

Result<Charter> add_cards(const CharterArgs& args) {
    TRY(draft, draft_of(args.file));
    if (!draft.signatures.empty()) {
        return fail(Errc::refused, args.file +
                                       " is signed; another card would void that. entente "
                                       "charter amend makes the next version of it");
    }
    // A quorum that nobody chose stays the majority.
    const bool majority = draft.terms.quorum == statement::majority(draft.parties.size());
    for (const std::string& path : args.cards) {
        TRY(card, read_card(path));
        if (card.charter != draft.id || card.exercise != draft.exercise) {
            return fail(Errc::refused,
                        fmt::format("{} was made for the charter {}{}, not for {}{}", path,
                                    card.charter, card.exercise ? " (exercise)" : "", draft.id,
                                    draft.exercise ? " (exercise)" : ""));
        }
        put(draft, card);
    }
    if (majority) draft.terms.quorum = statement::majority(draft.parties.size());
    const std::string file = statement::format_charter(draft);
    TRY(checked, statement::parse_charter(file));
    TRYV(store::write_atomically(store::os_files(), args.file, file));
    return checked;
}

// -- sign --

/// What the root has signed before: `version hash` lines.
Result<void> remember_signature(const DataDir& dir, const Charter& charter, const Hash& hash,
                                bool again) {
    TRYV(store::os_files().make_dir(dir.charters()));
    TRY(there, store::os_files().read(dir.signed_charters(), limits::charter_bytes_max));
    const std::string text = there.value_or("");
    const std::string line =
        fmt::format("{} {} {}\n", charter.id, charter.version, to_base64(hash.view()));
    std::istringstream lines(text);
    const std::string begin = fmt::format("{} {} ", charter.id, charter.version);
    for (std::string one; std::getline(lines, one);) {
        if (one + "\n" == line) return {};
        if (!one.starts_with(begin) || again) continue;
        return fail(Errc::refused,
                    fmt::format("another text of version {} was signed here (hash {}): whoever has "
                                "both signatures can convict you. If nobody will adopt that one, "
                                "say --again",
                                charter.version, one.substr(begin.size())));
    }
    return store::write_atomically(store::os_files(), dir.signed_charters(), text + line);
}

/// A party alone has no card of its own: its charter says what a card would.
Result<Card> own_card(const DataDir& dir) {
    TRY(there, store::os_files().stat(dir.card()));
    if (there) return read_card(dir.card());
    TRY(file, read_charter_file(dir.charter()));
    TRY(charter, statement::parse_charter(file));
    if (charter.solo) return Card{charter.id, charter.exercise, charter.parties[0]};
    return fail(Errc::not_found, dir.card() + " is missing; put it back, from where it is kept");
}

/// The own card stands in the charter as it was made here.
Result<PartyId> own_party(const DataDir& dir, const Charter& charter) {
    TRY(card, own_card(dir));
    const statement::CharterParty* there = charter.party(card.party.id);
    if (card.charter != charter.id || card.exercise != charter.exercise) {
        return fail(Errc::refused, fmt::format("the keys in {} were made for the charter {}",
                                               dir.path, card.charter));
    }
    if (there != nullptr && *there != card.party) {
        return fail(Errc::refused,
                    fmt::format("the charter's card of {} is not {}: somebody changed it. If it is "
                                "what you want, put it there first",
                                card.party.id.v, dir.card()));
    }
    return card.party.id;
}

Result<SecretKey> root_key(const DataDir& dir, const std::string& file) {
    auto secret = read_key(file.empty() ? dir.root_key() : file, "root");
    if (!secret && file.empty()) {
        return at("name the root's key file with --root", secret.error());
    }
    if (!secret) {
        // The committed successor signs where the root is lost.
        TRY(next, read_key(file, "root-next"));
        return SecretKey::from_seed(next);
    }
    return SecretKey::from_seed(*secret);
}

struct SignedFile {
    PartyId party;
    Charter charter;
};

Result<SignedFile> sign_file(const CharterArgs& args) {
    const DataDir dir{args.common.data};
    TRY(file, read_charter_file(args.file));
    auto charter = statement::parse_charter(file);
    if (!charter) return at(args.file, charter.error());
    TRY(party, own_party(dir, *charter));
    TRY(earlier, earlier_versions(args.previous, dir.path));
    TRY(before, version_before(*charter, earlier));
    const auto previous = before ? std::optional<std::string_view>(*before) : std::nullopt;
    TRYV(statement::standing(file, previous));
    TRY(hash, statement::charter_hash(file));
    TRY(root, root_key(dir, args.root_file));
    const Bytes signature = root.sign(statement::charter_message(hash));
    TRY(with, statement::with_signature(file, party, signature));
    // Only now: a key that is not this party's root is found here, before anything is remembered.
    TRYV(statement::standing(with, previous));
    TRYV(remember_signature(dir, *charter, hash, args.again));
    TRYV(store::write_atomically(store::os_files(), args.file, with));
    TRY(after, statement::parse_charter(with));
    return SignedFile{party, std::move(after)};
}

// -- amend --

Result<Charter> amended(const CharterArgs& args) {
    TRY(file, read_charter_file(args.file));
    auto charter = statement::parse_charter(file);
    if (!charter) return at(args.file, charter.error());
    if (charter->signatures.empty()) {
        return fail(Errc::refused, args.file + " is not signed by anybody: edit it as it is");
    }
    TRY(hash, statement::charter_hash(file));
    Charter next = *charter;
    next.version += 1;
    next.previous = hash;
    next.signatures.clear();
    TRYV(write_new_file(args.out, statement::format_charter(next)));
    return next;
}

}  // namespace

Exit charter_new(const CharterArgs& args) {
    const auto draft = new_draft(args);
    if (!draft) return report("charter new", draft.error());
    fmt::print(
        "{}{} is a draft of the charter {}, still without parties.\n"
        "Read and change its terms, then give it to every party:\n"
        "  entente init --data DIR --party ID --name TEXT --charter {}\n"
        "and put their cards into it:\n"
        "  entente charter add {} CARD...\n",
        draft->exercise ? "EXERCISE: " : "", args.out, draft->id, args.out, args.out);
    return Exit::ok;
}

Exit charter_add(const CharterArgs& args) {
    const auto charter = add_cards(args);
    if (!charter) return report("charter add", charter.error());
    fmt::print("{} names {} {}, quorum {}:\n", args.file, charter->parties.size(),
               charter->parties.size() == 1 ? "party" : "parties", charter->terms.quorum);
    for (const statement::CharterParty& party : charter->parties) {
        fmt::print("  {:12} {}\n", party.id.v, printable(party.name));
    }
    return Exit::ok;
}

Exit charter_sign(const CharterArgs& args) {
    const auto done = sign_file(args);
    if (!done) return report("charter sign", done.error());
    fmt::print("{} signed version {} of {}; {} {} in {}\n", done->party.v, done->charter.version,
               done->charter.id, done->charter.signatures.size(),
               done->charter.signatures.size() == 1 ? "signature stands" : "signatures stand",
               args.file);
    return Exit::ok;
}

Exit charter_amend(const CharterArgs& args) {
    const auto next = amended(args);
    if (!next) return report("charter amend", next.error());
    fmt::print(
        "{} is version {} of {}, signed by nobody yet. Change it, then let the parties sign "
        "it:\n{} of the parties of version {}, and whoever joins or has another card.\n",
        args.out, next->version, next->id, next->terms.quorum, next->version - 1);
    return Exit::ok;
}

Exit charter_policy(const CharterArgs& args) {
    const auto print = [&]() -> Result<void> {
        TRY(charter, draft_of(args.file));
        TRY(party, PartyId::parse(args.party));
        TRY(policy, statement::tlog_policy(charter, party));
        fmt::print("{}", policy);
        return {};
    };
    const auto printed = print();
    return printed ? Exit::ok : report("charter policy", printed.error());
}

}  // namespace entente::cli
