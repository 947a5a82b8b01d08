#include "store/sessions.h"

#include "account/actions.h"
#include "action/declare.h"

namespace actiond::account {
namespace {

struct End {
  std::string end;  // the name of a session, or "others"
};

const Form<End> form{"sessions.html", {{"end", &End::end, {.required = true, .max = 32}}}};

Filled<End> load_sessions(const User& user, Reader& db) {
  List rows;
  for (const OwnSession& own : own_sessions(db, user.id(), user.session(), user.asked_at()))
    rows.push_back({{"browser", own.browser},
                    {"this", own.is_this ? "1" : ""},
                    {"made", to_rfc3339(own.made_at)},
                    {"seen", to_rfc3339(own.seen_at)},
                    {"end", own.name}});
  return {.content = {.lists = {{"sessions", std::move(rows)}}}};
}

Result end_session(const User& user, const End& input, Transaction& tx) {
  if (input.end == public_name(user.session())) return EndSession{"/"};
  if (input.end == "others")
    end_other_sessions(tx, user.id(), user.session());
  else if (!end_session_named(tx, user.id(), input.end))
    return NotFound{};
  return Redirect{"/actions/sessions"};
}

}  // namespace

Action sessions() {
  return protected_action(
      "sessions", form, end_session, Load{load_sessions},
      Fills{.lists = {{"sessions", {"browser", "this", "made", "seen", "end"}}}});
}

}  // namespace actiond::account
