#include "cli/local_request.h"

#include <fmt/format.h>

#include "base/crypto.h"
#include "base/encoding.h"

namespace actiond {
namespace {

std::string to_urlencoded(const FieldValues& fields) {
  std::string text;
  for (const FieldValue& field : fields) {
    if (!text.empty()) text += '&';
    text.append(to_percent_encoded(field.name)).append("=").append(to_percent_encoded(field.value));
  }
  return text;
}

}  // namespace

std::string local_id(std::string_view kind) {
  return std::string(kind).append("-").append(to_base64url(random_bytes(9)));
}

Request local_request(std::string_view kind, std::string_view action, const FieldValues& fields) {
  std::string body = to_urlencoded(fields);
  const std::size_t length = body.size();
  return {.id = local_id(kind),
          .method = "POST",
          .path = std::string("/actions/").append(action),
          .headers = {{"accept", "text/plain"},
                      {"content-type", "application/x-www-form-urlencoded"},
                      {"sec-fetch-site", "same-origin"}},
          .content_length = length,
          .read_body = [body = std::move(body)](char* into, std::size_t size) mutable {
            const std::size_t read = body.copy(into, size);
            body.erase(0, read);
            return read;
          }};
}

Request local_question(std::string_view kind, std::string_view view, const FieldValues& fields) {
  return {.id = local_id(kind),
          .method = "GET",
          .path = fmt::format("/actions/{}", view),
          .query = to_urlencoded(fields),
          .headers = {{"accept", "text/plain"}, {"sec-fetch-site", "same-origin"}},
          .read_body = nullptr};
}

}  // namespace actiond
