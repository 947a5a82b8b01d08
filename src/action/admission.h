// Admission: the session that a cookie names, and the Gate that asks the data about it.
#pragma once

#include <functional>
#include <optional>

#include "access/access.h"
#include "access/key_ring.h"
#include "access/session.h"
#include "action/visit.h"
#include "base/time.h"
#include "http/problem.h"

namespace actiond {

// Called when a session is used whose last use is longer ago than `seen_to_within`; must not write.
using NoteSeen = std::function<void(const SessionId&, Time)>;

class Admission {
 public:
  // `sessions` and `keys` must outlive this.
  Admission(const Sessions& sessions, const KeyRing& keys, WallClock clock, NoteSeen note_seen)
      : sessions_(sessions), keys_(keys), clock_(std::move(clock)),
        note_seen_(std::move(note_seen)) {}

  // Verifies the session cookie by its HMAC; touches no disk.  A Bearer token is the only thing
  // that is looked at when there is one, and since the site gave none, it is refused.
  std::optional<Problem> identify(Visit& visit) const;
  // One read if there is a session.  The use of a living session is noted.
  Gate gate(Reader& db, Visit& visit) const;
  // The same for a visitor who is known; notes nothing.
  Gate gate(Reader& db, const std::optional<SessionId>& session) const;
  // The same for an action of that guard; a public one asks nobody and reads nothing.
  Gate gate_for(const Guard& guard, Reader& db, Visit& visit) const;

 private:
  void note_use(Visit& visit, const Identity& identity) const;

  const Sessions& sessions_;
  const KeyRing& keys_;
  const WallClock clock_;
  const NoteSeen note_seen_;
};

}  // namespace actiond
