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
};
Exit init(const InitArgs& args);

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
    std::string id;     // amend, withdraw, confirm, confirm-move
    std::string until;  // confirm
    std::string root_file;
    bool yes = false;
};
Exit protect_add(const ProtectArgs& args);
Exit protect_amend(const ProtectArgs& args);
Exit protect_withdraw(const ProtectArgs& args);
Exit protect_confirm(const ProtectArgs& args);
Exit protect_confirm_move(const ProtectArgs& args);

struct ListArgs {
    Common common;
    std::string bbox;
    std::string protection_class;
    std::string text;
    std::string format = "table";
};
Exit list(const ListArgs& args);

struct ShowArgs {
    Common common;
    std::string id;
};
Exit show(const ShowArgs& args);

struct CheckArgs {
    Common common;
    std::string plan;
    std::string batch;
    double margin = 0;
    std::string at;
};
Exit check(const CheckArgs& args);

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
    std::string basemap;  // an MBTiles file
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
