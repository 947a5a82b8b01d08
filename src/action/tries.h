// Tries at an action that limits guessing: access/attempts.h says how many are allowed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "access/attempts.h"
#include "action/visit.h"

namespace actiond {

class Tries {
 public:
  // All but `clock` must outlive this.
  Tries(Store& store, const Attempts& attempts, const KeyRing& keys, WallClock clock)
      : store_(store), attempts_(attempts), keys_(keys), clock_(std::move(clock)) {}

  // Counts a try in a transaction of its own, before the check that it asks for: tries that come
  // all at once find each other counted.  Answers how long to wait when it comes too early.
  std::optional<TryLater> count(Visit& visit, const Action& action, const FieldValues& values,
                                const std::optional<Identity>& visitor) const;
  // A post of an action that has a price, which is counted in its own transaction: only one that
  // is taken counts.  Nothing: posts from this machine are its operator's, and one of the command
  // line has no network.
  std::optional<Attempt> post(const Request& request) const;
  // Whether one more mail may go to the address `to`, which then is counted, in the transaction of
  // what it tells of.
  bool take_mail(const Visit& visit, const std::string& to, Transaction& tx) const;
  // A try with a token of a script, which counts for its network alone and apart from guesses at
  // accounts: a script that goes on with one that has ended locks nobody out.
  Attempt with_token(const Request& request) const;
  std::optional<TryLater> wait(Reader& db, const Attempt& attempt) const;
  // Of what it counts for: tries that take turns (data/store.h) find each other counted.
  static std::vector<std::string> turns_of(const Attempt& attempt);
  void count(Transaction& tx, const Attempt& attempt) const;
  // The try of `visit`, if one was counted, was a success: it counts no longer, and this browser
  // is known from now on.
  void forgive(Visit& visit, Transaction& tx) const;
  // Whether the account, a normalised one, knows this browser.
  bool knows(const Visit& visit, const std::string& account, Reader& db) const;
  // Tries of this browser at the account, a normalised one, count apart from now on.
  void make_known(Visit& visit, const std::string& account, const DeviceId& device,
                  Reader& db) const;

 private:
  Attempt mail(const std::string& action, const std::string& account,
               const std::string& address) const;
  std::optional<TryLater> count_code(Visit& visit, const Action& action) const;
  std::optional<TryLater> count(Visit& visit, Attempt attempt, std::string account,
                                const DeviceId& device) const;
  std::string owner_of(const std::string& account, Reader& db) const;

  Store& store_;
  const Attempts& attempts_;
  const KeyRing& keys_;
  const WallClock clock_;
};

}  // namespace actiond
