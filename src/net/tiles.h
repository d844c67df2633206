// SPDX-License-Identifier: Apache-2.0
// The picture of the register that vector tiles are made of, kept up with the log, and the tiles
// that were asked for lately. Any thread.
#pragma once

#include <future>
#include <list>
#include <map>
#include <memory>
#include <mutex>

#include "formats/tile.h"
#include "net/desk.h"

namespace entente::net {

/// A tile in both forms in which it is sent, made once: packing one takes longer than finding it.
struct ReadyTile {
    std::string bytes;  // empty where there is nothing to draw
    std::string gzip;   // empty: not worth it
    std::string etag;   // with quotes
    std::size_t weight() const { return bytes.size() + gzip.size(); }
};

class Tiles {
  public:
    /// The picture shows what a list of this depth would.
    Tiles(Desk& desk, view::Depth depth) : desk_(desk), depth_(depth) {}

    /// The tile as of the newest moment.
    std::shared_ptr<const ReadyTile> tile(formats::TileAddress address, Instant now);

    /// Bytes of tiles that are kept.
    static constexpr std::size_t cache_bytes_max = 64 * 1024 * 1024;
    /// What ends or begins by the clock alone is seen in a kept tile this much later at most.
    static constexpr Duration kept_for = std::chrono::seconds(10);

  private:
    struct Key {
        std::uint32_t z, x, y;
        auto operator<=>(const Key&) const = default;
    };
    struct Kept {
        std::uint64_t entries;  // of the log that it shows
        Instant made;
        std::shared_ptr<const ReadyTile> tile;
        std::list<Key>::iterator used;
    };
    struct Shown {
        std::shared_ptr<const formats::Picture> picture;
        std::uint64_t entries = 0;
    };
    Shown newest(Instant now);
    void keep(const Key& key, std::uint64_t entries, Instant now,
              const std::shared_ptr<const ReadyTile>& tile);

    Desk& desk_;
    const view::Depth depth_;
    std::mutex picture_mutex_;  // guards the next two
    Shown shown_;
    std::future<Shown> rebuilding_;
    std::mutex cache_mutex_;  // guards what follows
    std::map<Key, Kept> kept_;
    std::list<Key> used_;  // least lately first
    std::size_t kept_bytes_ = 0;
};

/// Pictures of what other parties can see of what was released to them. A tile is made anew each
/// time: those who look are few, and what they look at must be of the view they asked for. Any
/// thread.
class ShownTiles {
  public:
    /// Of a view that Desk::as_seen_by gave.
    ReadyTile tile(const std::shared_ptr<const Moment>& shown, formats::TileAddress address,
                   Instant now);

  private:
    struct Pictured {
        std::shared_ptr<const Moment> shown;
        std::shared_ptr<const formats::Picture> picture;
        Instant made;
    };
    Pictured pictured(const std::shared_ptr<const Moment>& shown, Instant now);

    static constexpr std::size_t pictures_max = 4;
    std::mutex mutex_;  // guards the next
    std::list<Pictured> pictures_;
};

}  // namespace entente::net
