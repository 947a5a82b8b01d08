#include <algorithm>

#include "base/encoding.h"
#include "forms/body.h"
#include "forms/field_collector.h"

namespace actiond {
namespace {

// '+' is a space; nothing when a '%' is not followed by two hexadecimal digits.
std::optional<std::string> decode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '%') {
      const int byte = percent_byte(text.substr(at));
      if (byte < 0) return std::nullopt;
      decoded += static_cast<char>(byte);
      at += 2;
    } else {
      decoded += text[at] == '+' ? ' ' : text[at];
    }
  }
  return decoded;
}

}  // namespace

std::variant<FieldValues, Problem> parse_urlencoded(std::string_view body,
                                                    const FormDescription& form,
                                                    Undeclared undeclared) {
  FieldCollector fields(form);
  while (!body.empty()) {
    const std::string_view pair = body.substr(0, body.find('&'));
    body.remove_prefix(std::min(pair.size() + 1, body.size()));
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    const auto name = decode(pair.substr(0, equals));
    if (undeclared == Undeclared::Ignored && (!name || find_field(form, *name) == nullptr))
      continue;
    const auto value = decode(pair.substr(std::min(equals + 1, pair.size())));
    const bool added = name && value ? fields.add(*name, *value) : fields.fail(400, "body.percent");
    if (!added) break;
  }
  return std::move(fields).take();
}

}  // namespace actiond
