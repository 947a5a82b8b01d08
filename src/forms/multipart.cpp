// multipart/form-data, read once from front to back through a window: every step is a search for
// the next delimiter, so the time is linear in the body whatever it holds.  Only the values of
// texts are gathered, up to the limit of a body without files; the bytes of files are handed on.
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/encoding.h"
#include "forms/body.h"
#include "forms/field_collector.h"
#include "forms/upload.h"
#include "http/media_type.h"

namespace actiond {
namespace {

constexpr const char* malformed = "The multipart body is malformed: ";

// bchars of RFC 2046; a browser's boundary is made of these.
bool is_boundary(std::string_view text) {
  return !text.empty() && text.back() != ' ' && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("'()+_,-./:=? ").find(c) != std::string_view::npos;
  });
}

struct PartHeader {
  std::optional<std::string> name;
  std::optional<std::string> file_name;  // of a file
  bool is_utf8 = true;
  bool is_encoded = false;
};

// Nothing for a part that is no file.  `filename*` must not be sent (RFC 7578 section 4.2), and
// what it says is not looked at.
std::optional<std::string> file_name_of(const MediaType& disposition) {
  const auto name = disposition.parameters.find("filename");
  if (name != disposition.parameters.end()) return name->second;
  if (disposition.parameters.contains("filename*")) return "";
  return std::nullopt;
}

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
      header.file_name = file_name_of(*value);
    } else if (field == "content-type") {
      const auto charset = value->parameters.find("charset");
      if (charset != value->parameters.end() && to_lower(charset->second) != "utf-8")
        header.is_utf8 = false;
    } else if (field == "content-transfer-encoding") {
      if (value->type != "binary" && value->type != "8bit" && value->type != "7bit")
        header.is_encoded = true;
    }
  }
  return header;
}

std::variant<std::string, Problem> read_boundary(std::string_view content_type) {
  const auto fail = [](const std::string& detail) { return Problem{400, malformed + detail}; };
  const auto media = parse_media_type(content_type);
  if (!media || !media->parameters.contains("boundary")) return fail("it names no boundary.");
  const std::string& boundary = media->parameters.at("boundary");
  if (boundary.size() > max_boundary_bytes)
    return fail(fmt::format("its boundary is limited to {} bytes.", max_boundary_bytes));
  if (!is_boundary(boundary)) return fail("its boundary holds a character it must not.");
  return boundary;
}

class MultipartReader {
 public:
  MultipartReader(BodySource body, const std::string& boundary, const FormDescription& form,
                  const NewFileBytes& new_bytes)
      : body_(std::move(body)), delimiter_("\r\n--" + boundary), form_(form),
        new_bytes_(new_bytes) {}

  std::variant<FieldValues, Problem> read() && {
    if (read_parts()) skip_rest();
    return std::move(fields_).take();
  }

 private:
  // These answer false when nothing more is to be read.
  bool read_parts() {
    // The first delimiter has no line before it.
    if (!take(std::string_view(delimiter_).substr(2))) return fail("it starts with no boundary.");
    while (!take("--"))
      if (!read_part()) return false;
    return true;
  }

  bool read_part() {
    if (!take("\r\n")) return fail("a boundary is followed by something else.");
    const auto header = read_header();
    if (!header) return false;
    if (!header->name) return fail("a part has no name.");
    return header->file_name ? read_file(*header) : read_text(*header);
  }

  std::optional<PartHeader> read_header() {
    const std::string_view reach =
        body_.look(max_part_header_bytes + 4).substr(0, max_part_header_bytes + 4);
    const std::size_t end = reach.starts_with("\r\n") ? 0 : reach.find("\r\n\r\n");
    if (end == reach.npos) {
      fail(fmt::format("a part's header has no end, or is over {} bytes.", max_part_header_bytes));
      return std::nullopt;
    }
    auto header = parse_part_header(reach.substr(0, end));
    if (!header) fail("a part's header makes no sense.");
    body_.skip(end + (end == 0 ? 2 : 4));
    return header;
  }

