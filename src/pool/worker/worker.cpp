#include "pool/worker/worker.h"

#include <malloc.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <deque>
#include <list>
#include <mutex>
#include <span>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "base/log.h"
#include "base/wipe.h"
#include "pool/worker/confine.h"
#include "pool/worker/long_works.h"
#include "pool/worker/request_log.h"
#include "pool/worker/slow_guests.h"

namespace actiond {
namespace {

constexpr rlim_t max_peers = 4096;
constexpr std::chrono::milliseconds between_looks(500);     // at who is too slow
constexpr std::chrono::milliseconds between_handovers(20);  // of connections that became idle

int checked(int result, const char* what) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), what);
  return result;
}

// As many files as may be open, of which half are left to the data.
std::size_t room_for_peers() {
  rlimit files{};
  checked(getrlimit(RLIMIT_NOFILE, &files), "getrlimit");
  files.rlim_cur = std::min(files.rlim_max, 2 * max_peers);
  checked(setrlimit(RLIMIT_NOFILE, &files), "setrlimit");
  return files.rlim_cur / 2;
}

// A descriptor that is readable when SIGTERM, SIGUSR1 or SIGUSR2 came, which from now on do nothing
// else.
int take_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGUSR1, SIGUSR2}) sigaddset(&signals, signal);
  pthread_sigmask(SIG_SETMASK, &signals, nullptr);
  // Both may reach the whole group, by Ctrl-C and by `systemctl kill`; the supervisor decides.
  for (const int signal : {SIGINT, SIGHUP}) std::signal(signal, SIG_IGN);
  return checked(signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK), "signalfd");
}

thread_local bool in_charge = false;
thread_local bool in_long_work = false;

class Worker {
 public:
  Worker(const Sources& sources, const Tally& tally, int signals, int threads,
         const Service& service)
      : sources_(sources), counters_(tally.counters), cell_(tally.cell), signals_(signals),
        service_(service), long_works_(std::max(1, threads - 2)) {
    watch_sources(EPOLL_CTL_ADD);
    watch(signals_, EPOLL_CTL_ADD, EPOLLIN, &signals_);
    watch(wake_, EPOLL_CTL_ADD, EPOLLIN, &wake_);
    give_up_system_calls();  // the threads inherit it
    cell_.threads = static_cast<std::uint64_t>(threads);
    for (ThreadCell& thread : std::span(cell_.thread).first(static_cast<std::size_t>(threads)))
      threads_.emplace_back([this, &thread] { run_thread(thread); });
  }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  // Waits until a signal has ended it.
  ~Worker() {
    for (std::thread& thread : threads_) thread.join();
    close(epoll_);
    close(wake_);
  }

 private:
  void run_thread(ThreadCell& thread);
  void hand_over();
  void round();
  void work();
  void wait_for_events();
  void accept_one();
  void take_one();
  void welcome(int socket);
  void stop_accepting();
  void accept_again();
  void serve(Guest& guest);
  void answer(Guest* guest);
  void watch_slow_body(Guest& guest);
  void watch_long_answer(Guest& guest);
  void look_at_slow_guests();
  void stop_watching(Guest& guest);
  Reply reply_to(Guest& guest);
  void settle(Guest& guest, Peer::State state);
  bool leave(const Guest& guest);
  void end(Guest& guest);
  void obey_signal();
  void stop();
  void retire();
  void hand_over_idle();
  void finish_if_alone();
  void watch(int descriptor, int how, std::uint32_t events, const void* what);
  void watch_sources(int how);

