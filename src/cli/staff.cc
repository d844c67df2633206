// SPDX-License-Identifier: Apache-2.0
#include "cli/staff.h"

#include <fmt/format.h>

#include "base/assert.h"
#include "base/limits.h"
#include "people/memory_store.h"
#include "people/officer_key.h"
#include "statement/key_entry.h"
#include "store/sqlite_people.h"

namespace entente::cli {
namespace {

Result<Staff> staff_of(std::unique_ptr<people::Store> store) {
    TRY(people, people::People::load(*store));
    TRY(proposals, people::Proposals::load(*store));
    TRY(roster, people::Roster::load(*store));
    TRY(subscriptions, people::Subscriptions::load(*store));
    TRY(sheets, people::Sheets::load(*store));
    return Staff{std::move(store),
                 std::make_unique<people::People>(std::move(people)),
                 std::make_unique<people::Proposals>(std::move(proposals)),
                 std::make_unique<people::Roster>(std::move(roster)),
                 std::make_unique<people::Subscriptions>(std::move(subscriptions)),
                 std::make_unique<people::Sheets>(std::move(sheets))};
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

std::vector<people::Officer> founding_officers(const DataDir& dir, const node::Node& node) {
    std::vector<people::Officer> out;
    const statement::CharterParty* own = node.charter().party(node.snapshot().party());
    const auto file = read_file(dir.founding(), limits::charter_bytes_max);
    const auto root = own != nullptr ? PublicKey::from(own->root) : fail(Errc::not_found, "");
    if (!file || !root) return out;
    std::string_view rest = *file;
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        const auto entry = statement::decode_entry(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
        const auto* open = entry ? std::get_if<statement::OpenEntry>(&*entry) : nullptr;
        if (open == nullptr) continue;
        const auto key = statement::read_key_entry(*open, node.origin(), *root);
        if (!key || key->role != statement::key_role::officer || key->revokes) continue;
        out.push_back({key->name, Bytes(key->key.view()), out.size() + 1, {}});
    }
    return out;
}

}  // namespace entente::cli
