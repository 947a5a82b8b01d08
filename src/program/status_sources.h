// The facts of the pool's status that are not counters.
#pragma once

#include "access/key_ring.h"
#include "pool/supervisor/status_process.h"
#include "program/settings.h"

namespace actiond {

// Holds ids and times of `keys`, and no secret.
StatusSources status_sources(const Settings& settings, KeyRing keys);

}  // namespace actiond
