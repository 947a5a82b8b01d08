#include "pool/worker/event_loop.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace actiond {

EventLoop::EventLoop(const Sources& sources, int signals, int answers)
    : sources_(sources), signals_(signals), answers_(answers),
      epoll_(Descriptor::checked(epoll_create1(EPOLL_CLOEXEC), "epoll_create1")),
      wake_(Descriptor::checked(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd")) {
  watch_sources();
  control(EPOLL_CTL_ADD, signals_, EPOLLIN, &signals_);
  if (answers_ >= 0) control(EPOLL_CTL_ADD, answers_, EPOLLIN, &answers_);
  control(EPOLL_CTL_ADD, wake_.get(), EPOLLIN, &wake_);
}

const EventLoop::Events& EventLoop::wait(std::chrono::milliseconds limit) {
  std::array<epoll_event, 64> events;
  const int count =
      epoll_wait(epoll_.get(), events.data(), events.size(), static_cast<int>(limit.count()));
  events_.connection = events_.handed_over = events_.signal = events_.answers = false;
  events_.readable.clear();
  for (int at = 0; at < count; ++at) note(events[static_cast<std::size_t>(at)].data.ptr);
  return events_;
}

void EventLoop::note(void* what) {
  if (what == &sources_.listening) {
    events_.connection = true;
  } else if (what == &sources_.handover) {
    events_.handed_over = true;
  } else if (what == &signals_) {
    events_.signal = true;
  } else if (what == &answers_) {
    events_.answers = true;
  } else if (what == &wake_) {
    eventfd_t ignored;
    eventfd_read(wake_.get(), &ignored);
  } else {
    auto* const guest = static_cast<Guest*>(what);
    guest->enter(GuestEvent::Readable);  // at once: nobody may raise it again while it waits
    events_.readable.push_back(guest);
  }
}

void EventLoop::wake() const { eventfd_write(wake_.get(), 1); }

void EventLoop::watch_sources() { control_sources(EPOLL_CTL_ADD); }

void EventLoop::forget_sources() { control_sources(EPOLL_CTL_DEL); }

void EventLoop::watch(Guest& guest) {
  const auto before = std::exchange(guest.watch, Guest::Watch::Once);
  control(before == Guest::Watch::No ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, guest.peer.socket(),
          EPOLLIN | EPOLLONESHOT, &guest);
}

void EventLoop::watch_for_more(Guest& guest) {
  const auto before = std::exchange(guest.watch, Guest::Watch::EachPiece);
  if (before == Guest::Watch::EachPiece) return;
  control(before == Guest::Watch::No ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, guest.peer.socket(),
          EPOLLIN | EPOLLET, &guest);
}

void EventLoop::forget(Guest& guest) {
  if (std::exchange(guest.watch, Guest::Watch::No) != Guest::Watch::No)
    epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, guest.peer.socket(), nullptr);
}

// It may be written to, which is an event.
void EventLoop::raise(Guest& guest) {
  control(EPOLL_CTL_MOD, guest.peer.socket(), EPOLLIN | EPOLLOUT | EPOLLONESHOT, &guest);
}

void EventLoop::control(int how, int descriptor, std::uint32_t events, const void* what) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = const_cast<void*>(what);
  if (epoll_ctl(epoll_.get(), how, descriptor, &event) != 0)
    throw std::system_error(errno, std::generic_category(), "epoll_ctl");
}

void EventLoop::control_sources(int how) {
  control(how, sources_.listening, EPOLLIN | EPOLLEXCLUSIVE, &sources_.listening);
  control(how, sources_.handover.taking(), EPOLLIN | EPOLLEXCLUSIVE, &sources_.handover);
}

}  // namespace actiond
