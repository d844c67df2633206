// SPDX-License-Identifier: Apache-2.0
#include "cli/staff.h"

#include <fmt/format.h>

#include "base/assert.h"
#include "people/memory_store.h"
#include "people/officer_key.h"
#include "store/sqlite_people.h"

namespace entente::cli {
namespace {

Result<Staff> staff_of(std::unique_ptr<people::Store> store) {
    TRY(people, people::People::load(*store));
    TRY(proposals, people::Proposals::load(*store));
    TRY(roster, people::Roster::load(*store));
    return Staff{std::move(store), std::make_unique<people::People>(std::move(people)),
                 std::make_unique<people::Proposals>(std::move(proposals)),
                 std::make_unique<people::Roster>(std::move(roster))};
}

}  // namespace

Result<Staff> open_staff(const DataDir& dir) {
    TRY(store, store::open_people(dir.people()));
    return staff_of(std::move(store));
}

Staff open_staff_to_read(const DataDir& dir) {
    auto staff = open_staff(dir);
    if (staff) return std::move(*staff);
    fmt::print(stderr, "entente: note: what is read now is not in the audit: {}\n",
               staff.error().detail);
    auto memory = staff_of(std::make_unique<people::MemoryStore>());
    ASSERT(memory);
    return std::move(*memory);
}

Result<Bytes> read_officer_key(const DataDir& dir, const std::string& officer) {
    TRYV(people::check_name("officer", officer));
    auto file = read_file(dir.officer_of(officer), people::officer_file_bytes_max);
    if (!file && file.error().code == Errc::not_found) {
        return fail(Errc::not_found, "the key of the officer " + officer +
                                         " does not lie here; sign where it does: entente "
                                         "approvals sign --key FILE");
    }
    return file;
}

}  // namespace entente::cli
