#include "pool/fastcgi/peer.h"

#include <fcntl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string>
#include <system_error>

#include "pool/fastcgi/fastcgi.h"

namespace actiond {
namespace {

// So much of a body is waited for before its request takes a thread; most forms are shorter.
constexpr std::size_t held_body_bytes = 64 * 1024;
// A Unix socket holds some 200 KiB (net.core.wmem_default) with the kernel's own part of them, and
// is empty before an answer.
constexpr std::size_t answer_room = 96 * 1024;

bool is_for_now(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

// Once a process.  A web server that is gone is an error of write(2), not a signal.
void start_libfcgi() {
  [[maybe_unused]] static const bool started = [] {
    std::signal(SIGPIPE, SIG_IGN);
    return FCGX_Init() == 0;
  }();
}

// From now on recv(…, MSG_PEEK) goes on behind what it returned last (socket(7), SO_PEEK_OFF).
void look_once_at_each_byte(int socket) {
  constexpr int from_the_start = 0;
  if (setsockopt(socket, SOL_SOCKET, SO_PEEK_OFF, &from_the_start, sizeof from_the_start) != 0)
    throw std::system_error(errno, std::generic_category(), "SO_PEEK_OFF");
}

// How many bytes were looked at and not read.
std::size_t bytes_looked_at(int socket) {
  int bytes = 0;
  socklen_t size = sizeof bytes;
  getsockopt(socket, SOL_SOCKET, SO_PEEK_OFF, &bytes, &size);
  return static_cast<std::size_t>(std::max(bytes, 0));
}

}  // namespace

Peer::Peer(Descriptor socket) {
  start_libfcgi();
  FCGX_InitRequest(&request_of_fcgi_, -1, 0);
  fcntl(socket.get(), F_SETFL, 0);
  look_once_at_each_byte(socket.get());
  request_of_fcgi_.ipcFd = socket.release();
}

Peer::~Peer() {
  release();
  const Descriptor closed(socket());  // none when libfcgi has closed it
}

Peer::State Peer::advance() {
  if (is_accepted_) return finish();
  while (!has_failed_) {
    switch (is_answered_ ? discard() : look()) {
      case Looked::End: return State::Ended;
      case Looked::NothingNow: return walker_.has_begun() ? State::Receiving : State::Idle;
      case Looked::Some: break;
    }
    if (is_answered_ && walker_.is_whole() && looked_at_ == 0) return finish();
    const bool is_enough = walker_.is_whole() || walker_.body_bytes() >= held_body_bytes;
    if (!is_answered_ && walker_.has_parameters() && is_enough) return accept();
  }
  return State::Ended;
}

Peer::Looked Peer::look() {
  std::array<char, 16 * 1024> bytes;
  const ssize_t size = recv(socket(), bytes.data(), bytes.size(), MSG_PEEK | MSG_DONTWAIT);
  if (size < 0 && is_for_now(errno)) return Looked::NothingNow;
  if (size <= 0) return Looked::End;
  const auto count = static_cast<std::size_t>(size);
  const bool is_good = walker_.walk({bytes.data(), count});
  explicit_bzero(bytes.data(), count);  // a password may be among them
  return is_good ? Looked::Some : Looked::End;
}

// Takes what is left of a body that nobody read: nginx takes a connection that is closed while it
// still sends for a failure of ours.
Peer::Looked Peer::discard() {
  std::array<char, 16 * 1024> bytes;
  const ssize_t size = recv(socket(), bytes.data(), bytes.size(), MSG_DONTWAIT);
  if (size < 0 && is_for_now(errno)) return Looked::NothingNow;
  if (size <= 0) return Looked::End;
  const auto count = static_cast<std::size_t>(size);
  const std::size_t known = std::min(looked_at_, count);
  looked_at_ -= known;
  const bool is_good = walker_.walk({bytes.data() + known, count - known});
  explicit_bzero(bytes.data(), count);
  return is_good ? Looked::Some : Looked::End;
}

Peer::State Peer::accept() {
  request_of_fcgi_.keepConnection = 1;
  request_of_fcgi_.detached = 1;  // should libfcgi close the connection, it does not wait
  if (FCGX_Accept_r(&request_of_fcgi_) != 0) return State::Ended;
  is_accepted_ = true;
  request_ = to_request(request_of_fcgi_.envp);
  request_.read_body = [this](char* into, std::size_t size) { return read_body(into, size); };
  return State::Ready;
}

std::size_t Peer::read_body(char* into, std::size_t size) {
  if (body_ended_) return 0;
  body_begun_ = true;
  const int wanted = static_cast<int>(std::min(size, held_body_bytes));
  const int read = FCGX_GetStr(into, wanted, request_of_fcgi_.in);
  body_ended_ = read < wanted;
  // Shorter than announced, which the reader of the body will say.
  if (FCGX_GetError(request_of_fcgi_.in) != 0) has_failed_ = true;
  return static_cast<std::size_t>(std::max(read, 0));
}

bool Peer::may_wait_for(const Response& response) {
  return response.body.size() > answer_room || response.rest;
}

void Peer::answer(const Response& response, const std::function<void()>& sent_some) {
  const auto put = [this](const std::string& text) {
    return FCGX_PutStr(text.data(), static_cast<int>(text.size()), request_of_fcgi_.out) >= 0;
  };
  bool goes_on = put(cgi_head(response)) && put(response.body);
  while (response.rest && goes_on) {
    sent_some();
    const std::string piece = response.rest();
    if (piece.empty()) break;
    goes_on = put(piece);
  }
  // Not FCGX_Finish_r: after an error it closes the socket, and waits for the other end up to two
  // seconds before.
  const bool is_sent =
      FCGX_FClose(request_of_fcgi_.err) == 0 && FCGX_FClose(request_of_fcgi_.out) == 0;
  if (!is_sent) has_failed_ = true;
  is_answered_ = true;
}

// After the answer: the connection is good for another request once the body has come to its end.
Peer::State Peer::finish() {
  if (is_accepted_ && !has_failed_ && (body_begun_ || walker_.is_whole())) {
    std::array<char, 4096> unread;
    while (const std::size_t size = read_body(unread.data(), unread.size()))
      explicit_bzero(unread.data(), size);
  }
  const bool is_at_end = body_ended_ || !is_accepted_;
  release();
  if (has_failed_ || (is_at_end && !walker_.keeps_connection())) return State::Ended;
  if (!is_at_end) {
    looked_at_ = bytes_looked_at(socket());
    return advance();
  }
  walker_.clear();
  body_begun_ = body_ended_ = is_answered_ = false;
  return State::Idle;
}

void Peer::release() {
  if (is_accepted_) FCGX_Free(&request_of_fcgi_, 0);
  is_accepted_ = false;
}

}  // namespace actiond
