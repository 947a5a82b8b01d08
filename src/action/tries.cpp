#include "action/tries.h"

#include <stdexcept>
#include <utility>

#include "base/encoding.h"
#include "http/cookie.h"
#include "http/network.h"

namespace actiond {

std::optional<TryLater> Tries::count(Visit& visit, const Action& action, const FieldValues& values,
                                     const std::optional<Identity>& visitor) const {
  if (!action.guess_limit) return std::nullopt;
  const auto email = action.guess_limit->account(values, visitor);
  if (!email) return std::nullopt;
  if (action.guess_limit->of == GuessLimit::Of::Codes) return count_code(visit, action);
  const std::string account = normalised_account(*email);
  const auto cookie = device_cookie(visit.request);
  const auto known =
      cookie ? verify_device(*cookie, owner_of(account, store_.reader()), keys_) : std::nullopt;
  const std::string& address = visit.request.address;
  Attempt attempt{.from_known_device = known.has_value()};
  switch (action.guess_limit->of) {
    case GuessLimit::Of::Account:
      attempt.account = attempt_account(action.name, account, known, keys_);
      attempt.owner = attempt_account(action.name, account, std::nullopt, keys_);
      attempt.network =
          attempt_network(address, known ? Tried::ByKnownDevice : Tried::ByStranger, keys_);
      break;
    case GuessLimit::Of::Network:
      attempt.network = attempt_network(address, Tried::ByStranger, keys_);
      attempt.successes = attempt_network(address, Tried::WithSuccess, keys_);
      break;
    case GuessLimit::Of::Mails:
      attempt = mail(action.name, account, address);
      if (visitor)
        attempt.owner =
            attempt_account(action.name, normalised_account(visitor->email), std::nullopt, keys_);
      break;
    case GuessLimit::Of::Codes: throw std::logic_error("a code is no account");
  }
  return count(visit, std::move(attempt), account, known ? *known : DeviceId::make());
}

// Without a ticket no code is looked at.
std::optional<TryLater> Tries::count_code(Visit& visit, const Action& action) const {
  if (!visit.ticket) return std::nullopt;
  return count(visit,
               {.account = attempt_account(action.name, visit.ticket->bytes, std::nullopt, keys_),
                .network = attempt_network(visit.request.address, Tried::AtCode, keys_),
                .kind = Attempt::Kind::Code},
               "", DeviceId::make());
}

std::optional<TryLater> Tries::count(Visit& visit, Attempt attempt, std::string account,
                                     const DeviceId& device) const {
  const auto later = [&attempt](std::chrono::seconds wait) { return TryLater{wait, attempt.kind}; };
  // A try that has to wait anyway holds up no writer.
  auto wait = attempts_.wait(store_.reader(), attempt, clock_());
  if (wait) return later(*wait);
  std::int64_t id = 0;
  store_.write([&](Transaction& tx) {
    tx.in_turn(turns_of(attempt),
               [&](Reader& db) { wait = attempts_.wait(db, attempt, clock_()); });
    const Time now = clock_();
    visit.require_time(now);
    if (wait) return Verdict::Undo;
    id = attempts_.count(tx, attempt, now);
    return Verdict::Keep;
  });
  if (wait) return later(*wait);
  visit.attempt = Try{id, std::move(attempt), std::move(account), device};
  return std::nullopt;
}

Attempt Tries::mail(const std::string& action, const std::string& account,
                    const std::string& address) const {
  return {.account = attempt_account(action, account, std::nullopt, keys_),
          .network = attempt_network(address, Tried::ForMail, keys_),
          .kind = Attempt::Kind::Mail};
}

bool Tries::take_mail(const Visit& visit, const std::string& to, Transaction& tx) const {
  const Attempt attempt = mail(visit.record.action, normalised_account(to), visit.request.address);
  if (wait(tx, attempt)) return false;
  count(tx, attempt);
  return true;
}

std::optional<Attempt> Tries::post(const Request& request) const {
  if (request.address.empty() || is_loopback(request.address)) return std::nullopt;
  return Attempt{.network = attempt_network(request.address, Tried::WithPost, keys_),
                 .kind = Attempt::Kind::Post};
}

Attempt Tries::with_token(const Request& request) const {
  return {.network = attempt_network(request.address, Tried::WithToken, keys_)};
}

std::optional<TryLater> Tries::wait(Reader& db, const Attempt& attempt) const {
  const auto wait = attempts_.wait(db, attempt, clock_());
  return wait ? std::optional(TryLater{*wait, attempt.kind}) : std::nullopt;
}

std::vector<std::string> Tries::turns_of(const Attempt& attempt) {
  std::vector<std::string> names{"try." + to_base64url(attempt.network)};
  for (const auto* name : {&attempt.account, &attempt.owner, &attempt.successes})
    if (*name) names.push_back("try." + to_base64url(**name));
  return names;
}

void Tries::count(Transaction& tx, const Attempt& attempt) const {
  attempts_.add(tx, attempt, clock_());
}

void Tries::forgive(Visit& visit, Transaction& tx) const {
  if (!visit.attempt) return;
  const Try& made = *visit.attempt;
  attempts_.forgive(tx, made.id, made.attempt);
  if (!made.account.empty()) make_known(visit, made.account, made.device, tx);
}

bool Tries::knows(const Visit& visit, const std::string& account, Reader& db) const {
  const auto cookie = device_cookie(visit.request);
  return cookie && verify_device(*cookie, owner_of(account, db), keys_);
}

void Tries::make_known(Visit& visit, const std::string& account, const DeviceId& device,
                       Reader& db) const {
  visit.set_cookies.push_back(
      set_device_cookie(sign(device, owner_of(account, db), keys_), visit.request.https));
}

std::string Tries::owner_of(const std::string& account, Reader& db) const {
  return device_owner(account, attempts_.device_generation(db, account));
}

}  // namespace actiond
