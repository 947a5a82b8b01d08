#include "served/client.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "base/encoding.h"

namespace actiond::http {
namespace {

constexpr timeval silence{.tv_sec = 15, .tv_usec = 0};

template <class Address>
Socket connected(int family, const Address& address) {
  const int descriptor = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &silence, sizeof silence);
  Socket made(descriptor);
  if (connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    throw std::runtime_error("cannot connect");
  return made;
}

}  // namespace

std::string Answer::header(const char* name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? "" : found->second;
}

std::string urlencoded(const Fields& fields) {
  std::string body;
  for (const auto& [name, value] : fields)
    body += (body.empty() ? "" : "&") + to_percent_encoded(name) + "=" + to_percent_encoded(value);
  return body;
}

Client::Client(const RunningSite& site, std::string accept, bool https)
    : accept_(std::move(accept)), origin_(site.origin()) {
  if (https) origin_ = fmt::format("https://localhost:{}", site.https_port());
  http_ = std::make_unique<httplib::Client>(origin_);
  http_->enable_server_certificate_verification(false);
  http_->set_address_family(AF_INET);
  http_->set_keep_alive(true);
  http_->set_url_encode(false);
  http_->set_tcp_nodelay(true);
  http_->set_read_timeout(std::chrono::seconds(60));
}

Answer Client::send(const std::string& method, const std::string& path, const std::string& body,
                    const Headers& headers) {
  httplib::Request request;
  request.method = method;
  request.path = path;
  request.body = body;
  const Headers own{
      {"Accept", accept_},
      {"Origin", origin_},
      {"Cookie", cookie},
      {"Content-Type",
       method == "GET" || method == "HEAD" ? "" : "application/x-www-form-urlencoded"}};
  for (const auto& [name, value] : own)
    if (!value.empty() &&
        std::none_of(headers.begin(), headers.end(),
                     [&name = name](const auto& other) { return other.first == name; }))
      request.headers.emplace(name, value);
  for (const auto& [name, value] : headers)
    if (!value.empty()) request.headers.emplace(name, value);
  const httplib::Result result = http_->send(request);
  if (!result) return {};
  const Answer answer{result->status, result->body, result->headers};
  keep_cookie(answer);
  return answer;
}

Answer Client::post(const std::string& name, const Fields& fields, const Headers& headers) {
  return send("POST", "/actions/" + name, urlencoded(fields), headers);
}

void Client::sign_up(const std::string& email) {
  const Answer answer =
      post("sign-up", {{"email", email}, {"password", password}, {"name", "Ada"}});
  if (cookie.empty()) throw std::runtime_error("no account for " + email + ": " + answer.body);
}

Answer Client::sign_in(const std::string& email, const std::string& next) {
  return post("sign-in", {{"email", email}, {"password", password}, {"next", next}});
}

void Client::keep_cookie(const Answer& answer) {
  const std::string set = answer.header("Set-Cookie");
  if (set.empty() || set.starts_with("note=")) return;
  cookie = set.find("Max-Age=0;") == set.npos ? set.substr(0, set.find(';')) : "";
}

std::string talk(const RunningSite& site, std::string_view bytes) {
  const Socket socket = Socket::to_nginx(site);
  socket.send(bytes);
  return socket.receive_all();
}

int status_of(const std::string& answer) {
  const std::string start = "HTTP/1.1 ";
  return answer.starts_with(start) ? std::stoi(answer.substr(start.size())) : 0;
}

Socket Socket::to_nginx(const RunningSite& site) { return to_port(site.port()); }

Socket Socket::to_port(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return connected(AF_INET, address);
}

Socket Socket::to_pool(const RunningSite& site) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  site.socket().string().copy(address.sun_path, sizeof address.sun_path - 1);
  return connected(AF_UNIX, address);
}

Socket::~Socket() {
  if (descriptor_ >= 0) close(descriptor_);
}

// A peer that has already hung up is no failure here: what it said is looked at.
void Socket::send(std::string_view bytes) const {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

bool Socket::is_readable() const {
  pollfd come{.fd = descriptor_, .events = POLLIN, .revents = 0};
  return poll(&come, 1, 0) == 1;
}

void Socket::finish_sending() const { shutdown(descriptor_, SHUT_WR); }

std::string Socket::receive_all() const { return receive(std::string::npos); }

std::string Socket::receive_until(std::string_view end) const {
  std::string received;
  char buffer[16384];
  while (!received.ends_with(end)) {
    const ssize_t read = recv(descriptor_, buffer, sizeof buffer, 0);
    if (read <= 0) break;
    received.append(buffer, static_cast<std::size_t>(read));
  }
  return received;
}

std::string Socket::receive(std::size_t size) const {
  std::string received;
  char buffer[16384];
  while (received.size() < size) {
    const ssize_t read =
        recv(descriptor_, buffer, std::min(sizeof buffer, size - received.size()), 0);
    if (read <= 0) break;
    received.append(buffer, static_cast<std::size_t>(read));
  }
  return received;
}

}  // namespace actiond::http
