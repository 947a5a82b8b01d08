// The objects that Stripe is to be asked for: an event that leaves something unclear orders one, in
// its own transaction, and the courier fetches it.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "data/store.h"

namespace actiond {

// The events of one change come together, and those of one second are told apart by what is behind
// them.
constexpr std::chrono::seconds fetch_waits(10);
// A courier that has taken one has so long; then it is anybody's again.
constexpr std::chrono::seconds fetch_lease(60);

// The way to an object at Stripe's API, by the beginning of its id; nothing: it is of another kind,
// or no id.
std::optional<std::string> path_of_object(std::string_view id);
inline bool is_fetchable(std::string_view id) { return path_of_object(id).has_value(); }

// `by` is the event.  One that is ordered already is fetched again, behind this event.
void order_fetch(Transaction& tx, std::string_view object, std::string_view by, Time now);

struct OrderedFetch {
  std::string object;
  std::int64_t lease;  // the number of the lease under which it was taken
};

bool has_due_fetch(Reader& db, Time now);
// Takes the one that is due longest, leased to the caller alone until `now` + fetch_lease.
std::optional<OrderedFetch> take_fetch(Transaction& tx, Time now);
// False: another courier has it, or another event ordered it meanwhile.
bool is_held(Reader& db, const OrderedFetch& fetch);

// These are without effect on one that is not held.
void mark_fetched(Transaction& tx, const OrderedFetch& fetch);
// It is tried again after a while, unless it has failed for three days.
void mark_failed(Transaction& tx, const OrderedFetch& fetch, std::string_view reason, Time now);
// It counts as not tried, and others come first.
void postpone(Transaction& tx, const OrderedFetch& fetch, Time due_at);

struct FetchCount {
  std::int64_t waiting = 0;
  std::optional<Time> oldest = {};  // when the one was ordered that waits longest
};
FetchCount count_fetches(Reader& db);

}  // namespace actiond
