#include "pool/fastcgi/peer.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "pool/fastcgi/fastcgi.h"

namespace actiond {
namespace {

using Clock = std::chrono::steady_clock;

// So much of a body is waited for before its request takes a thread; most forms are shorter.
constexpr std::size_t held_body_bytes = 64 * 1024;
// nginx has all of a body before it sends the first byte of it.
constexpr std::chrono::seconds longest_body_time(20);

bool is_for_now(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

}  // namespace

Peer::~Peer() { close(socket_); }

Peer::State Peer::advance() {
  while (true) {
    if (!output_.empty()) {
      if (!send()) return State::Ended;
      if (!output_.empty()) return State::Sending;
    }
    if (answered_ && records_.has_body()) {
      if (last_ || !records_.keeps_connection()) return State::Ended;
      records_.clear();
      answered_ = false;
      return State::Idle;
    }
    switch (receive()) {
      case Received::End: return State::Ended;
      case Received::NothingNow: return records_.has_begun() ? State::Receiving : State::Idle;
      case Received::Some: break;
    }
    const bool enough = records_.has_body() || records_.body_bytes() >= held_body_bytes;
    if (answered_ || !records_.has_parameters() || !enough) continue;
    auto request = to_request(records_);
    if (!request) return State::Ended;
    request_ = *std::move(request);
    request_.read_body = [this](char* into, std::size_t size) { return read_body(into, size); };
    body_deadline_ = Clock::now() + longest_body_time;
    return State::Ready;
  }
}

Peer::Received Peer::receive() {
  std::array<char, 16 * 1024> bytes;
  const ssize_t size = recv(socket_, bytes.data(), bytes.size(), 0);
  if (size < 0 && is_for_now(errno)) return Received::NothingNow;
  if (size <= 0) return Received::End;
  const bool good = records_.take({bytes.data(), static_cast<std::size_t>(size)});
  return good ? Received::Some : Received::End;
}

// False: the web server is gone.
bool Peer::send() {
  while (sent_ < output_.size()) {
    const ssize_t size =
        ::send(socket_, output_.data() + sent_, output_.size() - sent_, MSG_NOSIGNAL);
    if (size < 0) return is_for_now(errno);
    sent_ += static_cast<std::size_t>(size);
  }
  output_.clear();
  sent_ = 0;
  return true;
}

std::size_t Peer::read_body(char* into, std::size_t size) {
  while (records_.body_bytes() == 0 && !records_.has_body()) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(body_deadline_ - Clock::now());
    pollfd waiting{.fd = socket_, .events = POLLIN, .revents = 0};
    const bool ended = left.count() <= 0 ||
                       poll(&waiting, 1, static_cast<int>(left.count())) == 0 ||
                       receive() == Received::End;
    if (!ended) continue;
    last_ = true;
    return 0;  // shorter than announced, which the reader of the body will say
  }
  return records_.read_body(into, size);
}

void Peer::answer(const Response& response) {
  output_ = to_records(records_.id(), to_cgi(response));
  // nginx takes a connection that is closed while it still sends for a failure of ours.
  records_.discard_body();
  answered_ = true;
}

}  // namespace actiond
