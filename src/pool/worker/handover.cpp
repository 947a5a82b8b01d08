#include "pool/worker/handover.h"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

namespace actiond {
namespace {

// A message of one byte, and room for one descriptor beside it (unix(7), SCM_RIGHTS).
class Message {
 public:
  Message() {
    header_.msg_iov = &bytes_;
    header_.msg_iovlen = 1;
    header_.msg_control = control_;
    header_.msg_controllen = sizeof control_;
  }
  Message(const Message&) = delete;
  Message& operator=(const Message&) = delete;

  msghdr* header() { return &header_; }
  cmsghdr* first() { return CMSG_FIRSTHDR(&header_); }

 private:
  char byte_ = 0;
  iovec bytes_{.iov_base = &byte_, .iov_len = 1};
  alignas(cmsghdr) char control_[CMSG_SPACE(sizeof(int))] = {};
  msghdr header_{};
};

}  // namespace

Handover::Handover() : ends_{} {
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends_.data()) != 0)
    throw std::system_error(errno, std::generic_category(), "socketpair");
}

Handover::~Handover() {
  for (const int end : ends_) close(end);
}

bool Handover::give(int socket) const {
  Message message;
  cmsghdr* const rights = message.first();
  rights->cmsg_level = SOL_SOCKET;
  rights->cmsg_type = SCM_RIGHTS;
  rights->cmsg_len = CMSG_LEN(sizeof socket);
  std::memcpy(CMSG_DATA(rights), &socket, sizeof socket);
  return sendmsg(ends_[0], message.header(), MSG_NOSIGNAL) == 1;
}

std::optional<int> Handover::take() const {
  Message message;
  if (recvmsg(ends_[1], message.header(), MSG_CMSG_CLOEXEC) != 1) return std::nullopt;
  const cmsghdr* const rights = message.first();
  if (rights == nullptr || rights->cmsg_type != SCM_RIGHTS) return std::nullopt;
  int socket = -1;
  std::memcpy(&socket, CMSG_DATA(rights), sizeof socket);
  return socket;
}

}  // namespace actiond
