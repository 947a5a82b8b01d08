#include "access/ticket.h"

#include "access/token.h"
#include "base/crypto.h"

namespace actiond {
namespace {

constexpr std::string_view ticket_purpose = "ticket.";

}  // namespace

Ticket Ticket::make() { return {random_bytes(token_bytes)}; }

std::string sign(const Ticket& ticket, const KeyRing& keys) {
  return sign_token(ticket_purpose, ticket.bytes, keys);
}

std::optional<Ticket> verify_ticket(std::string_view token, const KeyRing& keys) {
  auto bytes = verify_name_token(ticket_purpose, token, keys);
  if (!bytes) return std::nullopt;
  return Ticket{*std::move(bytes)};
}

}  // namespace actiond
