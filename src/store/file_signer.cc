// SPDX-License-Identifier: Apache-2.0
#include "store/file_signer.h"

#include "store/commit.h"
#include "store/head_file.h"

namespace entente::store {
namespace {

constexpr std::size_t key_bytes_max = 1024;

Result<std::optional<node::SignedHead>> read_head(Files& files, const std::string& file,
                                                  const std::string& vkey) {
    TRY(bytes, files.read(file, head_file_bytes_max));
    if (!bytes) return std::optional<node::SignedHead>();
    auto head = parse_head_file(*bytes, vkey);
    if (head) return std::optional<node::SignedHead>(*head);
    return fail(head.error().code,
                "the signer's memory " + file + " is damaged: " + head.error().detail +
                    "; nothing is signed without it. Do not remove it: look at the disk, and "
                    "if it cannot be mended open a successor log");
}

// Read anew each time: what is on the disk is what will be found after a crash.
Result<node::SignerState> read_state(Files& files, const std::string& dir,
                                     const std::string& vkey) {
    TRY(last, read_head(files, dir + "/last", vkey));
    TRY(next, read_head(files, dir + "/next", vkey));
    node::SignerState state;
    state.last = last;
    state.next = next;
    return state;
}

/// What a restored directory has until somebody puts the key back or opens a successor log.
class KeylessSigner : public node::Signer {
  public:
    KeylessSigner(std::string dir, std::string vkey, Files& files)
        : dir_(std::move(dir)), vkey_(std::move(vkey)), files_(files) {}

    Result<std::string> vkey() override { return vkey_; }
    Result<node::SignerState> state() override { return read_state(files_, dir_, vkey_); }
    Result<Bytes> propose(const node::SignedHead&, BytesView) override { return no_key(); }
    Result<void> settle() override { return no_key(); }
    Result<void> drop() override { return no_key(); }

  private:
    tl::unexpected<Error> no_key() const {
        return fail(Errc::refused, "no log key at " + dir_ +
                                       "/key: nothing can be signed here. Put the key back, or "
                                       "open a successor log with the root key");
    }

    const std::string dir_;
    const std::string vkey_;
    Files& files_;
};

class FileSigner : public node::Signer {
  public:
    FileSigner(std::string dir, tlog::LogKey key, Files& files)
        : dir_(std::move(dir)), key_(std::move(key)), files_(files) {}

    Result<std::string> vkey() override { return key_.verifier().text(); }

    Result<node::SignerState> state() override {
        return read_state(files_, dir_, key_.verifier().text());
    }

    Result<Bytes> propose(const node::SignedHead& next, BytesView text) override {
        TRYV(check_text(key_.verifier().name, next, text));
        TRY(now, state());
        TRYV(check_proposal(now, next));
        const Bytes bytes = format_head_file(key_.verifier().text(), next);
        TRYV(change([&] { return write_atomically(files_, path("next"), bytes); }));
        return key_.sign(text);
    }

    Result<void> settle() override {
        TRY(now, state());
        if (!now.next) return nothing_proposed();
        return change([&]() -> Result<void> {
            TRYV(files_.rename(path("next"), path("last")));
            return files_.sync_dir(dir_);
        });
    }

    Result<void> drop() override {
        return change([&]() -> Result<void> {
            TRYV(files_.remove(path("next")));
            return files_.sync_dir(dir_);
        });
    }

  private:
    std::string path(const char* name) const { return dir_ + "/" + name; }

    /// No change of names goes on top of one that may not be durable: a process that was killed
    /// between a rename and its sync, or a sync that failed, leaves such a one. A file system that
    /// kept only the later would show `last` and `next` of different times (seed 18 of
    /// power_cut_test.cc in its long form: database at 42, last 39, next 44).
    template <class Work>
    Result<void> change(const Work& work) {
        if (!names_durable_) TRYV(files_.sync_dir(dir_));
        names_durable_ = false;
        TRYV(work());
        names_durable_ = true;
        return {};
    }

    const std::string dir_;
    const tlog::LogKey key_;
    Files& files_;
    bool names_durable_ = false;  // whoever was here before may have been killed
};

}  // namespace

Result<void> create_file_signer(const std::string& dir, const tlog::LogKey& key, Files& files) {
    TRYV(files.make_dir(dir));
    const std::string file = dir + "/key";
    TRY(there, files.stat(file));
    if (there) {
        return fail(Errc::refused, file + " exists already, and a log key is never overwritten");
    }
    TRYV(write_atomically(files, file, key.text() + "\n"));
    return files.sync_dir(dir_of(dir));
}

Result<void> create_keyless_signer(const std::string& dir, const std::string& vkey, Files& files) {
    TRYV(tlog::VerifierKey::parse(vkey));
    TRYV(files.make_dir(dir));
    TRYV(write_atomically(files, dir + "/vkey", vkey + "\n"));
    return files.sync_dir(dir_of(dir));
}

Result<std::unique_ptr<node::Signer>> open_file_signer(const std::string& dir, Files& files) {
    const std::string file = dir + "/key";
    TRY(there, files.stat(file));
    if (!there) {
        TRY(vkey, files.read(dir + "/vkey", key_bytes_max));
        if (vkey && vkey->ends_with('\n')) {
            vkey->pop_back();
            auto key = tlog::VerifierKey::parse(*vkey);
            if (!key) return at(dir + "/vkey", key.error());
            return std::unique_ptr<node::Signer>(
                std::make_unique<KeylessSigner>(dir, key->text(), files));
        }
        return fail(Errc::not_found, "no log key at " + file +
                                         ": nothing can be signed here. Put the key back, or open "
                                         "a successor log with the root key");
    }
    if ((there->mode & 0177u) != 0) {
        return fail(Errc::refused,
                    "others may read or change the log key " + file + "; run: chmod 600 " + file);
    }
    TRY(bytes, files.read(file, key_bytes_max));
    BytesView text = bytes ? BytesView(*bytes) : BytesView();
    if (text.ends_with('\n')) text.remove_suffix(1);
    auto key = tlog::LogKey::parse(text);
    if (!key) return at("the log key " + file, key.error());
    return std::unique_ptr<node::Signer>(std::make_unique<FileSigner>(dir, std::move(*key), files));
}

}  // namespace entente::store
