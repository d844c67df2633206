// SPDX-License-Identifier: Apache-2.0
// A stranger's file opened once and shown to ogr2ogr under a plain name of ours: a new folder with
// links to the descriptors that were checked. So neither the file's name (`/vsicurl/...`, `-f`),
// nor what lies beside it, nor a change of the path after the check can reach GDAL.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "reader/format.h"

namespace entente::reader {

class Source {
  public:
    /// Refuses what is no regular file (links, folders, FIFOs, devices) and what is too large,
    /// before anything is started.
    static Result<Source> open(const std::string& path, const Format& format,
                               std::uint64_t bytes_max);
    Source(Source&& other) noexcept;
    Source& operator=(Source&&) = delete;
    ~Source();

    const std::string& folder() const { return folder_; }
    std::string name() const;  // in the folder, with GDAL's prefix
    const std::string& plain_name() const { return name_; }
    const std::vector<int>& fds() const { return fds_; }  // the folder and the files
    std::uint64_t bytes() const { return bytes_; }
    /// How far the process has read in the main file; 0 if that cannot be seen.
    std::uint64_t position(int pid) const;

  private:
    Source() = default;
    Result<void> add(const std::string& path, const std::string& name, std::uint64_t bytes_max);
    Result<void> add_parts(const std::string& path, std::uint64_t bytes_max);
    Result<void> make_folder();

    std::string folder_;
    std::string name_;
    std::string prefix_;
    std::vector<int> fds_;
    std::vector<std::string> links_;
    std::uint64_t bytes_ = 0;
};

}  // namespace entente::reader
