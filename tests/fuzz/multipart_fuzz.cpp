// libFuzzer: a body in multipart/form-data, behind a first line that is its boundary.
//
// Covers: forms/multipart.cpp forms/upload.cpp forms/body_window.cpp forms/field_collector.cpp

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/crypto.h"
#include "fuzz/body.h"
#include "fuzz/files.h"

using namespace actiond;

namespace {

fuzz::Parsed parse(std::string_view body, std::string_view boundary, const FormDescription& form,
                   std::size_t step) {
  return parse_multipart(fuzz::source_of(body, step),
                         "multipart/form-data; boundary=" + std::string(boundary), form,
                         fuzz::new_bytes);
}

void check_file(const File& file) {
  const std::string& bytes = fuzz::bytes_of(file);
  fuzz::demand(bytes.size() == file.size, "not all bytes of a file");
  fuzz::demand(file.size > 0 || !file.name.empty(), "a file of nothing");
  fuzz::demand(fuzz::is_text(file.name), "a file's name is not text");
  Sha256 digest;
  digest.add(bytes);
  fuzz::demand(std::move(digest).finish() == file.digest, "another digest");
}

// As a browser writes them; nothing when a name cannot be written.
std::optional<std::string> written(const FieldValues& values, std::string_view boundary) {
  std::string body;
  for (const FieldValue& field : values) {
    const std::string& content = field.file ? fuzz::bytes_of(*field.file) : field.value;
    for (const auto& name : {field.name, field.file ? field.file->name : ""})
      if (name.find_first_of("\"\r\n") != name.npos) return std::nullopt;
    body.append("--").append(boundary).append("\r\nContent-Disposition: form-data; name=\"");
    body.append(field.name).append("\"");
    if (field.file) body.append("; filename=\"").append(field.file->name).append("\"");
    body.append("\r\n\r\n").append(content).append("\r\n");
  }
  return body.append("--").append(boundary).append("--\r\n");
}

void check(const fuzz::Parsed& parsed, std::size_t size) {
  fuzz::demand_fields_or_problem(parsed);
  const auto* values = std::get_if<FieldValues>(&parsed);
  if (!values) return;
  std::size_t bytes = 0;
  std::size_t files = 0;
  for (const FieldValue& field : *values) {
    bytes += field.name.size() + field.value.size();
    if (!field.file) continue;
    fuzz::demand(field.name == "photo" && field.value.empty(), "a file that nobody asked for");
    // No bytes are kept of a file that is too large or a second one, but its size is.
    if (++files > 1 || field.file->size > fuzz::max_photo_bytes)
      fuzz::demand(!field.file->bytes, "bytes beyond the limit are kept");
    else
      check_file(*field.file);
  }
  fuzz::demand(bytes <= size, "more than was sent");
}

bool is_whole(const FieldValue& field) { return !field.file || field.file->bytes; }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view body = fuzz::to_text(data, size);
  const std::string_view boundary = fuzz::take_until(body, '\n');
  const fuzz::Parsed without_files =
      parse_multipart(body, "multipart/form-data; boundary=" + std::string(boundary));
  fuzz::demand(fuzz::same(without_files, parse(body, boundary, {}, 3)),
               "it matters whether it is in memory");
  for (const FormDescription& form : {FormDescription{}, fuzz::form_with_file}) {
    const fuzz::Parsed whole = parse(body, boundary, form, size + 1);
    check(whole, size);
    fuzz::demand(fuzz::same(whole, parse(body, boundary, form, 1)),
                 "it matters in which pieces it comes");
    const auto* values = std::get_if<FieldValues>(&whole);
    if (!values || !std::ranges::all_of(*values, is_whole)) continue;
    constexpr std::string_view other = "----another-boundary";
    if (body.find(other) != body.npos) continue;
    if (const auto text = written(*values, other))
      fuzz::demand(fuzz::same(parse(*text, other, form, 7), *values),
                   "other fields than were sent");
  }
  return 0;
}
