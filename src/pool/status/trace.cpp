#include "pool/status/trace.h"

#include <algorithm>
#include <cstring>

namespace actiond {
namespace {

using Clock = std::chrono::steady_clock;

ThreadCell& scratch() {
  static ThreadCell cell{};
  return cell;
}

thread_local ThreadCell* mine = &scratch();
thread_local const Trace* shown = nullptr;
thread_local std::uint32_t when_free = ThreadCell::Nothing;

// Changes the cell of this thread, its only writer.
template <class Change>
void change(const Change& change) {
  const std::uint32_t sequence = mine->sequence.load(std::memory_order_relaxed);
  mine->sequence.store(sequence + 1, std::memory_order_relaxed);
  change(*mine);
  mine->sequence.store(sequence + 2, std::memory_order_release);
}

// Release: a reader that sees the value also sees the odd sequence before it.
template <class Value>
void set(std::atomic<Value>& into, Value value) {
  into.store(value, std::memory_order_release);
}

std::int64_t ticks(SteadyTime time) { return time.time_since_epoch().count(); }

void show_free() {
  shown = nullptr;
  set(mine->doing, when_free);
}

}  // namespace

void Trace::begin(Request& request, Phase first) {
  request.progress = this;
  action_ = 0;
  phase_ = first;
  rests_ = false;
  begun_ = since_ = Clock::now();
  spent_.fill(Duration::zero());
  id_.fill(0);
  std::memcpy(id_.data(), request.id.data(), std::min(request.id.size(), sizeof id_));
  show();
}

void Trace::found(std::string_view action) {
  action_ = counters_.action_index(action);
  set(mine->action, static_cast<std::uint32_t>(action_));
}

void Trace::enter(Phase phase) {
  if (phase == phase_ && !rests_) return;
  close_phase();
  rests_ = false;
  phase_ = phase;
  show();
}

void Trace::rest() {
  rests_ = true;
  show_free();
}

void Trace::go_on() {
  close_phase();
  show();
}

void Trace::close_phase() {
  const auto now = Clock::now();
  spent_[static_cast<std::size_t>(phase_)] += now - since_;
  since_ = now;
}

void Trace::end() {
  close_phase();
  show_free();
}

Phase Trace::longest() const {
  return static_cast<Phase>(std::max_element(spent_.begin(), spent_.end()) - spent_.begin());
}

void Trace::show() const {
  // Then no thread is at it.
  if (phase_ == Phase::Wait || phase_ == Phase::Queue) return show_free();
  change([this](ThreadCell& cell) {
    set(cell.doing, ThreadCell::FirstPhase + static_cast<std::uint32_t>(phase_));
    set(cell.since, ticks(since_));
    if (shown == this) return;
    set(cell.action, static_cast<std::uint32_t>(action_));
    set(cell.begun, ticks(begun_));
    for (std::size_t word = 0; word < id_.size(); ++word) set(cell.id[word], id_[word]);
  });
  shown = this;
}

void show_thread_in(ThreadCell& cell) { mine = &cell; }

AtWriteLock::AtWriteLock() {
  when_free = ThreadCell::AtWriteLock;
  const std::int64_t now = ticks(Clock::now());
  change([now](ThreadCell& cell) {
    set(cell.begun, now);
    set(cell.since, now);
    set(cell.action, 0U);
    set(cell.doing, when_free);
  });
}

AtWriteLock::~AtWriteLock() {
  when_free = ThreadCell::Nothing;
  show_free();
}

void count(WorkerCell& cell, const Trace& trace, int status, std::string_view reason,
           bool with_token) {
  add(cell.answered);
  if (with_token) add(cell.with_token);
  ActionCell& action = cell.actions[trace.action()];
  add(action.statuses[status_index(status)]);
  const auto took = std::chrono::duration_cast<std::chrono::microseconds>(trace.total()).count();
  action.durations.note(static_cast<std::uint64_t>(took), duration_ends);
  const Reason why = reason_of(status, reason);
  if (why != Reason::None) add(cell.reasons[static_cast<std::size_t>(why)]);
}

}  // namespace actiond
