#include "payment/subscription.h"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>
#include <vector>

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

// Nothing comes before what has a lower one.
auto rank_of(const Subscription& one) {
  // A subscription is incomplete at first alone, and never after its end anything else.
  return std::tuple(is_terminal(one.status), one.status != "incomplete", one.told_at, one.told_as);
}

bool is_behind(const Subscription& later, const Subscription& earlier) {
  return leads_to(earlier, later) && !leads_to(later, earlier);
}

// Of events of one second the one that none of the others is behind.  Of several such the one that
// is good for longer; of two that are, any, but the same in every order.
Subscription last_of(std::vector<Subscription> all) {
  const auto is_last = [&all](const Subscription& one) {
    return std::ranges::none_of(
        all, [&one](const Subscription& other) { return is_behind(other, one); });
  };
  const auto key = [&is_last](const Subscription& one) {
    return std::tuple(is_last(one), one.period_end.value_or(Time()), one.told_by);
  };
  const auto found = std::ranges::max_element(all, {}, key);
  const bool is_unsure = std::ranges::any_of(all, [&](const Subscription& other) {
    return is_last(other) == is_last(*found) && other.said != found->said;
  });
  Subscription last = *found;
  all.erase(found);
  last.others = std::move(all);
  last.is_unsure = is_unsure;
  return last;
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
  if (rank_of(told) != rank_of(known)) return rank_of(told) > rank_of(known);
  if (is_behind(told, known)) return true;
  if (is_behind(known, told)) return false;
  return std::nullopt;
}

Subscription merged(const Subscription& known, const Subscription& told) {
  if (rank_of(told) != rank_of(known)) return rank_of(told) > rank_of(known) ? told : known;
  std::vector<Subscription> all = known.others;
  all.push_back(known);
  all.back().others.clear();
  if (std::ranges::count(all, told.told_by, &Subscription::told_by) == 0) all.push_back(told);
  std::ranges::sort(all, {}, &Subscription::told_by);
  return last_of(std::move(all));
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
