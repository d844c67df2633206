// SPDX-License-Identifier: Apache-2.0
// The few file operations that the store needs besides SQLite's own, behind a small interface, so
// that tests can record them, drop the ones that were not synced, and cut the power anywhere.
// Not a file system library: whole small files only. Every error says what was tried, on which
// path, and what to do.
#pragma once

#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/result.h"

namespace entente::store {

struct FileStat {
    unsigned mode = 0;  // permission bits
    std::uint64_t size = 0;
};

class Files {
  public:
    virtual ~Files() = default;
    /// The whole file, or nothing if there is none. Errc::too_large beyond `most` bytes.
    virtual Result<std::optional<Bytes>> read(const std::string& path, std::size_t most) = 0;
    /// Makes (mode 0600) or empties the file, writes the bytes and syncs them. The name itself is
    /// durable only after sync_dir.
    virtual Result<void> write(const std::string& path, BytesView bytes) = 0;
    /// Syncs the content of a file that somebody else wrote; nothing if there is none.
    virtual Result<void> sync(const std::string& path) = 0;
    /// Atomic, replaces `to`. Durable only after sync_dir.
    virtual Result<void> rename(const std::string& from, const std::string& to) = 0;
    /// Nothing if there is none. Durable only after sync_dir.
    virtual Result<void> remove(const std::string& path) = 0;
    virtual Result<void> sync_dir(const std::string& dir) = 0;
    /// Mode 0700; a directory that exists is left as it is.
    virtual Result<void> make_dir(const std::string& dir) = 0;
    /// Nothing if there is no such file.
    virtual Result<std::optional<FileStat>> stat(const std::string& path) = 0;
};

/// The operating system's. Safe from any thread.
Files& os_files();

/// Afterwards, whatever happens to the power, the path holds the new bytes; before, the old ones or
/// nothing; never a mixture. Uses `path`.tmp, which is left behind only by a crash and overwritten
/// by the next call. Order: write, fsync, rename, fsync of the directory; each is needed
/// (power_cut_test.cc takes each out).
Result<void> write_atomically(Files& files, const std::string& path, BytesView bytes);

/// What stands before the last '/', or "." if there is none.
std::string dir_of(const std::string& path);

/// `cannot VERB PATH: REASON; WHAT TO DO` as Errc::unavailable.
tl::unexpected<Error> os_error(std::string_view verb, const std::string& path, int error_number);

}  // namespace entente::store
