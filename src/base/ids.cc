// SPDX-License-Identifier: Apache-2.0
#include "base/ids.h"

#include <algorithm>
#include <cstring>

#include "base/encode.h"

namespace entente {

Result<PartyId> PartyId::parse(std::string_view text) {
    auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    };
    if (text.empty() || text.size() > 32 || text[0] < 'a' || text[0] > 'z' ||
        !std::all_of(text.begin(), text.end(), allowed)) {
        return fail(Errc::malformed, "'" + std::string(text.substr(0, 40)) +
                                         "' is not a party id: use 1 to 32 of a-z, 0-9 and '-', "
                                         "beginning with a letter, for example msf");
    }
    return PartyId{std::string(text)};
}

std::string RecordId::text() const {
    return to_base32({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

Result<RecordId> RecordId::parse(std::string_view text) {
    auto bytes = from_base32(text);
    if (!bytes || bytes->size() != 10) {
        return fail(Errc::malformed, "'" + std::string(text.substr(0, 40)) +
                                         "' is not a record id: 16 characters of a-z and 2-7");
    }
    RecordId id;
    std::memcpy(id.bytes.data(), bytes->data(), id.bytes.size());
    return id;
}

}  // namespace entente
