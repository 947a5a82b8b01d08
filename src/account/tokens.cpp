#include "store/tokens.h"

#include <fmt/format.h>

#include <algorithm>

#include "account/actions.h"
#include "account/notices.h"
#include "action/declare.h"
#include "store/sessions.h"

namespace actiond::account {
namespace {

// A new token, or the end of one.
struct Tokens {
  std::vector<std::string> actions;
  std::optional<Date> until;  // the last day, in UTC
  std::optional<std::int64_t> end;
};

const Form<Tokens> form{"tokens.html",
                        {
                            {"actions", &Tokens::actions},
                            {"until", &Tokens::until},
                            {"end", &Tokens::end, {.min = 1}},
                        }};

// A token outlives the session: the thief of one that was left open gets none.
constexpr std::chrono::minutes new_enough(10);

bool has_new_session(const User& user, Reader& db) {
  const auto sessions = own_sessions(db, user.id(), user.session(), user.asked_at());
  return !sessions.empty() && sessions.front().is_this &&
         user.asked_at() - sessions.front().made_at <= new_enough;
}

Filled<Tokens> load_tokens(const std::vector<std::string>& names, const User& user, Reader& db) {
  List tokens, choices;
  for (const OwnToken& own : own_tokens(db, user.id(), user.asked_at()))
    tokens.push_back({{"start", own.start},
                      {"for", fmt::format("{}", fmt::join(own.actions, ", "))},
                      {"made", to_rfc3339(own.made_at)},
                      {"ends", to_rfc3339(own.ends_at)},
                      {"used", own.seen_at ? to_rfc3339(*own.seen_at) : ""},
                      {"end", std::to_string(own.id)}});
  for (const std::string& name : names) choices.push_back({{"action", name}});
  return {.content = {.values = {{"open", has_new_session(user, db) ? "1" : ""}},
                      .lists = {{"tokens", std::move(tokens)}, {"choices", std::move(choices)}}}};
}

Result add_token(const User& user, const Tokens& input, Transaction& tx) {
  const Time now = user.asked_at();
  if (!has_new_session(user, tx)) return form.error(&Tokens::actions, "account.sign_in_again");
  const auto ends = token_end(
      input.until ? std::chrono::sys_days(*input.until) + std::chrono::days(1) : now + token_life,
      now);
  if (!ends) return form.error(&Tokens::until, "account.token_end");
  const auto token = make_token(tx, user.id(), input.actions, now, *ends);
  if (!token) return form.error(&Tokens::actions, "account.many_tokens");
  if (const auto account = find_account(tx, user.email()))
    tell_of_token(tx, *account, input.actions, *ends, now, user.language());
  return Data{{{"token", *token}}};
}

}  // namespace

Action tokens(const std::vector<std::string>& names) {
  const auto change = [names](const User& user, const Tokens& input, Transaction& tx) -> Result {
    if (input.end) {
      if (!end_token(tx, user.id(), *input.end)) return NotFound{};
      return Redirect{"/actions/tokens", "account.token_ended"};
    }
    const auto is_known = [&names](const std::string& action) {
      return std::ranges::count(names, action) > 0;
    };
    if (input.actions.empty() || !std::ranges::all_of(input.actions, is_known))
      return form.error(&Tokens::actions, "account.no_such_action");
    return add_token(user, input, tx);
  };
  const auto load = [names](const User& user, Reader& db) { return load_tokens(names, user, db); };
  // A token is in its answer, which is kept nowhere.
  return protected_action(
      "tokens", form, change, Repeatable{}, Load{load},
      Fills{.outputs = {"token", "open"},
            .lists = {{"tokens", {"start", "for", "made", "ends", "used", "end"}},
                      {"choices", {"action"}}}});
}

}  // namespace actiond::account
