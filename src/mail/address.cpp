#include "mail/address.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/encoding.h"

namespace actiond {
namespace {

// RFC 5321 section 4.5.3.1.
constexpr std::size_t most_local_bytes = 64;
constexpr std::size_t most_address_bytes = 254;
constexpr std::size_t most_label_bytes = 63;

// atext of RFC 5322, and the dot wherever it stands: providers gave out such addresses.
bool is_local_character(char c) {
  return is_letter_or_digit(c) ||
         std::string_view(".!#$%&'*+/=?^_`{|}~-").find(c) != std::string_view::npos;
}

bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= most_label_bytes && label.front() != '-' &&
         label.back() != '-' &&
         std::ranges::all_of(label, [](char c) { return is_letter_or_digit(c) || c == '-'; });
}

bool is_domain(std::string_view domain) {
  while (true) {
    const std::size_t dot = domain.find('.');
    if (!is_label(domain.substr(0, dot))) return false;
    if (dot == domain.npos) return true;
    domain.remove_prefix(dot + 1);
  }
}

// A phrase of RFC 5322: a quoted string, unless it needs encoded words anyway.
std::string phrase(const HeaderText& name) {
  const std::string encoded = name.encoded();
  if (encoded != name.text()) return encoded;
  std::string quoted = "\"";
  for (const char c : name.text()) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace

std::optional<Address> Address::parse(std::string_view text) {
  const std::size_t at = text.find('@');
  if (at == text.npos || at == 0 || at > most_local_bytes || text.size() > most_address_bytes)
    return std::nullopt;
  if (!std::ranges::all_of(text.substr(0, at), is_local_character)) return std::nullopt;
  if (!is_domain(text.substr(at + 1))) return std::nullopt;
  return Address(text);
}

std::optional<Mailbox> Mailbox::parse(std::string_view text) {
  const std::size_t open = text.find('<');
  const bool has_name = open != text.npos && text.ends_with('>');
  const auto address =
      Address::parse(has_name ? text.substr(open + 1, text.size() - open - 2) : text);
  const auto name = HeaderText::parse(has_name ? trimmed(text.substr(0, open)) : "");
  if (!address || !name) return std::nullopt;
  return Mailbox(*name, *address);
}

std::string Mailbox::header() const {
  if (name_.text().empty()) return address_.text();
  return fmt::format("{} <{}>", phrase(name_), address_.text());
}

}  // namespace actiond
