#include "cli/local_request.h"

#include "base/crypto.h"
#include "base/encoding.h"

namespace actiond {

std::string local_id(std::string_view kind) {
  return std::string(kind).append("-").append(to_base64url(random_bytes(9)));
}

Request local_request(std::string_view kind, std::string_view action, const FieldValues& fields) {
  std::string body;
  for (const FieldValue& field : fields) {
    if (!body.empty()) body += '&';
    body.append(to_percent_encoded(field.name)).append("=").append(to_percent_encoded(field.value));
  }
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

}  // namespace actiond
