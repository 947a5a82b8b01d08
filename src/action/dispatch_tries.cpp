// Guessing, as core/attempts.h limits it.  A try is counted before the check that it asks for, and
// taken back when it succeeds: tries that come all at once find each other counted.
#include <fmt/format.h>

#include "action/dispatch.h"
#include "http/cookie.h"

namespace actiond {
namespace {

// "20 seconds", "14 minutes": rounded up, so that it is not too early then.
std::string to_words(std::chrono::seconds wait) {
  const bool short_wait = wait < std::chrono::seconds(100);
  const auto count =
      short_wait ? wait.count() : std::chrono::ceil<std::chrono::minutes>(wait).count();
  return fmt::format("{} {}{}", count, short_wait ? "second" : "minute", count == 1 ? "" : "s");
}

}  // namespace

std::optional<TryLater> Dispatcher::count_try(Visit& visit, const Action& action,
                                              const FieldValues& values,
                                              const std::optional<Identity>& visitor) const {
  if (!action.guess_limit) return std::nullopt;
  const auto email = action.guess_limit->account(values, visitor);
  if (!email) return std::nullopt;
  const std::string account = normalised_account(*email);
  const auto cookie = device_cookie(visit.request);
  const auto known = cookie ? verify_device(*cookie, account, keys_) : std::nullopt;
  Attempt attempt{.network = attempt_network(visit.request.address, keys_),
                  .from_known_device = known.has_value()};
  if (action.guess_limit->per_account)
    attempt.account = attempt_account(action.name, account, known, keys_);

  // Whoever must wait anyway holds up no writer.
  auto wait = attempts_.wait(store_.reader(), attempt, site_.now());
  if (wait) return TryLater{*wait};
  std::int64_t id = 0;
  store_.write([&](Transaction& tx) {
    require_time(visit);
    const Time now = site_.now();
    wait = attempts_.wait(tx, attempt, now);
    if (wait) return Verdict::Undo;
    id = attempts_.count(tx, attempt, now);
    return Verdict::Keep;
  });
  if (wait) return TryLater{*wait};
  visit.attempt = Try{id, std::move(attempt), account, known ? *known : DeviceId::make()};
  return std::nullopt;
}

void Dispatcher::forgive_try(Visit& visit, Transaction& tx) const {
  if (!visit.attempt) return;
  const Try& made = *visit.attempt;
  attempts_.forgive(tx, made.id, made.attempt);
  visit.set_cookies.push_back(
      set_device_cookie(sign(made.device, made.account, keys_), visit.request.https));
}

Response Dispatcher::too_often(Visit& visit, const Action& action, const TryLater& later,
                               const FieldValues& values) const {
  const std::string message = "Too many tries. Try again in " + to_words(later.wait) + ".";
  return sent_back(
      visit, action,
      {.status = 429, .detail = message, .retry_after = later.wait, .reason = "too many tries"},
      {{{"", message}}}, values);
}

}  // namespace actiond
