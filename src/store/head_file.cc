// SPDX-License-Identifier: Apache-2.0
#include "store/head_file.h"

#include <array>
#include <charconv>

#include "base/encode.h"
#include "base/sha256.h"

namespace entente::store {

Bytes format_head_file(const std::string& about, const node::SignedHead& head) {
    Bytes text = "entente/v1/signed-head\n" + about + "\n" + std::to_string(head.size.v) + "\n" +
                 to_base64(head.root.view()) + "\n";
    text += to_hex(sha256(text).view()) + "\n";
    return text;
}

Result<node::SignedHead> parse_head_file(BytesView bytes, const std::string& about) {
    std::array<BytesView, 5> lines;
    BytesView rest = bytes;
    for (BytesView& line : lines) {
        const std::size_t end = rest.find('\n');
        if (end == BytesView::npos) return fail(Errc::malformed, "it is cut short");
        line = rest.substr(0, end);
        rest.remove_prefix(end + 1);
    }
    const BytesView summed = bytes.substr(0, bytes.size() - rest.size() - lines[4].size() - 1);
    if (lines[4] != to_hex(sha256(summed).view())) {
        return fail(Errc::malformed, "its checksum does not match its lines");
    }
    if (lines[1] != about) {
        return fail(Errc::malformed, "it is about another, " + std::string(lines[1]));
    }
    node::SignedHead head;
    const BytesView number = lines[2];
    std::from_chars(number.data(), number.data() + number.size(), head.size.v);
    TRY(root, hash_from_base64(lines[3]));
    head.root = root;
    // One spelling only: this also refuses whatever the lines above let pass.
    if (format_head_file(about, head) != bytes) {
        return fail(Errc::malformed, "it does not have the form of a signed head");
    }
    return head;
}

}  // namespace entente::store
