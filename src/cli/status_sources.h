// What the pool's status tells besides its counters.
#pragma once

#include "cli/settings.h"
#include "core/key_ring.h"
#include "pool/status.h"

namespace actiond {

// Holds ids and times of `keys`, and no secret.
StatusSources status_sources(const Settings& settings, const KeyRing& keys);

}  // namespace actiond
