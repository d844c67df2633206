// SPDX-License-Identifier: Apache-2.0
// The verbs of the command line: what each takes, and the function that does it. main.cc binds them
// to argv. Each function prints its own result and errors and gives the exit status.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/console.h"

namespace entente::cli {

struct InitArgs {
    Common common;
    std::string party;
    std::string name;
    bool exercise = false;
    std::uint64_t reduce_delay_s = 0;  // what ends or reduces a protection acts so much later
    std::string charter;               // a draft of several parties: keys and a card, no log yet
    std::string address;               // with it, as the card states them
    std::string relay;
    std::string sponsor;
    std::optional<int> officers;  // how many sign it; 1, or with a charter 2
};
Exit init(const InitArgs& args);
/// init --charter (enrol.cc).
Exit enrol(const InitArgs& args);

struct CharterArgs {
    Common common;
    std::string file;
    std::string name;  // new
    bool exercise = false;
    std::string out;                    // new, amend
    std::vector<std::string> cards;     // add
    std::vector<std::string> previous;  // show, verify, adopt: files of earlier versions
    std::string root_file;              // sign; default: DIR/offline/root
    bool again = false;                 // sign: another text of a version that was signed before
    bool despite_rivals = false;        // adopt
    std::string rival;                  // verify: another text of the same version
    std::string party;                  // policy
    std::string from;                   // join: the directory of the solo register
    std::string reason;                 // leave
    bool yes = false;                   // leave
};
Exit charter_new(const CharterArgs& args);
Exit charter_add(const CharterArgs& args);
Exit charter_sign(const CharterArgs& args);
Exit charter_show(const CharterArgs& args);
Exit charter_verify(const CharterArgs& args);
Exit charter_amend(const CharterArgs& args);
Exit charter_policy(const CharterArgs& args);
Exit charter_adopt(const CharterArgs& args);
Exit charter_join(const CharterArgs& args);   // join.cc
Exit charter_leave(const CharterArgs& args);  // join.cc

struct KeyArgs {
    Common common;
    std::string role;
    std::string root_file;
    std::string key;                    // revoke: the public key, where a role has several
    std::string name;                   // add, rotate: who will hold it
    std::string out;                    // add: where the secret half goes
    std::optional<std::uint64_t> from;  // revoke: from this entry on
};
Exit key_list(const KeyArgs& args);
Exit key_add(const KeyArgs& args);
Exit key_rotate(const KeyArgs& args);
Exit key_revoke(const KeyArgs& args);

struct ImportArgs {
    Common common;
    std::vector<std::string> files;
    std::string source;  // empty: the file's name
    std::string fallback_class;
    std::vector<std::string> class_of;
    std::vector<std::string> map;
    std::string root_file;
    bool dry_run = false;
    bool yes = false;
    bool amend = false;
};
Exit import(const ImportArgs& args);

/// The import fields as flags, or a GeoJSON Feature.
struct ProtectArgs {
    Common common;
    std::string feature_file;                                 // add, amend
    std::vector<std::pair<std::string, std::string>> fields;  // flag name -> text
    std::string id;               // amend, withdraw, confirm, confirm-move
    std::string until;            // confirm
    std::vector<std::string> to;  // add: PARTY[:TIER]
    std::string root_file;
    bool yes = false;
    // Of `presence`, whose verbs these are too (presence_verbs.cc):
    const char* of = "protect";
    std::string group;
    std::string sponsor;
    std::string grade;
    std::string at;  // LATITUDE,LONGITUDE
};
Exit protect_add(const ProtectArgs& args);
Exit protect_amend(const ProtectArgs& args);
Exit protect_withdraw(const ProtectArgs& args);
Exit protect_confirm(const ProtectArgs& args);
Exit protect_confirm_move(const ProtectArgs& args);
Exit protect_adopt(const ProtectArgs& args);  // join.cc

struct ListArgs {
    Common common;
    std::string bbox;
    std::string protection_class;
    std::string text;
    std::string as;  // another party, whose view is asked
    std::string format = "table";
};
Exit list(const ListArgs& args);

struct ShowArgs {
    Common common;
    std::string id;
    std::string as;
};
Exit show(const ShowArgs& args);

struct CheckArgs {
    Common common;
    std::string plan;
    std::string batch;
    double margin = 0;
    std::string at;
    std::string as;
    std::string pack;    // a field pack, instead of a register
    std::string device;  // whose it is
    bool seal = false;   // and commit to question and answer (sealed_verbs.cc)
};
Exit check(const CheckArgs& args);
Exit check_sealed(const Common& common, const std::string& file, double margin);

struct LogArgs {
    Common common;
    std::string id;     // prove: a record
    std::string out;    // export: a directory; prove: a file, empty for standard output
    std::string tiles;  // verify: an exported directory instead of --data
    std::string vkey;   // verify: with --tiles
};
Exit log_vkey(const LogArgs& args);
Exit log_verify(const LogArgs& args);
Exit log_prove(const LogArgs& args);
Exit log_export(const LogArgs& args);

struct ServeArgs {
    Common common;
    std::string listen;  // ADDRESS:PORT; empty: the file's, or 127.0.0.1:8700
    std::vector<std::string> hosts;
    std::string tls_cert;
    std::string tls_key;
    std::string basemap;                  // an MBTiles file
    std::string peer_listen;              // ADDRESS:PORT for other nodes
    std::vector<std::string> webhook_to;  // where notices may be posted
    std::string smtp;                     // the server that mails go through
    std::string mail_from;
    std::vector<std::string> mail_to;  // domains
    std::vector<std::string> zones;    // PARTY:VERSION:FILE
};
Exit serve(const ServeArgs& args);

struct LinkArgs {
    Common common;
};
Exit link(const LinkArgs& args);

/// What `--version` prints after the name.
const char* program_version();

struct DoctorArgs {
    Common common;
};
Exit doctor(const DoctorArgs& args);

}  // namespace entente::cli
