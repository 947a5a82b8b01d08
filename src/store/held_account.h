// An account as the actions of several hosts meet at it: each that asks who somebody is holds the
// account until it commits, and whatever takes something from the account touches it.  So what was
// taken counts for every action that ends later.  Where one program writes at a time, both are no
// more than they say.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "data/store.h"

namespace actiond {

// A SELECT of `users` that holds what it finds, where it runs inside a transaction.  Every request
// asks with one: it is copied only where it is longer than what was written.
class HoldingAccount {
 public:
  HoldingAccount(const Reader& db, std::string_view select) : select_(select) {
    if (const std::string_view holding = db.holding_account(); !holding.empty())
      longer_.append(select).append(holding);
  }

  operator std::string_view() const { return longer_.empty() ? select_ : longer_; }

 private:
  std::string_view select_;
  std::string longer_;
};

// Those that hold it have ended when this returns, and those that wait for it ask again.
inline void touch_account(Transaction& tx, std::int64_t user_id) {
  tx.run("UPDATE users SET device_generation = device_generation WHERE id = ?", user_id);
}

}  // namespace actiond
