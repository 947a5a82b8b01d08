// One HTTP/1.1 request to one of the site's origins, as much of it as the doctor needs.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace actiond::doctor {

// "https", "example.com", "443" of "https://example.com".
struct Origin {
  explicit Origin(std::string_view text);

  bool https;
  std::string host;  // without the brackets of an IPv6 address
  std::string port;
  std::string authority;  // what stands in `Host`
  std::string text;
};

// Nothing came, and why.
class NoAnswer : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct HttpAnswer {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers = {};  // names in lower case
  std::string body = {};
  std::string certificate_trouble = {};  // empty: none, or no TLS
  int certificate_days = 0;              // left; of a TLS connection

  std::string header(std::string_view name) const;
};

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

// Waits 10 s at most for each piece.  A certificate that is not trusted is reported, and the answer
// given all the same.  Throws NoAnswer.
HttpAnswer send(const Origin& origin, std::string_view method, std::string_view path,
                const HttpHeaders& headers = {}, std::string_view body = "");

// Announces a body of `bytes` and returns the status that comes before any of it is sent: 100 when
// nginx wants to have it.
int status_for_body(const Origin& origin, std::string_view path, std::size_t bytes);

}  // namespace actiond::doctor
