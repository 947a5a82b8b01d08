#include "action/webhook.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>

#include "base/crypto.h"
#include "base/encoding.h"

namespace actiond {
namespace {

Problem refused(Message why) {
  return {.status = 400, .detail = std::move(why), .reason = "not signed"};
}

// The one header of that name; of two, nobody knows which is meant.
std::optional<std::string_view> only_header(const Request& request, std::string_view name) {
  const auto count = std::ranges::count(request.headers, name, &Header::name);
  const auto value = request.header(name);
  if (count != 1 || value->size() > max_signature_bytes) return std::nullopt;
  return value;
}

std::optional<Time> read_time(std::string_view text) {
  std::int64_t seconds = 0;
  const char* end = text.data() + text.size();
  const bool is_number = !text.empty() && text.size() <= 12 &&
                         text.find_first_not_of("0123456789") == text.npos &&
                         std::from_chars(text.data(), end, seconds).ptr == end;
  return is_number ? std::optional(Time(std::chrono::seconds(seconds))) : std::nullopt;
}

// Small letters alone, as those who sign write it.
std::optional<std::string> from_hex(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  if (text.size() % 2 != 0 || text.find_first_not_of(digits) != text.npos) return std::nullopt;
  std::string bytes;
  for (std::size_t at = 0; at < text.size(); at += 2)
    bytes += static_cast<char>(digits.find(text[at]) * 16 + digits.find(text[at + 1]));
  return bytes;
}

// With padding, RFC 4648 section 4.
std::optional<std::string> from_base64(std::string_view text) {
  const std::size_t digits = text.find_last_not_of('=') + 1;
  if (text.size() % 4 != 0 || text.size() - digits > 2) return std::nullopt;
  std::string url(text.substr(0, digits));
  if (url.find_first_of("-_") != url.npos) return std::nullopt;
  std::ranges::replace(url, '+', '-');
  std::ranges::replace(url, '/', '_');
  return from_base64url(url);
}

// Calls `take` with each part of `text` that stands between marks.
template <class Take>
void each_part(std::string_view text, char mark, const Take& take) {
  while (true) {
    const std::size_t end = text.find(mark);
    take(text.substr(0, end));
    if (end == text.npos) return;
    text.remove_prefix(end + 1);
  }
}

// "t=1700000000,v1=HEX": as Stripe and Paddle write it, each with names of its own.
struct NamedParts {
  std::string_view header;
  char between_parts;
  std::string_view time, mac;
  char behind_time;  // in what is signed
};

std::optional<Signature> read_named_parts(const Request& request, const NamedParts& parts) {
  const auto header = only_header(request, parts.header);
  if (!header) return std::nullopt;
  std::vector<std::string_view> times;
  Signature signature;
  each_part(*header, parts.between_parts, [&](std::string_view part) {
    const std::size_t sign = part.find('=');
    if (sign == part.npos) return;
    const std::string_view name = part.substr(0, sign), value = part.substr(sign + 1);
    if (name == parts.time) times.push_back(value);
    if (name != parts.mac) return;
    if (auto mac = from_hex(value)) signature.macs.push_back(*std::move(mac));
  });
  const auto time = times.size() == 1 ? read_time(times.front()) : std::nullopt;
  if (!time) return std::nullopt;
  signature.made_at = *time;
  signature.before_body = std::string(times.front()) + parts.behind_time;
  return signature;
}

std::optional<Signature> read_stripe(const Request& request) {
  return read_named_parts(request, {"stripe-signature", ',', "t", "v1", '.'});
}
std::optional<Signature> read_paddle(const Request& request) {
  return read_named_parts(request, {"paddle-signature", ';', "ts", "h1", ':'});
}

std::optional<Signature> read_standard(const Request& request) {
  const auto id = only_header(request, "webhook-id");
  const auto time = only_header(request, "webhook-timestamp");
  const auto macs = only_header(request, "webhook-signature");
  const auto made_at = time ? read_time(*time) : std::nullopt;
  if (!id || id->empty() || !made_at || !macs) return std::nullopt;
  Signature signature{*made_at, std::string(*id).append(".").append(*time).append("."), {}};
  each_part(*macs, ' ', [&](std::string_view part) {
    if (!part.starts_with("v1,")) return;
    if (auto mac = from_base64(part.substr(3))) signature.macs.push_back(*std::move(mac));
  });
  return signature;
}

std::optional<std::string> whole(std::string_view secret) {
  return secret.empty() ? std::nullopt : std::optional(std::string(secret));
}

std::optional<std::string> behind_prefix(std::string_view secret) {
  constexpr std::string_view prefix = "whsec_";
  if (secret.starts_with(prefix)) secret.remove_prefix(prefix.size());
  auto key = from_base64(secret);
  return key && key->empty() ? std::nullopt : key;
}

bool is_signed(const Signature& signature, std::string_view body, const Signing& signing) {
  const std::string text = std::string(signature.before_body).append(body);
  bool fits = false;
  for (const std::string& secret : signing.secrets) {
    const auto key = signing.scheme.key(secret);
    if (!key) continue;
    const std::string right = hmac_sha256(*key, text);
    for (const std::string& mac : signature.macs) fits |= equal_in_constant_time(mac, right);
  }
  return fits;
}

std::string read_whole(Request& request) {
  std::string body;
  std::array<char, 16 * 1024> piece;
  while (body.size() <= max_event_bytes) {
    const std::size_t count = request.read_body(piece.data(), piece.size());
    if (count == 0) break;
    body.append(piece.data(), count);
  }
  return body;
}

const Problem too_long{
    .status = 413, .detail = "webhook.too_long", .errors = {}, .reason = "long event"};

}  // namespace

const SignatureScheme stripe_signature{read_stripe, whole};
const SignatureScheme standard_signature{read_standard, behind_prefix};
const SignatureScheme paddle_signature{read_paddle, whole};

std::variant<std::string, Problem> read_signed(Request& request, const Signing& signing, Time now) {
  const auto signature = signing.scheme.read(request);
  if (!signature || signature->macs.empty()) return refused("webhook.unsigned");
  if (signature->made_at + signature_life < now || signature->made_at > now + signature_life)
    return refused("webhook.time");
  if (request.content_length > max_event_bytes) return too_long;
  std::string body = read_whole(request);
  if (body.size() > max_event_bytes) return too_long;
  if (!is_signed(*signature, body, signing)) return refused("webhook.forged");
  return body;
}

std::optional<Problem> malformed(std::string_view event) {
  // The parser takes a NUL for the end, whatever stands behind it.
  const bool ends_early = event.find('\0') != event.npos;
  if (!ends_early && nlohmann::json::accept(event)) return std::nullopt;
  return refused("webhook.malformed");
}

}  // namespace actiond
