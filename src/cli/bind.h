// SPDX-License-Identifier: Apache-2.0
// Binding verbs to argv beside main.cc: a verb with what every verb takes, and the groups of verbs
// that have files of their own.
#pragma once

#include <functional>

#include "cli/console.h"

namespace CLI {
class App;
}

namespace entente::cli {

using Run = std::function<Exit()>;

/// Adds a verb with the options that every verb takes.
CLI::App* verb(CLI::App& parent, const char* name, const char* what, const char* example,
               Common& common, bool json = true);

/// `evidence`, `verify` (evidence.cc).
void add_evidence(CLI::App& root, Run& run);
/// `person`, `token`, `session` (people_verbs.cc). What they take lives as long as `run`.
void add_people(CLI::App& root, Run& run);
/// `backup`, `restore` (backup.cc), `scrub` (scrub.cc); the same.
void add_backup(CLI::App& root, Run& run);
void add_scrub(CLI::App& root, Run& run);
/// `audit` (audit_verbs.cc).
void add_audit(CLI::App& root, Run& run);
/// `officer`, `approvals` (officer_verbs.cc).
void add_officers(CLI::App& root, Run& run);
/// `duty` (duty_verbs.cc).
void add_duty(CLI::App& root, Run& run);

/// `subscribe`, `notices` (notice_verbs.cc).
void add_notices(CLI::App& root, Run& run);

/// `move` (move_verbs.cc).
void add_move(CLI::App& root, Run& run);
/// `presence` (presence_verbs.cc).
void add_presence(CLI::App& root, Run& run);
/// `object` (object_verbs.cc).
void add_object(CLI::App& root, Run& run);
void add_stop(CLI::App& root, Run& run);
/// `activity` (activity_verbs.cc).
void add_activities(CLI::App& root, Run& run);
/// `challenge` (challenge_verbs.cc), `message` (message_verbs.cc).
void add_challenges(CLI::App& root, Run& run);
void add_messages(CLI::App& root, Run& run);
/// `open`, `sealed` (sealed_verbs.cc).
void add_sealed(CLI::App& root, Run& run);
/// `report`, `incident`, `group` … (statement_verbs.cc).
void add_statements(CLI::App& root, Run& run);
/// `search` (search_verbs.cc).
void add_search(CLI::App& root, Run& run);
/// `airspace` (airspace_verbs.cc).
void add_airspace(CLI::App& root, Run& run);
/// `track` (track_verb.cc), `alerts` (alerts_verb.cc).
void add_track(CLI::App& root, Run& run);
void add_alerts(CLI::App& root, Run& run);

/// `charter` and `key` (charter_verbs.cc).
void add_charter(CLI::App& root, Run& run);

/// `release`, `receipts`, `stuck` (exchange_verbs.cc). What they take lives as long as `run`.
void add_exchange(CLI::App& root, Run& run);
/// `receipt sheet`, `receipt code` (sheet_verbs.cc); the same.
void add_sheets(CLI::App& receipt, Run& run);
/// `peer`, `sync` (peer_verbs.cc); the same.
void add_peers(CLI::App& root, Run& run);
/// `recall`, `hold` (recall_verbs.cc); the same.
void add_recall(CLI::App& root, Run& run);
/// `pack`, `unpack` (pack_verbs.cc); the same.
void add_packs(CLI::App& root, Run& run);
/// `device`, `field-pack` (field_verbs.cc); the same.
void add_field(CLI::App& root, Run& run);

}  // namespace entente::cli