  const Sources& sources_;
  const Counters& counters_;
  WorkerCell& cell_;
  const int signals_;
  const Service& service_;
  const std::size_t max_peers_ = room_for_peers();
  const int epoll_ = checked(epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
  int wake_ = checked(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd");
  std::vector<std::thread> threads_;

  LongWorks long_works_;  // one thread stays in charge, and one works off what is written
  SlowGuests slow_;
  // Of the thread in charge alone:
  std::deque<Guest*> ready_;
  bool is_starved_ = false;  // no descriptor is left for a connection, and none here will be closed
  std::atomic<bool> stopping_ = false;
  std::atomic<bool> retiring_ = false;
  std::atomic<bool> finished_ = false;

  std::mutex mutex_;  // of all below
  std::condition_variable turn_;
  bool has_charge_ = false;  // some thread has it
  bool accepting_ = true;
  std::list<Guest> guests_;
  std::uint64_t away_ = 0;  // threads that handed the charge over and have not come back
};

void Worker::run_thread(ThreadCell& thread) {
  show_thread_in(thread);
  std::unique_lock lock(mutex_);
  while (true) {
    turn_.wait(lock, [this] { return finished_ || !has_charge_; });
    if (finished_) return;
    has_charge_ = in_charge = true;
    lock.unlock();
    while (in_charge && !finished_) round();
    lock.lock();
    if (!in_charge) --away_;
  }
}

void Worker::hand_over() {
  if (!in_charge) return;
  in_charge = false;
  {
    const std::lock_guard lock(mutex_);
    has_charge_ = false;
    // +1: the next leader counts as busy too.
    if (++away_ >= cell_.most_busy) cell_.most_busy = std::min(away_ + 1, value_of(cell_.threads));
  }
  turn_.notify_one();
}

void Worker::round() {
  if (!ready_.empty()) {
    Guest& guest = *ready_.front();
    ready_.pop_front();
    serve(guest);
  } else if (service_.has_work()) {
    work();
  } else {
    wait_for_events();
  }
}

void Worker::work() {
  hand_over();
  const AtWriteLock at_write_lock;
  service_.work();
}

void Worker::wait_for_events() {
  const bool some_slow = !slow_.empty();
  const bool was_starved = std::exchange(is_starved_, false);
  const auto limit = retiring_                  ? between_handovers
                     : some_slow || was_starved ? between_looks
                                                : std::chrono::milliseconds(-1);
  std::array<epoll_event, 64> events;
  const int count =
      epoll_wait(epoll_, events.data(), events.size(), static_cast<int>(limit.count()));
  for (int at = 0; at < count; ++at) {
    void* const what = events[static_cast<std::size_t>(at)].data.ptr;
    // Not behind a signal that came with it: others serve whom nobody here would wait for.
    if (what == &sources_.listening) {
      if (!stopping_) accept_one();
    } else if (what == &sources_.handover) {
      if (!stopping_) take_one();
    } else if (what == &signals_) {
      obey_signal();
    } else if (what == &wake_) {
      eventfd_t ignored;
      eventfd_read(wake_, &ignored);
    } else {
      auto* const guest = static_cast<Guest*>(what);
      guest->is_idle = false;  // at once: nobody may wake it again while it waits here
      ready_.push_back(guest);
    }
  }
  if (some_slow) slow_.end_late();
  if (retiring_) hand_over_idle();
  if (was_starved) accept_again();
}

void Worker::accept_one() {
  const int socket = accept4(sources_.listening, nullptr, nullptr, SOCK_CLOEXEC);
  const bool is_nobody_there = errno == EAGAIN || errno == EINTR || errno == ECONNABORTED;
  if (socket >= 0 || !is_nobody_there) welcome(socket);
}

void Worker::take_one() {
  if (const auto socket = sources_.handover.take()) welcome(*socket);
}

// A negative `socket`: one that there was no room for.
void Worker::welcome(int socket) {
  const std::lock_guard lock(mutex_);
  if (socket >= 0) {
    guests_.emplace_front(socket, counters_);
    guests_.front().self = guests_.begin();
    cell_.connections = guests_.size();
    ready_.push_back(&guests_.front());
  }
  // Others may take them, or `end` does when there is room again.  Without a guest that could end,
  // the next look tries.
  if (socket >= 0 && guests_.size() < max_peers_) return;
  stop_accepting();
  is_starved_ = guests_.empty();
}

void Worker::stop_accepting() {
  if (accepting_) watch_sources(EPOLL_CTL_DEL);
  accepting_ = false;
}

void Worker::accept_again() {
  const std::lock_guard lock(mutex_);
  if (accepting_ || stopping_) return;
  accepting_ = true;
  watch_sources(EPOLL_CTL_ADD);
}

void Worker::serve(Guest& guest) {
  const Peer::State state = guest.peer.advance();
  if (state != Peer::State::Ready) return settle(guest, state);
  if (guest.is_watched_for_more) stop_watching(guest);
  slow_.forget(guest);
  const bool takes_long = guest.peer.is_streaming() || service_.takes_long(guest.peer.request());
  guest.trace.begin(guest.peer.request(), takes_long ? Phase::Wait : Phase::Check);
  if (!takes_long) return answer(&guest);
  switch (long_works_.begin(guest)) {
    case LongWorks::Turn::Now:
      in_long_work = true;
      hand_over();
      return answer(&guest);
    case LongWorks::Turn::Later: return;
    case LongWorks::Turn::Never: return service_.turn_away(guest.peer.request(), reply_to(guest));
  }
}

void Worker::answer(Guest* guest) {
  while (guest != nullptr) {
    guest->trace.enter(Phase::Check);
    if (guest->peer.is_streaming()) watch_slow_body(*guest);
    service_.answer(guest->peer.request(), reply_to(*guest));
    // Where a password came, its hash took long.
    if (in_long_work) wipe_stack();
    // The leader works it off after the requests of its round.
    if (!in_charge && service_.has_work()) work();
    if (!in_long_work) return;
    guest = long_works_.end();
    in_long_work = guest != nullptr;
  }
}

Reply Worker::reply_to(Guest& guest) {
  return [this, &guest](const Response& response) {
    guest.trace.enter(Phase::Answer);
    if (Peer::may_wait_for(response)) watch_long_answer(guest);
    guest.peer.answer(response);
    // The answer leaves first: a log that cannot be written must not hold it back.
    const Peer::State state = guest.peer.advance();
    guest.trace.end();
    count(cell_, guest.trace, response.status(), response.record.reason);
    if (service_.logs_requests) log_request(guest.peer.request(), response, guest.trace);
    settle(guest, state);
  };
}

void Worker::watch_slow_body(Guest& guest) {
  slow_.note_body(guest);
  look_at_slow_guests();
}

// No thread waits for the web server while it is in charge.
void Worker::watch_long_answer(Guest& guest) {
  hand_over();
  slow_.forget(guest);
  slow_.note(guest);
  look_at_slow_guests();
}

// The thread in charge may wait for events without a limit: it is to set one.
void Worker::look_at_slow_guests() { eventfd_write(wake_, 1); }

void Worker::stop_watching(Guest& guest) {
  epoll_ctl(epoll_, EPOLL_CTL_DEL, guest.peer.socket(), nullptr);
  guest.is_watched = guest.is_watched_for_more = false;
}

// After this call another thread may own or delete `guest`.
void Worker::settle(Guest& guest, Peer::State state) {
  const bool idle = state == Peer::State::Idle;
  if (state == Peer::State::Ended || (idle && leave(guest))) return end(guest);
  if (!idle) slow_.note(guest);
  const int how = std::exchange(guest.is_watched, true) ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
  const bool was_watched_for_more = std::exchange(guest.is_watched_for_more, !idle);
  if (!idle) {
    // The bytes of an incomplete request stay in the socket: only more of them is an event.
    if (!was_watched_for_more) watch(guest.peer.socket(), how, EPOLLIN | EPOLLET, &guest);
    return;
  }
  slow_.forget(guest);
  // Together, so that `hand_over_idle` finds only those that no thread has.
  const std::lock_guard lock(mutex_);
  guest.is_idle = true;
  watch(guest.peer.socket(), how, EPOLLIN | EPOLLONESHOT, &guest);
}

// Whether an idle guest is not to be waited for any longer.
bool Worker::leave(const Guest& guest) {
  if (!retiring_) return stopping_;
  if (!sources_.handover.give(guest.peer.socket())) return false;
  // It stays open with whoever has it now, and would stay watched here.
  if (guest.is_watched) epoll_ctl(epoll_, EPOLL_CTL_DEL, guest.peer.socket(), nullptr);
  return true;
}

void Worker::end(Guest& guest) {
  slow_.forget(guest);
  const std::lock_guard lock(mutex_);
  guests_.erase(guest.self);
  cell_.connections = guests_.size();
  if (!accepting_ && !stopping_) {
    accepting_ = true;
    watch_sources(EPOLL_CTL_ADD);
  }
  finish_if_alone();
}

void Worker::finish_if_alone() {
  if (!stopping_ || !guests_.empty()) return;
  finished_ = true;
  turn_.notify_all();
  eventfd_write(wake_, 1);
}

void Worker::obey_signal() {
  signalfd_siginfo info;
  if (read(signals_, &info, sizeof info) != sizeof info) return;
  if (info.ssi_signo == SIGUSR1) return reopen_log();
  cell_.state = WorkerState::Draining;
  if (info.ssi_signo == SIGTERM) stop();
  if (info.ssi_signo == SIGUSR2) retire();
}

void Worker::stop() {
  // The connections in the queue of the socket count on this worker, unless others listen.
  for (std::size_t before = 0; !retiring_ && ready_.size() < max_peers_; before = ready_.size()) {
    accept_one();
    if (ready_.size() == before) break;
  }
  const std::lock_guard lock(mutex_);
  stop_accepting();
  retiring_ = false;
  stopping_ = true;
  // Requests that have come are still read.
  for (const Guest& guest : guests_)
    if (guest.is_idle) shutdown(guest.peer.socket(), SHUT_RD);
  finish_if_alone();
}

// Others listen, and take what becomes idle here.
void Worker::retire() {
  const std::lock_guard lock(mutex_);
  if (stopping_) return;
  stop_accepting();
  retiring_ = stopping_ = true;
  finish_if_alone();
}

// They are told that they may send, and so come to `settle`, which gives them away.
void Worker::hand_over_idle() {
  const std::lock_guard lock(mutex_);
  for (Guest& guest : guests_)
    if (guest.is_idle)
      watch(guest.peer.socket(), EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT | EPOLLONESHOT, &guest);
}

void Worker::watch(int descriptor, int how, std::uint32_t events, const void* what) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = const_cast<void*>(what);
  checked(epoll_ctl(epoll_, how, descriptor, &event), "epoll_ctl");
}

void Worker::watch_sources(int how) {
  // Exclusive: one connection wakes one process.
  watch(sources_.listening, how, EPOLLIN | EPOLLEXCLUSIVE, &sources_.listening);
  watch(sources_.handover.taking(), how, EPOLLIN | EPOLLEXCLUSIVE, &sources_.handover);
}

}  // namespace

int run_worker(const Sources& sources, const Tally& tally, int threads,
               const ServiceMaker& make_service, const std::function<void()>& ready) {
  // One thread at a time does nearly everything: a heap for each would be memory that nobody uses.
  mallopt(M_ARENA_MAX, 2);
  const int signals = take_signals();
  const Service service = make_service(tally.cell);
  {
    const Worker worker(sources, tally, signals, threads, service);
    tally.cell.state = WorkerState::Ready;
    ready();
  }
  close(signals);
  if (!service.has_failed()) return 0;
  log_event("error", "worker gives up after a failed write");
  return exit_failed;
}

}  // namespace actiond
