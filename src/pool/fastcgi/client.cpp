#include "pool/fastcgi/client.h"

#include <fastcgi.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string_view>
#include <system_error>

#include "base/descriptor.h"
#include "base/unix_address.h"

namespace actiond {
namespace {

constexpr timeval patience{.tv_sec = 10, .tv_usec = 0};

std::string record(unsigned char type, std::string_view content) {
  const std::size_t size = content.size();
  std::string bytes{FCGI_VERSION_1,
                    static_cast<char>(type),
                    0,
                    1,
                    static_cast<char>(size >> 8),
                    static_cast<char>(size & 0xFF),
                    0,
                    0};
  return bytes.append(content);
}

// Both shorter than 128 bytes, as ours are.
std::string pair(std::string_view name, std::string_view value) {
  return std::string{static_cast<char>(name.size()), static_cast<char>(value.size())}
      .append(name)
      .append(value);
}

std::string read_exactly(int from, std::size_t size) {
  std::string bytes(size, '\0');
  std::size_t at = 0;
  while (at < size) {
    const ssize_t read = recv(from, bytes.data() + at, size - at, 0);
    if (read <= 0) throw std::runtime_error("no whole answer comes over the socket");
    at += static_cast<std::size_t>(read);
  }
  return bytes;
}

}  // namespace

std::string ask_fastcgi(const std::filesystem::path& path,
                        const std::vector<std::pair<std::string, std::string>>& parameters) {
  const UnixAddress address(path.native());
  const Descriptor connection(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  setsockopt(connection.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (connect(connection.get(), address.get(), address.size()) != 0)
    throw std::system_error(errno, std::generic_category(), path.string());

  std::string pairs;
  for (const auto& [name, value] : parameters) pairs += pair(name, value);
  const std::string request =
      record(FCGI_BEGIN_REQUEST, std::string{0, FCGI_RESPONDER, 0, 0, 0, 0, 0, 0}) +
      record(FCGI_PARAMS, pairs) + record(FCGI_PARAMS, "") + record(FCGI_STDIN, "");
  if (::send(connection.get(), request.data(), request.size(), MSG_NOSIGNAL) !=
      static_cast<ssize_t>(request.size()))
    throw std::runtime_error("the socket takes no request");

  std::string answer;
  while (true) {
    const std::string header = read_exactly(connection.get(), FCGI_HEADER_LEN);
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(header[at]); };
    const std::string content = read_exactly(connection.get(), byte(4) * 256U + byte(5));
    read_exactly(connection.get(), byte(6));
    if (byte(1) == FCGI_STDOUT) answer += content;
    if (byte(1) == FCGI_END_REQUEST) return answer;
  }
}

}  // namespace actiond
