// The way of one request by the clock, and what the running thread does, for all to see.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "http/progress.h"
#include "http/request.h"
#include "pool/status/counters.h"

namespace actiond {

class Trace final : public Progress {
 public:
  using Duration = std::chrono::steady_clock::duration;

  explicit Trace(const Counters& counters) : counters_(counters) {}
  Trace(const Trace&) = delete;
  Trace& operator=(const Trace&) = delete;

  // `request` is to be answered, and this is its progress.
  void begin(Request& request, Phase first);
  void found(std::string_view action) override;
  void enter(Phase phase) override;
  void rest() override;
  // The same phase, from its beginning: a piece of its work is done.
  void go_on();
  // It is answered: the times below stand, and this thread is free.
  void end();

  std::size_t action() const { return action_; }
  SteadyTime begun() const { return begun_; }
  Duration total() const { return since_ - begun_; }
  Duration spent(Phase phase) const { return spent_[static_cast<std::size_t>(phase)]; }
  Phase longest() const;

 private:
  void close_phase();
  void show() const;

  const Counters& counters_;
  std::size_t action_ = 0;
  Phase phase_ = Phase::Check;
  bool rests_ = false;
  SteadyTime begun_;
  SteadyTime since_;
  std::array<Duration, phase_names.size()> spent_{};
  std::array<std::uint64_t, 8> id_{};
};

// From now on this thread shows in `cell` what it does.
void show_thread_in(ThreadCell& cell);

// While one lives, this thread works off what is to be written: it counts as at the write lock when
// it is at no request.
class AtWriteLock {
 public:
  AtWriteLock();
  AtWriteLock(const AtWriteLock&) = delete;
  AtWriteLock& operator=(const AtWriteLock&) = delete;
  ~AtWriteLock();
};

// Adds `trace` and `status` to the counts of the worker that answered.
void count(WorkerCell& cell, const Trace& trace, int status, std::string_view reason,
           bool with_token);

}  // namespace actiond
