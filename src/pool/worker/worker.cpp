#include "pool/worker/worker.h"

#include <malloc.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <deque>
#include <exception>
#include <span>
#include <thread>
#include <vector>

#include "base/log.h"
#include "base/wipe.h"
#include "http/bearer.h"
#include "http/network.h"
#include "pool/worker/drain.h"
#include "pool/worker/event_loop.h"
#include "pool/worker/guests.h"
#include "pool/worker/leadership.h"
#include "pool/worker/long_works.h"
#include "pool/worker/request_log.h"
#include "pool/worker/slow_guests.h"

namespace actiond {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds between_looks(500);     // for connections that are too slow
constexpr milliseconds between_handovers(20);  // of connections that became idle
constexpr std::size_t most_in_round = 64;

Guest* take_front(std::deque<Guest*>& guests) {
  Guest* const front = guests.front();
  guests.pop_front();
  return front;
}

// A descriptor that is readable when SIGTERM, SIGUSR1 or SIGUSR2 came, which from now on do nothing
// else.
Descriptor take_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGUSR1, SIGUSR2}) sigaddset(&signals, signal);
  pthread_sigmask(SIG_SETMASK, &signals, nullptr);
  // Both may reach the whole group, by Ctrl-C and by `systemctl kill`; the supervisor decides.
  for (const int signal : {SIGINT, SIGHUP}) std::signal(signal, SIG_IGN);
  return Descriptor::checked(signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK), "signalfd");
}

// The way of a connection through the states of guest_state.h.
class Worker {
 public:
  Worker(const Sources& sources, const Tally& tally, int signals, int threads,
         const Service& service)
      : cell_(tally.cell), signals_(signals), threads_(threads), service_(service),
        loop_(sources, signals, service.answers), guests_(sources, loop_, tally.counters, cell_),
        leadership_(cell_), drain_(sources.handover, guests_, loop_, leadership_),
        // One thread stays the leader, and one works off what is written.
        bodies_(std::max(1, (threads - 2) / 2)),
        hashes_(std::max(1, threads - 2 - (threads - 2) / 2)) {}

  // Serves, and calls `ready` when it does, until a signal has ended it.
  void run(const std::function<void()>& ready);

 private:
  void run_thread(ThreadCell& thread) noexcept;
  void round();
  void wait_for_events();
  void obey_signal();
  bool enqueue(Guest* guest);
  void take_in(Guest& guest);
  void answer_whole();
  void hand_over();
  void serve(Guest& guest);
  void answer(Guest& guest);
  void answer_long(Guest* guest, LongWorks& line);
  void work_unless_leader();
  void work();
  Reply reply_to(Guest& guest);
  void watch_slow_body(Guest& guest);
  void watch_long_answer(Guest& guest);
  void settle(Guest& guest, Peer::State state);

  WorkerCell& cell_;
  const int signals_;
  const int threads_;
  const Service& service_;
  EventLoop loop_;
  Guests guests_;
  Leadership leadership_;
  Drain drain_;
  LongWorks bodies_, hashes_;  // whose lines do not hold each other up
  SlowGuests slow_;
  // Of the leader: those with something to read, and those whose request is there.
  std::deque<Guest*> queue_, whole_;
};

void Worker::run(const std::function<void()>& ready) {
  give_up_system_calls(service_.opens);  // the threads inherit it
  service_.begin([this] { hand_over(); });
  cell_.threads = static_cast<std::uint64_t>(threads_);
  {
    std::vector<std::jthread> threads;
    for (ThreadCell& thread : std::span(cell_.thread).first(static_cast<std::size_t>(threads_)))
      threads.emplace_back([this, &thread] { run_thread(thread); });
    cell_.state = WorkerState::Ready;
    ready();
  }
  service_.end();
}

// The requests of other threads cannot be answered either: the failed one may have held their
// locks.
void Worker::run_thread(ThreadCell& thread) noexcept try {
  show_thread_in(thread);
  leadership_.take_turns([this] {
    round();
    if (!leadership_.is_mine()) write_kept_lines();
  });
  write_kept_lines();
} catch (const std::exception& error) {
  log_event("error", "a thread of a worker failed, and the worker ends",
            {{"reason", error.what()}});
  std::_Exit(EXIT_FAILURE);
}

void Worker::round() {
  if (!queue_.empty() && whole_.size() < most_in_round) {
    take_in(*take_front(queue_));
  } else if (!whole_.empty()) {
    answer_whole();
  } else if (service_.go_on()) {
    work_unless_leader();
  } else if (service_.has_work()) {
    work();
  } else {
    write_kept_lines();
    wait_for_events();
  }
}

void Worker::wait_for_events() {
  const bool some_slow = !slow_.empty();
  const bool was_starved = guests_.is_starved();
  const auto limit = drain_.hands_over()        ? between_handovers
                     : some_slow || was_starved ? between_looks
                                                : milliseconds(-1);
  const EventLoop::Events& events = loop_.wait(limit);
  queue_.insert(queue_.end(), events.readable.begin(), events.readable.end());
  if (was_starved) guests_.make_room();
  if (events.answers) service_.take_answers();
  if (events.connection) enqueue(guests_.accept());
  if (events.handed_over) enqueue(guests_.take_handed_over());
  // After the connections: a worker without any ends at once.
  if (events.signal) obey_signal();
  if (some_slow) slow_.end_late();
  if (drain_.hands_over()) drain_.raise_idle();
}

