// SPDX-License-Identifier: Apache-2.0
#include "net/tiles.h"

namespace entente::net {

/// The picture brought up to the newest moment: built at the first call, then changed by what the
/// log says has changed, and built anew beside it when that has become much.
Tiles::Shown Tiles::newest(Instant now) {
    const std::lock_guard lock(picture_mutex_);
    // The moment first: it may hold more than these entries, never less.
    const std::uint64_t entries = desk_.changes().size();
    const auto moment = desk_.moment();
    if (!shown_.picture) {
        shown_ = {formats::Picture::build(moment->view, now), entries};
        return shown_;
    }
    if (rebuilding_.valid() &&
        rebuilding_.wait_for(std::chrono::seconds(0)) == std::future_status::ready) {
        shown_ = rebuilding_.get();
    }
    if (shown_.entries < entries) {
        const auto slots = desk_.changes().slots(shown_.entries, entries);
        shown_ = {shown_.picture->with(moment->view, slots), entries};
    }
    if (shown_.picture->rebuild_due() && !rebuilding_.valid()) {
        rebuilding_ = std::async(std::launch::async, [shown = shown_, now] {
            return Shown{formats::Picture::build(shown.picture->view(), now), shown.entries};
        });
    }
    return shown_;
}

std::shared_ptr<const std::string> Tiles::tile(formats::TileAddress address, Instant now) {
    const Shown shown = newest(now);
    const Key key{address.z, address.x, address.y};
    {
        const std::lock_guard lock(cache_mutex_);
        const auto found = kept_.find(key);
        if (found != kept_.end() && found->second.entries == shown.entries &&
            found->second.made + kept_for > now) {
            used_.splice(used_.end(), used_, found->second.used);
            return found->second.bytes;
        }
    }
    auto bytes = std::make_shared<const std::string>(formats::tile(*shown.picture, address, now));
    keep(key, shown.entries, now, bytes);
    return bytes;
}

void Tiles::keep(const Key& key, std::uint64_t entries, Instant now,
                 const std::shared_ptr<const std::string>& bytes) {
    const std::lock_guard lock(cache_mutex_);
    auto drop = [&](std::map<Key, Kept>::iterator one) {
        kept_bytes_ -= one->second.bytes->size();
        used_.erase(one->second.used);
        kept_.erase(one);
    };
    if (const auto old = kept_.find(key); old != kept_.end()) drop(old);
    kept_bytes_ += bytes->size();
    kept_.emplace(key, Kept{entries, now, bytes, used_.insert(used_.end(), key)});
    constexpr std::size_t tiles_max = 100'000;  // empty ones weigh nothing but their place
    while (kept_bytes_ > cache_bytes_max || kept_.size() > tiles_max) {
        drop(kept_.find(used_.front()));
    }
}

}  // namespace entente::net
