// Sessions: the cookie that a browser keeps, and the row that it names.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "access/key_ring.h"
#include "base/time.h"
#include "data/store.h"

namespace actiond {

// 16 random bytes that name a session row.
struct SessionId {
  std::string bytes;

  static SessionId make();
};

// The value of the session cookie, "v1.KEYID.PAYLOAD.MAC": PAYLOAD is the session id and MAC the
// HMAC-SHA256 over purpose, version, key id and payload, both base64url.  The purpose keeps a
// token made for anything else from ever being a session.
std::string sign(const SessionId& id, const KeyRing& keys);

// The session that `token` names, if a key of the ring signed it.  Touches no disk, and takes the
// same time for every wrong MAC.
std::optional<SessionId> verify(std::string_view token, const KeyRing& keys);

// A permission that an account has until its end; `forever` means without end.
struct Grant {
  std::string name;
  Time until = {};
};

// The grant that Level::Paid asks for.
constexpr std::string_view paid_grant = "paid";

// The user of a living session or token, read from the data at `asked_at`.
struct Identity {
  std::int64_t user_id = 0;
  std::string email;
  std::string name;
  std::vector<Grant> grants;  // also those that have ended
  SessionId session = {};
  Time seen_at = {};   // when the session was last used, right to `seen_to_within`
  Time ends_at = {};   // the session's absolute end
  Time asked_at = {};  // when this was read
  // Of a script's token, for which there is no session: the actions that it is good for.
  std::optional<std::vector<std::string>> token_actions = {};

  // Whether a grant of that name holds at `now`; at its end it no longer does.
  bool has(std::string_view name_of_grant, Time now) const;
  bool has_access(Time now) const { return has(paid_grant, now); }
  // The names of the grants that hold at `now`, in order; they live as long as this.
  std::set<std::string_view> permissions(Time now) const;
  // The end of the paid access, past or future; nothing without any.
  std::optional<Time> access_until() const;
};

constexpr std::chrono::seconds seen_to_within = std::chrono::hours(1);

// The session rows.
class Sessions {
 public:
  virtual ~Sessions() = default;

  // One indexed read.  Nothing for a session that ended or expired, or whose user is disabled.
  virtual std::optional<Identity> find(Reader&, const SessionId&, Time now) const = 0;
  // Lives until `ends` at most.  `browser` names it to its user.
  virtual void start(Transaction&, const SessionId&, std::int64_t user_id, Time now, Time ends,
                     std::string_view browser = "") const = 0;
  // Notes a use at `seen`, from which its idle time counts.  A session that has ended stays ended.
  virtual void touch(Transaction&, const SessionId&, Time seen) const = 0;
  virtual void end(Transaction&, const SessionId&) const = 0;
};

}  // namespace actiond
