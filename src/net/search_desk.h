// SPDX-License-Identifier: Apache-2.0
// The search index of a node (search/index.h), kept up with its register: a thread of its
// own makes it part by part after the first question, or after begin(), and follows what changes.
// Every answer is of the newest moment: what that changed is in the index, or out of it, before
// anything is looked for. Until the index is whole an answer says how far it is.
//
// Any thread; one question at a time.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "net/desk.h"
#include "search/found.h"

namespace entente::search {
class Index;
}

namespace entente::net {

class SearchDesk {
  public:
    explicit SearchDesk(Desk& desk);
    ~SearchDesk();
    SearchDesk(const SearchDesk&) = delete;
    SearchDesk& operator=(const SearchDesk&) = delete;

    void begin();

    struct Answer {
        std::shared_ptr<const Moment> moment;  // of which it is
        search::Found found;
        search::Progress progress;
    };
    /// Words of `text`, where there is any, are added to the question. Errors as
    /// search::Folder::asked.
    Result<Answer> find(watch::Question question, const std::string& text,
                        const watch::Looking& looking, const search::Paging& paging, Instant now);
    search::Held held();

    /// So many things are put into it before others have their turn.
    static constexpr std::size_t part = 500;
    /// For so long a question waits for the index to be whole.
    static constexpr Duration waits_max = std::chrono::seconds(2);

  private:
    void run();
    void go_on(Instant now);

    Desk& desk_;
    std::mutex mutex_;  // guards what follows
    std::condition_variable work_;
    std::unique_ptr<search::Index> index_;
    std::shared_ptr<const Moment> followed_;
    search::Progress progress_;
    bool ending_ = false;
    std::thread thread_;
};

}  // namespace entente::net
