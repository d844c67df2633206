// SPDX-License-Identifier: Apache-2.0
// `charter` and `key` bound to argv. What they take lives as long as `run`.
#include <CLI/CLI.hpp>
#include <memory>

#include "cli/bind.h"
#include "cli/verbs.h"

namespace entente::cli {
namespace {

/// A verb that works on files alone, without a data directory.
CLI::App* file_verb(CLI::App& parent, const char* name, const char* what, const char* example) {
    CLI::App* app = parent.add_subcommand(name, what);
    app->footer(std::string("Example:\n  ") + example);
    return app;
}

class Charters {
  public:
    Charters(CLI::App& group, Run& run) : group_(group), run_(run) {}

    void add_all() {
        CLI::App* made = file_verb(group_, "new", "Make a draft of a charter, without parties",
                                   "entente charter new --name moscow --out charter.toml");
        made->add_option("--name", args_->name, "a-z, 0-9, '-'; chance is added to it")->required();
        made->add_flag("--exercise", args_->exercise, "Mark everything as an exercise, for ever");
        made->add_option("--out", args_->out, "The new file")->required();
        bind(made, charter_new);
        CLI::App* add = with_file(file_verb(group_, "add", "Put parties' cards into a draft",
                                            "entente charter add charter.toml fr/card.toml"));
        add->add_option("cards", args_->cards, "What entente init --charter wrote")->required();
        bind(add, charter_add);
        add_with_data();
        CLI::App* amend =
            with_file(file_verb(group_, "amend", "Write the next version, to be edited and signed",
                                "entente charter amend charter.toml --out charter-2.toml"));
        amend->add_option("--out", args_->out, "The new file")->required();
        bind(amend, charter_amend);
        CLI::App* policy =
            with_file(file_verb(group_, "policy", "Print the C2SP tlog-policy of a party's log",
                                "entente charter policy charter.toml --party fr"));
        policy->add_option("--party", args_->party, "Whose log")->required();
        bind(policy, charter_policy);
    }

  private:
    void add_with_data() {
        CLI::App* sign =
            with_file(verb(group_, "sign", "Sign a charter with the party's root",
                           "entente charter sign --data fr charter.toml", args_->common, false));
        sign->add_option("--root", args_->root_file,
                         "The root's key file; default: DIR/offline/root");
        sign->add_flag("--again", args_->again, "Though another text of this version was signed");
        with_previous(sign);
        bind(sign, charter_sign);
        CLI::App* adopt = with_file(
            verb(group_, "adopt", "Begin the log under a charter, or go on under its next version",
                 "entente charter adopt --data fr charter.toml", args_->common, false));
        with_previous(adopt);
        adopt->add_flag("--despite-rivals", args_->despite_rivals,
                        "Though another text of this version is known: the parties have agreed");
        bind(adopt, charter_adopt);
        add_join_and_leave();
        for (const auto& [name, what, act] :
             {std::tuple("show", "Say in words what a charter says, and who has signed",
                         &charter_show),
              std::tuple("verify", "Verify the signatures; exit status 0 if all are there",
                         &charter_verify)}) {
            const std::string example = std::string("entente charter ") + name + " charter.toml";
            CLI::App* app = with_file(verb(group_, name, what, example.c_str(), args_->common));
            app->get_option("--data")->required(false)->description(
                "A register's directory, for earlier versions of the charter");
            with_previous(app);
            if (act == &charter_verify) {
                app->add_option("--rival", args_->rival,
                                "Another text of this version: says who signed both");
            }
            bind(app, act);
        }
    }
    void add_join_and_leave() {
        CLI::App* join = verb(group_, "join",
                              "State anew, in the joint log, what a register of one's own protects",
                              "entente charter join --from solo --data fr", args_->common, false);
        join->add_option("--from", args_->from,
                         "Its directory; its log ends with this, and stays readable")
            ->required();
        bind(join, charter_join);
        CLI::App* leave =
            verb(group_, "leave", "Leave the exchange: ends the log; what it protects stays",
                 "entente charter leave --data fr", args_->common, false);
        leave->add_option("--reason", args_->reason, "For people");
        leave->add_flag("--yes", args_->yes, "Without asking");
        bind(leave, charter_leave);
    }
    CLI::App* with_file(CLI::App* app) {
        app->add_option("file", args_->file, "The charter")->required();
        return app;
    }
    void with_previous(CLI::App* app) {
        app->add_option("--previous", args_->previous, "The file of an earlier version")
            ->allow_extra_args(false);
    }
    void bind(CLI::App* app, Exit (*act)(const CharterArgs&)) {
        app->callback(
            [args = args_, &run = run_, act] { run = [args, act] { return act(*args); }; });
    }

    CLI::App& group_;
    Run& run_;
    std::shared_ptr<CharterArgs> args_ = std::make_shared<CharterArgs>();
};

class Keys {
  public:
    Keys(CLI::App& group, Run& run) : group_(group), run_(run) {}

    void add_all() {
        bind(verb(group_, "list", "List the party's keys by role, with those that were taken away",
                  "entente key list --data fr", args_->common),
             key_list);
        CLI::App* add = with_root(verb(group_, "add", "Give a further officer a key",
                                       "entente key add --data fr --name 'A. Martin' --out "
                                       "martin.key --root root",
                                       args_->common, false));
        add->add_option("--name", args_->name, "Who holds it")->required();
        add->add_option("--out", args_->out, "The new key file, for its holder")->required();
        bind(add, key_add);
        CLI::App* rotate = with_role(verb(group_, "rotate", "Make a new key for a role",
                                          "entente key rotate --data fr officer --root root",
                                          args_->common, false));
        rotate->add_option("--name", args_->name, "Who holds it (officer, duty)");
        with_root(rotate);
        bind(rotate, key_rotate);
        CLI::App* revoke = with_role(verb(
            group_, "revoke", "Take a key away: what it signs from then on does not count",
            "entente key revoke --data fr officer --key BASE64 --root root", args_->common, false));
        revoke->add_option("--key", args_->key,
                           "The public key, as key list shows it; needed where a role has several");
        revoke
            ->add_option("--from", args_->from,
                         "The first entry index that it does not speak for; default: the next")
            ->check(CLI::NonNegativeNumber);
        with_root(revoke);
        bind(revoke, key_revoke);
    }

  private:
    CLI::App* with_role(CLI::App* app) {
        app->add_option("role", args_->role,
                        "officer, witness, mirror, sealing, channel, duty or log")
            ->required();
        return app;
    }
    CLI::App* with_root(CLI::App* app) {
        app->add_option("--root", args_->root_file, "The root's key file")->required();
        return app;
    }
    void bind(CLI::App* app, Exit (*act)(const KeyArgs&)) {
        app->callback(
            [args = args_, &run = run_, act] { run = [args, act] { return act(*args); }; });
    }

    CLI::App& group_;
    Run& run_;
    std::shared_ptr<KeyArgs> args_ = std::make_shared<KeyArgs>();
};

}  // namespace

void add_charter(CLI::App& root, Run& run) {
    CLI::App* charters = root.add_subcommand(
        "charter", "The agreement of several parties: draft, sign, adopt, amend");
    charters->require_subcommand(1);
    Charters(*charters, run).add_all();
    CLI::App* keys = root.add_subcommand("key", "The party's keys by role: list, rotate, revoke");
    keys->require_subcommand(1);
    Keys(*keys, run).add_all();
}

}  // namespace entente::cli
