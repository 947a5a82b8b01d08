// Access to actions.  The level is the type of the handler's first parameter, and only Gate makes
// the proofs that such a handler asks for.
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "access/api_token.h"
#include "access/session.h"
#include "access/ticket.h"
#include "base/time.h"
#include "data/store.h"

namespace actiond {

enum class Level { Public, Protected, Paid };

std::string_view to_text(Level level);

// A permission that a site defines.  An account has it while it holds a grant of that name;
// `at_least` is the level that is asked for first.
//
//   struct Editor {
//     static constexpr std::string_view name = "editor";
//     static constexpr Level at_least = Level::Protected;
//   };
template <class T>
concept Permission = requires {
  { T::name } -> std::convertible_to<std::string_view>;
  { T::at_least } -> std::convertible_to<Level>;
}
&&T::at_least != Level::Public;

// All that is asked of a visitor.
struct Guard {
  Level level = Level::Public;
  std::span<const std::string_view> permissions = {};  // names, all of which are needed
  bool asks_who = false;  // at the public level, which otherwise reads no session

  bool asks_nobody() const { return level == Level::Public && !asks_who; }
};

enum class Refusal { NotSignedIn, NoAccess, NotPermitted };

// The request that a Gate is asked for.
struct Asking {
  Time at;
  // The language of the action's page, a BCP 47 tag; empty: it is not known.
  std::function<std::string()> language = nullptr;
  std::optional<Ticket> ticket = {};
  std::string sent_from = {};  // the address of the page with the form, a local path
};

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
  // For a mail (mail/mail.h); "": not known.
  std::string language() const { return language_of(asking_); }
  // The address of the page with the form, a local path: where the form stands in several, of the
  // one that it was sent from.  "": it stands in none.
  const std::string& sent_from() const { return asking_.sent_from; }

 private:
  friend class Gate;
  friend class Visitor;
  friend class PaidUser;
  template <Permission...>
  friend class With;
  User(const Identity& identity, const Asking& asking) : identity_(identity), asking_(asking) {}
  static std::string language_of(const Asking& asking) {
    return asking.language ? asking.language() : "";
  }

  const Identity& identity_;
  const Asking& asking_;
};

// Proof that the visitor is signed in and has access now.
class PaidUser final : public User {
  friend class Gate;
  using User::User;
};

// Anybody, where nobody has to be signed in and yet it makes a difference.
class Visitor {
 public:
  // Null: not signed in.
  const User* user() const { return is_user_ ? &user_ : nullptr; }
  Time asked_at() const { return asking_.at; }
  std::string language() const { return user_.language(); }
  const std::string& sent_from() const { return asking_.sent_from; }
  // Of a browser that asked for a mail.
  const std::optional<Ticket>& ticket() const { return asking_.ticket; }

 private:
  friend class Gate;
  Visitor(const std::optional<Identity>& identity, const Asking& asking)
      : is_user_(identity.has_value()), user_(identity ? *identity : nobody, asking),
        asking_(asking) {}

  static inline const Identity nobody;
  const bool is_user_;
  const User user_;
  const Asking& asking_;
};

// Proof that the visitor is signed in and has each of these permissions now.
template <Permission... Permissions>
class With final : public User {
  static_assert(sizeof...(Permissions) > 0, "With names at least one permission");
  friend class Gate;
  using User::User;
};

// The guard that a proof passed; none asks for nothing.
template <class... Proof>
constexpr Guard guard_of = {};
template <>
inline constexpr Guard guard_of<Visitor> = {Level::Public, {}, true};
template <>
inline constexpr Guard guard_of<User> = {Level::Protected};
template <>
inline constexpr Guard guard_of<PaidUser> = {Level::Paid};
template <Permission... Permissions>
constexpr std::array<std::string_view, sizeof...(Permissions)> names_of = {Permissions::name...};
template <Permission... Permissions>
constexpr Guard guard_of<With<Permissions...>> = {std::max({Permissions::at_least...}),
                                                  names_of<Permissions...>};

// Guards access: reads once whose session it is, and makes proofs of the answer.  A new Gate asks
// again inside the transaction.
class Gate {
 public:
  // Reads nothing without a session; then only public actions are entered.
  Gate(Reader& db, const Sessions& sessions, const std::optional<SessionId>& session, Asking asking)
      : identity_(session ? sessions.find(db, *session, asking.at) : std::nullopt),
        asking_(std::move(asking)) {}

  // A script's: it is refused everywhere when its token is not good.
  Gate(Reader& db, const ApiTokens& tokens, const ApiTokenHash& token, Asking asking)
      : identity_(tokens.find(db, token, asking.at)), asking_(std::move(asking)),
        needs_identity_(true) {}

  const std::optional<Identity>& identity() const { return identity_; }

  // Of several reasons the one that the visitor has to mend first.
  std::optional<Refusal> refusal(const Guard& guard) const {
    if (needs_identity_ && !identity_) return Refusal::NotSignedIn;
    if (guard.level == Level::Public) return std::nullopt;
    if (!identity_) return Refusal::NotSignedIn;
    if (guard.level == Level::Paid && !identity_->has_access(asking_.at)) return Refusal::NoAccess;
    const bool has_all = std::ranges::all_of(guard.permissions, [this](std::string_view name) {
      return identity_->has(name, asking_.at);
    });
    if (!has_all) return Refusal::NotPermitted;
    return std::nullopt;
  }

  // Calls `work` with the proof that it asks for, which is none, Visitor, User, PaidUser or With;
  // or answers the refusal without calling it.
  template <class... Proof, class Work, class... Arguments>
  auto enter(const Work& work, Arguments&&... arguments) const
      -> std::variant<std::invoke_result_t<const Work&, const Proof&..., Arguments&&...>, Refusal> {
    static_assert(sizeof...(Proof) <= 1);
    if (const auto refused = refusal(guard_of<Proof...>)) return *refused;
    return work(proof<Proof>()..., std::forward<Arguments>(arguments)...);
  }

 private:
  template <class Proof>
  Proof proof() const {
    if constexpr (std::is_same_v<Proof, Visitor>)
      return Visitor(identity_, asking_);
    else
      return Proof(*identity_, asking_);
  }

  std::optional<Identity> identity_;
  Asking asking_;
  bool needs_identity_ = false;
};

}  // namespace actiond