  bool read_text(const PartHeader& header) {
    if (header.is_encoded || !header.is_utf8) return fail("a part is not plain UTF-8.");
    std::string text;
    const bool whole = read_content([&](std::string_view piece) {
      text_bytes_ += piece.size();
      if (text_bytes_ > max_body_bytes)
        return fields_.fail(
            413, fmt::format("The texts of a form are limited to {} bytes ({}) together.",
                             max_body_bytes, size_text(max_body_bytes)));
      text.append(piece);
      return true;
    });
    return whole && fields_.add(*header.name, text);
  }

  bool read_file(const PartHeader& header) {
    if (header.is_encoded) return fail("a file is encoded.");
    const FieldDescription* field = find_field(form_, *header.name);
    const bool wanted = field != nullptr && field->kind == Kind::File;
    Upload upload(*header.file_name, wanted ? static_cast<std::size_t>(field->rules.max) : 0,
                  new_bytes_);
    const bool whole = read_content([&upload](std::string_view piece) {
      upload.add(piece);
      return true;
    });
    if (!whole) return false;
    auto file = std::move(upload).finish();
    const bool takes_files = has_file_field(form_);
    if (!file || (field == nullptr && takes_files)) return fields_.pass_over();
    if (wanted) return fields_.add(*header.name, *std::move(file));
    return fields_.check_name(*header.name) &&
           fields_.fail(400, fmt::format("The field \"{}\" is a file; this form takes none{}.",
                                         *header.name, takes_files ? " there" : ""));
  }

  // Hands the content of a part on to `use`, a piece at a time, and moves on behind its delimiter.
  template <class Use>
  bool read_content(Use use) {
    while (true) {
      const std::string_view seen = body_.look(delimiter_.size());
      const std::size_t end = seen.find(delimiter_);
      if (end != seen.npos) {
        if (!use(seen.substr(0, end))) return false;
        body_.skip(end + delimiter_.size());
        return true;
      }
      if (seen.size() < delimiter_.size()) return fail("its last boundary is missing.");
      // The delimiter may begin in what is seen and end beyond.
      const std::size_t clear = seen.size() - (delimiter_.size() - 1);
      if (!use(seen.substr(0, clear))) return false;
      body_.skip(clear);
    }
  }

  // What stands behind the last delimiter means nothing (RFC 2046 section 5.1.1).
  void skip_rest() {
    while (const std::size_t seen = body_.look(1).size()) body_.skip(seen);
  }

  // Moves on by `text` when that comes next.
  bool take(std::string_view text) {
    if (!body_.look(text.size()).starts_with(text)) return false;
    body_.skip(text.size());
    return true;
  }

  bool fail(const std::string& detail) { return fields_.fail(400, malformed + detail); }

  BodyWindow body_;
  const std::string delimiter_;
  const FormDescription& form_;
  const NewFileBytes& new_bytes_;
  FieldCollector fields_;
  std::size_t text_bytes_ = 0;
};

}  // namespace

std::variant<FieldValues, Problem> parse_multipart(BodySource body, std::string_view content_type,
                                                   const FormDescription& form,
                                                   const NewFileBytes& new_bytes) {
  const auto boundary = read_boundary(content_type);
  if (const auto* problem = std::get_if<Problem>(&boundary)) return *problem;
  return MultipartReader(std::move(body), std::get<std::string>(boundary), form, new_bytes).read();
}

std::variant<FieldValues, Problem> parse_multipart(std::string_view body,
                                                   std::string_view content_type) {
  const auto source = [body](char* into, std::size_t size) mutable {
    const std::size_t read = body.copy(into, size);
    body.remove_prefix(read);
    return read;
  };
  return parse_multipart(source, content_type, FormDescription{}, nullptr);
}

}  // namespace actiond
