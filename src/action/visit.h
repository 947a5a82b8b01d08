// A request on its way to its answer.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "access/access.h"
#include "access/attempts.h"
#include "action/action.h"
#include "action/form_places.h"
#include "action/problem_answers.h"
#include "base/clock.h"
#include "http/accept.h"
#include "http/problem.h"
#include "http/request.h"
#include "http/response.h"

namespace actiond {

// A try at an account, as it was counted.
struct Try {
  std::int64_t id;
  Attempt attempt;
  std::string account;  // empty: of a code
  DeviceId device;      // the one that a success makes known
};

constexpr std::string_view sign_in_page = "/sign-in.html";

struct Visit {
  Request& request;
  Media media;
  Reply reply;
  const ProblemAnswers& problems;
  std::optional<SessionId> session = {};   // signed by us; whether it lives is for the data to say
  bool is_outdated = false;                // signed by a key that signs no more
  std::optional<Ticket> ticket = {};       // signed by us
  std::optional<ApiTokenHash> token = {};  // of a script: then there is no session
  std::optional<Viewer> viewer = {};       // of a browser, once a Gate has found the session alive
  Record record = {};
  std::vector<std::string> set_cookies = {};
  std::optional<Try> attempt = {};  // counted before anything was checked
  bool replayed = false;            // the answer is one that was given before
  FormPlace place = {};             // of the action's form
  // Of the page of the action; null: there is no action.
  std::function<std::string()> language = nullptr;

  // Throws Unavailable after the deadline: the visitor was told that nothing was saved, so nothing
  // may be.
  void require_time(Time now) const;
  Response fail(const Problem& problem);
  // RFC 6750, section 3.1: the token of a script is not good.
  Response refuse_token();
  // A browser is led to where it can sign in, or pay.
  Response refuse(const Action& action, Refusal refusal);
};

}  // namespace actiond
