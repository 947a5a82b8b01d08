#include "cli/grants.h"

#include <fmt/core.h>

#include "cli/account.h"
#include "cli/commands.h"
#include "payment/payment_rows.h"
#include "program/program.h"
#include "store/grants.h"

namespace actiond {
namespace {

std::optional<SourcedGrant> find_latest(Reader& db, std::int64_t user_id, std::string_view name) {
  std::optional<SourcedGrant> latest;
  for (SourcedGrant& grant : list_grants(db, user_id))
    if (grant.name == name && (!latest || grant.until > latest->until)) latest = std::move(grant);
  return latest;
}

}  // namespace

Time read_time(const char* option, const std::string& said) {
  const auto read = from_rfc3339(said);
  if (!read) throw WrongUsage(option, "takes a date, 2027-01-31, or a time, 2027-01-31T12:00:00Z");
  return *read;
}

Time read_until(const std::string& said) {
  return said.empty() ? forever : read_time("--until", said);
}

void set_grant(const Settings& settings, std::string_view command, const std::string& email,
               std::string_view name, std::optional<Time> until) {
  const auto engine = engine_of(settings);
  std::optional<SourcedGrant> latest;
  bool is_blocked = false;
  change_account(*engine, email, [&](Transaction& tx, const Account& account) {
    if (until) give_grant(tx, account.id, name, operator_source, *until);
    if (until || take_grant(tx, account.id, name, operator_source))
      record_command(tx, fmt::format("{} {}", command, name), account.id,
                     until ? describe_end(*until) : "taken away");
    latest = find_latest(tx, account.id, name);
    is_blocked = grants_blocked_at(tx, account.id).has_value();
  });
  const bool from_elsewhere = latest && latest->source != operator_source;
  fmt::print("{}: {}{}{}\n", email,
             describe_grant(name, latest ? std::optional(latest->until) : std::nullopt),
             from_elsewhere ? fmt::format(", from {}", latest->source) : "",
             latest && is_blocked ? ", and does not count while the account is blocked" : "");
}

namespace {

// The last event that said something of a subscription.
std::string describe_event(Reader& db, std::string_view source) {
  if (!source.starts_with(stripe_source)) return "";
  const auto subscription = find_subscription(db, source.substr(stripe_source.size()));
  if (!subscription) return "";
  return fmt::format("\tby {}{}", subscription->told_by, subscription->is_unsure ? ", unsure" : "");
}

}  // namespace

std::size_t print_grants(Reader& db, const std::string& email) {
  const auto grants = list_grants(db, require_account(db, email).id);
  for (const SourcedGrant& grant : grants)
    fmt::print("{}\t{}\t{}\tfrom {}\tgiven {}{}\n", email, grant.name, describe_end(grant.until),
               grant.source, to_rfc3339(grant.given_at), describe_event(db, grant.source));
  return grants.size();
}

}  // namespace actiond
