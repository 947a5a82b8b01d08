#include "pool/fastcgi.h"

#include <fcgiapp.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <csignal>
#include <stdexcept>
#include <string>

#include "core/crypto.h"
#include "core/encoding.h"
#include "pool/log.h"

namespace actiond {
namespace {

// nginx sends a request only when it has all of it: a peer that is slower is not nginx, and must
// not keep a thread.
constexpr timeval peer_timeout{.tv_sec = 10, .tv_usec = 0};

// "HTTP_SEC_FETCH_SITE" is the header "sec-fetch-site" (RFC 3875 section 4.1.18).
std::string header_name(std::string_view parameter) {
  std::string name = to_lower(parameter.substr(std::string_view("HTTP_").size()));
  std::replace(name.begin(), name.end(), '_', '-');
  return name;
}

// An id goes into a header and the log; one that nginx cannot have made is replaced.
std::string usable_id(std::string_view id) {
  const bool good = !id.empty() && id.size() <= 64 && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
  });
  return good ? std::string(id) : to_base64url(random_bytes(15));
}

// nginx waits 30 seconds for an answer (fastcgi_read_timeout), about from `seconds` since 1970 on.
Time deadline_after(std::string_view seconds) {
  constexpr std::chrono::seconds patience(25);
  std::int64_t whole = 0;
  const auto read = std::from_chars(seconds.data(), seconds.data() + seconds.size(), whole);
  return read.ec == std::errc() ? Time(std::chrono::seconds(whole)) + patience : Time::max();
}

Request to_request(const FCGX_Request& fastcgi) {
  Request request;
  for (char** at = fastcgi.envp; *at != nullptr; ++at) {
    const std::string_view parameter(*at);
    const std::size_t equals = std::min(parameter.find('='), parameter.size());
    const std::string_view name = parameter.substr(0, equals);
    const std::string_view value = parameter.substr(std::min(equals + 1, parameter.size()));
    if (name == "REQUEST_ID") request.id = value;
    if (name == "REQUEST_METHOD") request.method = value;
    if (name == "DOCUMENT_URI") request.path = value;
    if (name == "REQUEST_TIME") request.deadline = deadline_after(value);
    if (name == "HTTPS") request.https = value == "on";
    if (name == "CONTENT_LENGTH")
      std::from_chars(value.data(), value.data() + value.size(), request.content_length);
    if (name.starts_with("HTTP_"))
      request.headers.push_back({header_name(name), std::string(value)});
  }
  request.id = usable_id(request.id);
  request.read_body = [stream = fastcgi.in](char* into, std::size_t size) {
    const int read = FCGX_GetStr(into, static_cast<int>(size), stream);
    return static_cast<std::size_t>(std::max(read, 0));
  };
  return request;
}

void write_response(const Response& response, FCGX_Stream* out) {
  std::string head = "Status: " + std::to_string(response.status()) + " ";
  head.append(reason_phrase(response.status())).append("\r\n");
  for (const auto& [name, value] : response.headers()) head += name + ": " + value + "\r\n";
  head += "\r\n";
  FCGX_PutStr(head.data(), static_cast<int>(head.size()), out);
  FCGX_PutStr(response.body.data(), static_cast<int>(response.body.size()), out);
}

// nginx takes a connection that is closed while it still sends for a failure of ours.  It sends no
// more than it announced; who does is not nginx.
void drain(FCGX_Stream* in, std::size_t most_bytes) {
  std::array<char, 8192> unread;
  for (std::size_t read = 0; read <= most_bytes; read += unread.size())
    if (FCGX_GetStr(unread.data(), unread.size(), in) == 0) return;
}

}  // namespace

void start_fastcgi() {
  if (FCGX_Init() != 0) throw std::runtime_error("libfcgi does not start");
  std::signal(SIGPIPE, SIG_IGN);
}

void serve_connection(int connection, const Answer& answer) {
  setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &peer_timeout, sizeof peer_timeout);
  setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &peer_timeout, sizeof peer_timeout);
  FCGX_Request fastcgi;
  // Without a listening socket libfcgi cannot accept on its own: it reads what we accepted, and
  // comes back when that ends.
  FCGX_InitRequest(&fastcgi, -1, 0);
  fastcgi.ipcFd = connection;
  fastcgi.keepConnection = 1;
  while (FCGX_Accept_r(&fastcgi) == 0) {
    const auto start = std::chrono::steady_clock::now();
    Request request = to_request(fastcgi);
    const Response response = answer(request);
    drain(fastcgi.in, request.content_length);
    write_response(response, fastcgi.out);
    const auto took = std::chrono::steady_clock::now() - start;
    // The answer leaves first: a log that cannot be written must not hold it back.
    FCGX_Finish_r(&fastcgi);
    log_request(request, response, took);
    if (fastcgi.ipcFd < 0) return;
  }
}

}  // namespace actiond
