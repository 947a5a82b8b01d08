#include "pool/worker/guests.h"

#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

namespace actiond {
namespace {

constexpr rlim_t most_guests = 4096;

// As many files as may be open, of which half are left to the data.
std::size_t room_for_guests() {
  rlimit files{};
  const bool known = getrlimit(RLIMIT_NOFILE, &files) == 0;
  files.rlim_cur = std::min(files.rlim_max, 2 * most_guests);
  if (!known || setrlimit(RLIMIT_NOFILE, &files) != 0)
    throw std::system_error(errno, std::generic_category(), "the limit of open files");
  return files.rlim_cur / 2;
}

}  // namespace

Guests::Guests(const Sources& sources, EventLoop& loop, const Counters& counters, WorkerCell& cell)
    : sources_(sources), loop_(loop), counters_(counters), cell_(cell), room_(room_for_guests()) {}

Guest* Guests::accept() {
  Descriptor socket(accept4(sources_.listening, nullptr, nullptr, SOCK_CLOEXEC));
  const bool is_nobody_there = errno == EAGAIN || errno == EINTR || errno == ECONNABORTED;
  if (!socket && is_nobody_there) return nullptr;
  return welcome(std::move(socket));
}

Guest* Guests::take_handed_over() {
  auto socket = sources_.handover.take();
  return socket ? welcome(std::move(socket)) : nullptr;
}

// Without a `socket`: there was a connection, but no descriptor for it.
Guest* Guests::welcome(Descriptor socket) {
  const MutexLock lock(mutex_);
  Guest* guest = nullptr;
  if (socket) {
    guest = &guests_.emplace_front(std::move(socket), counters_);
    guest->self = guests_.begin();
    cell_.connections = guests_.size();
    if (guests_.size() < room_) return guest;
  }
  // Other workers may take what comes, or `remove` opens the door again.  Without a guest that
  // could end, the leader tries again later.
  if (door_ == Door::Open) {
    door_ = Door::Full;
    loop_.forget_sources();
  }
  is_starved_ = guests_.empty();
  return guest;
}

void Guests::make_room() {
  const MutexLock lock(mutex_);
  is_starved_ = false;
  open_again();
}

void Guests::open_again() {
  if (door_ != Door::Full) return;
  door_ = Door::Open;
  loop_.watch_sources();
}

bool Guests::rest(Guest& guest) {
  // Together, so that `for_each_idle` finds only those that are watched.
  const MutexLock lock(mutex_);
  if (door_ == Door::Stopping) return false;
  guest.enter(GuestEvent::Quiet);
  loop_.watch(guest);
  return true;
}

void Guests::remove(Guest& guest) {
  guest.enter(GuestEvent::Leaves);
  const MutexLock lock(mutex_);
  guests_.erase(guest.self);
  cell_.connections = guests_.size();
  open_again();
}

void Guests::for_each_idle(const std::function<void(Guest&)>& act) {
  const MutexLock lock(mutex_);
  for (Guest& guest : guests_)
    if (guest.state == GuestState::Idle) act(guest);
}

void Guests::close(Door door) {
  const MutexLock lock(mutex_);
  if (door_ == Door::Stopping) return;
  if (door_ == Door::Open) loop_.forget_sources();
  door_ = door;
}

bool Guests::have_gone() {
  const MutexLock lock(mutex_);
  return guests_.empty() && (door_ == Door::Retiring || door_ == Door::Stopping);
}

}  // namespace actiond
