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

// Called when one is used whose last use is longer ago than `seen_to_within`; must not write.
struct NoteSeen {
  std::function<void(const SessionId&, Time)> session;
  std::function<void(const ApiTokenHash&, Time)> token;
};

// The user as a page shows them.  Lives on without the Gate that found them.
Viewer viewer_of(const Identity& identity);

class Admission {
 public:
  // `sessions`, `tokens` and `keys` must outlive this.
  Admission(const Sessions& sessions, const ApiTokens& tokens, const KeyRing& keys, WallClock clock,
            NoteSeen note_seen)
      : sessions_(sessions), tokens_(tokens), keys_(keys), clock_(std::move(clock)),
        note_seen_(std::move(note_seen)) {}

  // Verifies the session cookie by its HMAC, which touches no data, or the checksum of a Bearer
  // token, which is the only thing that is looked at when there is one.  Answers what is refused.
  std::optional<Response> recognise(Visit& visit) const;
  // A token has to be good, and for `action`.  Null: what is asked for is no action.  Answers what
  // is refused.
  std::optional<Response> admit(Visit& visit, const Action* action, Reader& db) const;
  // One read if there is a session or token.  The use of a living session is noted.
  Gate gate(Reader& db, Visit& visit) const;
  // The same for a visitor who is known, now; notes nothing.
  Gate gate_of(Reader& db, const std::optional<SessionId>& session,
               const std::optional<ApiTokenHash>& token, Asking asking = {}) const;
  // The same for an action of that guard; a public one that does not ask who it is reads nothing.
  Gate gate_for(const Guard& guard, Reader& db, Visit& visit) const;

 private:
  void note_use(Visit& visit, const Identity& identity) const;

  const Sessions& sessions_;
  const ApiTokens& tokens_;
  const KeyRing& keys_;
  const WallClock clock_;
  const NoteSeen note_seen_;
};

}  // namespace actiond
