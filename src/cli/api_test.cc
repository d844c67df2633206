// SPDX-License-Identifier: Apache-2.0
// The API without a socket: openapi.json names every route and no other; what the header alone
// decides; methods, limits, revalidation.
#include "net/api.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "cli/desk_for_test.h"
#include "net/openapi.h"

namespace entente::net {
namespace {

namespace json = boost::json;
using test::Office;

const std::string token(40, 't');

struct House {
    Office office;
    Access access{{token, {"here"}, "entente"}, os_random()};
    Api api;

    explicit House(const Limits& limits = {}, PeerDesk* peers = nullptr)
        : api(office.desk, access, options(limits, peers)) {}

    static ApiOptions options(const Limits& limits, PeerDesk* peers) {
        ApiOptions out;
        out.peers = peers;
        out.actor = "somebody";
        out.limits = limits;
        return out;
    }

    static Request request(Method method, const std::string& target) {
        Request out;
        out.method = method;
        out.target = target;
        out.host = "here";
        out.peer = "192.0.2.1";
        out.authorization = "Bearer " + token;
        return out;
    }
    Response get(const std::string& target) { return api.handle(request(Method::get, target)); }
};

std::string header(const Response& response, const std::string& name) {
    for (const auto& [key, value] : response.headers) {
        if (key == name) return value;
    }
    return {};
}

/// `GET /log/tile/{path}` for a route, as openapi.json spells it.
std::string spelt(const Route& route) {
    std::string path = route.pattern;
    if (const std::size_t rest = path.find("{...}"); rest != std::string::npos) {
        path.replace(rest, 5, "{path}");
    }
    if (path.starts_with("/v1/tiles/")) path += ".mvt";
    return std::string(name(route.method)) + " " + path;
}

TEST(Api, IsDescribedRouteByRoute) {
    json::parse_options options;
    options.max_depth = 64;
    const json::value root = json::parse(json::string_view(openapi_json()), {}, options);
    std::set<std::string> described;
    for (const auto& [path, item] : root.at("paths").as_object()) {
        for (const Method method : {Method::get, Method::post, Method::patch, Method::del}) {
            std::string key = name(method);
            for (char& c : key) c = static_cast<char>(c - 'A' + 'a');
            if (!item.as_object().contains(key)) continue;
            described.insert(std::string(name(method)) + " " + std::string(path));
        }
    }
    std::set<std::string> served;
    for (const Route& route : routes()) served.insert(spelt(route));
    served.erase("GET /{path}");  // the page's files are no API
    EXPECT_EQ(described, served);
}

TEST(Api, SaysWhichMethodsAPathTakes) {
    House house;
    const struct {
        Method method;
        const char* target;
        int status;
        const char* allow;
    } cases[] = {
        {Method::get, "/v1/check", 405, "POST"},
        {Method::del, "/v1/protections", 405, "GET, HEAD, POST"},
        {Method::post, "/v1/protections/x", 405, "GET, HEAD, PATCH"},
        {Method::other, "/healthz", 405, "GET, HEAD"},
        {Method::post, "/nothing/at/all", 405, "GET, HEAD"},
        {Method::get, "/nothing/at/all", 404, ""},
        {Method::get, "/v1", 404, ""},
        {Method::get, "/healthz/", 404, ""},
        {Method::get, "/", 404, ""},
    };
    for (const auto& one : cases) {
        const Response response = house.api.handle(House::request(one.method, one.target));
        EXPECT_EQ(response.status, one.status) << one.target;
        EXPECT_EQ(header(response, "Allow"), one.allow) << one.target;
    }
}

TEST(Api, CountsEachRequestOnceAgainstItsRate) {
    Limits limits;
    limits.anonymous_per_second_max = 20;
    House house(limits);
    const Request anonymous = [] {
        Request out = House::request(Method::get, "/healthz");
        out.authorization.clear();
        return out;
    }();
    int served = 0;
    for (Admission let_in = house.api.admit(anonymous); !let_in.refusal && served < 1000;
         let_in = house.api.admit(anonymous)) {
        EXPECT_EQ(house.api.answer(anonymous, std::move(let_in)).status, 200);
        ++served;
    }
    // Its clock goes on by a millisecond each time it is read: some of the bucket comes back.
    EXPECT_GE(served, 20);
    EXPECT_LE(served, 25);
    const auto refused = house.api.admit(anonymous).refusal;
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->status, 429);
    EXPECT_EQ(header(*refused, "Retry-After"), "1");
    EXPECT_NE(refused->body.find("anonymous_per_second_max"), std::string::npos);
    EXPECT_FALSE(house.api.admit(House::request(Method::get, "/v1/about")).refusal)
        << "who shows the token has another bucket";
    Request inside = anonymous;
    inside.door = Door::socket;
    EXPECT_FALSE(house.api.admit(inside).refusal);
}

TEST(Api, KnowsHowLongABodyMayBeBeforeItComes) {
    House house;
    EXPECT_EQ(house.api.admit(House::request(Method::get, "/v1/about")).route->body_max, 0u);
    EXPECT_EQ(house.api.admit(House::request(Method::post, "/v1/session")).route->body_max, 4096u);
    EXPECT_EQ(house.api.admit(House::request(Method::post, "/v1/check")).route->body_max, 4u << 20);
    Request stranger = House::request(Method::post, "/v1/check");
    stranger.authorization.clear();
    EXPECT_EQ(house.api.admit(stranger).refusal->status, 401) << "and whose body is not read";
    Request large = House::request(Method::get, "/healthz");
    large.body = "x";
    EXPECT_EQ(house.api.handle(large).status, 413);
}

TEST(Api, RevalidatesARecordUntilItChanges) {
    House house;
    const auto said = house.office.desk.say(test::adds(0));
    ASSERT_TRUE(said);
    const std::string path = "/v1/protections/" + said->id.text();
    const Response first = house.get(path);
    EXPECT_TRUE(first.etag.starts_with("\"1-")) << first.etag;
    EXPECT_NE(first.body.find("\"in_force\""), std::string::npos);
    Request again = House::request(Method::get, path);
    again.if_none_match = first.etag;
    EXPECT_EQ(house.api.handle(again).status, 304);
    EXPECT_TRUE(house.api.handle(again).bytes().empty());

    Request change = House::request(Method::patch, path);
    change.body = R"({"act":"confirm","until":"2060-01-01T00:00:00Z"})";
    change.if_match = first.etag;
    EXPECT_EQ(house.api.handle(change).status, 201);
    EXPECT_EQ(house.api.handle(change).status, 412) << "it is at version 2 now";
    EXPECT_EQ(house.api.handle(again).status, 200);
}

/// Knows one log, and holds whoever asks until it is let go.
class OneLog final : public PeerDesk {
  public:
    Result<Bytes> answer(const PartyId&, std::string_view) override {
        return fail(Errc::refused, "not for everybody");
    }
    Result<Bytes> mirror_file(const Hash& origin, std::string_view path) override {
        if (origin != Hash()) return fail(Errc::not_found, "another log");
        if (path == "checkpoint" || path == "tile/0/000") return "bytes of " + Bytes(path);
        if (path == "tile/0/001") return fail(Errc::unavailable, "the disk");
        return fail(Errc::malformed, "no path of a tile");
    }
    WitnessAnswer add_checkpoint(BytesView body) override {
        if (asked) asked();
        return {std::stoi(std::string(body)), "812\n"};
    }
    std::function<void()> asked;
};

TEST(Api, ShowsCopiesOfOthersLogsToAnybody) {
    OneLog log;
    House house({}, &log);
    const auto get = [&](const std::string& path) {
        Request request = House::request(Method::get, path);
        request.authorization.clear();
        return house.api.handle(request);
    };
    const std::string base = "/mirror/" + std::string(64, '0');
    const Response head = get(base + "/checkpoint");
    EXPECT_EQ(head.status, 200);
    EXPECT_EQ(head.bytes(), "bytes of checkpoint");
    EXPECT_EQ(header(head, "Cache-Control"), "no-store");
    const Response tile = get(base + "/tile/0/000");
    EXPECT_EQ(tile.status, 200);
    EXPECT_EQ(tile.type, "application/octet-stream");
    EXPECT_EQ(header(tile, "Cache-Control"), "public, max-age=31536000, immutable");
    EXPECT_EQ(get(base + "/tile/0/001").status, 503);
    const Response none = get("/mirror/" + std::string(64, '1') + "/checkpoint");
    const std::vector<std::string> not_there = {base + "/tile/x", base + "/",
                                                "/mirror/00/checkpoint", "/mirror/x/checkpoint",
                                                "/mirror//checkpoint"};
    for (const std::string& path : not_there) {
        const Response response = get(path);
        EXPECT_EQ(response.status, 404) << path;
        EXPECT_EQ(response.bytes(), none.bytes()) << path;
    }
    House alone;
    EXPECT_EQ(alone.get(base + "/checkpoint").bytes(), none.bytes());
}

TEST(Api, WitnessesForAnybodyOneAtATime) {
    OneLog log;
    House house({}, &log);
    const auto post = [&](const std::string& body) {
        Request request = House::request(Method::post, "/add-checkpoint");
        request.authorization.clear();
        request.body = body;
        return house.api.handle(request);
    };
    for (const int status : {200, 400, 403, 404, 409, 422, 503}) {
        EXPECT_EQ(post(std::to_string(status)).status, status);
    }
    EXPECT_EQ(post("409").type, "text/x.tlog.size");
    EXPECT_EQ(post("409").bytes(), "812\n");
    EXPECT_EQ(post("200").bytes(), "812\n");
    int refused = 0;
    log.asked = [&] {
        if (refused == 0) refused = post("200").status;
    };
    EXPECT_EQ(post("200").status, 200);
    EXPECT_EQ(refused, 429);
    EXPECT_EQ(post("200").status, 200);
    House alone;
    EXPECT_EQ(alone.api.handle(House::request(Method::post, "/add-checkpoint")).status, 404);
}

TEST(Api, CitesWhatWasSentAsUtf8) {
    House house;
    Request check = House::request(Method::post, "/v1/check");
    check.content_type = "application/x-ndjson";
    for (int letters = 1; letters < 100; ++letters) {
        std::string type = "x";
        for (int i = 0; i < letters; ++i) type += "é";
        check.body = R"({"type":"Feature","geometry":{"type":")" + type +
                     R"(","coordinates":[0,0]},"properties":{"radius_m":1}})";
        const Response response = house.api.handle(check);
        ASSERT_EQ(response.status, 200);
        json::error_code error;
        (void)json::parse(response.body, error);
        EXPECT_FALSE(error) << response.body;
    }
}

}  // namespace
}  // namespace entente::net
