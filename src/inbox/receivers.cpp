#include "inbox/receivers.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "action/audit.h"
#include "store/audit.h"
#include "store/held.h"
#include "store/sessions.h"

namespace actiond {
namespace {

std::string wrong_fields(const FieldErrors& errors) {
  std::string names;
  for (const auto& [name, message] : errors.messages)
    names += fmt::format("{}{}", names.empty() ? "" : ", ", name);
  return fmt::format("wrong by now: {}", names);
}

std::optional<std::string> why_refused(const Result& result) {
  if (const auto* errors = std::get_if<FieldErrors>(&result)) return wrong_fields(*errors);
  if (is_refusal(result)) return "its action refuses it by now";
  return std::nullopt;
}

std::optional<std::string> run_form(const InboxForm& form, const InboxMessage& held,
                                    Transaction& tx, Time now) {
  auto read = form.read(values_of(held));
  if (const auto* errors = std::get_if<FieldErrors>(&read)) return wrong_fields(*errors);
  const auto& fields = std::get<0>(read).fields;
  accept_held(tx, held.id, fields, now);
  tell_of(form, fields, held.id, tx, now);
  return std::nullopt;
}

// Nobody is signed in: a trap is for public actions.
std::optional<std::string> run_action(const Action& action, const ActionMessages& messages,
                                      const InboxMessage& held, Transaction& tx, Time now) {
  const SessionRows nobody(std::chrono::seconds(0));
  const Gate gate(tx, nobody, std::nullopt, {.at = now});
  const auto entered = action.read(gate, values_of(held), tx);
  const auto* read = std::get_if<0>(&entered);
  if (read == nullptr) return "its action asks for more by now";
  if (const auto* errors = std::get_if<FieldErrors>(read)) return wrong_fields(*errors);
  const auto answered = std::get<Call>(*read)(gate, tx);
  const auto* result = std::get_if<Result>(&answered);
  if (result == nullptr) return "its action asks for more by now";
  if (auto refusal = why_refused(*result)) return refusal;
  if (action.inbox)
    messages.accept(tx, action, held, now);
  else
    delete_message(tx, held.id);
  if (action.is_audited())
    AuditRows().record(tx, {now, fmt::format("released-{}", held.id), action.name, std::nullopt,
                            outcome_of(*result)});
  return std::nullopt;
}

}  // namespace

Receivers::Receivers(std::vector<std::shared_ptr<const InboxForm>> forms,
                     std::vector<Action> in_code, std::vector<Address> owners)
    : forms_(std::move(forms)), in_code_(std::move(in_code)), action_messages_(std::move(owners)) {
  std::erase_if(in_code_, [](const Action& action) { return !action.spam_trap && !action.inbox; });
}

std::vector<std::string> Receivers::names() const {
  std::vector<std::string> names;
  for (const auto& form : forms_) names.push_back(form->name);
  for (const Action& action : in_code_) names.push_back(action.name);
  return names;
}

std::vector<std::string> Receivers::fields_of(std::string_view name) const {
  std::vector<std::string> fields;
  for (const auto& form : forms_)
    if (form->name == name)
      std::ranges::transform(form->controls, std::back_inserter(fields), &ControlRules::name);
  for (const Action& action : in_code_)
    if (action.name == name)
      std::ranges::transform(action.form.fields, std::back_inserter(fields),
                             &FieldDescription::name);
  return fields;
}

std::optional<std::string> Receivers::release(Transaction& tx, std::int64_t id, Time now) const {
  const auto message = find_held(tx, id);
  if (!message) return "nothing is held under this number";
  for (const auto& form : forms_)
    if (form->name == message->form) return run_form(*form, *message, tx, now);
  const auto action = std::ranges::find(in_code_, message->form, &Action::name);
  if (action == in_code_.end()) return fmt::format("there is no {} any more", message->form);
  return run_action(*action, action_messages_, *message, tx, now);
}

Receivers::Moved Receivers::move(Transaction& tx, std::int64_t id, MessageState to,
                                 Time now) const {
  const bool stays_held = to == MessageState::Spam || to == MessageState::Trash;
  if (stays_held || !find_held(tx, id)) return {.is_there = move_message(tx, id, to, now)};
  if (auto refusal = release(tx, id, now)) return {.refusal = std::move(refusal)};
  move_message(tx, id, to, now);
  return {};
}

}  // namespace actiond
