// Fresh values in a page: see `Fresh` in page.h.
#pragma once

#include <vector>

#include "page/edits.h"
#include "page/page.h"
#include "page/parts.h"
#include "page/values.h"

namespace actiond {

// A time or a way on that was sent stays.  Call it behind `fill_values`: of two changes to one
// control the first counts.
void fill_fresh(const std::vector<FreshControl>& controls, const Fresh& fresh,
                const SentValues& sent, Edits& edits);

}  // namespace actiond
