// SPDX-License-Identifier: Apache-2.0
// The oracle and the random shapes of geo's tests, once more for this room's: a test program holds
// its own room's test files only.
#include "geo/world_test.cc"  // NOLINT(bugprone-suspicious-include): the reason stands above
