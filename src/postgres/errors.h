// The errors of a server, by what may be done about each.
#pragma once

#include <string>
#include <string_view>

#include "data/store.h"

struct pg_result;

namespace actiond {

// The server undid the transaction, and it may succeed when it is run again.
class RunAgain final : public Unavailable {
 public:
  RunAgain(const std::string& what, bool is_duplicate)
      : Unavailable(what), is_duplicate_(is_duplicate) {}
  // A unique key is there already: perhaps since a moment ago, and then the work itself finds it.
  bool is_duplicate() const { return is_duplicate_; }

 private:
  bool is_duplicate_;
};

// The server or the way to it is gone, or did not answer in time.
class ConnectionLost final : public Unavailable {
 public:
  using Unavailable::Unavailable;
};

// The SQLSTATE of an error or a notice, five letters.
std::string_view state_of(const pg_result* result);
// Whether the server prepared a statement before its tables changed.
bool is_outdated_plan(const pg_result* result);

// Throws by PostgreSQL's documentation, appendix A: RunAgain, ConnectionLost or Unavailable; for
// all others std::runtime_error.  `writes`: in a transaction that may.
[[noreturn]] void throw_error(const pg_result* result, std::string_view sql, bool writes);

}  // namespace actiond
