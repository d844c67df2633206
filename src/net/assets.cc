// SPDX-License-Identifier: Apache-2.0
#include "net/assets.h"

#include <charconv>

#include "base/encode.h"
#include "base/sha256.h"

namespace entente::net {
namespace {

constexpr std::string_view compressed = ".gz";

Asset make_asset(std::string type, std::string_view bytes, bool immutable) {
    Asset out;
    out.etag = '"' + to_base64url(sha256(bytes).view()).substr(0, 22) + '"';
    out.bytes = std::make_shared<const std::string>(bytes);
    out.type = std::move(type);
    out.immutable = immutable;
    return out;
}

struct File {
    std::string_view path, type, bytes;
};

/// Its lines, then its bytes; views into the pack.
Result<std::vector<File>> files_of(std::string_view pack) {
    std::vector<File> out;
    std::vector<std::size_t> sizes;
    while (!pack.empty() && pack.front() != '\n') {
        const std::size_t end = pack.find('\n');
        const std::size_t first = pack.find('\t');
        const std::size_t second =
            first == std::string_view::npos ? first : pack.find('\t', first + 1);
        if (end == std::string_view::npos || second == std::string_view::npos || second > end) {
            return fail(Errc::malformed, "the page's pack: a line is not PATH, TYPE, SIZE");
        }
        File file{pack.substr(0, first), pack.substr(first + 1, second - first - 1), {}};
        std::size_t size = 0;
        const auto [stop, error] =
            std::from_chars(pack.data() + second + 1, pack.data() + end, size);
        if (error != std::errc() || stop != pack.data() + end) {
            return fail(Errc::malformed, "the page's pack: the size of " + std::string(file.path));
        }
        out.push_back(file);
        sizes.push_back(size);
        pack.remove_prefix(end + 1);
    }
    if (!pack.empty()) pack.remove_prefix(1);
    for (std::size_t i = 0; i < out.size(); ++i) {
        if (sizes[i] > pack.size()) return fail(Errc::malformed, "the page's pack is cut short");
        out[i].bytes = pack.substr(0, sizes[i]);
        pack.remove_prefix(sizes[i]);
    }
    if (!pack.empty()) return fail(Errc::malformed, "the page's pack has bytes left over");
    return out;
}

}  // namespace

Result<Assets> unpack(std::string_view pack) {
    TRY(files, files_of(pack));
    Assets out;
    for (const File& file : files) {
        const std::string path(file.path);
        if (path.ends_with(compressed)) {
            const auto whole = out.find(path.substr(0, path.size() - compressed.size()));
            if (whole == out.end()) return fail(Errc::malformed, path + " has no whole file");
            whole->second.gzip = std::make_shared<const std::string>(file.bytes);
            continue;
        }
        const bool hashed = path.starts_with("assets/");
        out.emplace(path, make_asset(std::string(file.type), file.bytes, hashed));
    }
    return out;
}

Result<std::string_view> file_in(std::string_view pack, std::string_view begins,
                                 std::string_view ends) {
    TRY(files, files_of(pack));
    for (const File& file : files) {
        if (file.path.starts_with(begins) && file.path.ends_with(ends)) return file.bytes;
    }
    return fail(Errc::not_found,
                "the page has no file " + std::string(begins) + "…" + std::string(ends));
}

}  // namespace entente::net
