// Access to actions.  The level is the type of the handler's first parameter, and only Gate makes
// the proofs that such a handler asks for.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "access/session.h"
#include "base/time.h"
#include "data/store.h"

namespace actiond {

enum class Level { Public, Protected, Paid };

std::string_view to_text(Level level);

enum class Refusal { NotSignedIn, NoAccess };

// Proof that the visitor is signed in.  Lives only as long as the call it was made for.
class User {
 public:
  User(const User&) = delete;
  User& operator=(const User&) = delete;

  std::int64_t id() const { return identity_.user_id; }
  const std::string& email() const { return identity_.email; }
  const std::string& name() const { return identity_.name; }
  const SessionId& session() const { return identity_.session; }
  Time asked_at() const { return identity_.asked_at; }

 private:
  friend class Gate;
  friend class PaidUser;
  explicit User(const Identity& identity) : identity_(identity) {}

  const Identity& identity_;
};

// Proof that the visitor is signed in and has access now.
class PaidUser final : public User {
  friend class Gate;
  using User::User;
};

// Guards access: reads once whose session it is, and makes proofs of the answer.  A new Gate asks
// again inside the transaction.
class Gate {
 public:
  // Reads nothing without a session; then only public actions are entered.
  Gate(Reader& db, const Sessions& sessions, const std::optional<SessionId>& session, Time now)
      : identity_(session ? sessions.find(db, *session, now) : std::nullopt), now_(now) {}

  const std::optional<Identity>& identity() const { return identity_; }

  std::optional<Refusal> refusal(Level level) const {
    if (level == Level::Public) return std::nullopt;
    if (!identity_) return Refusal::NotSignedIn;
    if (level == Level::Paid && !identity_->has_access(now_)) return Refusal::NoAccess;
    return std::nullopt;
  }

  // Calls `work` with the proof that it asks for, or answers the refusal without calling it.
  template <class Answer, class... Parameters, class... Arguments>
  std::variant<Answer, Refusal> enter(const std::function<Answer(const User&, Parameters...)>& work,
                                      Arguments&&... arguments) const {
    if (auto refused = refusal(Level::Protected)) return *refused;
    return work(User(*identity_), std::forward<Arguments>(arguments)...);
  }
  template <class Answer, class... Parameters, class... Arguments>
  std::variant<Answer, Refusal> enter(
      const std::function<Answer(const PaidUser&, Parameters...)>& work,
      Arguments&&... arguments) const {
    if (auto refused = refusal(Level::Paid)) return *refused;
    return work(PaidUser(*identity_), std::forward<Arguments>(arguments)...);
  }
  template <class Answer, class... Parameters, class... Arguments>
  std::variant<Answer, Refusal> enter(const std::function<Answer(Parameters...)>& work,
                                      Arguments&&... arguments) const {
    return work(std::forward<Arguments>(arguments)...);
  }

 private:
  std::optional<Identity> identity_;
  Time now_;
};

}  // namespace actiond
