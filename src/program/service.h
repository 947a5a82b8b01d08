// The program as a worker serves it.
#pragma once

#include <cstdint>

#include "access/key_ring.h"
#include "pool/worker/worker.h"
#include "program/settings.h"

namespace actiond {

// A worker opens its database at once, so that the first visitor does not wait for it; when that
// fails the visitors get a 503 until it works.  `generation`: of the pool (store/hosts.h).
Service make_service(const Settings& settings, const KeyRing& keys, std::int64_t generation,
                     WorkerCell& cell);

}  // namespace actiond
