#include <fmt/format.h>

#include <algorithm>

#include "account/notices.h"
#include "base/count.h"
#include "cli/account.h"
#include "cli/commands.h"
#include "cli/grants.h"
#include "program/program.h"
#include "store/tokens.h"

namespace actiond {
namespace {

void require_actions(const Site& site, const std::vector<std::string>& actions) {
  const std::vector<std::string> known = own_action_names(site);
  for (const std::string& action : actions) {
    if (std::ranges::count(known, action) == 0)
      throw WrongUsage("--actions", fmt::format("takes actions of the site, such as {}, not \"{}\"",
                                                fmt::join(known, ","), action));
    if (std::ranges::count(actions, action) > 1)
      throw WrongUsage("--actions", fmt::format("has {} twice", action));
  }
}

}  // namespace

void command::new_token(const Settings& settings, const std::string& email,
                        const std::vector<std::string>& actions, const std::string& until) {
  require_actions(settings.site, actions);
  const Time now = current_time();
  const auto end = token_end(until.empty() ? now + token_life : read_until(until), now);
  if (!end) throw WrongUsage("--until", "takes a day from today on, within a year");
  const Time ends = *end;
  const auto engine = engine_of(settings);
  std::optional<std::string> token;
  change_account(*engine, email, [&](Transaction& tx, const Account& account) {
    if (account.disabled_at)
      throw std::runtime_error(fmt::format("{} is disabled: no token would let it in", email));
    token = make_token(tx, account.id, actions, now, ends);
    if (!token) return;
    record_command(tx, "token new", account.id,
                   fmt::format("{} for {}", describe_end(ends), fmt::join(actions, ",")));
    account::tell_of_token(tx, account, actions, ends, now);
  });
  if (!token)
    throw std::runtime_error(fmt::format("{} has {} tokens already: end one", email, most_tokens));
  fmt::print("{}: token {} for {}, {}\n", email, *token, fmt::join(actions, ","),
             describe_end(ends));
}

void command::list_tokens(const Settings& settings, const std::string& email) {
  const auto engine = engine_of(settings);
  const Account account = require_account(engine->reader(), email);
  const auto tokens = own_tokens(engine->reader(), account.id, current_time());
  for (const OwnToken& token : tokens)
    fmt::print("{}\t{}\t{}…\t{}\tmade {}\t{}\tends {}\n", email, token.id, token.start,
               fmt::join(token.actions, ","), to_rfc3339(token.made_at),
               token.seen_at ? "last used " + to_rfc3339(*token.seen_at) : "never used",
               to_rfc3339(token.ends_at));
  fmt::print("{}: {}\n", email, count(tokens.size(), "token"));
}

void command::end_tokens(const Settings& settings, const std::string& email,
                         const std::vector<std::int64_t>& ids) {
  const auto engine = engine_of(settings);
  std::size_t ended = 0;
  change_account(*engine, email, [&](Transaction& tx, const Account& account) {
    ended = 0;
    for (const std::int64_t id : ids) {
      if (!end_token(tx, account.id, id))
        throw std::runtime_error(fmt::format("{} has no token {}", email, id));
      record_command(tx, "token end", account.id, fmt::format("token {} ended", id));
      ++ended;
    }
  });
  fmt::print("{}: {} ended\n", email, count(ended, "token"));
}

}  // namespace actiond
