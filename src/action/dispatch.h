// From request to response.  The way of a request, a file each:
//
//   router           the action by its exact name, same site, method
//   form_places      the page of the form
//   admission        the cookie's HMAC; the Gate's question
//   answers          an action's page; every outcome as HTML, JSON or text
//   built_in         who is signed in, the catalogue
//   intake           a POST before its transaction: Gate, body, tries, slow work, fields
//   execution        its transaction: Gate again, once, handler, session, audit
//
// The one place that catches is here.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "action/admission.h"
#include "action/answers.h"
#include "action/audit.h"
#include "action/built_in.h"
#include "action/catalogue.h"
#include "action/execution.h"
#include "action/form_places.h"
#include "action/intake.h"
#include "action/once.h"
#include "action/problem_answers.h"
#include "action/router.h"
#include "action/sent.h"
#include "action/session_change.h"
#include "action/spam.h"
#include "action/tries.h"

namespace actiond {

// The rows that answering takes, besides those of the handlers.
struct Rows {
  const Sessions& sessions;
  const ApiTokens& tokens;
  const Submissions& submissions;
  const Audit& audit;
  const Attempts& attempts;
  const HeldSubmissions& held;
  const SentMessages& sent;
};

// The operator's decisions, and what the machine gives.
struct Means {
  std::vector<std::string> origins;  // "https://example.com": scheme, host and port
  std::chrono::seconds session_life;
  WallClock clock;
  FindPage page;
  Languages languages = {};
  NewFileBytes new_file_bytes = nullptr;  // empty: no form of this site has a file field
  NoteSeen note_seen = {};
  CatalogueShows catalogue_shows = CatalogueShows::Own;
};

class Dispatcher {
 public:
  // All but `means` must outlive this.
  Dispatcher(const Catalogue& catalogue, Store& store, const Rows& rows, const KeyRing& keys,
             const Means& means);
  Dispatcher(const Dispatcher&) = delete;
  Dispatcher& operator=(const Dispatcher&) = delete;

  // Replies once: now, or when the store goes on with it, which may be in `commit`.  `request`
  // lives until then.  Never throws: a fault becomes a 500 or 503 whose reason is in the record
  // alone.
  void answer(Request& request, Reply reply) const;
  // Waits for the reply.
  Response answer(Request& request) const;
  // Replies now, with 503: too many wait.
  void turn_away(Request& request, Reply reply) const;
  // Whether the answer may come to slow work, such as hashing a password.
  bool takes_long(const Request& request) const;

 private:
  // Nothing: the reply comes later.
  using Now = std::optional<Response>;

  void settle(Visit& visit, const std::function<Now()>& respond) const;
  Now route(const std::shared_ptr<Visit>& visit) const;
  bool asks_who(const Visit& visit, const Route& route) const;
  Now enter(const std::shared_ptr<Visit>& visit, const Route& route, Reader& db) const;
  Now count_wrong_token(const std::shared_ptr<Visit>& visit, bool is_gate) const;
  Response bring(Visit& visit, std::string_view name) const;
  Now run(const std::shared_ptr<Visit>& visit, const Action& action, Reader& db) const;

  Store& store_;
  const ProblemAnswers problems_;
  const Router router_;
  const Admission admission_;
  const FormPlaces places_;
  const Answers answers_;
  const BuiltIn built_in_;
  const Tries tries_;
  const Once once_;
  const SessionChange session_change_;
  const Intake intake_;
  const Execution execution_;
};

}  // namespace actiond