void Worker::obey_signal() {
  signalfd_siginfo info;
  if (read(signals_, &info, sizeof info) != sizeof info) return;
  if (info.ssi_signo == SIGUSR1) return reopen_log();
  cell_.state = WorkerState::Draining;
  if (info.ssi_signo == SIGUSR2) return drain_.retire();
  // The connections in the queue of the socket count on this worker, unless others listen.
  while (!drain_.hands_over() && queue_.size() < guests_.room() && enqueue(guests_.accept())) {
  }
  drain_.stop();
}

bool Worker::enqueue(Guest* guest) {
  if (guest != nullptr) queue_.push_back(guest);
  return guest != nullptr;
}

void Worker::take_in(Guest& guest) {
  const Peer::State state = guest.peer.advance();
  if (state != Peer::State::Ready) return settle(guest, state);
  // The thread that reads a long body wants no event for each piece of it.
  if (guest.watch == Guest::Watch::EachPiece) loop_.forget(guest);
  slow_.forget(guest);
  whole_.push_back(&guest);
}

void Worker::answer_whole() {
  service_.begin_round();
  while (leadership_.is_mine() && !whole_.empty()) serve(*take_front(whole_));
  service_.end_round();
}

void Worker::hand_over() {
  service_.end_round();
  leadership_.hand_over();
}

void Worker::serve(Guest& guest) {
  Request& request = guest.peer.request();
  const bool takes_long = guest.peer.is_streaming() || service_.takes_long(request);
  guest.trace.begin(request, takes_long ? Phase::Wait : Phase::Check);
  guest.enter(takes_long ? GuestEvent::TakesLong : GuestEvent::Whole);
  if (!takes_long) return answer(guest);
  LongWorks& line = guest.peer.is_streaming() ? bodies_ : hashes_;
  switch (line.begin(guest, network_of(request.address))) {
    case LongWorks::Turn::Now: hand_over(); return answer_long(&guest, line);
    case LongWorks::Turn::Later: return;
    case LongWorks::Turn::Never:
      guest.enter(GuestEvent::TurnCame);
      return service_.turn_away(request, reply_to(guest));
  }
}

// The guest is another owner's after this, or gone.
void Worker::answer(Guest& guest) {
  guest.trace.enter(Phase::Check);
  if (guest.peer.is_streaming()) watch_slow_body(guest);
  service_.answer(guest.peer.request(), reply_to(guest));
  work_unless_leader();
}

// Answers it, and those that waited in line meanwhile.
void Worker::answer_long(Guest* guest, LongWorks& line) {
  for (; guest != nullptr; guest = line.end()) {
    guest->enter(GuestEvent::TurnCame);
    answer(*guest);
    wipe_stack();  // a password may have come, whose hash took long
    write_kept_lines();
  }
}

// The leader works off what a request left after those of its round; when this thread has handed
// the leadership over, the new leader may sleep already.
void Worker::work_unless_leader() {
  if (!leadership_.is_mine() && service_.has_work()) work();
}

void Worker::work() {
  hand_over();
  const AtWriteLock at_write_lock;
  service_.work();
}

Reply Worker::reply_to(Guest& guest) {
  return [this, &guest](const Response& response) {
    guest.trace.enter(Phase::Answer);
    if (Peer::may_wait_for(response)) watch_long_answer(guest);
    // A long answer is as far as its last piece.
    guest.peer.answer(response, [this, &guest] {
      guest.trace.go_on();
      slow_.renew(guest);
    });
    // The answer leaves first: a log that cannot be written must not hold it back.
    const Peer::State state = guest.peer.advance();
    guest.trace.end();
    count(cell_, guest.trace, response.status(), response.record.reason,
          bearer_token(guest.peer.request()).has_value());
    if (service_.logs_requests) log_request(guest.peer.request(), response, guest.trace);
    settle(guest, state);
  };
}

// Wakes the leader, which may wait for events without a limit.
void Worker::watch_slow_body(Guest& guest) {
  slow_.note_body(guest);
  loop_.wake();
}

// No thread waits for the web server while it leads.
void Worker::watch_long_answer(Guest& guest) {
  hand_over();
  slow_.forget(guest);
  slow_.note(guest);
  loop_.wake();
}

// After this call another thread may own or delete `guest`.
void Worker::settle(Guest& guest, Peer::State state) {
  if (state == Peer::State::Receiving) {
    slow_.note(guest);
    guest.enter(GuestEvent::Incomplete);
    return loop_.watch_for_more(guest);
  }
  slow_.forget(guest);
  const bool stays = state == Peer::State::Idle && !drain_.give_away(guest) && guests_.rest(guest);
  if (!stays) drain_.remove(guest);
}

}  // namespace

int run_worker(const Sources& sources, const Tally& tally, int threads,
               const ServiceMaker& make_service, const std::function<void()>& ready) {
  // One thread at a time does nearly everything: a heap for each would be memory that nobody uses.
  mallopt(M_ARENA_MAX, 2);
  const Descriptor signals = take_signals();
  const Service service = make_service(tally.cell);
  Worker(sources, tally, signals.get(), threads, service).run(ready);
  if (!service.has_failed()) return 0;
  log_event("error", "worker gives up after a failed write");
  return exit_failed;
}

}  // namespace actiond
