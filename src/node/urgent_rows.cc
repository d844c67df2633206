// SPDX-License-Identifier: Apache-2.0
#include "node/urgent_rows.h"

#include <charconv>

#include "base/limits.h"

namespace entente::node {
namespace {

void put(Bytes& out, BytesView part) {
    for (int shift = 24; shift >= 0; shift -= 8) {
        out += static_cast<char>(part.size() >> shift & 255);
    }
    out += part;
}

Result<BytesView> take(BytesView& rest) {
    std::size_t size = 0;
    for (std::size_t i = 0; i < 4 && i < rest.size(); ++i) {
        size = size << 8 | static_cast<unsigned char>(rest[i]);
    }
    if (rest.size() < 4 || rest.size() - 4 < size || size > limits::urgent_bytes_max) {
        return fail(Errc::malformed, "urgent statements are cut short");
    }
    const BytesView out = rest.substr(4, size);
    rest.remove_prefix(4 + size);
    return out;
}

Result<std::int64_t> take_number(BytesView& rest) {
    TRY(text, take(rest));
    std::int64_t out = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error != std::errc() || end != text.data() + text.size() || out < 0) {
        return fail(Errc::malformed, "urgent statements: not a number");
    }
    return out;
}

}  // namespace

Bytes encode_urgent_rows(const std::vector<UrgentRow>& rows) {
    Bytes out;
    for (const UrgentRow& row : rows) {
        put(out, row.from);
        put(out, row.of);
        put(out, std::to_string(millis(row.came)));
        put(out, std::to_string(row.desks.size()));
        for (const std::string& desk : row.desks) put(out, desk);
        put(out, row.box);
    }
    return out;
}

Result<std::vector<UrgentRow>> decode_urgent_rows(BytesView rest) {
    std::vector<UrgentRow> out;
    while (!rest.empty()) {
        UrgentRow row;
        TRY(from, take(rest));
        TRY(of, take(rest));
        TRY(came, take_number(rest));
        TRY(desks, take_number(rest));
        for (std::int64_t i = 0; i < desks; ++i) {
            TRY(desk, take(rest));
            row.desks.emplace_back(desk);
        }
        TRY(box, take(rest));
        row.from = from;
        row.of = of;
        row.came = instant(came);
        row.box = box;
        out.push_back(std::move(row));
    }
    return out;
}

Bytes join_urgent_boxes(const std::vector<BytesView>& boxes) {
    Bytes out;
    for (const BytesView box : boxes) put(out, box);
    return out;
}

Result<std::vector<Bytes>> urgent_boxes(BytesView rest) {
    std::vector<Bytes> out;
    while (!rest.empty()) {
        TRY(box, take(rest));
        out.emplace_back(box);
    }
    return out;
}

}  // namespace entente::node
