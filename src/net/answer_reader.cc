// SPDX-License-Identifier: Apache-2.0
#include "net/answer_reader.h"

#include <charconv>

namespace entente::net {
namespace {

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return out;
}

std::string_view trimmed(std::string_view text) {
    const auto is_space = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
    return text;
}

/// `HTTP/1.1 200 OK` -> 200, or 0.
int status_in(std::string_view line) {
    const std::size_t space = line.find(' ');
    if (space == std::string_view::npos || line.size() < space + 4) return 0;
    const std::string_view digits = line.substr(space + 1, 3);
    int out = 0;
    const auto [stop, error] = std::from_chars(digits.data(), digits.data() + 3, out);
    return error == std::errc() && stop == digits.data() + 3 && out >= 100 ? out : 0;
}

}  // namespace

bool AnswerReader::give_up(Reason reason, std::string detail) {
    if (!failure_) failure_ = Failure{reason, std::move(detail)};
    return false;
}

bool AnswerReader::header(std::string_view line) {
    bytes_in_ += line.size();
    header_bytes_ += line.size();
    if (header_bytes_ > header_max_) {
        return give_up(Reason::too_large, "the header has more than " +
                                              std::to_string(header_max_) + " bytes (header_max)");
    }
    if (line.starts_with("HTTP/")) {
        response_ = Response();
        response_.status = status_in(line);
        length_.reset();
        gunzip_.reset();
        if (response_.status == 0) return give_up(Reason::garbage, "a status line without status");
        return true;
    }
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return true;  // the empty line; libcurl refuses others
    return field(lower(line.substr(0, colon)), trimmed(line.substr(colon + 1)));
}

bool AnswerReader::field(std::string_view name, std::string_view value) {
    if (body_bytes_ > 0) return true;  // a trailer, which means nothing here
    if (name == "content-type") response_.type = value;
    if (name == "etag") response_.etag = value;
    if (name == "content-length") {
        if (length_ && *length_ != value) return give_up(Reason::garbage, "two Content-Lengths");
        length_ = value;
    }
    if (name == "transfer-encoding" && lower(value) != "chunked") {
        return give_up(Reason::garbage, "a Transfer-Encoding but chunked");
    }
    if (name == "content-encoding") {
        const std::string coding = lower(value);
        if (coding == "gzip" && !gunzip_) {
            gunzip_ = std::make_unique<Gunzip>(body_max_);
        } else if (coding != "identity" && !coding.empty()) {
            return give_up(Reason::garbage, "Content-Encoding: only gzip was asked for, and once");
        }
    }
    response_.headers.emplace_back(name, value);
    return true;
}

bool AnswerReader::body(std::string_view bytes) {
    bytes_in_ += bytes.size();
    body_bytes_ += bytes.size();
    if (body_bytes_ > body_max_) {
        return give_up(Reason::too_large,
                       "the body has more than " + std::to_string(body_max_) + " bytes (body_max)");
    }
    if (!gunzip_) {
        response_.body.append(bytes);
        return true;
    }
    const auto fed = gunzip_->feed(bytes, response_.body);
    if (fed) return true;
    const bool large = fed.error().code == Errc::too_large;
    return give_up(large ? Reason::too_large : Reason::garbage, fed.error().detail);
}

tl::expected<Response, Failure> AnswerReader::finish() {
    if (!failure_ && response_.status == 0) give_up(Reason::garbage, "an answer without a status");
    if (!failure_ && gunzip_ && body_bytes_ > 0) {
        if (const auto ended = gunzip_->end(); !ended)
            give_up(Reason::garbage, ended.error().detail);
    }
    if (failure_) return tl::unexpected(*failure_);
    return std::move(response_);
}

}  // namespace entente::net
