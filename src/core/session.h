// Sessions: the cookie that a browser keeps, and the row that it names.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/database.h"
#include "core/key_ring.h"
#include "core/time.h"

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

// Who a living session belongs to, as the data says now.
struct Identity {
  std::int64_t user_id = 0;
  std::string email;
  std::string name;
  std::optional<Time> access_until;  // nothing: no access

  bool has_access(Time now) const { return access_until && *access_until > now; }
};

// The session rows.
class Sessions {
 public:
  virtual ~Sessions() = default;

  // One indexed read.  Nothing for a session that ended or expired, or whose user is disabled.
  virtual std::optional<Identity> find(Reader&, const SessionId&, Time now) const = 0;
  virtual void start(Transaction&, const SessionId&, std::int64_t user_id, Time now,
                     Time expires) const = 0;
  virtual void end(Transaction&, const SessionId&) const = 0;
};

}  // namespace actiond
