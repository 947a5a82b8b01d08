#include "cli/audit.h"

#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "cli/account.h"
#include "cli/commands.h"
#include "cli/since.h"
#include "program/program.h"

namespace actiond {
namespace {

using Json = nlohmann::ordered_json;

template <class Value>
Json or_null(const std::optional<Value>& value) {
  return value ? Json(*value) : Json(nullptr);
}

}  // namespace

std::string to_line(const AuditedAction& row) {
  const std::string user = row.email     ? *row.email
                           : row.user_id ? fmt::format("user {}", *row.user_id)
                                         : "-";
  return fmt::format("{}\t{}\t{}\t{}\t{}", to_rfc3339(row.at), row.request_id, row.action, user,
                     row.outcome);
}

std::string to_json_line(const AuditedAction& row) {
  return Json{{"time", to_rfc3339(row.at)}, {"requestId", row.request_id},
              {"action", row.action},       {"userId", or_null(row.user_id)},
              {"user", or_null(row.email)}, {"outcome", row.outcome}}
      .dump(-1, ' ', true, Json::error_handler_t::replace);
}

void command::audit(const Settings& settings, const std::string& since_text,
                    const std::string& email, bool json) {
  Time since{};
  if (!since_text.empty()) {
    const auto read = from_since(since_text, current_time());
    if (!read)
      throw WrongUsage("--since",
                       "takes a date, 2027-01-31, a time, 2027-01-31T12:00:00Z, or a "
                       "span, 2h");
    since = *read;
  }
  const auto engine = engine_of(settings);
  Reader& db = engine->reader();
  const auto user_id = email.empty() ? std::nullopt : std::optional(require_account(db, email).id);
  read_audit(db, since, user_id, [json](const AuditedAction& row) {
    fmt::print("{}\n", json ? to_json_line(row) : to_line(row));
  });
}

}  // namespace actiond
