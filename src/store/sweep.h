// Rows that count no longer.  No action removes them, since writers that remove the same rows wait
// for each other.
#pragma once

#include <vector>

#include "data/store.h"
#include "store/inbox.h"

namespace actiond {

// Removes some of each table, in a transaction a table; those that are left go the next time.
// Messages go in small steps, with their files; those of a form in `lives` when it says so.  Of
// several hosts one at a time does.
void sweep(Store& store, Time now, const std::vector<FormLife>& lives = {});

}  // namespace actiond
