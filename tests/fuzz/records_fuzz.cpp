// libFuzzer: what comes over a FastCGI connection.  The walker is the judge of what libfcgi gets to
// read: a request that the one finds whole, the other must read as it was sent.
//
// Covers: pool/fastcgi/walker.cpp pool/fastcgi/fastcgi.cpp pool/fastcgi/peer.cpp
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/demand.h"
#include "pool/fastcgi/fastcgi.h"
#include "pool/fastcgi/peer.h"

using namespace actiond;

namespace {

// It means the same in one piece and byte by byte.
void check_pieces(std::string_view bytes) {
  RequestWalker whole, piecewise;
  const bool is_taken = whole.walk(bytes);
  bool is_taken_piecewise = true;
  for (std::size_t at = 0; at < bytes.size() && is_taken_piecewise; ++at)
    is_taken_piecewise = piecewise.walk(bytes.substr(at, 1));
  fuzz::demand(is_taken == is_taken_piecewise, "taken in one piece only");
  if (!is_taken) return;
  fuzz::demand(whole.has_begun() == piecewise.has_begun() &&
                   whole.has_parameters() == piecewise.has_parameters() &&
                   whole.is_whole() == piecewise.is_whole(),
               "another end");
  fuzz::demand(whole.body_bytes() == piecewise.body_bytes() &&
                   whole.keeps_connection() == piecewise.keeps_connection(),
               "another request");
}

// The content of all records of `type`, of a connection that the walker has taken.
std::string content_of(std::string_view bytes, unsigned char type) {
  std::string all;
  while (bytes.size() >= 8) {
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(bytes[at]); };
    const std::size_t length = byte(4) * 256U + byte(5);
    if (byte(1) == type) all += bytes.substr(8, length);
    bytes.remove_prefix(std::min(bytes.size(), 8 + length + byte(6)));
  }
  return all;
}

std::size_t count_headers(std::string_view pairs) {
  std::size_t count = 0;
  const auto take_length = [&] {
    const auto take = [&]() -> std::size_t {
      const auto byte = static_cast<unsigned char>(pairs.front());
      pairs.remove_prefix(1);
      return byte;
    };
    std::size_t length = take();
    if (length < 128) return length;
    length &= 0x7F;
    for (int more = 0; more < 3; ++more) length = length << 8 | take();
    return length;
  };
  while (!pairs.empty()) {
    const std::size_t name = take_length(), value = take_length();
    if (pairs.substr(0, name).starts_with("HTTP_")) ++count;
    pairs.remove_prefix(name + value);
  }
  return count;
}

void check_request(const Request& request, std::string_view bytes) {
  fuzz::demand(!request.id.empty() && request.id.size() <= 64, "an id that no header takes");
  for (const char c : request.id) fuzz::demand(c > ' ' && c < '\x7F', "an id that no log takes");
  fuzz::demand(request.headers.size() == count_headers(content_of(bytes, 4)),
               "other headers than came");
  std::string body;
  std::array<char, 100> piece;
  while (const std::size_t read = request.read_body(piece.data(), piece.size()))
    body.append(piece.data(), read);
  fuzz::demand(body == content_of(bytes, 5), "another body");
}

void check_connection(std::string_view bytes) {
  std::array<int, 2> ends{};
  fuzz::demand(socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) == 0, "no sockets");
  {
    Peer peer{Descriptor(ends[1])};
    fuzz::demand(send(ends[0], bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()),
                 "not sent");
    RequestWalker walker;
    const bool is_taken = walker.walk(bytes);
    const Peer::State state = peer.advance();
    fuzz::demand((state == Peer::State::Ended) == !is_taken, "refused by one of two");
    fuzz::demand((state == Peer::State::Ready) == (is_taken && walker.is_whole()),
                 "ready to one of two");
    if (state == Peer::State::Ready) {
      check_request(peer.request(), bytes);
      Response response(200);
      response.body = bytes;
      peer.answer(response);
      fuzz::demand((peer.advance() == Peer::State::Idle) == walker.keeps_connection(),
                   "out of step after the answer");
    }
  }
  close(ends[0]);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes = fuzz::to_text(data, size);
  check_pieces(bytes);
  if (!bytes.empty()) check_connection(bytes);
  return 0;
}
