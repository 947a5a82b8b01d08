// A result that signs somebody in or out, or proves whose browser it is, carried out in its
// action's transaction.
#pragma once

#include <chrono>
#include <optional>

#include "action/tries.h"
#include "action/visit.h"

namespace actiond {

class SessionChange {
 public:
  // All but `clock` must outlive this.
  SessionChange(const Sessions& sessions, const KeyRing& keys, const Tries& tries, WallClock clock,
                std::chrono::seconds life)
      : sessions_(sessions), keys_(keys), tries_(tries), clock_(std::move(clock)), life_(life) {}

  // Ends the session of `visit`, and starts and answers a new one for StartSession.  Other results
  // change no session.
  std::optional<SessionId> apply(Visit& visit, const Result& result, Transaction& tx) const;
  // Gives `started`, which the same submission started before, to the visitor again; nothing: that
  // submission ended a session.
  void resume(Visit& visit, const std::optional<Identity>& started, Transaction& tx) const;

 private:
  bool is_known(const Visit& visit, const StartSession& start, Reader& db) const;
  // The account, "": none.
  void make_known(Visit& visit, const std::string& account, Reader& db) const;
  void set_cookie(Visit& visit, const SessionId& session, std::chrono::seconds life) const;
  void clear_cookie(Visit& visit) const;

  const Sessions& sessions_;
  const KeyRing& keys_;
  const Tries& tries_;
  const WallClock clock_;
  const std::chrono::seconds life_;
};

}  // namespace actiond
