// SPDX-License-Identifier: Apache-2.0
#include "net/desk.h"

#include <algorithm>
#include <numeric>
#include <set>

#include "base/assert.h"
#include "check/activity.h"

namespace entente::net {
namespace {

/// A record of a log that a successor follows.
std::string of_log_before(const registry::Snapshot& snapshot, const registry::Record& record) {
    std::string anew;
    for (std::size_t i = 0; i < snapshot.size(); ++i) {
        const registry::Record& one = snapshot.at(static_cast<registry::Slot>(i));
        if (one.log == 0 && one.versions.front().was == record.id) anew += " " + one.id.text();
    }
    return "record " + record.id.text() + " stands in " + snapshot.log(record.log).origin.v +
           ", in which nothing more is said; " +
           (anew.empty() ? "it protects as it was left" : "it was stated anew as" + anew);
}

view::View view_of(const node::Node& node) {
    return view::View(node.snapshot(), {node.snapshot().party()});
}

}  // namespace

Desk::Desk(Ports ports) : ports_(std::move(ports)) {
    (void)ports_.node->take_changed_dealings();  // what was there at the start is no change
    publish();
    if (among_others()) {
        // Larger than at any earlier start, unless a thousand changes a second went before it.
        changes_.begin_at(static_cast<std::uint64_t>(millis(now())), moment_->state.as_of.size);
    } else {
        changes_.begin(moment_->view, moment_->state.as_of.size);
    }
    std::vector<view::Slot> all(moment_->view.size());
    std::iota(all.begin(), all.end(), view::Slot{0});
    note_stops(all);
    thread_ = std::thread([this] { run(); });
}

Desk::~Desk() {
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
    }
    work_.notify_all();
    thread_.join();
}

std::shared_ptr<const Moment> Desk::moment() const {
    const std::lock_guard lock(mutex_);
    return moment_;
}

std::vector<Result<Said>> Desk::say_all(std::vector<Saying> sayings) {
    std::vector<std::future<Result<Said>>> futures;
    std::vector<Result<Said>> out;
    {
        const std::lock_guard lock(mutex_);
        for (Saying& saying : sayings) {
            Waiting waiting{std::move(saying), {}};
            futures.push_back(waiting.promise.get_future());
            if (waiting_.size() < queue_max && !ending_) {
                waiting_.push_back(std::move(waiting));
            } else {
                waiting.promise.set_value(fail(
                    Errc::unavailable, ending_ ? "the node is stopping; nothing was logged"
                                               : "too many statements wait to be logged, at most " +
                                                     std::to_string(queue_max) +
                                                     " (queue_max); try again"));
            }
        }
    }
    work_.notify_one();
    for (auto& future : futures) out.push_back(future.get());
    return out;
}

Result<Said> Desk::say(Saying saying) {
    std::vector<Saying> one;
    one.push_back(std::move(saying));
    return std::move(say_all(std::move(one)).front());
}

template <class T>
Result<T> Desk::on_desk(std::function<Result<T>()> job) {
    auto task = std::make_shared<std::packaged_task<Result<T>()>>(std::move(job));
    auto future = task->get_future();
    {
        const std::lock_guard lock(mutex_);
        if (ending_) return fail(Errc::unavailable, "the node is stopping");
        if (jobs_.size() >= queue_max) {
            return fail(Errc::unavailable, "too many requests wait for the log (queue_max)");
        }
        jobs_.push_back([task] { (*task)(); });
    }
    work_.notify_one();
    return future.get();
}

// For desk_dealing.cc and desk_urgent.cc.
template Result<Said> Desk::on_desk(std::function<Result<Said>()> job);
template Result<Bytes> Desk::on_desk(std::function<Result<Bytes>()> job);
template Result<void> Desk::on_desk(std::function<Result<void>()> job);

Result<Bytes> Desk::log_file(const std::string& path) {
    return on_desk<Bytes>([this, path] { return ports_.node->log_file(path); });
}

