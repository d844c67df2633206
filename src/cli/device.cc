// SPDX-License-Identifier: Apache-2.0
#include "cli/device.h"

#include <array>
#include <filesystem>

#include "base/encode.h"
#include "base/limits.h"
#include "cli/charter_files.h"
#include "statement/charter.h"
#include "statement/field_pack.h"
#include "store/files.h"

namespace entente::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* card_title = "entente-device/v1 ";
constexpr std::size_t small_file_max = 4096;

/// A small text file without its line end.
Result<std::string> read_line_of(const std::string& path) {
    TRY(text, read_file(path, small_file_max));
    if (!text.empty() && text.back() == '\n') text.pop_back();
    return std::string(std::move(text));
}

Result<void> check_name(const std::string& name) {
    const bool good = !name.empty() && name.size() <= statement::device_name_bytes_max &&
                      is_utf8(name) && name.find('\n') == std::string::npos;
    if (good) return {};
    return fail(Errc::malformed, "a device's name has 1 to 64 bytes on one line");
}

tl::unexpected<Error> no_card(const std::string& path) {
    return fail(Errc::malformed, path +
                                     " is no device's card: one line, entente-device/v1 and its "
                                     "key, charter, party and name");
}

}  // namespace

Result<DeviceCard> read_device_card(const std::string& path) {
    TRY(line, read_line_of(path));
    if (!line.starts_with(card_title)) return no_card(path);
    std::array<std::string, 3> words;  // and the rest is the name
    std::size_t from = std::string_view(card_title).size();
    for (std::string& word : words) {
        const std::size_t space = line.find(' ', from);
        if (space == std::string::npos) return no_card(path);
        word = line.substr(from, space - from);
        from = space + 1;
    }
    auto bytes = from_base64url(words[0]);
    if (!bytes) return at(path, bytes.error());
    auto key = SealingKey::from(*bytes);
    if (!key) return at(path, key.error());
    auto party = PartyId::parse(words[2]);
    if (!party) return at(path, party.error());
    DeviceCard out{*key, std::move(words[1]), std::move(*party), line.substr(from)};
    if (auto good = check_name(out.name); !good) return at(path, good.error());
    return out;
}

Result<void> Device::make(const std::string& dir, const std::string& charter_file,
                          const PartyId& party, const std::string& name, const Random& random) {
    TRYV(check_name(name));
    TRY(charter, statement::parse_charter(charter_file));
    if (charter.party(party) == nullptr) {
        return fail(Errc::refused, "the charter has no party " + party.v);
    }
    std::error_code error;
    if (fs::exists(dir, error)) {
        return fail(Errc::refused, dir + " is there already; a device is made once");
    }
    if (!fs::create_directories(dir, error)) return store::os_error("make", dir, error.value());
    const Secret secret = Secret::generate(random);
    const SealingSecret key = SealingSecret::from(secret);
    TRYV(write_key(dir + "/key", "device", secret));
    TRYV(write_new_file(dir + "/charter.toml", charter_file));
    TRYV(write_new_file(dir + "/party", party.v + "\n"));
    // Last: with it the device is made.
    return write_new_file(dir + "/device", card_title + to_base64url(key.public_key().view()) +
                                               " " + charter.id + " " + party.v + " " + name +
                                               "\n");
}

Result<Device> Device::open(const std::string& dir) {
    TRY(secret, read_key(dir + "/key", "device"));
    TRY(charter, read_charter_file(dir + "/charter.toml"));
    TRY(party_text, read_line_of(dir + "/party"));
    TRY(party, PartyId::parse(party_text));
    Instant seen = Instant::min();
    const std::string path = dir + "/seen";
    if (std::error_code error; fs::exists(path, error)) {
        TRY(text, read_line_of(path));
        auto read = parse_rfc3339(text);
        if (!read) return at(path, read.error());
        seen = *read;
    }
    return Device(dir, std::move(charter), std::move(party), SealingSecret::from(secret), seen);
}

Result<void> Device::see(Instant time) {
    if (time <= seen_) return {};
    TRYV(store::write_atomically(store::os_files(), dir_ + "/seen", format_rfc3339(time) + "\n"));
    seen_ = time;
    return {};
}

}  // namespace entente::cli
