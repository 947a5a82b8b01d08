#include "pool/fastcgi/fastcgi.h"

#include <algorithm>
#include <charconv>
#include <chrono>

#include "base/crypto.h"
#include "base/encoding.h"

namespace actiond {
namespace {

// "HTTP_SEC_FETCH_SITE" is the header "sec-fetch-site" (RFC 3875 section 4.1.18).
std::string header_name(std::string_view parameter) {
  std::string name = to_lower(parameter.substr(std::string_view("HTTP_").size()));
  std::replace(name.begin(), name.end(), '_', '-');
  return name;
}

// As many as browsers and nginx send, and as long as an answer's head usually is.
constexpr std::size_t most_often_headers = 24;
constexpr std::size_t head_room = 512;

// An id goes into a header and the log; one that nginx cannot have made is replaced.
std::string usable_id(std::string_view id) {
  const bool good = !id.empty() && id.size() <= 64 && std::all_of(id.begin(), id.end(), [](char c) {
    return is_letter_or_digit(c) || c == '-';
  });
  return good ? std::string(id) : to_base64url(random_bytes(15));
}

// nginx waits 30 seconds for an answer (fastcgi_read_timeout), about from `seconds` since 1970 on.
Time deadline_after(std::string_view seconds) {
  constexpr std::chrono::seconds patience(25);
  std::int64_t whole = 0;
  const auto read = std::from_chars(seconds.data(), seconds.data() + seconds.size(), whole);
  const Time from{std::chrono::seconds(whole)};
  return read.ec == std::errc() && from < Time::max() - patience ? from + patience : Time::max();
}

}  // namespace

Request to_request(const char* const* parameters) {
  Request request;
  request.headers.reserve(most_often_headers);
  for (; *parameters != nullptr; ++parameters) {
    const std::string_view pair(*parameters);
    const std::size_t equals = pair.find('=');
    const std::string_view name = pair.substr(0, equals), value = pair.substr(equals + 1);
    if (name == "REQUEST_ID") request.id = value;
    if (name == "REQUEST_METHOD") request.method = value;
    if (name == "DOCUMENT_URI") request.path = value;
    if (name == "QUERY_STRING") request.query = value;
    if (name == "REQUEST_TIME") request.deadline = deadline_after(value);
    if (name == "REMOTE_ADDR") request.address = value;
    if (name == "HTTPS") request.https = value == "on";
    if (name == "CONTENT_LENGTH")
      std::from_chars(value.data(), value.data() + value.size(), request.content_length);
    if (name.starts_with("HTTP_"))
      request.headers.push_back({header_name(name), std::string(value)});
  }
  request.id = usable_id(request.id);
  return request;
}

std::string cgi_head(const Response& response) {
  std::string text = "Status: " + std::to_string(response.status()) + " ";
  text.reserve(head_room);
  text.append(reason_phrase(response.status())).append("\r\n");
  for (const auto& [name, value] : response.headers())
    text.append(name).append(": ").append(value).append("\r\n");
  if (response.cached_for)
    text.append("X-Accel-Expires: ")
        .append(std::to_string(response.cached_for->count()))
        .append("\r\n");
  // So that nginx sends it in one piece.
  if (!response.rest && !response.body.empty())
    text.append("Content-Length: ").append(std::to_string(response.body.size())).append("\r\n");
  return text.append("\r\n");
}

}  // namespace actiond
