// SPDX-License-Identifier: Apache-2.0
// Notices by standing questions: a version of a record or of a statement that is said, or shown,
// just now, and what that is by now fits a question that somebody left standing. It is compared as
// deep as their roles go at this moment. What cannot be compared (no place, no grade that could be
// judged) may fit, and is told.
#include <algorithm>

#include "node/noticing_pass.h"

namespace entente::node {

/// From the causes that tell of the same versions anyway; so it comes after those.
void Noticing::match_causes(Pass& pass) const {
    if (!pass.standing) return;
    std::vector<Cause> out;
    for (const Cause& cause : pass.causes) {
        const std::string& what = cause.notice.what;
        const bool of_version = cause.slot && cause.notice.version > 0 &&
                                (what == watch::what::record || what == watch::what::objection ||
                                 what == watch::what::stop) &&
                                pass.fresh.contains({*cause.slot, cause.notice.version});
        if (!of_version || (!cause.key.starts_with("entry/") && !cause.key.starts_with("release/")))
            continue;
        Cause match = cause;
        match.key = "match/" + cause.key;
        match.notice.what = watch::what::match;
        match.matches = true;
        match.desks.clear();
        out.push_back(std::move(match));
    }
    const registry::Snapshot& snapshot = of_.node->snapshot();
    for (Cause& cause : pass.stated) {
        cause.notice.record = snapshot.dealings().at(*cause.statement).id;
        out.push_back(std::move(cause));
    }
    pass.causes.insert(pass.causes.end(), std::make_move_iterator(out.begin()),
                       std::make_move_iterator(out.end()));
}

/// Whether anybody left a question standing; those that ended are forgotten.
bool Noticing::note_standing(std::span<const Subscriber> subscribers) {
    std::set<std::string> standing;
    for (const Subscriber& one : subscribers) {
        const watch::Subscription& wants = one.wants->subscription();
        if (wants.standing) standing.insert(wants.id);
    }
    std::erase_if(asked_, [&](const auto& one) { return !standing.contains(one.first); });
    return !standing.empty();
}

const watch::Asked& Noticing::asked(const watch::Subscription& subscription) const {
    const auto found = asked_.find(subscription.id);
    if (found != asked_.end()) return found->second;
    watch::Question question = watch::question_of(subscription);
    const std::string& text = subscription.standing->text;
    if (!text.empty() && of_.folding.asked) {
        // It was folded before it was saved; by another ICU it may have no word any more.
        if (auto words = of_.folding.asked(text)) question.words = std::move(*words);
    }
    return asked_.emplace(subscription.id, watch::Asked(std::move(question))).first->second;
}

bool Noticing::fits(const Cause& cause, const Subscriber& subscriber, Compared& compared) const {
    const watch::Subscription& wants = subscriber.wants->subscription();
    if (!wants.standing) return false;
    const watch::Looking looking{
        subscriber.reads_exactly ? watch::Reading::exact : watch::Reading::listed,
        subscriber.depth};
    auto as = std::find_if(compared.all.begin(), compared.all.end(),
                           [&](const Compared::As& one) { return one.looking == looking; });
    if (as == compared.all.end()) {
        const registry::Snapshot& snapshot = of_.node->snapshot();
        Compared::As made{
            looking,
            cause.statement
                ? watch::statement_thing(snapshot, *cause.statement, looking)
                : watch::record_thing(snapshot, *cause.slot, looking, cause.notice.time),
            {}};
        // Who was told that something was so is told that it is so no more.
        if (cause.notice.detail == statement::act::withdraw) made.thing.withdrawn = false;
        if (of_.folding.words) made.words = of_.folding.words(made.thing.texts);
        as = compared.all.insert(compared.all.end(), std::move(made));
    }
    return asked(wants).match(as->thing, as->words) != watch::Match::no;
}

}  // namespace entente::node
