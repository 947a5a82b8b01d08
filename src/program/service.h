// The program as a worker serves it.
#pragma once

#include "access/key_ring.h"
#include "pool/worker/worker.h"
#include "program/settings.h"

namespace actiond {

// A worker opens its database at once, so that the first visitor does not wait for it; when that
// fails the visitors get a 503 until it works.
Service make_service(const Settings& settings, const KeyRing& keys, WorkerCell& cell);

}  // namespace actiond
