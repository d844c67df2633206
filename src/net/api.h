// SPDX-License-Identifier: Apache-2.0
// The HTTP API without a socket: a request in, a response out. The routes stand in one table
// (api.cc), what each does in the file of its subject (*_routes.cc). openapi.json describes them
// for programs, and the tests hold the two together.
//
//     Api api(desk, access, options);
//     Admission let_in = api.admit(request);     // after the header: may it, and how long a body
//     Response response = api.answer(request, std::move(let_in));   // after the body; any thread
#pragma once

#include <atomic>
#include <map>

#include "net/access.h"
#include "net/approvals.h"
#include "net/audit.h"
#include "net/basemap.h"
#include "net/desk.h"
#include "net/follower.h"
#include "net/imports.h"
#include "net/limits.h"
#include "net/live_desk.h"
#include "net/notices.h"
#include "net/outbound.h"
#include "net/peer_desk.h"
#include "net/rate.h"
#include "net/search_desk.h"
#include "net/sheet_desk.h"
#include "net/target.h"
#include "net/tiles.h"

namespace entente::net {

class Api;
struct Call;

struct Route {
    Method method;
    const char* pattern;  // `/v1/protections/{id}`; `{...}` takes all that follows
    Right right;
    std::size_t body_max;  // bytes
    bool slow;             // may take more than a millisecond: not on a thread of sockets
    Response (*handle)(Api& api, const Call& call);
};

/// A request that was let in, taken apart.
struct Call {
    const Request& request;
    const Target& target;
    std::vector<std::string> parameters;  // what stands for {...} in the pattern, in order
    Instant now;
    Who who;  // nobody where the route lets anyone in
};

/// What the header alone decides: a refusal, or the route that takes the request.
struct Admission {
    std::optional<Response> refusal;
    const Route* route = nullptr;  // null where it is refused
    Target target;
    std::vector<std::string> parameters;
    Who who;
};

/// A file of the page.
struct Asset {
    std::string type;
    std::shared_ptr<const std::string> bytes;
    std::shared_ptr<const std::string> gzip;  // null: not worth it
    std::string etag;
    bool immutable = false;  // its name changes with its bytes
};
using Assets = std::map<std::string, Asset>;  // by path: "index.html", "assets/x.js"

/// What a scrape asks of the server: connections by state and the like.
using Gauges = std::vector<std::pair<std::string, double>>;

struct ApiOptions {
    std::string version;
    std::string actor;         // who acts as the owner: the one who started the node
    std::string page_address;  // `http://127.0.0.1:8700/`
    Limits limits;
    const Assets* assets = nullptr;                  // the page; null: none
    std::shared_ptr<const Basemap> basemap;          // an operator's own; null: none
    ReadFile read_file;                              // reads lists; empty: none are
    std::function<Gauges()> gauges;                  // may be empty
    PeerDesk* peers = nullptr;                       // others' logs; null: a party alone
    Follower* follower = nullptr;                    // asks the others; null: nobody is asked
    LiveDesk* live = nullptr;                        // of live tracks; null: none are taken
    people::Store* local = nullptr;                  // where the audit goes; null: into memory
    people::Proposals* proposals = nullptr;          // null: none, in memory
    people::Roster* roster = nullptr;                // null: none, in memory
    people::Subscriptions* subscriptions = nullptr;  // null: none, in memory
    people::Sheets* sheets = nullptr;                // null: none, in memory
    OutboundPolicy outbound;                         // where notices may be sent
    // Officers that the log has had from its beginning, beside those whom `proposals` names.
    std::vector<people::Officer> officers;
    // The locked key of an officer that lies in the data directory; may be empty.
    std::function<Result<Bytes>(const std::string& officer)> officer_file;
};

class Api {
  public:
    Api(Desk& desk, Access& access, ApiOptions options);
    /// Ends the import under way after its present batch.
    ~Api();
    Api(const Api&) = delete;
    Api& operator=(const Api&) = delete;

    /// Takes its share of the rate, so once a request.
    Admission admit(const Request& request);
    /// Answers what was admitted, once its body is there. Never throws, never gives 5xx but 503.
    Response answer(const Request& request, Admission admission);
    /// Both at once, for who has no header apart.
    Response handle(const Request& request) { return answer(request, admit(request)); }
    /// Counts a response that was given without handle().
    void count(const Response& response);

    /// Who acts, for the record: the account, with the token's name where it came by one. Of the
    /// owner, a program names its user; otherwise it is whoever started the node.
    Result<std::string> actor_of(const Call& call) const;

    /// The right to import, held as long as the value; null while somebody else has it.
    std::shared_ptr<void> import_turn();
    /// The right to wait for the others, as long: whoever waits keeps a thread.
    std::shared_ptr<void> sync_turn();
    /// The right to be looked at as a witness, as long.
    std::shared_ptr<void> witness_turn();
    /// Runs the job of whoever has the turn to import on a thread that ends with this Api.
    void run_beside(std::function<void()> job);
    bool ending() const { return ending_; }