Result<Bytes> Desk::prove(EntryIndex entry) {
    return on_desk<Bytes>([this, entry] { return ports_.node->prove(entry); });
}

Result<Drafted> Desk::draft(Saying saying) {
    return on_desk<Drafted>([this, saying = std::move(saying)]() -> Result<Drafted> {
        const Instant now = moment_to_sign();
        const node::Author author = ports_.author();
        TRY(record, followed(saying));
        TRY(proposed, node::propose(author, saying.draft, record, now, ports_.random));
        const auto& snapshot = ports_.node->snapshot();
        const view::Seen seen(snapshot, *snapshot.find(*saying.record));
        Drafted out;
        out.needs_officers = node::needs_officers(proposed, seen, *author.terms, now);
        out.sealed = node::seal_proposed(*author.vault, proposed, ports_.random);
        out.proposed = std::move(proposed);
        return out;
    });
}

std::optional<EntryIndex> Desk::find(const Signed& signed_already) const {
    const node::Composed composed = node::complete(ports_.author(), signed_already.proposed,
                                                   signed_already.approvals, ports_.random);
    const auto now = moment();
    const auto slot = now->view.find(composed.id);
    if (!slot) return std::nullopt;
    for (const view::SeenVersion& version : now->view.at(*slot).history()) {
        if (version.leaf == composed.understood.position.leaf) return version.index;
    }
    return std::nullopt;
}

Result<node::Proposed> Desk::open(const seal::Approved& what, const seal::Sealed& sealed) const {
    return node::open_proposed(*ports_.author().vault, what, sealed);
}

std::optional<PublicKey> Desk::own_officer() const {
    const SecretKey* key = ports_.author().officer;
    return key != nullptr ? std::optional(key->public_key()) : std::nullopt;
}

Result<PublicKey> Desk::officer_in(BytesView bytes) const {
    TRY(entry, statement::decode_entry(bytes));
    const auto* open = std::get_if<statement::OpenEntry>(&entry);
    if (open == nullptr || open->kind != "key") return fail(Errc::malformed, "no key entry");
    const auto now = moment();
    const auto* party = now->view.charter().party(now->view.party());
    ASSERT(party != nullptr);
    TRY(root, PublicKey::from(party->root));
    TRY(key, registry::read_key_entry(*open, now->state.as_of.origin, root));
    if (key.role != "officer") return fail(Errc::malformed, "the entry gives the role " + key.role);
    return key.key;
}

Result<EntryIndex> Desk::log_open(Bytes entry) {
    return on_desk<EntryIndex>([this, entry = std::move(entry)]() -> Result<EntryIndex> {
        const Instant now = moment_to_sign();
        node::Batch batch{{}, {entry}, {}};
        auto logged = among_others() ? ports_.exchange->log(std::move(batch), {}, now)
                                     : ports_.node->log(std::move(batch), now);
        publish();  // signing may have been halted
        if (!logged) return tl::unexpected(std::move(logged).error());
        changes_.add_open(1);
        return logged->first;
    });
}

Result<Bytes> Desk::evidence(const RecordId& record, node::Tier show) {
    if (!ports_.evidence) return fail(Errc::unavailable, "this node makes no evidence files");
    return on_desk<Bytes>([this, record, show] {
        return ports_.evidence({record, show, ports_.now()});
    });
}

void Desk::run() {
    for (;;) {
        Batch batch;
        std::deque<std::function<void()>> jobs;
        {
            std::unique_lock lock(mutex_);
            const auto called = [&] { return ending_ || !waiting_.empty() || !jobs_.empty(); };
            if (!among_others() && !listener_) {
                work_.wait(lock, called);
            } else {
                (void)work_.wait_for(lock, tick_every, called);
            }
            if (ending_ && waiting_.empty() && jobs_.empty()) return;
            jobs.swap(jobs_);
            const std::size_t count = std::min(waiting_.size(), batch_max);
            for (std::size_t i = 0; i < count; ++i) {
                batch.push_back(std::move(waiting_.front()));
                waiting_.pop_front();
            }
        }
        for (const auto& job : jobs) job();
        if (!batch.empty()) log_batch(std::move(batch));
        tick();
    }
}

