// A site: what it adds to what every site has.  Its main gives one to `run` (cli/run.h).
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "account/password.h"
#include "action/catalogue.h"
#include "action/page_check.h"
#include "data/schema.h"
#include "inbox/inbox_forms.h"
#include "inbox/receivers.h"
#include "payment/payment_actions.h"
#include "store/person.h"

namespace actiond {

struct Site {
  std::string_view name = "actiond";  // of its program
  std::string_view version = "";
  // Called again wherever the actions are looked at or run.
  std::vector<Action> (*actions)() = [] { return std::vector<Action>(); };
  std::span<const Migration> (*migrations)() = [] { return std::span<const Migration>(); };
  // Of its own tables: what `actiond person` exports and erases.
  std::vector<PersonalColumn> (*personal)() = [] { return std::vector<PersonalColumn>(); };
  // As `with_pages` (program/site_check.h) found them; no payments: neither pages nor actions.
  InboxForms inbox_forms = {};
  Payments payments = nullptr;
  HiddenFields hidden_fields = {};
  bool signs_in_by_mail = false;  // as the setting says
};

// Those of the site, of its pages, and the account's; `hasher` must outlive them.
std::vector<Action> actions_of(const Site& site, const PasswordHasher& hasher);
// The names of those of the site and its pages: what a script's token may be for.
std::vector<std::string> own_action_names(const Site& site);
// Have the messages of the inbox.
Receivers receivers_of(const Site& site);
std::vector<FormLife> form_lives_of(const Site& site);
// To be looked at and not run.
Catalogue catalogue_of(const Site& site);

Schema schema_of(const Site& site);

}  // namespace actiond
