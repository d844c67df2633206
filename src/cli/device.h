// SPDX-License-Identifier: Apache-2.0
// A crew's device: a directory that opens field packs and checks against them, with no register and
// no line.
//
//     DIR/key            opens what is sealed to the device
//     DIR/device         its name and public key, for its party's node: what a pack is made for
//     DIR/charter.toml   the charter in whose words packs are signed; a newer one is put in its
//                        place
//     DIR/party          whose device it is
//     DIR/seen           the highest time that it has ever had or been told
#pragma once

#include "base/ids.h"
#include "base/time.h"
#include "base/x25519.h"
#include "cli/data_dir.h"

namespace entente::cli {

/// What a node is told of a device.
struct DeviceCard {
    SealingKey key;
    std::string charter;  // its id
    PartyId party;
    std::string name;
};
/// `entente-device/v1 <key> <charter> <party> <name>` on one line.
Result<DeviceCard> read_device_card(const std::string& path);

class Device {
  public:
    static Result<void> make(const std::string& dir, const std::string& charter_file,
                             const PartyId& party, const std::string& name, const Random& random);
    static Result<Device> open(const std::string& dir);

    const std::string& charter() const { return charter_; }
    const PartyId& party() const { return party_; }
    const SealingSecret& secret() const { return secret_; }
    Instant seen() const { return seen_; }
    /// Remembers this time, if it is higher, before an answer is given by it.
    Result<void> see(Instant time);

  private:
    Device(std::string dir, std::string charter, PartyId party, SealingSecret secret, Instant seen)
        : dir_(std::move(dir)), charter_(std::move(charter)), party_(std::move(party)),
          secret_(std::move(secret)), seen_(seen) {}

    std::string dir_;
    std::string charter_;
    PartyId party_;
    SealingSecret secret_;
    Instant seen_;
};

}  // namespace entente::cli
