// The words of messages, which follow them into the index of the search: a message is committed
// without, so that many that come at once are not held up.
#pragma once

#include <cstdint>

#include "data/store.h"

namespace actiond {

// Takes the oldest messages that are not there into the index, in up to `steps` transactions, each
// of which is short.  For any number of threads.
void index_messages(Store& store, int steps);

// How many of the last messages no search finds yet; those that were deleted count.
std::int64_t count_unindexed(Reader& db);

}  // namespace actiond
