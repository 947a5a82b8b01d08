#include "stripe/fetches.h"

#include <fmt/format.h>

#include "base/log.h"
#include "payment/effect.h"

namespace actiond {
namespace {

// While Stripe is down, one that was tried comes behind the others.
constexpr std::chrono::seconds steps_back(10);

}  // namespace

bool Fetches::round(StripeApi::Clock::time_point now) {
  if (api_.is_down(now) || !has_due_fetch(store_.reader(), clock_())) return false;
  std::optional<OrderedFetch> fetch;
  store_.run([&](Transaction& tx) { fetch = take_fetch(tx, clock_()); });
  if (!fetch) return false;
  // An id that is in the table has a way to it.
  note(*fetch, api_.ask({*path_of_object(fetch->object)}, now));
  return !api_.is_down(now);
}

void Fetches::note(const OrderedFetch& fetch, const StripeAnswer& answer) {
  switch (answer.outcome) {
    case StripeAnswer::Outcome::Found: return take(fetch, answer);
    case StripeAnswer::Outcome::Failed: return fail(fetch, answer.text);
    case StripeAnswer::Outcome::Down:
      return store_.run([&](Transaction& tx) { postpone(tx, fetch, clock_() + steps_back); });
    case StripeAnswer::Outcome::Missing: break;
  }
  store_.run([&](Transaction& tx) { mark_fetched(tx, fetch); });
  log_event("warning", "Stripe has no such object", {{"object", fetch.object}});
}

void Fetches::take(const OrderedFetch& fetch, const StripeAnswer& answer) {
  const Inquiry inquiry{fmt::format("fetch:{}", answer.by), answer.at};
  const auto told = read_stripe_object(answer.text, inquiry, settings_);
  if (!told || told->about != fetch.object) return fail(fetch, "the answer is not that object");
  std::string outcome;
  bool is_clear = false;
  store_.run([&](Transaction& tx) {
    is_clear = true;
    outcome = "another one has it, or another event came";
    if (!is_held(tx, fetch)) return;
    Effect effect(settings_, *told, clock_(), tx);
    outcome = effect.apply();
    is_clear = !effect.is_left_open() && effect.unclear().empty();
    if (is_clear)
      mark_fetched(tx, fetch);
    else
      mark_failed(tx, fetch, outcome, clock_());
  });
  log_event(is_clear ? "info" : "warning",
            is_clear ? "fetched from Stripe" : "fetched from Stripe, and not clear",
            {{"object", fetch.object}, {"request", answer.by}, {"outcome", outcome}});
}

void Fetches::fail(const OrderedFetch& fetch, const std::string& reason) {
  store_.run([&](Transaction& tx) { mark_failed(tx, fetch, reason, clock_()); });
  log_event("warning", "not fetched from Stripe", {{"object", fetch.object}, {"reason", reason}});
}

}  // namespace actiond
