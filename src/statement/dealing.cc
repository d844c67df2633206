// SPDX-License-Identifier: Apache-2.0
#include "statement/dealing.h"

#include <algorithm>

#include "base/assert.h"
#include "statement/said_codec.h"

namespace entente::statement {
namespace {

struct Row {
    const char* kind;
    Result<Dealt> (*decode)(BytesView bytes);
    Dealt (*empty)();
};

template <class T>
constexpr bool walked = requires(Members& m, T& said) {
    members(m, said);
};

template <class T>
Result<Dealt> as_dealt(Result<T> read) {
    if (!read) return tl::unexpected(std::move(read).error());
    return Dealt(std::move(*read));
}

/// Of what has a codec of its own.
template <class T, Result<T> (*Decode)(BytesView)>
constexpr Row own_row(const char* kind) {
    return {kind, [](BytesView bytes) { return as_dealt(Decode(bytes)); },
            [] { return Dealt(T{}); }};
}

/// Of what names its members once.
template <class T>
constexpr Row walked_row(const char* kind) {
    return {kind, [](BytesView bytes) { return as_dealt(decode_said<T>(bytes)); },
            [] { return Dealt(T{}); }};
}

/// In the order of the variant.
constexpr Row rows[] = {
    own_row<Activity, decode_activity>(activity_kind),
    own_row<Reply, decode_reply>(reply_kind),
    own_row<SealedCheck, decode_sealed_check>(sealed_check_kind),
    own_row<Attempt, decode_attempt>(attempt_kind),
    own_row<Message, decode_message>(message_kind),
    own_row<Challenge, decode_challenge>(challenge_kind),
    own_row<Airspace, decode_airspace>(airspace_kind),
    walked_row<Report>(report_kind),
    walked_row<Assessment>(assessment_kind),
    walked_row<Incident>(incident_kind),
    walked_row<Responsibility>(responsibility_kind),
    walked_row<Link>(link_kind),
    walked_row<Group>(group_kind),
    walked_row<Position>(position_kind),
    walked_row<Control>(control_kind),
    walked_row<Request>(request_kind),
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
    template <class T>
    Bytes operator()(const T& one) const {
        return encode_said(one);
    }
};

struct About {
    std::vector<RecordId> out;

    void add(const std::optional<RecordId>& id) {
        if (id && std::find(out.begin(), out.end(), *id) == out.end()) out.push_back(*id);
    }
    void add(const std::vector<RecordId>& ids) {
        for (const RecordId& id : ids) add(std::optional(id));
    }
    void add(const std::vector<Source>& sources) {
        for (const Source& source : sources) add(source.of);
    }

    void operator()(const Activity&) {}
    void operator()(const SealedCheck&) {}
    void operator()(const Airspace&) {}
    void operator()(const Reply& one) { add(one.of); }
    void operator()(const Attempt& one) { add(one.of); }
    void operator()(const Message& one) { add(one.answers); }
    void operator()(const Challenge& one) { add(one.of); }
    void operator()(const Report& one) {
        add(one.about);
        add(one.sources);
    }
    void operator()(const Assessment& one) { add(one.of); }
    void operator()(const Incident& one) {
        for (const Affected& object : one.objects) add(object.record);
        add(one.sources);
    }
    void operator()(const Responsibility& one) {
        add(one.of);
        add(one.sources);
    }
    void operator()(const Link& one) {
        add(one.incident);
        add(one.other);
    }
    void operator()(const Group& one) { add(one.same); }
    void operator()(const Position& one) { add(one.group); }
    void operator()(const Control& one) { add(one.sources); }
    void operator()(const Request& one) { add(one.of); }
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

std::vector<RecordId> about(const Dealt& dealt) {
    About about;
    std::visit(about, dealt);
    return std::move(about.out);
}

bool tears(std::string_view kind) { return kind == report_kind || kind == incident_kind; }

void members(Members& m, Dealt& dealt) {
    std::visit(
        [&](auto& one) {
            if constexpr (walked<std::decay_t<decltype(one)>>) {
                members(m, one);
            } else {
                ASSERT(false);
            }
        },
        dealt);
}

bool has_members(std::string_view kind) {
    const Row* row = row_of(kind);
    return row != nullptr &&
           std::visit([](const auto& one) { return walked<std::decay_t<decltype(one)>>; },
                      row->empty());
}

Dealt empty_dealt(std::string_view kind) {
    const Row* row = row_of(kind);
    ASSERT(row != nullptr);
    return row->empty();
}

TearOf tear_of(const Dealt& dealt) {
    if (const auto* report = std::get_if<Report>(&dealt)) {
        return {report->topic, report->contact,  report->from,
                report->until, &report->volumes, report->grade};
    }
    const auto& incident = std::get<Incident>(dealt);
    return {incident.sort,     incident.contact, incident.from,           incident.until,
            &incident.volumes, incident.grade,   incident.time_precision, incident.place_precision};
}

}  // namespace entente::statement
