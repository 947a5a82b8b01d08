#include "http/cookie.h"

#include <algorithm>
#include <vector>

#include "base/encoding.h"

namespace actiond {
namespace {

std::vector<std::string_view> cookies_named(std::string_view name, const Request& request) {
  std::vector<std::string_view> values;
  std::string_view rest = request.header("cookie").value_or("");
  while (!rest.empty()) {
    const std::string_view pair = trimmed(rest.substr(0, rest.find(';')));
    rest.remove_prefix(std::min(rest.size(), rest.find(';')));
    if (!rest.empty()) rest.remove_prefix(1);
    if (pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=')
      values.push_back(pair.substr(name.size() + 1));
  }
  return values;
}

std::optional<std::string_view> only_cookie(std::string_view name, const Request& request) {
  const auto values = cookies_named(name, request);
  if (values.size() != 1) return std::nullopt;
  return values.front();
}

std::string set_cookie(std::string_view name, std::string_view token, std::chrono::seconds max_age,
                       bool https) {
  std::string cookie(name);
  cookie.append("=").append(token);
  cookie.append("; Path=/; Max-Age=").append(std::to_string(max_age.count()));
  cookie.append("; HttpOnly; SameSite=Lax");
  if (https) cookie.append("; Secure");
  return cookie;
}

}  // namespace

std::string_view session_cookie_name(bool https) { return https ? "__Host-session" : "session"; }

std::string_view device_cookie_name(bool https) { return https ? "__Host-device" : "device"; }

std::string_view ticket_cookie_name(bool https) { return https ? "__Host-ticket" : "ticket"; }

std::optional<std::string_view> session_cookie(const Request& request) {
  return only_cookie(session_cookie_name(request.https), request);
}

std::optional<std::string_view> device_cookie(const Request& request) {
  return only_cookie(device_cookie_name(request.https), request);
}

std::optional<std::string_view> ticket_cookie(const Request& request) {
  return only_cookie(ticket_cookie_name(request.https), request);
}

// nginx looks for it by this one name: conf/nginx/http.conf.
constexpr std::string_view note_cookie_name = "note";

std::optional<std::string_view> note_cookie(const Request& request) {
  return only_cookie(note_cookie_name, request);
}

std::string set_note_cookie(std::string_view token, std::chrono::seconds max_age, bool https) {
  return set_cookie(note_cookie_name, token, max_age, https);
}

bool carries_session_cookie(const Request& request) {
  return !cookies_named(session_cookie_name(false), request).empty() ||
         !cookies_named(session_cookie_name(true), request).empty();
}

std::string set_session_cookie(std::string_view token, std::chrono::seconds max_age, bool https) {
  return set_cookie(session_cookie_name(https), token, max_age, https);
}

std::string set_ticket_cookie(std::string_view token, std::chrono::seconds max_age, bool https) {
  return set_cookie(ticket_cookie_name(https), token, max_age, https);
}

std::string set_device_cookie(std::string_view token, bool https) {
  // As long as browsers keep any cookie, RFC 6265bis section 5.5; each sign-in begins anew.
  return set_cookie(device_cookie_name(https), token, std::chrono::days(400), https);
}

}  // namespace actiond
