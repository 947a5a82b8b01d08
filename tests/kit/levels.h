// Asks every action that a site has who gets in: one that is added needs no line in a test.
#pragma once

#include <doctest/doctest.h>

#include "site_under_test.h"

namespace actiond::test {

// 0: let in, whatever the action says then.
struct RefusedWith {
  int nobody, user, payer;
};

inline RefusedWith refused_with(const Action& action) {
  const int permission = action.guard.permissions.empty() ? 0 : 403;
  switch (action.level()) {
    case Level::Public: return {0, 0, 0};
    case Level::Protected: return {401, permission, permission};
    case Level::Paid: return {401, 402, permission};
  }
  return {};
}

// Asks each action as nobody, as a user and as one who has paid, without any permission: whoever
// lacks what its level wants is refused, and nothing changes.
inline void check_levels() {
  SiteUnderTest site;
  const std::string user = site.sign_up("user@example.com");
  const std::string payer = site.sign_up("payer@example.com");
  site.grant("payer@example.com", forever);
  const auto before = site.all_rows();
  for (const Action& action : site.catalogue.actions()) {
    const auto status = [&](const std::string& cookie) {
      return action.is_view() ? site.get("/actions/" + action.name, cookie).status()
                              : site.post(action.name, {}, cookie).status();
    };
    const RefusedWith expected = refused_with(action);
    CAPTURE(action.name);
    if (expected.nobody != 0) CHECK(status("") == expected.nobody);
    if (expected.user != 0) CHECK(status(user) == expected.user);
    if (expected.payer != 0) CHECK(status(payer) == expected.payer);
  }
  CHECK(changed_tables(before, site.all_rows()).empty());
}

}  // namespace actiond::test
