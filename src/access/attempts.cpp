#include "access/attempts.h"

#include <algorithm>
#include <stdexcept>

#include "base/crypto.h"
#include "base/encoding.h"
#include "http/network.h"

namespace actiond {
namespace {

std::string_view purpose_of(Tried how) {
  switch (how) {
    case Tried::ByStranger: return "attempt.network.";
    case Tried::ByKnownDevice: return "attempt.network.known.";
    case Tried::WithSuccess: return "attempt.network.success.";
    case Tried::ForMail: return "attempt.network.mail.";
    case Tried::AtCode: return "attempt.network.code.";
    case Tried::WithPost: return "attempt.network.post.";
    case Tried::WithToken: return "attempt.network.token.";
  }
  throw std::logic_error("no such try");
}

}  // namespace

std::optional<std::chrono::seconds> wait_after(std::span<const Time> newest_first,
                                               const TryLimit& limit, Time now) {
  if (newest_first.size() < limit.free || newest_first.empty()) return std::nullopt;
  // As tries grow too old to count, fewer are `left`, and the wait after the newest is shorter.
  Time next = newest_first.front() + limit.window;
  for (std::size_t left = std::min(newest_first.size(), limit.tries - 1); left > 0; --left) {
    const Time from = left < newest_first.size() ? newest_first[left] + limit.window : now;
    const auto wait =
        left < limit.free ? std::chrono::seconds(0) : limit.first_wait * (1 << (left - limit.free));
    next = std::min(next, std::max(from, newest_first.front() + wait));
  }
  if (next <= now) return std::nullopt;
  // A clock that was set back must not lock anybody out for longer than the window.
  return std::min(next - now, limit.window);
}

std::string normalised_account(std::string_view email) { return to_lower(email); }

std::string attempt_account(std::string_view action, std::string_view account,
                            const std::optional<DeviceId>& device, const KeyRing& keys) {
  const std::string name = std::string(action) + "." + to_base64url(account) + ".";
  return hmac_sha256(keys.signing().secret,
                     "attempt.account." + name + (device ? to_base64url(device->bytes) : ""));
}

std::string attempt_network(std::string_view address, Tried how, const KeyRing& keys) {
  return hmac_sha256(keys.signing().secret, std::string(purpose_of(how)) + network_of(address));
}

}  // namespace actiond
