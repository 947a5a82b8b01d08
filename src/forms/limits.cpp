#include "forms/limits.h"

#include <algorithm>

namespace actiond {
namespace {

constexpr std::size_t max_utf8_bytes = 4;
// "\ud83d\ude00" in JSON and "%F0%9F%98%80" in a URL: of one character.
constexpr std::size_t max_encoded_bytes = 12;
// A number, a checkbox: nobody needs so many.
constexpr std::size_t max_token_bytes = 1024;
constexpr std::size_t spare_bytes = 64 * 1024;
// The name of a field and what a notation puts around it.
constexpr std::size_t field_bytes = 1024;

std::size_t characters(const Rules& rules) {
  return static_cast<std::size_t>(
      std::clamp<std::int64_t>(std::max(max_length(rules), rules.most_sent), 0, max_body_bytes));
}

std::size_t encoded_bytes(const FieldDescription& field) {
  const Rules& rules = field.rules;
  if (field.kind == Kind::Text) return max_encoded_bytes * characters(rules) + field_bytes;
  if (field.kind != Kind::List) return max_token_bytes + field_bytes;
  // Any number of values.
  if (rules.one_of.empty()) return max_body_bytes;
  std::size_t bytes = 0;
  for (const std::string_view option : rules.one_of)
    bytes += max_encoded_bytes * option.size() + field_bytes;
  return bytes;
}

}  // namespace

std::size_t max_value_bytes(const FieldDescription& field) {
  if (field.kind != Kind::Text && field.kind != Kind::List) return max_token_bytes;
  return characters(field.rules) * (field.rules.format == Format::Password ? 1 : max_utf8_bytes);
}

std::size_t text_limit(const FormDescription& form) {
  std::size_t limit = spare_bytes;
  for (const FieldDescription& field : form.fields) limit += encoded_bytes(field);
  // Of whole KiB, since people read it.
  return std::min((limit + 1023) / 1024 * 1024, max_body_bytes);
}

std::size_t body_limit(const FormDescription& form) {
  std::size_t limit = text_limit(form);
  for (const FieldDescription& field : form.fields)
    if (field.kind == Kind::File) limit += max_file_bytes(field.rules);
  return limit;
}

}  // namespace actiond
