// From request to response: the one way through an action, and the one place that catches.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "access/access.h"
#include "access/attempts.h"
#include "access/key_ring.h"
#include "access/session.h"
#include "action/audit.h"
#include "action/catalogue.h"
#include "action/spam.h"
#include "action/submission.h"
#include "action/visit.h"
#include "data/database.h"
#include "data/file.h"
#include "http/request.h"
#include "http/response.h"
#include "page/page.h"

namespace actiond {

// What the operator decides, and what the machine knows.
struct Site {
  std::vector<std::string> origins;  // "https://example.com": scheme, host and port
  std::chrono::seconds session_life;
  std::function<Time()> now;
  // A page below the static root; throws when there is none.
  std::function<std::shared_ptr<const Page>(std::string_view name)> page;
  // Where the bytes of uploaded files go; empty: no form of this site has a file field.
  NewFileBytes new_file_bytes = nullptr;
  // Told when a session is used whose last use is longer ago than `seen_to_within`; must not write.
  std::function<void(const SessionId&, Time)> note_seen = nullptr;
};

class Dispatcher {
 public:
  // All but `site` must outlive this.
  Dispatcher(const Catalogue& catalogue, Store& store, const Sessions& sessions,
             const Submissions& submissions, const Audit& audit, const Attempts& attempts,
             const HeldSubmissions& held, const KeyRing& keys, Site site);

  // Replies once: now, or in the store's `commit` when the action has to write.  `request` lives
  // until then.  Never throws: what goes wrong becomes a 500 or 503 whose reason is in the record
  // alone.
  void answer(Request& request, Reply reply) const;
  // Waits for the reply.
  Response answer(Request& request) const;
  // Replies now, that this is too much to do.
  void turn_away(Request& request, Reply reply) const;
  // Whether the answer may come to slow work, such as hashing a password.
  bool takes_long(const Request& request) const;

 private:
  using Outcome = std::variant<Result, Refusal, Problem>;
  // Nothing: the reply comes later.
  using Now = std::optional<Response>;
  // What the same submission was answered, or that it is another one under the same key.
  struct Answered {
    Outcome outcome;
    std::optional<Identity> session = {};  // that it started, and that lives

    bool changed_session() const {
      const auto* result = std::get_if<Result>(&outcome);
      return result != nullptr && changes_session(*result);
    }
  };
  // An action whose fields are right, waiting for its transaction.
  template <class... Proof>
  struct Turn;

  void settle(Visit& visit, const std::function<Now()>& respond) const;
  const Action* find_action(Visit& visit, std::string_view name) const;
  Now route(const std::shared_ptr<Visit>& visit) const;
  Response show_built_in(Visit& visit, std::string_view name) const;
  Response me(Visit& visit) const;
  Response show_page(Visit& visit, const Action& action) const;

  template <class... Proof>
  Now run(const std::shared_ptr<Visit>& visit, const Action& action,
          const Steps<Proof...>& steps) const;
  void require_time(const Visit& visit) const;
  // Counts a try of a limited action, or says that it comes too early.
  std::optional<TryLater> count_try(Visit& visit, const Action& action, const FieldValues& values,
                                    const std::optional<Identity>& visitor) const;
  // The try was a success: it counts no longer, and this browser is known from now on.
  void forgive_try(Visit& visit, Transaction& tx) const;
  template <class... Proof>
  Verdict write(Turn<Proof...>& turn, Transaction& tx) const;
  std::optional<Answered> answered_before(const std::optional<Submission>& submission,
                                          const Gate& gate, Reader& db) const;
  void give_again(Visit& visit, const Answered& answered, Transaction& tx) const;
  // The session that was started, if one was.
  std::optional<SessionId> change_session(Visit& visit, const Result& result,
                                          Transaction& tx) const;
  template <class... Proof>
  Gate ask(Reader& db, Visit& visit) const;
  Gate gate(Reader& db, Visit& visit) const;
  void note_use(Visit& visit, const Identity& identity) const;

  Response respond(Visit& visit, const Action& action, const Outcome& outcome,
                   const FieldValues& values) const;
  Response show_data(Visit& visit, const Action& action, const Data& data) const;
  Response invalid(Visit& visit, const Action& action, const FieldErrors& errors,
                   const FieldValues& values) const;
  Response too_often(Visit& visit, const Action& action, const TryLater& later,
                     const FieldValues& values) const;
  // A browser gets its page back as it was sent, with messages.
  Response sent_back(Visit& visit, const Action& action, const Problem& problem,
                     const FieldErrors& errors, const FieldValues& values) const;
  // What the action's page shows to whoever passed the gate.
  Loaded load(const Gate& gate, const Action& action) const;
  Response page(const Gate& gate, const Action& action, int status, Filling filling) const;

  const Catalogue& catalogue_;
  Store& store_;
  const Sessions& sessions_;
  const Submissions& submissions_;
  const Audit& audit_;
  const Attempts& attempts_;
  const HeldSubmissions& held_;
  const KeyRing& keys_;
  Site site_;
};

}  // namespace actiond
