// SPDX-License-Identifier: Apache-2.0
#include "cli/data_dir.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>

#include "base/encode.h"
#include "base/random.h"
#include "store/files.h"

namespace entente::cli {
namespace {

constexpr std::size_t key_file_bytes_max = 256;
constexpr std::size_t token_bytes_min = 40;
constexpr std::string_view key_magic = "entente-key/v1 ";

}  // namespace

Result<void> write_key(const std::string& path, const char* role, const Secret& secret) {
    return store::write_atomically(
        store::os_files(), path,
        fmt::format("{}{} {}\n", key_magic, role, to_base64(secret.view())));
}

Result<std::optional<Secret>> read_key_if_there(const std::string& path, const char* role) {
    TRY(stat, store::os_files().stat(path));
    if (!stat) return std::optional<Secret>();
    if ((stat->mode & 077) != 0) {
        return fail(Errc::refused, fmt::format("others may read the key {} (mode {:o}); it may be "
                                               "known already. If not: chmod 600 {}",
                                               path, stat->mode, path));
    }
    TRY(bytes, store::os_files().read(path, key_file_bytes_max));
    const std::string begin = fmt::format("{}{} ", key_magic, role);
    if (!bytes || !bytes->starts_with(begin) || !bytes->ends_with('\n')) {
        return fail(Errc::refused, fmt::format("{} is not a key of the role {}", path, role));
    }
    auto raw = from_base64(bytes->substr(begin.size(), bytes->size() - begin.size() - 1));
    if (!raw) return fail(Errc::refused, fmt::format("the key in {} is damaged", path));
    TRY(secret, Secret::from(*raw));
    return std::optional(secret);
}

Result<Secret> read_key(const std::string& path, const char* role) {
    TRY(key, read_key_if_there(path, role));
    if (!key) {
        return fail(Errc::not_found,
                    fmt::format("the key {} is missing; put it back, from where it is kept", path));
    }
    return *key;
}

Result<std::string> read_token(const std::string& path) {
    TRY(stat, store::os_files().stat(path));
    if (!stat) return fail(Errc::not_found, fmt::format("there is no token {}", path));
    if ((stat->mode & 077) != 0) {
        return fail(Errc::refused, fmt::format("others may read {} (mode {:o}), and with it write "
                                               "here; delete it, and the next serve makes another",
                                               path, stat->mode));
    }
    TRY(bytes, store::os_files().read(path, key_file_bytes_max));
    std::string token = bytes ? *bytes : Bytes();
    if (token.ends_with('\n')) token.pop_back();
    if (token.size() < token_bytes_min || !from_base32(token)) {
        return fail(Errc::refused, fmt::format("{} is damaged; delete it, and the next serve makes "
                                               "another",
                                               path));
    }
    return token;
}

Result<std::string> read_or_make_token(const std::string& path) {
    TRY(stat, store::os_files().stat(path));
    if (stat) return read_token(path);
    Bytes chance(35, '\0');
    os_random()(reinterpret_cast<std::uint8_t*>(chance.data()), chance.size());
    std::string token = to_base32(chance);
    TRYV(store::write_atomically(store::os_files(), path, token + "\n"));
    return token;
}

Result<Bytes> read_file(const std::string& path, std::uint64_t most) {
    struct stat info = {};
    if (::stat(path.c_str(), &info) != 0) {
        if (errno != ENOENT && errno != ENOTDIR) return store::os_error("read", path, errno);
        return fail(Errc::not_found, fmt::format("there is no file {}; is the path right?", path));
    }
    if (!S_ISREG(info.st_mode)) {
        return fail(Errc::refused, fmt::format("{} is not a regular file", path));
    }
    if (static_cast<std::uint64_t>(info.st_size) > most) {
        return fail(Errc::too_large,
                    fmt::format("{} has {} bytes, at most {} are read", path, info.st_size, most));
    }
    TRY(bytes, store::os_files().read(path, most));
    if (!bytes) return fail(Errc::not_found, fmt::format("there is no file {}", path));
    return std::move(*bytes);
}

std::string_view without_mark(std::string_view text) {
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
    return text;
}

}  // namespace entente::cli
