// SPDX-License-Identifier: Apache-2.0
#include "search/postings.h"

#include <algorithm>

namespace entente::search {
namespace {

/// Those of `some` that are in `list`: by halving where one is much shorter.
void keep(std::vector<Doc>& some, const std::vector<Doc>& list) {
    constexpr std::size_t much = 32;
    if (list.size() > some.size() * much) {
        auto from = list.begin();
        std::erase_if(some, [&](Doc doc) {
            from = std::lower_bound(from, list.end(), doc);
            return from == list.end() || *from != doc;
        });
        return;
    }
    std::vector<Doc> out;
    std::set_intersection(some.begin(), some.end(), list.begin(), list.end(),
                          std::back_inserter(out));
    some = std::move(out);
}

}  // namespace

void Postings::add(Doc doc, const std::vector<std::string>& words) {
    for (const std::string& word : words) {
        std::vector<Doc>& list = lists_[word];
        if (list.empty() || list.back() < doc) {
            list.push_back(doc);
        } else {
            list.insert(std::lower_bound(list.begin(), list.end(), doc), doc);
        }
    }
    entries_ += words.size();
}

bool Postings::remove(Doc doc, const std::vector<std::string>& words) {
    bool all = true;
    for (const std::string& word : words) {
        const auto found = lists_.find(word);
        if (found == lists_.end()) {
            all = false;
            continue;
        }
        std::vector<Doc>& list = found->second;
        const auto at = std::lower_bound(list.begin(), list.end(), doc);
        if (at == list.end() || *at != doc) {
            all = false;
            continue;
        }
        list.erase(at);
        --entries_;
        if (list.empty()) lists_.erase(found);
    }
    return all;
}

Postings::Range Postings::range_of(const watch::Word& word) const {
    Range out{lists_.lower_bound(word.text), lists_.end()};
    if (!word.begins) {
        out.end = out.begin;
        if (out.begin != lists_.end() && out.begin->first == word.text) ++out.end;
    }
    for (auto at = out.begin; at != out.end; ++at) {
        if (word.begins && !at->first.starts_with(word.text)) {
            out.end = at;
            break;
        }
        out.entries += at->second.size();
    }
    return out;
}

std::vector<Doc> Postings::with_all(const std::vector<watch::Word>& words) const {
    std::vector<Range> ranges;
    for (const watch::Word& word : words) ranges.push_back(range_of(word));
    std::sort(ranges.begin(), ranges.end(),
              [](const Range& a, const Range& b) { return a.entries < b.entries; });
    std::vector<Doc> out;
    for (std::size_t i = 0; i < ranges.size(); ++i) {
        const Range& range = ranges[i];
        if (range.begin == range.end) return {};
        if (std::next(range.begin) == range.end) {
            if (i == 0)
                out = range.begin->second;
            else
                keep(out, range.begin->second);
        } else {
            Bits bits;
            for (auto at = range.begin; at != range.end; ++at) {
                for (const Doc doc : at->second) bits.set(doc);
            }
            if (i == 0)
                bits.each([&](Doc doc) { out.push_back(doc); });
            else
                std::erase_if(out, [&](Doc doc) { return !bits.has(doc); });
        }
        if (out.empty()) return {};
    }
    return out;
}

}  // namespace entente::search