    Desk& desk() { return desk_; }
    Access& access() { return access_; }
    /// The register's picture as this person may have it.
    Tiles& tiles(const Who& who) { return who.may(Right::list_exact) ? tiles_ : coarse_tiles_; }
    /// The picture of what another party can see, which is coarse whoever looks: it is another's.
    ShownTiles& shown_tiles() { return shown_tiles_; }
    Audit& audit() { return audit_; }
    Approvals& approvals() { return approvals_; }
    Notices& notices() { return notices_; }
    SheetDesk& sheets() { return sheets_; }
    SearchDesk& searches() { return searches_; }
    /// Writes down durably that the request reads these records exactly, and in which words it
    /// asked for them; what to answer instead if that fails.
    std::optional<Response> audited(const Call& call, const char* act,
                                    const std::vector<RecordId>& records,
                                    const std::string& what = {});
    /// The same of a check, which does not wait for it.
    void note_findings(const Call& call, std::span<const RecordId> records);
    /// The same for as long as something is read on: any thread, while this Api lives.
    std::function<void(std::span<const RecordId>)> noting(const Call& call, const char* act);
    const ApiOptions& options() const { return options_; }

    struct Counters {
        std::array<std::atomic<std::uint64_t>, 6> responses{};  // by first digit of the status
        std::atomic<std::uint64_t> plans = 0;                   // checked
    };
    Counters& counters() { return counters_; }

  private:
    static std::string find(Method method, Admission& admission);
    void finish(const Request& request, Response& response) const;

