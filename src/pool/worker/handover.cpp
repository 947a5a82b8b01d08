#include "pool/worker/handover.h"

#include <sys/socket.h>

#include <array>
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

Handover::Handover() {
  std::array<int, 2> ends;
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()) != 0)
    throw std::system_error(errno, std::generic_category(), "socketpair");
  ends_ = {Descriptor(ends[0]), Descriptor(ends[1])};
}

bool Handover::give(int socket) const {
  Message message;
  cmsghdr* const rights = message.first();
  rights->cmsg_level = SOL_SOCKET;
  rights->cmsg_type = SCM_RIGHTS;
  rights->cmsg_len = CMSG_LEN(sizeof socket);
  std::memcpy(CMSG_DATA(rights), &socket, sizeof socket);
  return sendmsg(ends_[0].get(), message.header(), MSG_NOSIGNAL) == 1;
}

Descriptor Handover::take() const {
  Message message;
  if (recvmsg(ends_[1].get(), message.header(), MSG_CMSG_CLOEXEC) != 1) return {};
  const cmsghdr* const rights = message.first();
  if (rights == nullptr || rights->cmsg_type != SCM_RIGHTS) return {};
  int socket = -1;
  std::memcpy(&socket, CMSG_DATA(rights), sizeof socket);
  return Descriptor(socket);
}

}  // namespace actiond
