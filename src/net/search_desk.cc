// SPDX-License-Identifier: Apache-2.0
#include "net/search_desk.h"

#include "search/index.h"

namespace entente::net {

SearchDesk::SearchDesk(Desk& desk) : desk_(desk), index_(std::make_unique<search::Index>()) {}

SearchDesk::~SearchDesk() {
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
    }
    work_.notify_one();
    if (thread_.joinable()) thread_.join();
}

void SearchDesk::begin() {
    const std::lock_guard lock(mutex_);
    if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
}

/// Precondition: mutex_ is held, so that moments are taken in their order.
void SearchDesk::go_on(Instant now) {
    const auto moment = desk_.moment();
    if (moment != followed_) {
        progress_ = index_->follow(moment->state.snapshot, part, now);
        followed_ = moment;
    } else if (!progress_.whole()) {
        progress_ = index_->more(part, now);
    }
}

void SearchDesk::run() {
    constexpr auto pause = std::chrono::milliseconds(200);
    std::unique_lock lock(mutex_);
    while (!ending_) {
        go_on(desk_.now());
        // Also where there is more to do: who waits for the mutex has a turn.
        const auto wait = progress_.whole() ? pause : std::chrono::milliseconds(1);
        (void)work_.wait_for(lock, wait, [&] { return ending_; });
    }
}

Result<SearchDesk::Answer> SearchDesk::find(watch::Question question, const std::string& text,
                                            const watch::Looking& looking,
                                            const search::Paging& paging, Instant now) {
    begin();
    const std::lock_guard lock(mutex_);
    if (!text.empty()) {
        auto words = index_->words_of(text);
        if (!words) return tl::unexpected(std::move(words).error());
        question.words = std::move(*words);
    }
    const watch::Asked asked(std::move(question));
    const Instant begun = desk_.now();
    for (bool whole = false; !whole;) {
        go_on(now);
        const Instant by_now = desk_.now();
        whole = progress_.whole() || by_now >= begun + waits_max || by_now < begun;
    }
    return Answer{followed_, index_->find(asked, looking, paging, now), progress_};
}

search::Held SearchDesk::held() {
    const std::lock_guard lock(mutex_);
    return index_->held();
}

}  // namespace entente::net
