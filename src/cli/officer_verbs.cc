// SPDX-License-Identifier: Apache-2.0
// `entente officer`: a key of an officer's own, locked with a passphrase and enrolled by the root;
// `entente approvals`: what waits for officers. What is signed is looked at here first: that the
// hashes are those of what the node shows, so that nobody signs what they did not read.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "base/encode.h"
#include "base/limits.h"
#include "base/sha256.h"
#include "cli/ask.h"
#include "cli/bind.h"
#include "formats/json_out.h"
#include "net/target.h"
#include "people/account.h"
#include "people/officer_key.h"
#include "registry/registry.h"
#include "seal/approval.h"
#include "seal/commitment.h"
#include "statement/body.h"
#include "store/files.h"

namespace entente::cli {
namespace {

using net::Method;

struct OfficerArgs {
    Common common;
    std::string name;  // of an officer, or the id of a proposal
    std::string root_file;
    std::string out;
    std::string key_file;
    std::string officer;
    std::string why;
};

Result<void> keep_key(const OfficerArgs& args, const SecretKey& key, std::string& path) {
    const DataDir dir{args.common.data};
    path = args.out.empty() ? dir.officer_of(args.name) : args.out;
    store::Files& files = store::os_files();
    if (args.out.empty()) TRYV(files.make_dir(dir.officers()));
    TRY(there, files.stat(path));
    if (there) return fail(Errc::refused, path + " exists; a key is never written over");
    TRY(passphrase, read_secret("passphrase for the key of " + args.name, true));
    TRY(file, people::lock_key(args.name, key, passphrase, os_random()));
    return store::write_atomically(files, path, file);
}

/// The key in the file that was written before enrolling failed, or a new one.
Result<PublicKey> key_of(const OfficerArgs& args, std::string& path) {
    const DataDir dir{args.common.data};
    path = args.out.empty() ? dir.officer_of(args.name) : args.out;
    TRY(there, store::os_files().stat(path));
    if (there) {
        TRY(file, read_file(path, people::officer_file_bytes_max));
        TRY(says, people::read_officer_file(file));
        if (says.name != args.name) {
            return fail(Errc::refused, path + " is the key of " + says.name);
        }
        return says.key;
    }
    const SecretKey key = SecretKey::generate(os_random());
    TRYV(keep_key(args, key, path));
    return key.public_key();
}

/// Makes the key and enrols it: a second time the same after whatever stopped the first.
Result<void> make_officer(const OfficerArgs& args) {
    TRYV(people::check_name("name", args.name));
    TRY(root_seed, read_key(args.root_file, "root"));
    const SecretKey root = SecretKey::from_seed(root_seed);
    TRY(service, Service::open(args.common, {Access::write, false, {}}));
    TRY(about, ask_json(service, Method::get, "/v1/about"));
    std::string path;
    TRY(key, key_of(args, path));
    const Origin origin{member(about.json, "origin")};
    formats::JsonOut out;
    out.object([&] {
        out.member("name", args.name);
        out.member("entry", statement::encode_entry(
                                registry::make_key_entry({"officer", key, 0}, origin, root)));
    });
    TRY(added, ask_json(service, Method::post, "/v1/officers", out.text()));
    if (args.common.json) {
        fmt::print("{}", added.text);
        return {};
    }
    fmt::print("{} is an officer from entry {} on\n  key   {}\n  file  {}\n", args.name,
               member(added.json, "entry"), member(added.json, "key"), path);
    fmt::print("Take {} away again. The passphrase is nowhere but with {}.\n", args.root_file,
               args.name);
    return {};
}

Exit officer_new(const OfficerArgs& args) {
    const auto made = make_officer(args);
    return made ? Exit::ok : report("officer new", made.error());
}

/// One request, and what it gives.
Exit show(const OfficerArgs& args, const char* verb, const std::string& target,
          void (*print)(const formats::Json&)) {
    auto service = Service::open(args.common, {});
    if (!service) return report(verb, service.error());
    const auto answer = ask_json(*service, Method::get, target);
    if (!answer) return report(verb, answer.error());
    if (args.common.json) {
        fmt::print("{}", answer->text);
    } else {
        print(answer->json);
    }
    return Exit::ok;
}

Exit officer_list(const OfficerArgs& args) {
    return show(args, "officer list", "/v1/officers", [](const formats::Json& json) {
        std::vector<std::vector<std::string>> rows;
        for (const formats::Json& one : json.find("officers")->elements) {
            rows.push_back({member(one, "name"), member(one, "key")});
        }
        print_table({"officer", "key"}, rows);
        fmt::print("{} of them sign what ends or reduces a protection\n", member(json, "needed"));
    });
}

/// The officers who have signed it, "nobody yet" where none has.
std::string signers(const formats::Json& proposal) {
    std::string out;
    const formats::Json* list = proposal.find("signatures");
    if (list != nullptr) {
        for (const formats::Json& one : list->elements) {
            out += (out.empty() ? "" : ", ") + member(one, "officer");
        }
    }
    return out.empty() ? "nobody yet" : out;
}

Exit approvals_list(const OfficerArgs& args) {
    return show(args, "approvals list", "/v1/approvals", [](const formats::Json& json) {
        std::vector<std::vector<std::string>> rows;
        for (const formats::Json& one : json.find("approvals")->elements) {
            rows.push_back({member(one, "id"), member(one, "act"), member(one, "record"),
                            member(one, "by"), member(one, "until"), member(one, "state"),
                            member(one, "needed"), signers(one)});
        }
        print_table({"proposal", "act", "record", "by", "until", "state", "needs", "signed by"},
                    rows);
    });
}

void print_proposal(const formats::Json& json) {
    fmt::print("{} of record {} (to be version {}), proposed by {} at {}\n", member(json, "act"),
               member(json, "record"), member(json, "version"), member(json, "by"),
               member(json, "time"));
    fmt::print("{}: {} signatures needed, signed by {}\n", member(json, "state"),
               member(json, "needed"), signers(json));
    if (!member(json, "why").empty()) {
        fmt::print("refused by {}: {}\n", member(json, "ended_by"), member(json, "why"));
    }
}

std::string path_of(const OfficerArgs& args) {
    return "/v1/approvals/" + net::percent_encode(args.name);
}

/// The Feature of before or after, as it came.
std::string feature(const std::string& text, const char* from, const char* to) {
    const std::size_t begin = text.find(from);
    const std::size_t end = text.find(to, begin);
    if (begin == std::string::npos || end == std::string::npos) return {};
    const std::size_t at = begin + std::string_view(from).size();
    return text.substr(at, end - at);
}

Exit approvals_show(const OfficerArgs& args) {
    auto service = Service::open(args.common, {});
    if (!service) return report("approvals show", service.error());
    const auto answer = ask_json(*service, Method::get, path_of(args));
    if (!answer) return report("approvals show", answer.error());
    if (args.common.json) {
        fmt::print("{}", answer->text);
        return Exit::ok;
    }
    print_proposal(answer->json);
    fmt::print("before: {}\n", feature(answer->text, "\"before\":", ",\"after\":"));
    fmt::print("after:  {}\n", feature(answer->text, "\"after\":", "}\n"));
    return Exit::ok;
}

Result<Hash> hash_in(const formats::Json& json, const char* key) {
    auto hash = hash_from_base64(member(json, key));
    if (!hash) return fail(Errc::unavailable, "the node shows no hash of what is to be signed");
    return hash;
}

/// That the body is what the commitment is to; without one, that none belongs there.
Result<void> check_body(const formats::Json* body, const Hash& commitment, bool used,
                        const char* which) {
    const bool there = body != nullptr && body->is(formats::JsonKind::object);
    if (there != used) return fail(Errc::bad_proof, std::string(which) + ": not as the head says");
    if (!there) return {};
    TRY(salt, hash_from_base64(member(*body, "salt")));
    if (seal::commitment(salt, as_it_came(*body, "body")) == commitment) return {};
    return fail(Errc::bad_proof, std::string("the ") + which + " body is not what would be signed");
}

/// What a head says that bears no approvals yet.
Result<statement::Head> unapproved(const std::string& body) {
    namespace canon = statement::canon;
    TRY(value, canon::decode(body, limits::body_bytes_max));
    if (value.object() == nullptr) return fail(Errc::bad_proof, "the head shown is none");
    canon::Object with_none = *value.object();
    if (with_none.find("approvals") != nullptr) {
        return fail(Errc::bad_proof, "the head shown bears approvals already");
    }
    with_none.set("approvals", canon::Array());
    return statement::decode_head(canon::encode(std::move(with_none)));
}

/// What to sign, once everything that it stands for was seen.
Result<seal::Approved> examined(const formats::Json& json) {
    const formats::Json* hashes = json.find("sign");
    const formats::Json* bodies = json.find("bodies");
    if (hashes == nullptr || bodies == nullptr) {
        return fail(Errc::refused,
                    std::string("this proposal waits for nobody: it is ") + member(json, "state"));
    }
    seal::Approved out;
    TRY(head, hash_in(*hashes, "head"));
    TRY(coarse, hash_in(*hashes, "coarse"));
    TRY(exact, hash_in(*hashes, "exact"));
    out = {head, coarse, exact};
    const std::string head_body = as_it_came(*bodies, "head");
    if (sha256(head_body) != out.head) {
        return fail(Errc::bad_proof, "the head shown is not what would be signed");
    }
    TRY(says, unapproved(head_body));
    if (says.keys.record.text() != member(json, "record") || says.act != member(json, "act") ||
        std::to_string(says.keys.version) != member(json, "version")) {
        return fail(Errc::bad_proof, "the head says another thing than the proposal");
    }
    TRYV(check_body(bodies->find("coarse"), out.coarse, says.used[1], "coarse"));
    TRYV(check_body(bodies->find("exact"), out.exact, says.used[2], "exact"));
    return out;
}

Result<SecretKey> officers_key(const OfficerArgs& args) {
    const DataDir dir{args.common.data};
    std::string path = args.key_file;
    if (path.empty()) {
        if (args.officer.empty()) {
            return fail(Errc::malformed,
                        "whose signature? Give --officer NAME, whose key lies in " +
                            dir.officers() + ", or --key FILE");
        }
        TRYV(people::check_name("--officer", args.officer));
        path = dir.officer_of(args.officer);
    }
    TRY(file, read_file(path, people::officer_file_bytes_max));
    const auto says = people::read_officer_file(file);
    if (!says) {  // the node's own, which no passphrase locks
        TRY(seed, read_key(path, "officer"));
        return SecretKey::from_seed(seed);
    }
    TRY(passphrase, read_secret("passphrase for the key of " + says->name, false));
    return people::unlock_key(file, passphrase);
}

Result<Answered> sign(const OfficerArgs& args, Service& service) {
    TRY(shown, ask_json(service, Method::get, path_of(args) + "?bodies=true"));
    TRY(what, examined(shown.json));
    if (!args.common.json) {
        print_proposal(shown.json);
        fmt::print("after: {}\n", feature(shown.text, "\"after\":", ",\"bodies\":"));
    }
    TRY(key, officers_key(args));
    formats::JsonOut out;
    out.object([&] {
        out.member("act", "sign");
        out.member("key", to_base64(key.public_key().view()));
        out.member("signature", to_base64(seal::sign_approval(key, what)));
    });
    return ask_json(service, Method::post, path_of(args), out.text());
}

Exit approvals_sign(const OfficerArgs& args) {
    auto service = Service::open(args.common, {Access::write, false, {}});
    if (!service) return report("approvals sign", service.error());
    const auto done = sign(args, *service);
    if (!done) return report("approvals sign", done.error());
    if (args.common.json) {
        fmt::print("{}", done->text);
    } else if (member(done->json, "state") == "logged") {
        fmt::print("signed, and said: entry {}\n", member(done->json, "entry"));
    } else {
        fmt::print("signed by {}; {} signatures are needed\n", signers(done->json),
                   member(done->json, "needed"));
    }
    return Exit::ok;
}

Exit act(const OfficerArgs& args, const char* verb, const std::string& body, const char* says) {
    auto service = Service::open(args.common, {Access::write, false, {}});
    if (!service) return report(verb, service.error());
    const auto done = ask_json(*service, Method::post, path_of(args), body);
    if (!done) return report(verb, done.error());
    fmt::print("{}", args.common.json ? done->text : std::string(says) + "\n");
    return Exit::ok;
}

Exit approvals_refuse(const OfficerArgs& args) {
    formats::JsonOut out;
    out.object([&] {
        out.member("act", "refuse");
        out.member("why", args.why);
    });
    return act(args, "approvals refuse", out.text(), "refused; everything stays as it is");
}

Exit approvals_log(const OfficerArgs& args) {
    return act(args, "approvals log", R"({"act":"log"})", "said");
}

}  // namespace

void add_officers(CLI::App& root, Run& run) {
    auto args = std::make_shared<OfficerArgs>();
    const auto bind = [&](CLI::App* app, Exit (*what)(const OfficerArgs&)) {
        app->callback([args, &run, what] { run = [args, what] { return what(*args); }; });
        return app;
    };
    CLI::App* officer =
        root.add_subcommand("officer", "Who signs what ends or reduces a protection");
    officer->require_subcommand(1);
    CLI::App* made =
        bind(verb(*officer, "new", "Make an officer's key and enrol it in the log",
                  "entente officer new --data reg nadia --root /media/usb/root", args->common),
             officer_new);
    made->add_option("name", args->name, "The officer; the account's name, to sign in a session")
        ->required();
    made->add_option("--root", args->root_file, "The root's key file, which enrols it")->required();
    made->add_option("--out", args->out, "Where to keep the key; default: DIR/keys/officers/NAME");
    bind(verb(*officer, "list", "List officers", "entente officer list --data reg", args->common),
         officer_list);

    CLI::App* approvals = root.add_subcommand("approvals", "What waits for officers to sign");
    approvals->require_subcommand(1);
    bind(verb(*approvals, "list", "List what waits, and what came of the others",
              "entente approvals list --data reg", args->common),
         approvals_list);
    const auto with_id = [&](const char* name, const char* what, const char* example,
                             Exit (*does)(const OfficerArgs&)) {
        CLI::App* app = bind(verb(*approvals, name, what, example, args->common), does);
        app->add_option("id", args->name, "The proposal")->required();
        return app;
    };
    with_id("show", "Show what it would change",
            "entente approvals show --data reg mzxw6ytbmzxw6ytb", approvals_show);
    CLI::App* signing = with_id(
        "sign", "Look at it, and sign it with an officer's key",
        "entente approvals sign --data reg mzxw6ytbmzxw6ytb --officer nadia", approvals_sign);
    signing->add_option("--officer", args->officer, "Whose key, of those in DIR/keys/officers");
    signing->add_option("--key", args->key_file, "The key's file, where it lies elsewhere");
    with_id("refuse", "Refuse it; it ends there",
            "entente approvals refuse --data reg mzxw6ytbmzxw6ytb --why 'still in use'",
            approvals_refuse)
        ->add_option("--why", args->why, "Why, for those who proposed it");
    with_id("log", "Say what has its signatures and could not be said then",
            "entente approvals log --data reg mzxw6ytbmzxw6ytb", approvals_log);
}

}  // namespace entente::cli
