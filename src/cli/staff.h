// SPDX-License-Identifier: Apache-2.0
// The people of a data directory: DIR/people.db opened, and what stands in it.
#pragma once

#include <memory>

#include "cli/data_dir.h"
#include "node/node.h"
#include "people/duty.h"
#include "people/people.h"
#include "people/proposal.h"
#include "people/sheets.h"
#include "people/subscriptions.h"

namespace entente::cli {

struct Staff {
    std::unique_ptr<people::Store> store;
    std::unique_ptr<people::People> people;
    std::unique_ptr<people::Proposals> proposals;
    std::unique_ptr<people::Roster> roster;
    std::unique_ptr<people::Subscriptions> subscriptions;
    std::unique_ptr<people::Sheets> sheets;
};

Result<Staff> open_staff(const DataDir& dir);
/// The same; where the directory cannot be written to, one in memory, and why on standard error:
/// who may read a register may do so from a medium that takes no line of the audit.
Staff open_staff_to_read(const DataDir& dir);

/// The locked key of an officer in DIR/keys/officers.
Result<Bytes> read_officer_key(const DataDir& dir, const std::string& officer);

/// The officers whom the log has had from its beginning, as the party's root signed them: of
/// DIR/founding, which a party alone does not have. What cannot be read names nobody.
std::vector<people::Officer> founding_officers(const DataDir& dir, const node::Node& node);

}  // namespace entente::cli