/// What the clock alone makes due: among others beats and receipts, and notices of what should have
/// happened by now. What fails now is due at the next.
void Desk::tick() {
    if (!among_others() && !listener_) return;
    // However busy the desk is; and at once where the clock was set back.
    const Instant now = ports_.now();
    if (ticked_ <= now && now < ticked_ + tick_every) return;
    ticked_ = now;
    if (among_others()) tick_exchange();
    static const std::vector<view::Slot> none;
    if (listener_) listener_(within(), &none);
}

void Desk::tick_exchange() {
    const std::uint64_t size_before = ports_.node->log().size().v;
    (void)ports_.exchange->tick(moment_to_sign());
    const std::uint64_t logged = ports_.node->log().size().v - size_before;
    if (logged > 0) tell_changed(std::vector<view::Slot>(logged, Changes::no_slot));
    // What an earlier life, or an earlier turn, left unsaid.
    const std::vector<view::Slot> nothing;
    if (!replying_ || !unanswered_.empty()) reply_to_activities(&nothing, {});
    reply_to_stops();
}

/// Now; or, where the clock was set back by a little (NTP does), the newest statement's time: no
/// statement may be older than it.
Instant Desk::moment_to_sign() const {
    const Instant now = ports_.now();
    const Instant newest = ports_.node->newest();
    return now < newest && newest - now <= std::chrono::seconds(2) ? newest : now;
}

/// Two statements about one record cannot stand in one batch: the second follows the first.
void Desk::log_batch(Batch batch) {
    while (!batch.empty()) batch = log_first_of_each(std::move(batch));
}

Desk::Batch Desk::log_first_of_each(Batch batch) {
    const Instant now = moment_to_sign();
    std::set<RecordId> records;
    std::vector<node::Composed> composed;
    Batch logged;
    Batch later;
    for (Waiting& waiting : batch) {
        const auto& record = waiting.saying.record;
        if (record && !records.insert(*record).second) {
            later.push_back(std::move(waiting));
            continue;
        }
        auto one = compose(waiting.saying, now);
        if (!one) {
            waiting.promise.set_value(tl::unexpected(std::move(one).error()));
            continue;
        }
        composed.push_back(std::move(*one));
        logged.push_back(std::move(waiting));
    }
    if (!logged.empty()) submit(std::move(composed), std::move(logged), now);
    return later;
}

void Desk::submit(std::vector<node::Composed> composed, Batch batch, Instant now) {
    std::vector<Said> said;
    std::vector<node::Audience> audiences;
    for (Waiting& waiting : batch) audiences.push_back(std::move(waiting.saying.audience));
    for (const node::Composed& one : composed) {
        said.push_back(
            {one.id, one.understood.head->keys.version, {}, {}, one.understood.position.leaf});
    }
    const std::uint64_t size_before = ports_.node->log().size().v;
    const auto receipt = ports_.exchange
                             ? ports_.exchange->log({std::move(composed), {}, {}}, audiences, now)
                             : ports_.node->submit(std::move(composed), now);
    if (!receipt) {
        publish();  // signing may have been halted
        for (Waiting& waiting : batch) waiting.promise.set_value(tl::unexpected(receipt.error()));
        return;
    }
    std::vector<view::Slot> slots;
    for (std::size_t i = 0; i < said.size(); ++i) {
        said[i].entry.v = receipt->first.v + i;
        said[i].size = receipt->head.checkpoint.size;
        const auto slot = ports_.node->snapshot().find(said[i].id);
        ASSERT(slot);
        slots.push_back(*slot);
    }
    // A beat beside them changes no record, and has its number all the same.
    slots.resize(ports_.node->log().size().v - size_before, Changes::no_slot);
    tell_changed(slots);
    for (std::size_t i = 0; i < said.size(); ++i) batch[i].promise.set_value(said[i]);
}

