// SPDX-License-Identifier: Apache-2.0
// A check against a field pack, on a device.
#pragma once

#include <functional>

#include "check/answer.h"

namespace entente::cli {

using ShowAnswer = std::function<void(const view::View&, const check::Answer&)>;

/// Opens the pack with the device's key, remembers the time, and answers by its clock. `show` gets
/// the answer with the view that it is of.
Result<check::Answer> check_on_device(const std::string& device_dir, const std::string& pack,
                                      const check::Question& question, const ShowAnswer& show);

}  // namespace entente::cli
