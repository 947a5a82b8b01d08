// A backup that takes the place of the present.
#pragma once

#include <cstdint>
#include <string_view>

#include "data/store.h"

namespace actiond {

// Of SQLite.  A backup of an older program may have less.
bool has_table(Reader& db, std::string_view name);

struct MadePast {
  std::int64_t ended_sessions = 0, ended_tokens = 0, parked_mails = 0;
};

// In a backup that is put back: a session or token that was ended since it was made does not live
// again, a mail that was sent since is not sent again, and Stripe is asked about the nights since.
MadePast make_past(Transaction& tx);

}  // namespace actiond
