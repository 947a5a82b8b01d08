#include "program/echo.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "access/token.h"
#include "base/encoding.h"

namespace actiond::doctor {
namespace {

constexpr std::chrono::seconds token_life(60);

constexpr std::string_view purpose = "doctor.";

bool is_good(std::string_view token, const KeyRing& keys, Time now) {
  const auto said = verify_token(purpose, token, keys);
  const auto made = said ? from_rfc3339(*said) : std::nullopt;
  return made && now - *made <= token_life && *made - now <= token_life;
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
  return sign_token(purpose, to_rfc3339(now), keys);
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
