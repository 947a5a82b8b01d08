#include "program/site.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "account/actions.h"
#include "inbox/inbox_pages.h"

namespace actiond {

namespace {

std::vector<std::string> form_names(const InboxForms& forms) {
  std::vector<std::string> names;
  for (const auto& form : forms.forms) names.push_back(form->name);
  return names;
}

}  // namespace

std::vector<std::string> own_action_names(const Site& site) {
  std::vector<std::string> names;
  std::ranges::transform(site.actions(), std::back_inserter(names), &Action::name);
  std::ranges::move(form_names(site.inbox_forms), std::back_inserter(names));
  return names;
}

std::vector<Action> actions_of(const Site& site, const PasswordHasher& hasher) {
  std::vector<Action> actions = site.actions();
  std::ranges::move(account::actions(hasher, own_action_names(site)), std::back_inserter(actions));
  if (site.signs_in_by_mail)
    std::ranges::move(account::mail_sign_in_actions(), std::back_inserter(actions));
  std::ranges::transform(site.inbox_forms.forms, std::back_inserter(actions), action_of);
  if (site.inbox_forms.has_pages)
    std::ranges::move(inbox_actions(receivers_of(site)), std::back_inserter(actions));
  if (site.payments) std::ranges::move(payment_actions(site.payments), std::back_inserter(actions));
  for (Action& action : actions)
    if (const auto hidden = site.hidden_fields.find(action.name);
        hidden != site.hidden_fields.end())
      for (FieldDescription& field : action.form.fields)
        field.is_hidden = hidden->second.contains(field.name);
  return actions;
}

Receivers receivers_of(const Site& site) {
  return {site.inbox_forms.forms, site.actions(), site.inbox_forms.owners};
}

std::vector<FormLife> form_lives_of(const Site& site) {
  std::vector<FormLife> lives;
  for (const auto& form : site.inbox_forms.forms)
    if (form->kept_for) lives.push_back({form->name, *form->kept_for});
  for (const Action& action : site.actions())
    if (action.inbox && action.inbox->kept_for)
      lives.push_back({action.name, *action.inbox->kept_for});
  return lives;
}

Catalogue catalogue_of(const Site& site) {
  static const PasswordHasher unused("");
  return Catalogue(actions_of(site, unused));
}

Schema schema_of(const Site& site) {
  return {library_migrations(), site.migrations(), fmt::format("{} {}", site.name, site.version)};
}

}  // namespace actiond
