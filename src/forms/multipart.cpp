// multipart/form-data, read once from front to back through a window: every step is a search for
// the next delimiter, so the time is linear in the body whatever it holds.  Of texts, only what
// their fields have room for is held; the bytes of files go on to `new_bytes`.
#include <algorithm>
#include <optional>

#include "base/encoding.h"
#include "forms/body.h"
#include "forms/field_collector.h"
#include "forms/upload.h"
#include "http/media_type.h"

namespace actiond {
namespace {

// bchars of RFC 2046; a browser's boundary is made of these.
bool is_boundary(std::string_view text) {
  return !text.empty() && text.back() != ' ' && std::all_of(text.begin(), text.end(), [](char c) {
    return is_letter_or_digit(c) ||
           std::string_view("'()+_,-./:=? ").find(c) != std::string_view::npos;
  });
}

struct PartHeader {
  std::optional<std::string> name;
  std::optional<std::string> file_name;  // of a file
  bool is_utf8 = true;
  bool is_encoded = false;
};

// Browsers write a quotation mark in a name as %22 (HTML, "multipart/form-data encoding
// algorithm"). %0D and %0A stay as they are: what they stand for belongs in no name.
std::string with_quotation_marks(std::string name) {
  constexpr std::string_view written = "%22";
  for (std::size_t at = name.find(written); at != name.npos; at = name.find(written, at + 1))
    name.replace(at, written.size(), "\"");
  return name;
}

// Nothing for a part that is no file.  `filename*` must not be sent (RFC 7578 section 4.2); its
// value is ignored.
std::optional<std::string> file_name_of(const MediaType& disposition) {
  const auto name = disposition.parameters.find("filename");
  if (name != disposition.parameters.end()) return with_quotation_marks(name->second);
  if (disposition.parameters.contains("filename*")) return "";
  return std::nullopt;
}

// A line that begins with a blank continues the one before (RFC 5322 section 2.2.3).
std::string unfolded(std::string_view header) {
  std::string text;
  while (!header.empty()) {
    const bool is_fold = header.starts_with("\r\n ") || header.starts_with("\r\n\t");
    text += is_fold ? ' ' : header.front();
    header.remove_prefix(is_fold ? 3 : 1);
  }
  return text;
}

// False when the value makes no sense.
bool read_disposition(std::string_view value, PartHeader& header) {
  const auto disposition = parse_media_type(value);
  if (!disposition || disposition->type != "form-data" || header.name) return false;
  const auto name = disposition->parameters.find("name");
  if (name == disposition->parameters.end()) return false;
  header.name = with_quotation_marks(name->second);
  header.file_name = file_name_of(*disposition);
  return true;
}

// Nothing when a line of the header makes no sense.  Header fields other than these three are to be
// ignored (RFC 7578 section 4.8).
std::optional<PartHeader> parse_part_header(std::string_view folded) {
  const std::string lines = unfolded(folded);
  PartHeader header;
  for (std::string_view text = lines; !text.empty();) {
    const std::string_view line = text.substr(0, text.find("\r\n"));
    text.remove_prefix(std::min(line.size() + 2, text.size()));
    const std::size_t colon = line.find(':');
    if (colon == line.npos) return std::nullopt;
    const std::string field = to_lower(trimmed(line.substr(0, colon)));
    const std::string_view value = trimmed(line.substr(colon + 1));
    if (field == "content-disposition" && !read_disposition(value, header)) return std::nullopt;
    if (field == "content-type") {
      const auto media = parse_media_type(value);
      header.is_utf8 = !media || is_utf8(*media);
    }
    if (field == "content-transfer-encoding") {
      const std::string encoding = to_lower(value);
      header.is_encoded = encoding == "base64" || encoding == "quoted-printable";
    }
  }
  return header;
}

std::variant<std::string, Problem> read_boundary(std::string_view content_type) {
  const auto media = parse_media_type(content_type);
  if (!media || !media->parameters.contains("boundary"))
    return Problem{400, "body.no_boundary_named"};
  const std::string& boundary = media->parameters.at("boundary");
  if (boundary.size() > max_boundary_bytes)
    return Problem{400, {"body.boundary_too_long", {{"max", std::to_string(max_boundary_bytes)}}}};
  if (!is_boundary(boundary)) return Problem{400, "body.boundary_character"};
  return boundary;
}

class MultipartReader {
 public:
  MultipartReader(BodySource body, const std::string& boundary, const FormDescription& form,
                  const NewFileBytes& new_bytes)
      : body_(std::move(body)), delimiter_("\r\n--" + boundary), form_(form), new_bytes_(new_bytes),
        fields_(form), max_text_bytes_(text_limit(form)) {}

  std::variant<FieldValues, Problem> read() && {
    read_parts();
    skip_rest();
    return std::move(fields_).take();
  }

 private:
  void read_parts() {
    if (!skip_preamble()) return;
    while (!take("--"))
      if (!read_part()) return;
  }

