#include "core/body.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/encoding.h"
#include "core/field_collector.h"
#include "core/media_type.h"

namespace actiond {
namespace {

std::variant<std::string, Problem> read_body(Request& request) {
  const Problem too_large{413, fmt::format("The body is limited to {} bytes (1 MiB).", max_body_bytes)};
  if (request.content_length > max_body_bytes) return too_large;
  // One byte more than announced is asked for: what lies beyond is noticed.
  std::string body(request.content_length + 1, '\0');
  std::size_t size = 0;
  while (size < body.size()) {
    const std::size_t read = request.read_body(body.data() + size, body.size() - size);
    if (read == 0) break;
    size += read;
  }
  if (size != request.content_length)
    return Problem{400, "The body is not as long as its Content-Length says."};
  body.resize(size);
  return body;
}

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

bool is_utf8_charset(const MediaType& media) {
  const auto charset = media.parameters.find("charset");
  return charset == media.parameters.end() || to_lower(charset->second) == "utf-8";
}

}  // namespace

std::variant<FieldValues, Problem> read_fields(Request& request) {
  const std::string content_type(request.header("content-type").value_or(""));
  if (content_type.empty() && request.content_length == 0) return FieldValues{};
  const auto media = parse_media_type(content_type);
  const bool known = media && (media->type == "application/x-www-form-urlencoded" ||
                               media->type == "multipart/form-data" ||
                               media->type == "application/json");
  if (!known || !is_utf8_charset(*media))
    return Problem{415, "Send application/x-www-form-urlencoded, multipart/form-data or "
                        "application/json, in UTF-8."};
  auto body = read_body(request);
  if (auto* problem = std::get_if<Problem>(&body)) return std::move(*problem);
  const std::string& bytes = std::get<std::string>(body);
  if (media->type == "application/json") return parse_json(bytes);
  if (media->type == "multipart/form-data") return parse_multipart(bytes, content_type);
  return parse_urlencoded(bytes);
}

std::variant<FieldValues, Problem> parse_urlencoded(std::string_view body) {
  FieldCollector fields;
  while (!body.empty()) {
    const std::string_view pair = body.substr(0, body.find('&'));
    body.remove_prefix(std::min(pair.size() + 1, body.size()));
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    const auto name = decode(pair.substr(0, equals));
    const auto value = decode(pair.substr(std::min(equals + 1, pair.size())));
    const bool added = name && value ? fields.add(*name, *value)
                                     : fields.fail(400, "The body has a '%' that encodes nothing.");
    if (!added) break;
  }
  return std::move(fields).take();
}

}  // namespace actiond
