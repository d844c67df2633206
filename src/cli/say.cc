// SPDX-License-Identifier: Apache-2.0
#include "cli/say.h"

#include <fmt/format.h>

#include "cli/ask.h"
#include "formats/json.h"

namespace entente::cli {

Exit say(Service& service, const Common& common, const char* verb, net::Request request) {
    const auto said = service.ask(std::move(request));
    if (!said) return report(verb, said.error());
    const auto json = formats::parse_json(said->bytes(), said->bytes().size());
    if (json && json->find("proposal") != nullptr) {
        if (common.json) {
            fmt::print("{}", said->bytes());
        } else {
            fmt::print("proposal {}: {}\n", member(*json, "proposal"), member(*json, "note"));
            fmt::print("officers sign it with: entente approvals sign --data {} {}\n", common.data,
                       member(*json, "proposal"));
        }
        return Exit::ok;
    }
    const formats::Json* id = json ? json->find("id") : nullptr;
    if (id == nullptr) return report(verb, {Errc::unavailable, "the node gave no record"});
    if (const formats::Json* note = json->find("note"); note != nullptr && !note->text.empty()) {
        fmt::print(stderr, "entente {}: note: {}\n", verb, note->text);
    }
    const auto record =
        service.get("/v1/protections/" + id->text, common.json ? "application/json" : "text/plain");
    if (!record) return report(verb, record.error());
    fmt::print("{}", record->bytes());
    return Exit::ok;
}

Exit say_alone(const Common& common, const char* verb, const std::string& id,
               const std::string& route, const std::string& body) {
    if (const auto parsed = RecordId::parse(id); !parsed) return report(verb, parsed.error());
    auto service = Service::open(common, {Access::write, false, {}});
    if (!service) return report(verb, service.error());
    const auto answered = ask_json(*service, net::Method::post, route, body);
    if (!answered) return report_record(verb, id, answered.error());
    if (common.json)
        fmt::print("{}", answered->text);
    else
        fmt::print("said: durable as entry {}\n", member(answered->json, "entry"));
    return Exit::ok;
}

net::Request patch(const std::string& route, const std::string& body) {
    net::Request request;
    request.method = net::Method::patch;
    request.target = route;
    request.content_type = "application/json";
    request.body = body;
    return request;
}

std::string etag(const net::Response& record) {
    return record.etag.empty() ? header(record, "ETag") : record.etag;
}

Exit report_record(const char* verb, const std::string& id, const Error& error) {
    if (error.code != Errc::not_found) return report(verb, error);
    return report(verb, {Errc::not_found, "no record " + id + " in this register"});
}

}  // namespace entente::cli
