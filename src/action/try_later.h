// The words for a visitor who tried too often.
#pragma once

#include "action/result.h"
#include "http/message.h"

namespace actiond {

// When to try again; of mails also how many there may be.
Message text_of(const TryLater& later);

}  // namespace actiond
