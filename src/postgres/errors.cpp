#include "postgres/errors.h"

#include <libpq-fe.h>

#include <algorithm>
#include <initializer_list>
#include <stdexcept>

namespace actiond {
namespace {

// Without the value that some messages quote.
std::string message_of(const PGresult* result) {
  const char* primary = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  const std::string_view message = primary != nullptr ? primary : "no message";
  return std::string(message.substr(0, message.find(": \"")));
}

}  // namespace

std::string_view state_of(const PGresult* result) {
  const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  return state != nullptr ? state : "";
}

bool is_outdated_plan(const PGresult* result) {
  const char* function = PQresultErrorField(result, PG_DIAG_SOURCE_FUNCTION);
  return function != nullptr && std::string_view(function) == "RevalidateCachedQuery";
}

void throw_error(const PGresult* result, std::string_view sql, bool writes) {
  const std::string_view state = state_of(result);
  std::string what = "PostgreSQL: " + message_of(result) + " (" + std::string(state) + ")";
  if (!sql.empty()) what.append(" in: ").append(sql);
  const auto is_one_of = [&](std::initializer_list<std::string_view> states) {
    return std::ranges::any_of(states,
                               [&](std::string_view one) { return state.starts_with(one); });
  };
  if (is_one_of({"40001", "40P01"}) || is_outdated_plan(result)) throw RunAgain(what, false);
  if (is_one_of({"23505"})) throw RunAgain(what, true);
  // A standby, or a primary that stopped being one; outside of a transaction, a reader that writes.
  if (is_one_of({"08", "57P"}) || (writes && state == "25006") || sql.starts_with("BEGIN"))
    throw ConnectionLost(what);
  if (is_one_of({"53", "55P03", "57014", "58", "25P03", "XX"})) throw Unavailable(what);
  throw std::runtime_error(what);
}

}  // namespace actiond
