// SPDX-License-Identifier: Apache-2.0
// Evidence files out of a stranger's bytes: what is read is written again as it stood, and whatever
// a file holds, verifying it gives an answer, and a page of what it proves.
//
// Input: charter | 0 | what follows a file's first line, which is made here, or no fuzzer would get
// past its hash.
#include <cstdlib>

#include "base/encode.h"
#include "base/sha256.h"
#include "evidence/page.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace entente;  // NOLINT(google-build-using-namespace): one function
    const BytesView bytes(reinterpret_cast<const char*>(data), size);
    const std::size_t cut = bytes.find('\0');
    const std::string charter(bytes.substr(0, cut));
    const BytesView rest = cut == bytes.npos ? BytesView() : bytes.substr(cut + 1);
    const Bytes sealed =
        "entente/evidence/v1 " + to_base64(sha256(rest).view()) + "\n" + Bytes(rest);
    for (const BytesView one : {rest, BytesView(sealed)}) {
        const auto file = evidence::parse_file(one);
        if (file && evidence::format_file(*file) != one) std::abort();
        const auto report = evidence::verify(one, {&charter, 1});
        if (report && (!file || evidence::page(*report).empty())) std::abort();
    }
    return 0;
}