    Desk& desk_;
    Access& access_;
    ApiOptions options_;
    Counters counters_;
    Rate rate_;
    Tiles tiles_;
    Tiles coarse_tiles_;
    ShownTiles shown_tiles_;
    people::MemoryStore no_store_;
    Audit audit_;
    Approvals approvals_;
    Notices notices_;
    SheetDesk sheets_;
    SearchDesk searches_;
    std::atomic<bool> importing_ = false;
    std::atomic<bool> witnessing_ = false;
    std::atomic<bool> syncing_ = false;
    std::atomic<bool> ending_ = false;
    std::thread beside_;  // of whoever has the turn
};

/// Every route there is.
const std::vector<Route>& routes();

// The handlers, by subject.
Response check(Api& api, const Call& call);             // check_routes.cc
Response list_protections(Api& api, const Call& call);  // list_routes.cc
Response show_protection(Api& api, const Call& call);
Response prove_protection(Api& api, const Call& call);
Response show_evidence(Api& api, const Call& call);
Response add_protection(Api& api, const Call& call);  // say_routes.cc
Response follow_protection(Api& api, const Call& call);
Response list_movements(Api& api, const Call& call);
Response add_movement(Api& api, const Call& call);
Response show_movement(Api& api, const Call& call);
Response follow_movement(Api& api, const Call& call);
Response list_stops(Api& api, const Call& call);  // stop_routes.cc
Response add_stop(Api& api, const Call& call);
Response show_stop(Api& api, const Call& call);
Response lift_stop(Api& api, const Call& call);
Response answer_stop(Api& api, const Call& call);
Response add_attempt(Api& api, const Call& call);
Response list_objections(Api& api, const Call& call);  // objection_routes.cc
Response add_objection(Api& api, const Call& call);
Response show_objection(Api& api, const Call& call);
Response amend_objection(Api& api, const Call& call);
Response lift_objection(Api& api, const Call& call);
Response answer_objection(Api& api, const Call& call);
Response list_activities(Api& api, const Call& call);  // activity_routes.cc
Response add_activity(Api& api, const Call& call);
Response show_activity(Api& api, const Call& call);
Response follow_activity(Api& api, const Call& call);
Response reply_to_activity(Api& api, const Call& call);
Response list_challenges(Api& api, const Call& call);  // challenge_routes.cc
Response add_challenge(Api& api, const Call& call);
Response show_challenge(Api& api, const Call& call);
Response follow_challenge(Api& api, const Call& call);
Response answer_challenge(Api& api, const Call& call);
Response list_messages(Api& api, const Call& call);  // message_routes.cc
Response send_message(Api& api, const Call& call);
Response show_message(Api& api, const Call& call);
Response acknowledge_message(Api& api, const Call& call);
Response list_sealed_checks(Api& api, const Call& call);  // sealed_check_routes.cc
Response seal_check(Api& api, const Call& call);
Response show_sealed_check(Api& api, const Call& call);
Response verify_sealed_check(Api& api, const Call& call);
Response list_statements(Api& api, const Call& call);  // statement_routes.cc
Response add_statement(Api& api, const Call& call);
Response show_statement(Api& api, const Call& call);
Response follow_statement(Api& api, const Call& call);
Response answer_statement(Api& api, const Call& call);
Response show_corroboration(Api& api, const Call& call);
Response list_positions(Api& api, const Call& call);
Response show_join(Api& api, const Call& call);      // join_routes.cc
Response search(Api& api, const Call& call);         // search_routes.cc
Response list_airspace(Api& api, const Call& call);  // airspace_routes.cc
Response add_airspace(Api& api, const Call& call);
Response show_airspace(Api& api, const Call& call);
Response follow_airspace(Api& api, const Call& call);
Response list_peers(Api& api, const Call& call);  // exchange_routes.cc
Response release(Api& api, const Call& call);
Response list_receipts(Api& api, const Call& call);  // receipt_routes.cc
Response give_receipt(Api& api, const Call& call);
Response print_sheet(Api& api, const Call& call);  // sheet_routes.cc
Response read_sheet_back(Api& api, const Call& call);
Response list_stuck(Api& api, const Call& call);
Response sync(Api& api, const Call& call);    // sync_routes.cc
Response recall(Api& api, const Call& call);  // recall_routes.cc
Response hold(Api& api, const Call& call);
Response make_pack(Api& api, const Call& call);  // pack_routes.cc
Response take_pack(Api& api, const Call& call);
Response make_field_pack(Api& api, const Call& call);  // field_routes.cc
Response events(Api& api, const Call& call);           // event_routes.cc
Response take_positions(Api& api, const Call& call);   // track_routes.cc
Response list_alerts(Api& api, const Call& call);
Response import_list(Api& api, const Call& call);  // import_routes.cc
Response tile(Api& api, const Call& call);         // tile_routes.cc
Response basemap_tile(Api& api, const Call& call);
Response log_checkpoint(Api& api, const Call& call);  // log_routes.cc
Response log_tile(Api& api, const Call& call);
Response mirror_file(Api& api, const Call& call);  // witness_routes.cc
Response add_checkpoint(Api& api, const Call& call);
Response healthz(Api& api, const Call& call);  // status_routes.cc
Response readyz(Api& api, const Call& call);
Response metrics(Api& api, const Call& call);
Response openapi(Api& api, const Call& call);
Response about(Api& api, const Call& call);
Response begin_session(Api& api, const Call& call);  // session_routes.cc
Response show_session(Api& api, const Call& call);
Response end_session(Api& api, const Call& call);
Response change_password(Api& api, const Call& call);
Response list_sessions(Api& api, const Call& call);
Response revoke_session(Api& api, const Call& call);
Response make_link(Api& api, const Call& call);
Response list_people(Api& api, const Call& call);  // people_routes.cc
Response add_person(Api& api, const Call& call);
Response change_person(Api& api, const Call& call);
Response invite_person(Api& api, const Call& call);
Response list_tokens(Api& api, const Call& call);
Response add_token(Api& api, const Call& call);
Response revoke_token(Api& api, const Call& call);
Response list_audit(Api& api, const Call& call);      // audit_routes.cc
Response list_approvals(Api& api, const Call& call);  // approval_routes.cc
Response show_approval(Api& api, const Call& call);
Response act_on_approval(Api& api, const Call& call);
Response list_officers(Api& api, const Call& call);
Response add_officer(Api& api, const Call& call);
Response list_duty(Api& api, const Call& call);  // duty_routes.cc
Response add_duty(Api& api, const Call& call);
Response change_duty(Api& api, const Call& call);
Response remove_duty(Api& api, const Call& call);
Response list_subscriptions(Api& api, const Call& call);  // notice_routes.cc
Response subscribe(Api& api, const Call& call);
Response unsubscribe(Api& api, const Call& call);
Response list_notices(Api& api, const Call& call);
Response acknowledge_notice(Api& api, const Call& call);
Response stream_notices(Api& api, const Call& call);  // notice_stream.cc
Response list_dead(Api& api, const Call& call);
Response act_on_dead(Api& api, const Call& call);
Response asset(Api& api, const Call& call);  // page.cc

/// What the request is answered from: the newest moment, or, with `as=PARTY`, what that party can
/// see of what was released to it.
Result<std::shared_ptr<const Moment>> moment_for(Api& api, const Call& call);

/// Keeps what was drafted until `needed` officers have signed it; 202.
Response propose(Api& api, const Call& call, Drafted drafted, int needed, const std::string& actor);

/// 200 with these bytes.
Response ok(std::string type, std::string body);
bool takes_gzip(const Request& request);
/// Whether Accept prefers `type` to JSON; an absent Accept takes JSON.
bool accepts(const Request& request, std::string_view type);

}  // namespace entente::net
