// SPDX-License-Identifier: Apache-2.0
#include "statement/dealing.h"

#include <algorithm>

#include "base/assert.h"

namespace entente::statement {
namespace {

struct Row {
    const char* kind;
    Result<Dealt> (*decode)(BytesView bytes);
};

template <class T>
Result<Dealt> as_dealt(Result<T> read) {
    if (!read) return tl::unexpected(std::move(read).error());
    return Dealt(std::move(*read));
}

/// In the order of the variant.
constexpr Row rows[] = {
    {activity_kind, [](BytesView bytes) { return as_dealt(decode_activity(bytes)); }},
    {reply_kind, [](BytesView bytes) { return as_dealt(decode_reply(bytes)); }},
    {sealed_check_kind, [](BytesView bytes) { return as_dealt(decode_sealed_check(bytes)); }},
    {attempt_kind, [](BytesView bytes) { return as_dealt(decode_attempt(bytes)); }},
    {message_kind, [](BytesView bytes) { return as_dealt(decode_message(bytes)); }},
    {challenge_kind, [](BytesView bytes) { return as_dealt(decode_challenge(bytes)); }},
    {airspace_kind, [](BytesView bytes) { return as_dealt(decode_airspace(bytes)); }},
};
static_assert(std::size(rows) == std::variant_size_v<Dealt>);

const Row* row_of(std::string_view kind) {
    for (const Row& row : rows) {
        if (kind == row.kind) return &row;
    }
    return nullptr;
}

struct Encoder {
    Bytes operator()(const Activity& one) const { return encode_activity(one); }
    Bytes operator()(const Reply& one) const { return encode_reply(one); }
    Bytes operator()(const SealedCheck& one) const { return encode_sealed_check(one); }
    Bytes operator()(const Attempt& one) const { return encode_attempt(one); }
    Bytes operator()(const Message& one) const { return encode_message(one); }
    Bytes operator()(const Challenge& one) const { return encode_challenge(one); }
    Bytes operator()(const Airspace& one) const { return encode_airspace(one); }
};

struct About {
    template <class T>
    std::optional<RecordId> operator()(const T&) const {
        return std::nullopt;
    }
    std::optional<RecordId> operator()(const Reply& one) const { return one.of; }
    std::optional<RecordId> operator()(const Attempt& one) const { return one.of; }
    std::optional<RecordId> operator()(const Message& one) const { return one.answers; }
    std::optional<RecordId> operator()(const Challenge& one) const { return one.of; }
};

}  // namespace

bool is_dealing(std::string_view kind) { return row_of(kind) != nullptr; }

std::array<const char*, std::variant_size_v<Dealt>> dealing_kinds() {
    std::array<const char*, std::variant_size_v<Dealt>> out{};
    std::transform(std::begin(rows), std::end(rows), out.begin(),
                   [](const Row& row) { return row.kind; });
    return out;
}

const char* kind_of(const Dealt& dealt) { return rows[dealt.index()].kind; }

const BodyKeys& keys_of(const Dealt& dealt) {
    return std::visit([](const auto& one) -> const BodyKeys& { return one.keys; }, dealt);
}

void set_keys(Dealt& dealt, const BodyKeys& keys) {
    std::visit([&](auto& one) { one.keys = keys; }, dealt);
}

Result<void> validate(const Dealt& dealt) {
    return std::visit([](const auto& one) { return validate(one); }, dealt);
}

Bytes encode_dealt(const Dealt& dealt) { return std::visit(Encoder{}, dealt); }

Result<Dealt> decode_dealt(std::string_view kind, BytesView bytes) {
    const Row* row = row_of(kind);
    ASSERT(row != nullptr);
    return row->decode(bytes);
}

std::optional<RecordId> about(const Dealt& dealt) { return std::visit(About{}, dealt); }

}  // namespace entente::statement
