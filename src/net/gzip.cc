// SPDX-License-Identifier: Apache-2.0
#include "net/gzip.h"

#include <zlib.h>

#include "base/assert.h"

namespace entente::net {

std::string gzip(const std::string& bytes, int level) {
    z_stream stream{};
    constexpr int gzip_window = 15 + 16;
    ASSERT(deflateInit2(&stream, level, Z_DEFLATED, gzip_window, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    std::string out(deflateBound(&stream, static_cast<uLong>(bytes.size())), '\0');
    stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    ASSERT(deflate(&stream, Z_FINISH) == Z_STREAM_END);
    out.resize(stream.total_out);
    (void)deflateEnd(&stream);
    return out;
}

}  // namespace entente::net