  // The others are false when the body is refused.

  // The first delimiter needs no line before it.
  bool skip_preamble() {
    if (take(std::string_view(delimiter_).substr(2))) return true;
    return read_content([](std::string_view) { return true; }, "body.no_boundary");
  }

  bool read_part() {
    // Transport padding, RFC 2046 section 5.1.1.
    while (take(" ") || take("\t")) {
    }
    if (!take("\r\n")) return fail("body.behind_boundary");
    const auto header = read_header();
    if (!header) return false;
    if (!header->name) return fail("body.part_without_name");
    return header->file_name ? read_file(*header) : read_text(*header);
  }

  std::optional<PartHeader> read_header() {
    const std::string_view reach =
        body_.look(max_part_header_bytes + 4).substr(0, max_part_header_bytes + 4);
    const std::size_t end = reach.starts_with("\r\n") ? 0 : reach.find("\r\n\r\n");
    if (end == reach.npos) {
      fail({"body.part_header_too_long", {{"max", std::to_string(max_part_header_bytes)}}});
      return std::nullopt;
    }
    auto header = parse_part_header(reach.substr(0, end));
    if (!header) fail("body.part_header");
    body_.skip(end + (end == 0 ? 2 : 4));
    return header;
  }

  bool read_text(const PartHeader& header) {
    if (header.is_encoded || !header.is_utf8) return fail("body.part_not_utf8");
    // One byte more than there is room for tells the collector that the text is too long.
    const std::size_t most = fields_.room(*header.name) + 1;
    std::string text;
    const bool whole = read_content([&](std::string_view piece) {
      text_bytes_ += piece.size();
      if (text_bytes_ > max_text_bytes_)
        return fields_.fail(413, {"body.texts_too_large",
                                  {{"max", std::to_string(max_text_bytes_)},
                                   {"size", size_text(max_text_bytes_)}}});
      text.append(piece.substr(0, most - text.size()));
      return true;
    });
    return whole && fields_.add(*header.name, text);
  }

  bool read_file(const PartHeader& header) {
    if (header.is_encoded) return fail("body.file_encoded");
    const FieldDescription* field = find_field(form_, *header.name);
    const bool wanted = field != nullptr && field->kind == Kind::File;
    // A second file for one field is an error of that field: its bytes are not kept.
    const bool is_kept = wanted && !fields_.has_file(*header.name);
    Upload upload(*header.file_name, is_kept ? max_file_bytes(field->rules) : 0, new_bytes_);
    const bool whole = read_content([&upload](std::string_view piece) {
      upload.add(piece);
      return true;
    });
    if (!whole) return false;
    auto file = std::move(upload).finish();
    const bool takes_files = has_file_field(form_);
    if (!file || (file->size == 0 && !wanted) || (field == nullptr && takes_files))
      return fields_.pass_over();
    if (wanted) return fields_.add(*header.name, *std::move(file));
    return fields_.check_name(*header.name) &&
           fields_.fail(400, {takes_files ? "body.no_file_there" : "body.no_files",
                              {{"field", *header.name}}});
  }

  // Hands the content of a part on to `use`, a piece at a time, and moves on behind its delimiter.
  template <class Use>
  bool read_content(Use use, const char* no_end = "body.no_last_boundary") {
    while (true) {
      const std::string_view seen = body_.look(delimiter_.size());
      const std::size_t end = seen.find(delimiter_);
      if (end != seen.npos) {
        if (!use(seen.substr(0, end))) return false;
        body_.skip(end + delimiter_.size());
        return true;
      }
      if (seen.size() < delimiter_.size()) return fail(no_end);
      // The delimiter may begin in what is seen and end beyond.
      const std::size_t clear = seen.size() - (delimiter_.size() - 1);
      if (!use(seen.substr(0, clear))) return false;
      body_.skip(clear);
    }
  }

  // The epilogue is to be ignored (RFC 2046 section 5.1.1).  The rest of a refused body is read as
  // well: nginx may take an answer that comes while it still sends for a failure.
  void skip_rest() {
    while (const std::size_t seen = body_.look(1).size()) body_.skip(seen);
  }

  // Moves on by `text` when that comes next.
  bool take(std::string_view text) {
    if (!body_.look(text.size()).starts_with(text)) return false;
    body_.skip(text.size());
    return true;
  }

  bool fail(const Message& detail) { return fields_.fail(400, detail); }

  BodyWindow body_;
  const std::string delimiter_;
  const FormDescription& form_;
  const NewFileBytes& new_bytes_;
  FieldCollector fields_;
  const std::size_t max_text_bytes_;
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
                                                   std::string_view content_type,
                                                   const FormDescription& form) {
  const auto source = [body](char* into, std::size_t size) mutable {
    const std::size_t read = body.copy(into, size);
    body.remove_prefix(read);
    return read;
  };
  return parse_multipart(source, content_type, form, nullptr);
}

}  // namespace actiond
