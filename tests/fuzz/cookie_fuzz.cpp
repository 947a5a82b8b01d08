// libFuzzer: the header `Cookie`.  A session or device is what one cookie of exactly that name
// says.
//
// Covers: http/cookie.cpp

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/encoding.h"
#include "fuzz/demand.h"
#include "http/cookie.h"

using namespace actiond;

namespace {

using Read = std::optional<std::string_view> (*)(const Request&);
using Name = std::string_view (*)(bool);

Request with_cookies(const std::string& cookies, bool https) {
  Request request;
  request.https = https;
  request.headers.push_back({"cookie", cookies});
  return request;
}

std::vector<std::string> values_of(std::string_view name, std::string_view cookies) {
  std::vector<std::string> values;
  while (!cookies.empty()) {
    std::string_view value = trimmed(fuzz::take_until(cookies, ';'));
    const bool has_value = value.find('=') != value.npos;
    if (fuzz::take_until(value, '=') == name && has_value) values.emplace_back(value);
  }
  return values;
}

void check(const std::string& cookies, bool https, Name name_of, Read read) {
  const std::string name(name_of(https));
  const std::vector<std::string> all = values_of(name, cookies);
  const Request request = with_cookies(cookies, https);
  const auto value = read(request);
  fuzz::demand(value.has_value() == (all.size() == 1), "none, or one of several");
  if (value) fuzz::demand(*value == all[0], "another value");

  const Request more = with_cookies(cookies + "; " + name + "=x", https);
  fuzz::demand(read(more).has_value() == all.empty(), "one more makes it doubtful");
  if (all.empty()) fuzz::demand(*read(more) == "x", "hidden by what stands before it");
}

// The pair that we set comes back first.
void check_set(std::string_view set, std::string_view token, bool https, Read read) {
  const Request request = with_cookies(std::string(fuzz::take_until(set, ';')), https);
  fuzz::demand(read(request) == token, "not what was set");
  fuzz::demand(set.ends_with("; Secure") == https, "not as secure as the connection");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string cookies(fuzz::to_text(data, size));
  bool any = false;
  for (const bool https : {false, true}) {
    check(cookies, https, session_cookie_name, session_cookie);
    check(cookies, https, device_cookie_name, device_cookie);
    check(cookies, https, ticket_cookie_name, ticket_cookie);
    any = any || !values_of(session_cookie_name(https), cookies).empty();
    if (cookies.find(';') != cookies.npos || trimmed(cookies) != cookies) continue;
    check_set(set_session_cookie(cookies, std::chrono::seconds(60), https), cookies, https,
              session_cookie);
    check_set(set_device_cookie(cookies, https), cookies, https, device_cookie);
  }
  for (const bool https : {false, true})
    fuzz::demand(carries_session_cookie(with_cookies(cookies, https)) == any,
                 "a session that did not come, or came unseen");
  return 0;
}
