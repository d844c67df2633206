// SPDX-License-Identifier: Apache-2.0
// A source that answers requests for an honest log's files with whatever the input says. However it
// lies, what the mirror holds is that log, and the log is never convicted of a fork.
//
// Input: u8, u8, u8 which entries are held, which head is known, which is pulled | then for each
// request an operation: 0 the file | 1 not there | 2, u16, u8 the file with one byte changed |
// 3, u16 cut | 4, u8 n, n bytes those bytes | 5 another file of the log. At the end all are honest.
#include <algorithm>
#include <cstdlib>

#include "mirror/source.h"

namespace entente::mirror {
namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

class Input {
  public:
    explicit Input(BytesView bytes) : bytes_(bytes) {}
    std::uint64_t number(std::size_t count) {
        std::uint64_t out = 0;
        for (std::size_t i = 0; i < count; ++i) {
            out = out << 8 | (bytes_.empty() ? 0 : static_cast<unsigned char>(bytes_[0]));
            if (!bytes_.empty()) bytes_.remove_prefix(1);
        }
        return out;
    }
    Bytes take(std::size_t count) {
        const Bytes out(bytes_.substr(0, count));
        bytes_.remove_prefix(out.size());
        return out;
    }

  private:
    BytesView bytes_;
};

std::optional<Bytes> answer(Input& input, const test::Get& files, const std::string& path) {
    auto bytes = files(path);
    if (!bytes) return bytes;
    switch (input.number(1) % 8) {
        case 1: return std::nullopt;
        case 2: {
            const std::size_t at = input.number(2) % bytes->size();
            (*bytes)[at] = static_cast<char>((*bytes)[at] ^ static_cast<char>(input.number(1)));
            return bytes;
        }
        case 3: bytes->resize(input.number(2) % (bytes->size() + 1)); return bytes;
        case 4: return input.take(input.number(1));
        case 5: return files("tile/0/001");
        default: return bytes;
    }
}

void try_all(BytesView bytes) {
    static const test::World world(1500);
    static const test::Get files = test::files_of(world);
    Input input(bytes);
    std::size_t at[3];
    for (std::size_t& each : at) each = input.number(1) * 1500 / 255;
    std::sort(at, at + 3);
    Mirror mirror = test::mirror_of(world, at[0], at[1]);
    const test::Get get = [&](const std::string& path) { return answer(input, files, path); };
    const auto done = test::pull_all(mirror, world.head(at[2]).bytes(), get, 100);
    require(mirror.tree().root() == world.tree().root(mirror.size()));
    require(mirror.size().v >= at[0] && mirror.size().v <= at[2]);
    if (done) {
        require(mirror.size().v == at[2] && mirror.is_whole());
    } else {
        require(is_rubbish(done.error().reason) && !done.error().fork);
    }
}

}  // namespace
}  // namespace entente::mirror

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    entente::mirror::try_all({reinterpret_cast<const char*>(data), size});
    return 0;
}
