#include "forms/body.h"

#include <algorithm>

#include "base/encoding.h"
#include "http/media_type.h"

namespace actiond {
namespace {

Problem too_large(std::size_t max_bytes) {
  return {413,
          {"body.too_large", {{"max", std::to_string(max_bytes)}, {"size", size_text(max_bytes)}}}};
}

// The body of a request, and whether it is as long as announced.  It asks for one byte more than
// that, to notice a body that is longer.
class AnnouncedBody {
 public:
  explicit AnnouncedBody(Request& request) : request_(request) {}

  std::size_t read(char* into, std::size_t size) {
    size = std::min(size, request_.content_length + 1 - received_);
    const std::size_t read = size == 0 ? 0 : request_.read_body(into, size);
    received_ += read;
    ended_ = read == 0;
    return read;
  }

  // Of a body that was read to its end.
  std::optional<Problem> wrong_length() const {
    if (!ended_ || received_ == request_.content_length) return std::nullopt;
    return Problem{400, "body.wrong_length"};
  }

 private:
  Request& request_;
  std::size_t received_ = 0;
  bool ended_ = false;
};

std::string read_whole(AnnouncedBody& body, std::size_t size) {
  std::string bytes(size + 1, '\0');
  std::size_t at = 0;
  while (const std::size_t read = body.read(bytes.data() + at, bytes.size() - at)) at += read;
  bytes.resize(at);
  return bytes;
}

}  // namespace

std::variant<FieldValues, Problem> read_fields(Request& request, const FormDescription& form,
                                               const NewFileBytes& new_bytes) {
  // A filter or a log that unpacks the body would see another one than this program does.
  if (request.header("content-encoding")) return Problem{415, "body.encoded"};
  const std::string content_type(request.header("content-type").value_or(""));
  if (content_type.empty() && request.content_length == 0) return FieldValues{};
  const auto media = parse_media_type(content_type);
  const bool known =
      media && (media->type == "application/x-www-form-urlencoded" ||
                media->type == "multipart/form-data" || media->type == "application/json");
  if (!known || !is_utf8(*media)) return Problem{415, "body.unknown_type"};
  const bool multipart = media->type == "multipart/form-data";
  const std::size_t limit = multipart ? body_limit(form) : text_limit(form);
  if (request.content_length > limit) return too_large(limit);
  AnnouncedBody body(request);
  const auto parse = [&]() -> std::variant<FieldValues, Problem> {
    if (multipart)
      return parse_multipart(
          [&body](char* into, std::size_t size) { return body.read(into, size); }, content_type,
          form, new_bytes);
    const std::string bytes = read_whole(body, request.content_length);
    return media->type == "application/json" ? parse_json(bytes, form)
                                             : parse_urlencoded(bytes, form);
  };
  auto fields = parse();
  if (auto problem = body.wrong_length()) return *std::move(problem);
  return fields;
}

}  // namespace actiond
