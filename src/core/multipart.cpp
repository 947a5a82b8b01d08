// multipart/form-data, read once from front to back: every step is a search for the next
// delimiter, so the time is linear in the body whatever it holds.
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "core/body.h"
#include "core/encoding.h"
#include "core/field_collector.h"
#include "core/media_type.h"

namespace actiond {
namespace {

constexpr const char* malformed = "The multipart body is malformed: ";

// bchars of RFC 2046; a browser's boundary is made of these.
bool is_boundary(std::string_view text) {
  return !text.empty() && text.back() != ' ' &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  std::string_view("'()+_,-./:=? ").find(c) != std::string_view::npos;
         });
}

struct PartHeader {
  std::optional<std::string> name;
  bool is_file = false;
  bool is_plain = true;  // as it is, in UTF-8
};

// Nothing when a line of the header makes no sense.
std::optional<PartHeader> parse_part_header(std::string_view text) {
  PartHeader header;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find("\r\n"));
    text.remove_prefix(std::min(line.size() + 2, text.size()));
    const std::size_t colon = line.find(':');
    if (colon == line.npos) return std::nullopt;
    const std::string field = to_lower(line.substr(0, colon));
    const auto value = parse_media_type(trimmed(line.substr(colon + 1)));
    if (!value) return std::nullopt;
    if (field == "content-disposition") {
      const auto name = value->parameters.find("name");
      if (value->type != "form-data" || name == value->parameters.end() || header.name)
        return std::nullopt;
      header.name = name->second;
      header.is_file = value->parameters.contains("filename") ||
                       value->parameters.contains("filename*");
    } else if (field == "content-type") {
      const auto charset = value->parameters.find("charset");
      if (charset != value->parameters.end() && to_lower(charset->second) != "utf-8")
        header.is_plain = false;
    } else if (field == "content-transfer-encoding") {
      if (value->type != "binary" && value->type != "8bit" && value->type != "7bit")
        header.is_plain = false;
    }
  }
  return header;
}

bool add_part(FieldCollector& fields, const PartHeader& header, std::string_view content) {
  if (!header.name) return fields.fail(400, std::string(malformed) + "a part has no name.");
  // What a browser sends for a file field that was left empty.
  if (header.is_file && content.empty()) return true;
  if (header.is_file)
    return fields.fail(400, fmt::format("The field \"{}\" is a file; this form takes none.",
                                        has_control_character(*header.name) ? "" : *header.name));
  if (!header.is_plain)
    return fields.fail(400, std::string(malformed) + "a part is not plain UTF-8.");
  return fields.add(*header.name, content);
}

}  // namespace

std::variant<FieldValues, Problem> parse_multipart(std::string_view body,
                                                   std::string_view content_type) {
  FieldCollector fields;
  const auto fail = [&fields](const std::string& detail) {
    fields.fail(400, malformed + detail);
    return std::move(fields).take();
  };
  const auto media = parse_media_type(content_type);
  const auto boundary = media ? media->parameters.find("boundary") : decltype(media->parameters.end()){};
  if (!media || boundary == media->parameters.end()) return fail("it names no boundary.");
  if (boundary->second.size() > max_boundary_bytes)
    return fail(fmt::format("its boundary is limited to {} bytes.", max_boundary_bytes));
  if (!is_boundary(boundary->second)) return fail("its boundary holds a character it must not.");

  const std::string delimiter = "\r\n--" + boundary->second;
  // The first delimiter has no line before it.
  if (!body.starts_with(std::string_view(delimiter).substr(2))) return fail("it starts with no boundary.");
  body.remove_prefix(delimiter.size() - 2);
  while (!body.starts_with("--")) {
    if (!body.starts_with("\r\n")) return fail("a boundary is followed by something else.");
    body.remove_prefix(2);
    const std::string_view reach = body.substr(0, max_part_header_bytes + 4);
    const std::size_t header_end = reach.starts_with("\r\n") ? 0 : reach.find("\r\n\r\n");
    if (header_end == reach.npos)
      return fail(fmt::format("a part's header has no end, or is over {} bytes.", max_part_header_bytes));
    const auto header = parse_part_header(reach.substr(0, header_end));
    if (!header) return fail("a part's header makes no sense.");
    body.remove_prefix(header_end + (header_end == 0 ? 2 : 4));
    const std::size_t end = body.find(delimiter);
    if (end == body.npos) return fail("its last boundary is missing.");
    if (!add_part(fields, *header, body.substr(0, end))) break;
    body.remove_prefix(end + delimiter.size());
  }
  return std::move(fields).take();
}

}  // namespace actiond
