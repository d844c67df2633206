// SPDX-License-Identifier: Apache-2.0
#include "people/audit.h"

#include "base/sha256.h"
#include "people/rows.h"

namespace entente::people {
namespace {

Hash link(const Hash& last, BytesView line) {
    Bytes text = "entente/audit/v1\n";
    text += last.view();
    text += line;
    return sha256(text);
}

}  // namespace

Bytes encode(const Reading& reading) {
    canon::Object out;
    out.set("act", reading.act);
    out.set("count", static_cast<std::int64_t>(reading.count));
    out.set("how", reading.how);
    canon::Array records;
    for (const std::string& record : reading.records) records.emplace_back(record);
    out.set("records", std::move(records));
    out.set("time", millis(reading.time));
    out.set("what", reading.what);
    out.set("who", reading.who);
    out.set("why", reading.why);
    return canon::encode(std::move(out));
}

Result<Reading> decode_reading(BytesView bytes) {
    TRY(row, RowReader::open(bytes));
    Reading out;
    out.act = row.text("act");
    out.count = static_cast<std::uint64_t>(row.integer("count"));
    out.how = row.text("how");
    out.records = row.texts("records");
    out.time = instant(row.integer("time"));
    out.what = row.text("what");
    out.who = row.text("who");
    out.why = row.text("why");
    TRYV(row.end("audit line"));
    return out;
}

AuditLine chain(const AuditLine& last, const Reading& reading) {
    AuditLine out{last.seq + 1, encode(reading), {}};
    out.hash = link(last.hash, out.bytes);
    return out;
}

Result<void> follows(const AuditLine& last, const AuditLine& line) {
    const std::string where = "audit line " + std::to_string(line.seq);
    if (line.seq != last.seq + 1) {
        return fail(Errc::bad_proof, where + ": the line before it is " + std::to_string(last.seq) +
                                         "; lines between them were taken out");
    }
    if (link(last.hash, line.bytes) != line.hash) {
        return fail(Errc::bad_proof, where +
                                         ": its hash is not that of its text after the line "
                                         "before it; one of the two was changed");
    }
    return {};
}

}  // namespace entente::people
