// libFuzzer: a body in application/x-www-form-urlencoded.
//
// Covers: forms/urlencoded_body.cpp

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "fuzz/body.h"

using namespace actiond;

namespace {

constexpr auto encode_all = [](char c, std::string& into) {
  constexpr char digits[] = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  into += {'%', digits[byte >> 4], digits[byte & 15]};
};

constexpr auto encode_what_must_be = [](char c, std::string& into) {
  if (c == ' ')
    into += '+';
  else if (c == '%' || c == '&' || c == '=' || c == '+')
    encode_all(c, into);
  else
    into += c;
};

template <class Encode>
std::string encoded(const FieldValues& values, Encode encode) {
  std::string body;
  for (const FieldValue& field : values) {
    body += '&';
    for (const char c : field.name) encode(c, body);
    body += '=';
    for (const char c : field.value) encode(c, body);
  }
  return body;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body = fuzz::to_text(data, size);
  const fuzz::Parsed parsed = parse_urlencoded(body);
  fuzz::demand_fields_or_problem(parsed);

  // Encoding and decoding give back the fields that were read, and the bytes as they are.
  FieldValues sent;
  if (const auto* values = std::get_if<FieldValues>(&parsed)) sent = *values;
  std::size_t pairs = 0;
  for (std::string_view rest = body; !rest.empty();)
    if (!fuzz::take_until(rest, '&').empty()) ++pairs;
  fuzz::demand(std::holds_alternative<Problem>(parsed) || sent.size() == pairs, "another count");
  if (sent.size() < max_fields && fuzz::is_text(body)) {
    std::string_view value = body;
    const std::string_view name = fuzz::take_until(value, '=');
    if (name.size() <= max_name_bytes) sent.push_back({std::string(name), std::string(value)});
  }
  for (const std::string& text : {encoded(sent, encode_all), encoded(sent, encode_what_must_be)})
    fuzz::demand(fuzz::same(parse_urlencoded(text), sent), "other fields than were sent");
  return 0;
}