/// The record that a saying follows; null for a new one.
Result<const registry::Record*> Desk::followed(const Saying& saying) const {
    if (!saying.record) return static_cast<const registry::Record*>(nullptr);
    const auto& snapshot = ports_.node->snapshot();
    const auto slot = snapshot.find(*saying.record);
    if (!slot)
        return fail(Errc::not_found, "no record " + saying.record->text() + " in this register");
    const auto& record = snapshot.at(*slot);
    if (!snapshot.log(record.log).own)
        return fail(Errc::refused, "only its author says anything of a record");
    if (record.log != 0) return fail(Errc::refused, of_log_before(snapshot, record));
    if (saying.version && record.newest().number != *saying.version) {
        return fail(Errc::stale, "record " + saying.record->text() + " is at version " +
                                     std::to_string(record.newest().number) + ", not " +
                                     std::to_string(*saying.version) + "; look at it again");
    }
    return &record;
}

Result<node::Composed> Desk::compose(const Saying& saying, Instant now) const {
    TRY(record, followed(saying));
    if (!saying.signed_already) {
        return node::compose(ports_.author(), saying.draft, record, now, ports_.random);
    }
    const auto& [proposed, approvals] = *saying.signed_already;
    if (record == nullptr || proposed.head.follows != record->newest().position.leaf) {
        return fail(Errc::stale,
                    "the record has moved on since this was proposed; propose it anew");
    }
    node::Composed out = node::complete(ports_.author(), proposed, approvals, ports_.random);
    out.held = true;
    return out;
}

/// After the moment that holds them, and before anybody hears that they are durable.
void Desk::tell_changed(std::vector<view::Slot> slots) {
    std::vector<view::Slot> records = slots;
    std::erase_if(records, [](view::Slot slot) { return !Changes::is_record(slot); });
    if (among_others()) {
        const auto changed = ports_.exchange->take_changed();
        slots.insert(slots.end(), changed.begin(), changed.end());
        records.insert(records.end(), changed.begin(), changed.end());
        const std::size_t heard = ports_.exchange->heard().size();
        if (std::exchange(receipts_heard_, heard) != heard) {
            slots.push_back(Changes::receipt_slot);
        }
    }
    const auto dealings = ports_.node->take_changed_dealings();
    mark_dealings(slots, dealings);
    care_for_index(records);
    if (ports_.urgents != nullptr) (void)ports_.urgents->settle();
    publish();
    changes_.add(moment_->view, slots, moment_->state.as_of.size);
    note_stops(records);
    if (listener_) listener_(within(), &records);
    reply_to_activities(&records, dealings);
}

Result<void> Desk::inside(const std::function<void(const Inside&)>& job) {
    return on_desk<void>([this, &job]() -> Result<void> {
        job(within());
        return {};
    });
}

bool Desk::later(std::function<void(const Inside&)> job) {
    {
        const std::lock_guard lock(mutex_);
        if (ending_ || jobs_.size() >= queue_max) return false;
        jobs_.push_back([this, job = std::move(job)] { job(within()); });
    }
    work_.notify_one();
    return true;
}

void Desk::listen(Listener listener) {
    (void)inside([&](const Inside& inside) {
        listener_ = std::move(listener);
        if (listener_) listener_(inside, nullptr);
    });
}

void Desk::keep_charters(std::size_t known) {
    const auto& all = ports_.exchange->proposals();
    for (std::size_t i = known; ports_.keep_charter && i < all.size(); ++i) {
        ports_.keep_charter(all[i]);
    }
}

