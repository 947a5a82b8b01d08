// The states of a connection of a worker, and which of its owners hands it to which.
//
// A connection belongs to one owner at a time, named by its state; only the owner touches it, and
// only the owner gives it away.  A state is entered before the next owner can see the connection.
#pragma once

#include <array>
#include <optional>

namespace actiond {

enum class GuestState {
  Queued,     // has something to read, or is new: of the leader
  Receiving,  // in the middle of a request, or of a body that nobody reads: of the event loop
  Idle,       // between two requests: of the event loop
  InLine,     // its request waits for long work: of LongWorks
  Answering,  // of one thread, or of the service until it replies
  Ended,      // of nobody
};

enum class GuestEvent {
  Readable,    // the event loop saw it
  Incomplete,  // the bytes so far are no whole request
  Whole,       // a request is there
  TakesLong,   // a request is there, and its answer is long work
  TurnCame,    // for its long work; or there are too many, and it is turned away
  Quiet,       // nothing more has come, and the connection is kept
  Leaves,      // the web server is gone, another worker has it, or this one stops
};

struct GuestTransition {
  GuestState state;
  GuestEvent event;
  GuestState next;
};

constexpr std::array<GuestTransition, 11> guest_transitions{{
    // Its owner then:
    {GuestState::Queued, GuestEvent::Incomplete, GuestState::Receiving},  // the event loop
    {GuestState::Queued, GuestEvent::Quiet, GuestState::Idle},            // the event loop
    {GuestState::Queued, GuestEvent::Whole, GuestState::Answering},       // the leader
    {GuestState::Queued, GuestEvent::TakesLong, GuestState::InLine},      // LongWorks
    {GuestState::Queued, GuestEvent::Leaves, GuestState::Ended},          // nobody
    {GuestState::Receiving, GuestEvent::Readable, GuestState::Queued},    // the leader
    {GuestState::Idle, GuestEvent::Readable, GuestState::Queued},         // the leader
    {GuestState::InLine, GuestEvent::TurnCame, GuestState::Answering},  // the thread with the turn
    {GuestState::Answering, GuestEvent::Incomplete, GuestState::Receiving},  // the event loop
    {GuestState::Answering, GuestEvent::Quiet, GuestState::Idle},            // the event loop
    {GuestState::Answering, GuestEvent::Leaves, GuestState::Ended},          // nobody
}};

// Nothing for an event that cannot happen in that state.
constexpr std::optional<GuestState> next_state(GuestState state, GuestEvent event) {
  for (const GuestTransition& each : guest_transitions)
    if (each.state == state && each.event == event) return each.next;
  return std::nullopt;
}

}  // namespace actiond
