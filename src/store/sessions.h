// The rows of `sessions`.
#pragma once

#include <chrono>
#include <vector>

#include "access/session.h"

namespace actiond {

// Of one account. A user can look through them; and to end one, all are gone through inside a
// write.
constexpr int most_sessions = 100;

class SessionRows final : public Sessions {
 public:
  // A session that is not used for `idle_life` ends before its time; by default none does.
  explicit SessionRows(std::chrono::seconds idle_life = std::chrono::days(400))
      : idle_life_(idle_life) {}

  std::optional<Identity> find(Reader& db, const SessionId& id, Time now) const override;
  // Also ends the account's sessions beyond `most_sessions`, those used longest ago.
  void start(Transaction& tx, const SessionId& id, std::int64_t user_id, Time now, Time ends,
             std::string_view browser = "") const override;
  void touch(Transaction& tx, const SessionId& id, Time seen) const override;
  void end(Transaction& tx, const SessionId& id) const override;

 private:
  const std::chrono::seconds idle_life_;
};

// A living session as its user sees it.
struct OwnSession {
  std::string name;     // what a page calls it: as long as a word, and no help to a thief
  std::string browser;  // "": not known
  Time made_at;
  Time seen_at;
  bool is_this;
};

// The user's living sessions, `session` first and then those used last.
std::vector<OwnSession> own_sessions(Reader& db, std::int64_t user_id, const SessionId& session,
                                     Time now);
std::string public_name(const SessionId& session);

// Ends one of the user's own; false when there is none of that name.
bool end_session_named(Transaction& tx, std::int64_t user_id, std::string_view name);
void end_other_sessions(Transaction& tx, std::int64_t user_id, const SessionId& but);

}  // namespace actiond
