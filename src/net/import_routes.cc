// SPDX-License-Identifier: Apache-2.0
// POST /v1/imports: a list of places as a file. With `preview` what would be done is answered and
// nothing is done; without, the plan is the first piece of the answer, then each batch as soon as
// it is durable, then the end. An answer that breaks off without its end was not finished: the same
// file again goes on where it stopped.
#include <deque>
#include <mutex>

#include "net/api.h"
#include "net/import_report.h"
#include "net/problem.h"

namespace entente::net {
namespace {

/// Lines from the thread that imports to the connection that shows them.
class Lines final : public Source {
  public:
    void add(std::string line) {
        std::function<void()> wake;
        {
            const std::lock_guard lock(mutex_);
            text_ += line;
            wake.swap(wake_);
        }
        if (wake) wake();
    }
    void end() {
        std::function<void()> wake;
        {
            const std::lock_guard lock(mutex_);
            ended_ = true;
            wake.swap(wake_);
        }
        if (wake) wake();
    }
    std::optional<std::string> pull() override {
        const std::lock_guard lock(mutex_);
        if (text_.empty() && ended_) return std::nullopt;
        return std::exchange(text_, {});
    }
    void on_ready(std::function<void()> wake) override {
        {
            const std::lock_guard lock(mutex_);
            if (text_.empty() && !ended_) {
                wake_ = std::move(wake);
                return;
            }
        }
        wake();
    }

  private:
    std::mutex mutex_;  // guards what follows
    std::string text_;
    std::function<void()> wake_;
    bool ended_ = false;
};

struct Wanted {
    std::string name;
    std::string source;
    std::string actor;
    intake::MappingOptions options;
    bool preview = false;
    bool amend = false;
    ReportForm form = ReportForm::json;
};

Result<bool> yes_or_no(const Target& target, const char* name) {
    const std::string& text = target.value(name);
    if (text.empty() && !target.has(name)) return false;
    if (text == "true") return true;
    if (text == "false") return false;
    return fail(Errc::malformed, std::string(name) + ": true or false");
}

Result<Wanted> wanted(const Target& target) {
    TRYV(target.only({"name", "source", "class", "preview", "amend"}, {"class_of", "map"}));
    Wanted out;
    out.name = target.value("name");
    if (out.name.empty() || out.name.find('/') != std::string::npos || out.name.size() > 255) {
        return fail(Errc::malformed, "name: the file's name with its ending, like hospitals.csv");
    }
    out.source = target.value("source").empty() ? out.name : target.value("source");
    for (const std::string& text : target.values("map")) {
        TRY(one, intake::parse_map(text));
        out.options.map.push_back(std::move(one));
    }
    for (const std::string& text : target.values("class_of")) {
        TRY(one, intake::parse_class_of(text));
        out.options.class_of.insert(std::move(one));
    }
    if (target.has("class")) {
        TRY(fallback, statement::parse_class(target.value("class")));
        out.options.fallback = fallback;
    }
    TRY(preview, yes_or_no(target, "preview"));
    TRY(amend, yes_or_no(target, "amend"));
    out.preview = preview;
    out.amend = amend;
    return out;
}

std::vector<Saying> sayings_of(intake::ImportPlan& plan, const Wanted& what,
                               const view::View& view) {
    std::vector<Saying> out;
    for (intake::Addition& one : plan.additions) {
        out.push_back({{statement::act::add, what.actor, std::move(one.protection), {}}, {}, {}});
    }
    if (!what.amend) return out;
    for (intake::Amendment& one : plan.amendments) {
        // What the list leaves out is as the plan found it: nobody may have changed it since.
        const std::uint32_t version = view.at(*view.find(one.record)).version();
        out.push_back(
            {{statement::act::amend, what.actor, std::move(one.after), {}}, one.record, version});
    }
    return out;
}

/// Logs all of it, a line a batch. A row that fails ends it: what was shown as durable stays.
void log_all(Api& api, std::vector<Saying> sayings, const Wanted& what, std::size_t additions,
             Lines& lines) {
    Desk& desk = api.desk();
    const std::size_t total = sayings.size();
    std::uint64_t tree_size = desk.moment()->state.as_of.size.v;
    for (std::size_t begin = 0; begin < total; begin += Desk::batch_max) {
        if (api.ending()) {
            lines.add(failed_report({Errc::unavailable,
                                     "the node is stopping; the same file again "
                                     "goes on where this stopped"},
                                    what.form));
            return;
        }
        const std::size_t end = std::min(begin + Desk::batch_max, total);
        std::vector<Saying> batch(
            std::make_move_iterator(sayings.begin() + static_cast<std::ptrdiff_t>(begin)),
            std::make_move_iterator(sayings.begin() + static_cast<std::ptrdiff_t>(end)));
        std::optional<Durable> durable;
        std::optional<Error> failed;  // the first; what stands after it in the batch is said too
        for (const Result<Said>& said : desk.say_all(std::move(batch))) {
            if (!said) {
                if (!failed) failed = said.error();
                continue;
            }
            if (!durable) durable = Durable{0, said->entry.v, 0};
            ++durable->count;
            durable->tree_size = tree_size = said->size.v;
        }
        if (durable) lines.add(durable_report(*durable, what.form));
        if (failed) return lines.add(failed_report(*failed, what.form));
    }
    lines.add(done_report({what.name, additions, total - additions, tree_size}, what.form));
}

}  // namespace

Response import_list(Api& api, const Call& call) {
    auto what = wanted(call.target);
    if (!what) return problem(what.error());
    if (accepts(call.request, "text/plain")) what->form = ReportForm::text;
    const auto actor = api.actor_of(call);
    if (!actor) return problem(actor.error());
    what->actor = *actor;
    if (!api.options().read_file) return problem(503, "unavailable", "no list is read here");
    // One at a time: reading takes gigabytes at worst, and each plan rests on the one before.
    std::shared_ptr<void> turn = api.import_turn();
    if (!turn) return problem(409, "refused", "another import is under way; try again after it");
    auto list = api.options().read_file(what->name, call.request.body, what->source, what->options);
    if (!list) return problem(list.error());
    const auto moment = api.desk().moment();
    intake::ImportPlan plan = std::move(list->planner).finish(Lookup(moment->view, call.now));
    std::string report = plan_report(*list, plan, what->amend, what->form);
    const char* words = "text/plain; charset=utf-8";
    if (what->preview) {
        return ok(what->form == ReportForm::text ? words : "application/json", std::move(report));
    }
    auto lines = std::make_shared<Lines>();
    lines->add(std::move(report));
    const std::size_t additions = plan.additions.size();
    api.run_beside([&api, turn, lines, additions, wanted = *what,
                    sayings = sayings_of(plan, *what, moment->view)]() mutable {
        log_all(api, std::move(sayings), wanted, additions, *lines);
        turn.reset();
        lines->end();
    });
    Response response;
    response.type = what->form == ReportForm::text ? words : "application/x-ndjson";
    response.source = lines;
    return response;
}

}  // namespace entente::net
