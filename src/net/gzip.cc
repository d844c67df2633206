// SPDX-License-Identifier: Apache-2.0
#include "net/gzip.h"

#include <zlib.h>

#include "base/assert.h"

namespace entente::net {
namespace {

constexpr int gzip_window = 15 + 16;  // zlib's number for RFC 1952 and nothing else

}  // namespace

std::string gzip(const std::string& bytes, int level) {
    z_stream stream{};
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

Gunzip::Gunzip(std::size_t bytes_max)
    : stream_(std::make_unique<z_stream_s>()), bytes_max_(bytes_max) {
    ASSERT(inflateInit2(stream_.get(), gzip_window) == Z_OK);
}

Gunzip::~Gunzip() { (void)inflateEnd(stream_.get()); }

Result<void> Gunzip::feed(std::string_view bytes, std::string& out) {
    stream_->next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(bytes.data()));
    stream_->avail_in = static_cast<uInt>(bytes.size());
    bool full = false;  // of what came out last there may be more
    while (stream_->avail_in > 0 || full) {
        if (ended_) return fail(Errc::malformed, "gzip: bytes behind the end");
        char piece[16 * 1024];
        stream_->next_out = reinterpret_cast<Bytef*>(piece);
        stream_->avail_out = sizeof piece;
        const int code = inflate(stream_.get(), Z_NO_FLUSH);
        if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR) {
            return fail(Errc::malformed, "gzip: the bytes are none (RFC 1952)");
        }
        const std::size_t count = sizeof piece - stream_->avail_out;
        if (count > bytes_max_ - out.size()) {
            return fail(Errc::too_large, "gzip: unpacked it has more than " +
                                             std::to_string(bytes_max_) + " bytes (body_max)");
        }
        out.append(piece, count);
        ended_ = code == Z_STREAM_END;
        full = !ended_ && stream_->avail_out == 0;
    }
    return {};
}

Result<void> Gunzip::end() const {
    if (!ended_) return fail(Errc::malformed, "gzip: it ends before its end");
    return {};
}

}  // namespace entente::net
