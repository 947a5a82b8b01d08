// The mail server that takes our mails: "smtp://mail.example.com:587", or smtps, TLS from the first
// byte on.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace actiond {

class Relay {
 public:
  static std::optional<Relay> parse(std::string_view text);

  const std::string& url() const { return url_; }
  // Is this machine, so that nobody listens on the way.
  bool is_loopback() const;

 private:
  Relay(std::string_view url, std::string_view host) : url_(url), host_(host) {}

  std::string url_;
  std::string host_;
};

}  // namespace actiond
