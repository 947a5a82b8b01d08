// Rows that count no longer.  No action removes them, since writers that remove the same rows wait
// for each other.
#pragma once

#include "data/store.h"

namespace actiond {

// Removes some of each table, in a transaction a table; those that are left go the next time.
void sweep(Store& store, Time now);

}  // namespace actiond
