#include "program/echo.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>

#include "base/crypto.h"
#include "base/encoding.h"

namespace actiond::doctor {
namespace {

constexpr std::chrono::seconds token_life(60);

std::string mac(std::string_view signed_part, const Key& key) {
  return to_base64url(hmac_sha256(key.secret, std::string("doctor.").append(signed_part)));
}

bool is_good(std::string_view token, const KeyRing& keys, Time now) {
  const std::size_t id_end = token.find('.');
  const std::size_t time_end = token.rfind('.');
  if (id_end == token.npos || time_end == id_end) return false;
  const Key* key = keys.find(token.substr(0, id_end));
  if (key == nullptr ||
      !equal_in_constant_time(mac(token.substr(0, time_end), *key), token.substr(time_end + 1)))
    return false;
  std::int64_t made = 0;
  std::from_chars(token.data() + id_end + 1, token.data() + time_end, made);
  const auto age = now - Time(std::chrono::seconds(made));
  return age <= token_life && age >= -token_life;
}

std::size_t count_body(const Request& request) {
  std::array<char, 4096> piece;
  std::size_t total = 0, read = 0;
  while (total < piece.size() * 16 && (read = request.read_body(piece.data(), piece.size())) > 0)
    total += read;
  return total;
}

}  // namespace

std::string echo_token(const KeyRing& keys, Time now) {
  const std::string signed_part =
      keys.signing().id + "." + std::to_string(now.time_since_epoch().count());
  return signed_part + "." + mac(signed_part, keys.signing());
}

std::optional<Response> echo(Request& request, const KeyRing& keys,
                             const std::vector<std::string>& origins, Time now) {
  const auto token = request.header(to_lower(echo_header));
  if (!token || !is_good(*token, keys, now)) return std::nullopt;
  nlohmann::json headers = nlohmann::json::array();
  for (const Header& header : request.headers)
    if (header.name != to_lower(echo_header)) headers.push_back({header.name, header.value});
  const nlohmann::json told{{"id", request.id},
                            {"method", request.method},
                            {"path", request.path},
                            {"https", request.https},
                            {"deadline", request.deadline != Time::max()},
                            {"contentLength", request.content_length},
                            {"body", count_body(request)},
                            {"headers", headers},
                            {"origins", origins}};
  Response response(200);
  response.set_header("Content-Type", "application/json");
  response.set_header("Cache-Control", "no-store");
  response.set_header("X-Request-Id", request.id);
  response.body = told.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
  response.record.reason = "the doctor asked";
  return response;
}

}  // namespace actiond::doctor
