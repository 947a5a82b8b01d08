// The last hour of a pool as small pictures.
#pragma once

#include <string>

#include "pool/status/snapshot.h"

namespace actiond {

// HTML with inline SVG, without style or script, which takes its ink from the page; each picture
// says in words how high it goes, and a table has the numbers.
std::string to_charts(const Snapshot& snapshot);

}  // namespace actiond
