// SPDX-License-Identifier: Apache-2.0
// What an import shows: which column gives which field, every row that was refused and why, what
// would be amended, and each batch once it is durable. The same for the command line and for HTTP.
#pragma once

#include <string>

#include "net/imports.h"

namespace entente::net {

enum class ReportForm : std::uint8_t { text, json };

/// The plan. JSON: one object on one line; text: lines. Both end with a line end, as all do here.
std::string plan_report(const ReadList& list, const intake::ImportPlan& plan, bool amend,
                        ReportForm form);

struct Durable {
    std::size_t count;
    std::uint64_t first;
    std::uint64_t tree_size;
};
/// Once this is shown, the statements are never lost (PROTOCOL 31: acknowledged).
std::string durable_report(const Durable& batch, ReportForm form);

struct Done {
    std::string name;
    std::size_t added;
    std::size_t amended;
    std::uint64_t tree_size;
};
std::string done_report(const Done& done, ReportForm form);

/// Why an import stopped before its end; what was shown as durable stays.
std::string failed_report(const Error& error, ReportForm form);

}  // namespace entente::net
