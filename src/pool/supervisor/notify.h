// Notifications to systemd of a service of Type=notify, sd_notify(3); none without systemd.
// https://www.freedesktop.org/software/systemd/man/sd_notify.html
#pragma once

#include <chrono>
#include <string_view>

namespace actiond {

// Sends lines such as "READY=1\nSTATUS=serving" to the socket that NOTIFY_SOCKET names.  What
// cannot be sent is lost: a service must not fail because nobody listens.
void notify_systemd(std::string_view state);

// How often at most "WATCHDOG=1" must come, from WATCHDOG_USEC for this very process: a half of it,
// so that one may be late.  The longest duration there is when nobody watches.
std::chrono::milliseconds watchdog_interval();

}  // namespace actiond
