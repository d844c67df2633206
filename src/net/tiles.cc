// SPDX-License-Identifier: Apache-2.0
#include "net/tiles.h"

#include <algorithm>

#include "base/encode.h"
#include "base/sha256.h"
#include "net/gzip.h"

namespace entente::net {
namespace {

ReadyTile ready(std::string bytes) {
    ReadyTile out;
    out.etag = '"' + to_base64url(sha256(bytes).view()).substr(0, 22) + '"';
    if (bytes.size() >= gzip_bytes_min) out.gzip = gzip(bytes);
    out.bytes = std::move(bytes);
    return out;
}

}  // namespace

/// The picture brought up to the newest moment: built at the first call, then changed by what the
/// log says has changed, and built anew beside it when that has become much.
Tiles::Shown Tiles::newest(Instant now) {
    const std::lock_guard lock(picture_mutex_);
    // Picture::with() wants every slot named that differs, so the view must hold just these
    // entries. Only between the desk's publish() and add() does it hold more.
    std::uint64_t entries = 0;
    std::shared_ptr<const Moment> moment;
    do {
        entries = desk_.changes().size();
        moment = desk_.moment();
    } while (moment->state.as_of.size.v > entries);
    if (!shown_.picture) {
        shown_ = {formats::Picture::build(moment->view.at_depth(depth_), now), entries};
        return shown_;
    }
    if (rebuilding_.valid() &&
        rebuilding_.wait_for(std::chrono::seconds(0)) == std::future_status::ready) {
        shown_ = rebuilding_.get();
    }
    if (shown_.entries < entries) {
        const auto slots = desk_.changes().slots(shown_.entries, entries);
        shown_ = {shown_.picture->with(moment->view.at_depth(depth_), slots), entries};
    }
    if (shown_.picture->rebuild_due() && !rebuilding_.valid()) {
        rebuilding_ = std::async(std::launch::async, [shown = shown_, now] {
            return Shown{formats::Picture::build(shown.picture->view(), now), shown.entries};
        });
    }
    return shown_;
}

std::shared_ptr<const ReadyTile> Tiles::tile(formats::TileAddress address, Instant now) {
    const Shown shown = newest(now);
    const Key key{address.z, address.x, address.y};
    {
        const std::lock_guard lock(cache_mutex_);
        const auto found = kept_.find(key);
        if (found != kept_.end() && found->second.entries == shown.entries &&
            found->second.made <= now && found->second.made + kept_for > now) {
            used_.splice(used_.end(), used_, found->second.used);
            return found->second.tile;
        }
    }
    auto made =
        std::make_shared<const ReadyTile>(ready(formats::tile(*shown.picture, address, now)));
    keep(key, shown.entries, now, made);
    return made;
}

void Tiles::keep(const Key& key, std::uint64_t entries, Instant now,
                 const std::shared_ptr<const ReadyTile>& tile) {
    const std::lock_guard lock(cache_mutex_);
    auto drop = [&](std::map<Key, Kept>::iterator one) {
        kept_bytes_ -= one->second.tile->weight();
        used_.erase(one->second.used);
        kept_.erase(one);
    };
    if (const auto old = kept_.find(key); old != kept_.end()) drop(old);
    kept_bytes_ += tile->weight();
    kept_.emplace(key, Kept{entries, now, tile, used_.insert(used_.end(), key)});
    constexpr std::size_t tiles_max = 100'000;  // empty ones weigh nothing but their place
    while (kept_bytes_ > cache_bytes_max || kept_.size() > tiles_max) {
        drop(kept_.find(used_.front()));
    }
}

ShownTiles::Pictured ShownTiles::pictured(const std::shared_ptr<const Moment>& shown, Instant now) {
    const std::lock_guard lock(mutex_);
    const PartyId& party = shown->state.as_of.shown_to->party;
    for (const Pictured& one : pictures_) {
        if (one.shown == shown) return one;
    }
    // Of a party there is one picture, of the newest view.
    std::erase_if(pictures_, [&](const Pictured& one) {
        return one.shown->state.as_of.shown_to->party == party;
    });
    pictures_.push_front({shown, formats::Picture::build(shown->view, now), now});
    if (pictures_.size() > pictures_max) pictures_.pop_back();
    return pictures_.front();
}

ReadyTile ShownTiles::tile(const std::shared_ptr<const Moment>& shown, formats::TileAddress address,
                           Instant now) {
    const Pictured of = pictured(shown, now);
    return ready(formats::tile(*of.picture, address, std::max(now, of.made)));
}

}  // namespace entente::net
