// SPDX-License-Identifier: Apache-2.0
#include "statement/members.h"

namespace entente::statement {

void Members::records(const char* key, std::vector<RecordId>& into, std::size_t count_max) {
    texts(key, count_max,
          {[&] { return into.size(); }, [&] { into.clear(); },
           [&](std::size_t i) { return into[i].text(); },
           [&](const std::string& text) -> Result<void> {
               TRY(id, RecordId::parse(text));
               into.push_back(id);
               return {};
           }});
}

void Members::parties(const char* key, std::vector<PartyId>& into, std::size_t count_max) {
    texts(key, count_max,
          {[&] { return into.size(); }, [&] { into.clear(); },
           [&](std::size_t i) { return into[i].v; },
           [&](const std::string& text) -> Result<void> {
               TRY(id, PartyId::parse(text));
               into.push_back(id);
               return {};
           }});
}

}  // namespace entente::statement
