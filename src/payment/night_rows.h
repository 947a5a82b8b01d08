// The nights in which all subscriptions were compared with what Stripe says of them.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/store.h"

namespace actiond {

// A courier that compares has so long for each page; then another may begin anew.
constexpr std::chrono::minutes night_lease(5);

// The last 3 o'clock in UTC.
Time night_before(Time now);

struct HeldNight {
  Time night;
  std::int64_t lease;
};
// Whether `take_night` would take one.
bool has_due_night(Reader& db, Time now);
// Nothing when that of `now` is done, or another courier is at it.
std::optional<HeldNight> take_night(Transaction& tx, Time now);
// False when another courier has it.
bool hold_on(Transaction& tx, const HeldNight& held, Time now);
void end_night(Transaction& tx, const HeldNight& held, std::string_view report);

// The data came from a backup: what happened since is to be found out at once.
void forget_nights(Transaction& tx);

struct Night {
  Time night;
  std::string report;
};
// The last that ended.
std::optional<Night> find_last_night(Reader& db);

// The ids of those that have not ended.
std::vector<std::string> living_subscriptions(Reader& db);

}  // namespace actiond
