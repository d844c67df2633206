// SPDX-License-Identifier: Apache-2.0
#include "store/file_cosign_state.h"

#include "base/encode.h"
#include "base/sha256.h"
#include "store/commit.h"
#include "store/head_file.h"

namespace entente::store {
namespace {

using node::CosignRole;
using node::SignedHead;

std::string word(CosignRole role) { return role == CosignRole::witness ? "witness" : "mirror"; }

class FileCosignState : public node::CosignState {
  public:
    FileCosignState(std::string dir, Files& files) : dir_(std::move(dir)), files_(files) {}

    // Read anew each time: what is on the disk is what will be found after a crash.
    Result<std::optional<SignedHead>> last(const Origin& origin, CosignRole role) override {
        const std::string file = path(origin, role);
        TRY(bytes, files_.read(file, head_file_bytes_max));
        if (!bytes) return std::optional<SignedHead>();
        auto head = parse_head_file(*bytes, about(origin, role));
        if (head) return std::optional<SignedHead>(*head);
        return fail(head.error().code,
                    "the memory of what was cosigned, " + file +
                        ", is damaged: " + head.error().detail +
                        "; nothing of that log is cosigned without it. Do not remove it: look at "
                        "the disk");
    }

    Result<void> replace(const Origin& origin, CosignRole role,
                         const std::optional<SignedHead>& expected,
                         const SignedHead& next) override {
        // What a process that was killed renamed is seen, and may not be durable: it must be before
        // anybody acts on it. The same where a sync failed.
        if (!names_durable_) TRYV(files_.sync_dir(dir_));
        names_durable_ = true;
        TRY(held, last(origin, role));
        TRYV(check_cosigned(origin, held, expected, next));
        if (held == next) return {};
        names_durable_ = false;
        TRYV(write_atomically(files_, path(origin, role),
                              format_head_file(about(origin, role), next)));
        names_durable_ = true;
        return {};
    }

  private:
    std::string path(const Origin& origin, CosignRole role) const {
        return dir_ + "/" + to_hex(sha256(origin.v).view()) + "." + word(role);
    }
    static std::string about(const Origin& origin, CosignRole role) {
        return word(role) + " " + origin.v;
    }

    const std::string dir_;
    Files& files_;
    bool names_durable_ = false;
};

}  // namespace

Result<void> create_file_cosign_state(const std::string& dir, Files& files) {
    TRYV(files.make_dir(dir));
    return files.sync_dir(dir_of(dir));
}

Result<std::unique_ptr<node::CosignState>> open_file_cosign_state(const std::string& dir,
                                                                  Files& files) {
    TRY(there, files.stat(dir));
    if (!there) {
        return fail(Errc::not_found,
                    "no memory of what was cosigned at " + dir +
                        ": it is in no backup, and nothing is cosigned without it until the peers "
                        "have told what this node cosigned before");
    }
    return std::unique_ptr<node::CosignState>(std::make_unique<FileCosignState>(dir, files));
}

}  // namespace entente::store