Result<Bytes> Desk::on_exchange(ExchangeJob job) {
    if (!among_others()) return fail(Errc::not_found, "this charter has no other party");
    return on_desk<Bytes>([this, job = std::move(job)]() -> Result<Bytes> {
        const std::uint64_t size_before = ports_.node->log().size().v;
        const std::size_t charters = ports_.exchange->proposals().size();
        auto out = job(*ports_.exchange, moment_to_sign());
        keep_charters(charters);
        std::vector<view::Slot> slots(ports_.node->log().size().v - size_before, Changes::no_slot);
        tell_changed(std::move(slots));
        return out;
    });
}

Result<std::shared_ptr<const Moment>> Desk::as_seen_by(const PartyId& party) {
    if (!among_others()) return fail(Errc::malformed, "this charter has no other party");
    const std::lock_guard lock(shown_mutex_);
    if (shown_of_ == moment()) {
        for (const auto& one : shown_) {
            if (one->state.as_of.shown_to->party == party) return one;
        }
    }
    return make_seen_by(party);
}

/// Precondition: shown_mutex_ is held.
Result<std::shared_ptr<const Moment>> Desk::make_seen_by(const PartyId& party) {
    // Both of one breath: what was given, and the register that it was given of.
    using Taken = std::pair<node::ShownTo, std::shared_ptr<const Moment>>;
    TRY(taken, on_desk<Taken>([this, party]() -> Result<Taken> {
            TRY(shown, ports_.exchange->shown_to(party));
            return Taken{std::move(shown), moment()};
        }));
    const auto& [shown, of] = taken;
    view::View view = view::View::as(of->state.snapshot, {party}, shown.bodies);
    std::vector<index::Item> items, activities;
    for (view::Slot slot = 0; slot < view.size(); ++slot) {
        for (index::Item& item : check::index_items(slot, view.at(slot))) {
            items.push_back(std::move(item));
        }
    }
    for (const view::SeenActivity& one : view.activities()) {
        for (index::Item& item : check::activity_items(one.slot(), one)) {
            activities.push_back(std::move(item));
        }
    }
    check::AsOf as_of = of->state.as_of;
    as_of.sources.clear();
    as_of.shown_to = check::ShownTo{party, shown.given.size, shown.acknowledged};
    if (shown_of_ != of) shown_.clear();
    shown_of_ = of;
    shown_.push_front(
        std::make_shared<const Moment>(Moment{{{},
                                               index::Index::build(std::move(items)),
                                               index::Index::build(std::move(activities)),
                                               {},  // joins are asked of one's own register alone
                                               std::move(as_of)},
                                              std::move(view),
                                              of->vkey,
                                              of->halted}));
    if (shown_.size() > shown_max) shown_.pop_back();
    return shown_.front();
}

void Desk::publish() {
    node::State state = ports_.exchange ? ports_.exchange->state() : ports_.node->state();
    std::vector<node::HeardStop> heard;
    if (ports_.urgents != nullptr) heard = ports_.urgents->heard();
    auto next = std::make_shared<const Moment>(Moment{std::move(state), view_of(*ports_.node),
                                                      ports_.node->verifier().text(),
                                                      ports_.node->halted(), heard});
    const std::lock_guard lock(mutex_);
    moment_.swap(next);
}

/// Merges the delta into a new base on a thread of its own, and makes again what changed meanwhile.
void Desk::care_for_index(const std::vector<view::Slot>& changed) {
    if (merging_.valid()) {
        changed_since_.insert(changed_since_.end(), changed.begin(), changed.end());
        if (merging_.wait_for(std::chrono::seconds(0)) != std::future_status::ready) return;
        const view::View view = view_of(*ports_.node);
        std::vector<index::IndexChange> changes;
        for (const view::Slot slot : changed_since_) {
            changes.push_back({slot, check::index_items(slot, view.at(slot))});
        }
        ports_.node->adopt_merged(merging_.get().with(changes));
        changed_since_.clear();
        return;
    }
    if (!ports_.node->merge_due()) return;
    merging_ = std::async(std::launch::async,
                          [index = ports_.node->state().index] { return index.merged(); });
}

}  // namespace entente::net
