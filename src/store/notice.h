// When a mail that tells of something is to leave, so that many of these at once are few mails.
#pragma once

#include <chrono>
#include <optional>

#include "base/time.h"

namespace actiond {

// At once; later, with what comes until then; not, since a mail that waits tells of it.
enum class Notice { Now, Later, None };

// For something that happens `now`.  `last` is when such a mail left, or, ahead, will leave;
// between two of them lies `between`.
inline Notice notice_after(std::optional<Time> last, Time now, std::chrono::seconds between) {
  // Further ahead than any mail waits: the clock was set back.
  const bool is_over = !last || *last + between <= now || *last > now + between;
  if (is_over) return Notice::Now;
  return *last > now ? Notice::None : Notice::Later;
}

}  // namespace actiond
