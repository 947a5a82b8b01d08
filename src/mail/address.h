// Mail addresses.  Only a parser makes one, so what reaches an envelope or a header holds no line
// end, comma or angle bracket: libcurl 7.88 sends whatever it is given.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "mail/header_text.h"

namespace actiond {

// The addr-spec of RFC 5322 in ASCII, as forms take it: an IDN has to come as `xn--…`, and quoted
// local parts are refused.
class Address {
 public:
  static std::optional<Address> parse(std::string_view text);

  const std::string& text() const { return text_; }

 private:
  explicit Address(std::string_view text) : text_(text) {}

  std::string text_;
};

// An address with the name of whoever has it: "Example <hello@example.com>", or the address alone.
class Mailbox {
 public:
  static std::optional<Mailbox> parse(std::string_view text);

  const Address& address() const { return address_; }
  // As the value of a header.
  std::string header() const;

 private:
  Mailbox(HeaderText name, Address address)
      : name_(std::move(name)), address_(std::move(address)) {}

  HeaderText name_;  // may be empty
  Address address_;
};

}  // namespace actiond
