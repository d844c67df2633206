// SPDX-License-Identifier: Apache-2.0
// What answers in a peer's place, byte for byte: header lines, then a body as it comes, gzip or
// not. How the network cuts a body changes nothing, limits hold, and nothing that is kept is larger
// than what may come.
//
// Input: header lines, each with its newline | an empty line | the body.
#include <algorithm>
#include <cstdlib>

#include "net/answer_reader.h"

namespace entente::net {
namespace {

constexpr std::size_t header_max = 2048, body_max = 4096;

void require(bool holds) {
    if (!holds) std::abort();
}

struct Answer {
    std::string_view header, body;
};

Answer split(std::string_view input) {
    const std::size_t end = input.find("\n\n");
    if (end == std::string_view::npos) return {input, {}};
    return {input.substr(0, end + 1), input.substr(end + 2)};
}

/// The body in pieces of `piece` bytes.
tl::expected<Response, Failure> read(const Answer& answer, std::size_t piece) {
    AnswerReader reader(header_max, body_max);
    std::string_view header = answer.header;
    while (!header.empty()) {
        const std::size_t line = std::min(header.find('\n'), header.size() - 1) + 1;
        if (!reader.header(header.substr(0, line))) return reader.finish();
        header.remove_prefix(line);
    }
    for (std::size_t at = 0; at < answer.body.size(); at += piece) {
        if (!reader.body(answer.body.substr(at, piece))) break;
    }
    require(reader.bytes_in() <= answer.header.size() + answer.body.size());
    return reader.finish();
}

void try_all(std::string_view input) {
    const Answer answer = split(input);
    const auto whole = read(answer, std::max<std::size_t>(1, answer.body.size()));
    if (whole) {
        require(whole->status >= 100 && whole->status <= 999);
        require(whole->body.size() <= body_max);
        std::size_t kept = 0;
        for (const auto& [name, value] : whole->headers) kept += name.size() + value.size();
        require(kept <= header_max);
    }
    for (const std::size_t piece : {std::size_t{1}, std::size_t{7}}) {
        const auto cut = read(answer, piece);
        require(cut.has_value() == whole.has_value());
        if (!whole) continue;
        require(cut->status == whole->status && cut->body == whole->body);
        require(cut->headers == whole->headers && cut->etag == whole->etag);
    }
}

}  // namespace
}  // namespace entente::net

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    entente::net::try_all({reinterpret_cast<const char*>(data), size});
    return 0;
}
