// The answer to a visitor who tried too often.
#pragma once

#include "action/result.h"
#include "http/problem.h"

namespace actiond {

// 429, which says when to try again, and of mails also how many there may be.
Problem too_often(const TryLater& later);

}  // namespace actiond
