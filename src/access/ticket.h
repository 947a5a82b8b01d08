// Tickets: a browser that asked for a mail is recognised while the mail is on its way.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "access/key_ring.h"

namespace actiond {

// 16 random bytes, which are nowhere but in the browser's cookie.
struct Ticket {
  std::string bytes;

  static Ticket make();
};

constexpr std::chrono::minutes ticket_life(10);

// The value of the ticket cookie, a token (access/token.h).
std::string sign(const Ticket& ticket, const KeyRing& keys);

// Nothing when no key of the ring signed it, or for anything else.
std::optional<Ticket> verify_ticket(std::string_view token, const KeyRing& keys);

}  // namespace actiond
