// SPDX-License-Identifier: Apache-2.0
#include "reader/source.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>

namespace entente::reader {
namespace {

std::string reason() { return strerror(errno); }

const char* kind(mode_t mode) {
    if (S_ISDIR(mode)) return "a folder";
    if (S_ISFIFO(mode)) return "a FIFO";
    if (S_ISSOCK(mode)) return "a socket";
    if (S_ISLNK(mode)) return "a symbolic link";
    return "a device";
}

/// Opens a regular file without following a link in its last part and without waiting on a FIFO.
Result<int> open_regular(const std::string& path, std::uint64_t bytes_max, std::uint64_t& size) {
    struct stat info {};
    if (lstat(path.c_str(), &info) != 0) {
        Errc code = errno == ENOENT ? Errc::not_found : Errc::unavailable;
        return fail(code, path + ": " + reason());
    }
    if (!S_ISREG(info.st_mode)) {
        return fail(Errc::refused, path + " is " + kind(info.st_mode) +
                                       "; give the file itself, as an ordinary file");
    }
    int fd = ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) return fail(Errc::unavailable, path + ": " + reason());
    if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
        close(fd);
        return fail(Errc::refused, path + " changed while it was opened; try again");
    }
    size = static_cast<std::uint64_t>(info.st_size);
    if (size > bytes_max) {
        close(fd);
        return fail(Errc::too_large, path + " has " + std::to_string(size) + " bytes; at most " +
                                         std::to_string(bytes_max) +
                                         " are read (import_bytes_max); split it");
    }
    if (size == 0) {
        close(fd);
        return fail(Errc::malformed, path + " is empty");
    }
    return fd;
}

}  // namespace

Source::Source(Source&& other) noexcept
    : folder_(std::move(other.folder_)), name_(std::move(other.name_)),
      prefix_(std::move(other.prefix_)), fds_(std::move(other.fds_)),
      links_(std::move(other.links_)), bytes_(other.bytes_) {
    other.folder_.clear();
    other.fds_.clear();
    other.links_.clear();
}

Source::~Source() {
    for (int fd : fds_) close(fd);
    for (const auto& link : links_) unlink(link.c_str());
    if (!folder_.empty()) rmdir(folder_.c_str());
}

Result<void> Source::make_folder() {
    const char* parent = getenv("TMPDIR");
    std::string pattern = std::string(parent != nullptr && *parent == '/' ? parent : "/tmp") +
                          "/entente-reader-XXXXXX";
    if (mkdtemp(pattern.data()) == nullptr) {
        return fail(Errc::unavailable, "no temporary folder " + pattern + ": " + reason() +
                                           "; set TMPDIR to a folder that can be written");
    }
    folder_ = pattern;
    int fd = ::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return fail(Errc::unavailable, folder_ + ": " + reason());
    fds_.push_back(fd);
    return {};
}

Result<void> Source::add(const std::string& path, const std::string& name,
                         std::uint64_t bytes_max) {
    std::uint64_t size = 0;
    TRY(fd, open_regular(path, bytes_max - std::min(bytes_max, bytes_), size));
    fds_.push_back(fd);
    bytes_ += size;
    std::string link = folder_ + "/" + name;
    // The child inherits the descriptor under the same number, so the link leads to this file even
    // if the path has another one by then.
    std::string target = "/proc/self/fd/" + std::to_string(fd);
    if (symlink(target.c_str(), link.c_str()) != 0) {
        return fail(Errc::unavailable, link + ": " + reason());
    }
    links_.push_back(link);
    return {};
}

Result<void> Source::add_parts(const std::string& path, std::uint64_t bytes_max) {
    std::string stem = path.substr(0, path.size() - 4);
    for (std::string_view part : shapefile_parts()) {
        std::string upper(part);
        for (char& c : upper) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
        bool found = false;
        for (const auto& ending : {std::string(part), upper}) {
            if (found || access((stem + ending).c_str(), F_OK) != 0) continue;
            found = true;
            TRYV(add(stem + ending, "in" + std::string(part), bytes_max));
        }
        if (!found && (part == ".shx" || part == ".dbf")) {
            return fail(Errc::malformed, path + ": the file " + stem + std::string(part) +
                                             " that belongs to it is missing; put it beside it, "
                                             "or give all of them as one .zip");
        }
    }
    return {};
}

Result<Source> Source::open(const std::string& path, const Format& format,
                            std::uint64_t bytes_max) {
    Source source;
    source.prefix_ = format.prefix;
    source.name_ = "in" + std::string(format.ending);
    std::uint64_t size = 0;
    TRY(checked, open_regular(path, bytes_max, size));
    close(checked);  // before any folder is made; opened again below
    TRYV(source.make_folder());
    TRYV(source.add(path, source.name_, bytes_max));
    if (format.ending == ".shp") TRYV(source.add_parts(path, bytes_max));
    return source;
}

std::string Source::name() const {
    // /vsigzip/ and /vsizip/ want a whole path after them.
    return prefix_.empty() ? name_ : prefix_ + folder_ + "/" + name_;
}

std::uint64_t Source::position(int pid) const {
    struct stat ours {};
    if (fds_.size() < 2 || fstat(fds_[1], &ours) != 0) return 0;
    const std::string base = "/proc/" + std::to_string(pid);
    DIR* folder = opendir((base + "/fd").c_str());
    if (folder == nullptr) return 0;
    std::uint64_t best = 0;
    while (const dirent* entry = readdir(folder)) {
        struct stat theirs {};
        std::string name = entry->d_name;
        if (name[0] == '.' || stat((base + "/fd/" + name).c_str(), &theirs) != 0 ||
            theirs.st_ino != ours.st_ino || theirs.st_dev != ours.st_dev) {
            continue;
        }
        FILE* file = fopen((base + "/fdinfo/" + name).c_str(), "re");
        unsigned long long position = 0;
        if (file != nullptr && fscanf(file, "pos: %llu", &position) == 1 && position > best) {
            best = position;
        }
        if (file != nullptr) fclose(file);
    }
    closedir(folder);
    return best;
}

}  // namespace entente::reader
