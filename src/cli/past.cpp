#include "cli/past.h"

#include "payment/night_rows.h"
#include "store/accounts.h"
#include "store/outbox.h"
#include "store/tokens.h"

namespace actiond {

bool has_table(Reader& db, std::string_view name) {
  return db.row<std::int64_t>("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?", name)
      .has_value();
}

MadePast make_past(Transaction& tx) {
  MadePast made{.ended_sessions = end_all_sessions(tx)};
  if (has_table(tx, "tokens")) made.ended_tokens = end_all_tokens(tx);
  if (has_table(tx, "outbox")) made.parked_mails = park_mails(tx);
  if (has_table(tx, "stripe_nights")) forget_nights(tx);
  return made;
}

}  // namespace actiond
