#include "payment/subscription.h"

#include <algorithm>
#include <array>
#include <tuple>

namespace actiond {
namespace {

constexpr std::array<std::string_view, 8> statuses{"trialing", "active",     "past_due",
                                                   "canceled", "incomplete", "incomplete_expired",
                                                   "unpaid",   "paused"};

// Nothing comes after it.
bool is_terminal(std::string_view status) {
  return status == "canceled" || status == "incomplete_expired";
}

// Whether all that was there before `later` is what `earlier` said.
bool leads_to(const Subscription& earlier, const Subscription& later) {
  return !later.before.empty() && std::ranges::all_of(later.before, [&](const auto& value) {
    const auto found = earlier.said.find(value.first);
    return found != earlier.said.end() && found->second == value.second;
  });
}

std::optional<Time> earlier_of(std::optional<Time> a, std::optional<Time> b) {
  if (!a || !b) return a ? a : b;
  return std::min(*a, *b);
}

std::optional<Time> behind(std::optional<Time> time, std::chrono::days days) {
  return time ? std::optional(Time(*time + days)) : std::nullopt;
}

// The end of the period, or in the strict way of what of it is paid.
std::optional<Time> paid_end(const Subscription& one, std::optional<Time> paid_until,
                             PaidBy paid_by) {
  if (paid_by == PaidBy::Subscription || !one.period_start) return one.period_end;
  return earlier_of(one.period_end,
                    std::max(*one.period_start, paid_until.value_or(*one.period_start)));
}

}  // namespace

bool is_known_status(std::string_view status) {
  return std::ranges::find(statuses, status) != statuses.end();
}

bool lacks_period(const Subscription& one) {
  if (one.status == "trialing") return !one.period_end && !one.trial_end;
  const bool is_open = one.status == "active" || one.status == "past_due";
  return is_open && (!one.period_start || !one.period_end);
}

bool says_same(const Subscription& one, const Subscription& other) {
  const auto counting = [](const Subscription& of) {
    return std::tuple(of.status, of.customer, of.prices, of.period_start, of.period_end,
                      of.cancel_at, of.trial_end, of.ended_at, is_collection_paused(of));
  };
  return counting(one) == counting(other);
}

std::optional<bool> comes_after(const Subscription& known, const Subscription& told) {
  // A subscription is incomplete at first alone, and never after its end anything else.
  if (is_terminal(known.status) != is_terminal(told.status)) return is_terminal(told.status);
  const bool known_is_first = known.status == "incomplete",
             told_is_first = told.status == "incomplete";
  if (known_is_first != told_is_first) return known_is_first;
  if (told.told_at != known.told_at) return told.told_at > known.told_at;
  if (told.told_as != known.told_as) return told.told_as > known.told_as;
  const bool forward = leads_to(known, told), backward = leads_to(told, known);
  if (forward != backward) return forward;
  return std::nullopt;
}

Subscription merged(const Subscription& known, const Subscription& told) {
  if (const auto after = comes_after(known, told)) return *after ? told : known;
  // The one that is good for longer; of two that are, any, but the same in every order.
  const auto key = [](const Subscription& one) {
    return std::pair(one.period_end.value_or(Time()), one.told_by);
  };
  Subscription kept = key(told) > key(known) ? told : known;
  kept.is_unsure = told.said != known.said;
  return kept;
}

bool is_collection_paused(const Subscription& subscription) {
  const auto found = subscription.said.find("pause_collection");
  return found != subscription.said.end() && found->second != "null";
}

std::optional<Time> open_until(const Subscription& subscription, std::optional<Time> paid_until,
                               const PaymentSettings& settings) {
  const auto& [start, end] = std::pair(subscription.period_start, subscription.period_end);
  const std::string_view status = subscription.status;
  if (status == "trialing")
    return earlier_of(subscription.trial_end ? subscription.trial_end : end,
                      subscription.cancel_at);
  if (status == "active") {
    // A day for which it is cancelled may be many periods away.
    return earlier_of(
        behind(paid_end(subscription, paid_until, settings.paid_by), settings.grace_days),
        subscription.cancel_at);
  }
  if (status == "past_due") {
    // At a renewal the period moves first and is paid later: its end is of one that nobody paid.
    if (settings.past_due == PastDue::Keep)
      return earlier_of(behind(end, settings.grace_days), subscription.cancel_at);
    const auto days =
        settings.past_due == PastDue::Grace ? settings.past_due_days : std::chrono::days(0);
    return earlier_of(behind(start, days), subscription.cancel_at);
  }
  if (status == "unpaid") return start;
  if (status == "paused") return subscription.trial_end;
  if (status == "canceled") return subscription.ended_at;
  return std::nullopt;
}

}  // namespace actiond
