#include "inbox/inbox_form.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "action/spam.h"
#include "base/count.h"
#include "inbox/action_messages.h"
#include "inbox/notice.h"
#include "store/answered.h"
#include "store/outbox.h"

namespace actiond {
namespace {

std::optional<std::int64_t> sender(const Visitor& visitor) {
  return visitor.user() ? std::optional(visitor.user()->id()) : std::nullopt;
}
std::optional<std::int64_t> sender(const User& user) { return user.id(); }

// Says nothing that a visitor wrote: the address may be anybody's.
void answer_sender(Transaction& tx, const InboxForm& form, const std::vector<MessageField>& fields,
                   const std::string& language, Time now) {
  const auto to = form.sender_in(fields);
  if (!to || !begin_answer(tx, *to, now)) return;
  order_mail(tx, {.to = *to, .text = form.answer, .language = language, .is_answer = true});
}

bool takes_files(const InboxForm& form) {
  return std::ranges::any_of(form.controls, &ControlRules::is_file);
}

// Elsewhere `held` has what looks like spam, which takes no files.
bool is_spam_with_files(const InboxForm& form, const FieldValues& values, Time now) {
  return takes_files(form) && !form.trap.empty() && looks_like_spam(values, form.trap, now);
}

// Nobody is told of it; its owner finds it in the inbox.
Result put_among_spam(Transaction& tx, std::int64_t id, Time now) {
  move_message(tx, id, MessageState::Spam, now);
  return Data{{{std::string(held_output), std::string(held_message)}}};
}

std::vector<MessageField> keep_files(const InboxForm::Message& message, Transaction& tx) {
  std::vector<MessageField> fields = message.fields;
  for (const auto& [at, file] : message.files) fields[at].kept = keep_apart(file, tx);
  return fields;
}

template <class Proof>
Action::Read reading(const std::shared_ptr<const InboxForm>& form) {
  return [form](const Gate& gate, const FieldValues& values, Reader&) {
    return gate.enter<Proof>([&](const Proof& asking) -> Action::Entered {
      auto read = form->read(values);
      if (auto* errors = std::get_if<FieldErrors>(&read)) return std::move(*errors);
      const bool is_spam = is_spam_with_files(*form, values, asking.asked_at());
      return Call([form, is_spam, message = std::get<0>(std::move(read))](const Gate& now,
                                                                          Transaction& tx) {
        return now.enter<Proof>([&](const Proof& proof) -> Result {
          const auto with_files =
              message.files.empty() ? std::vector<MessageField>() : keep_files(message, tx);
          const auto& fields = message.files.empty() ? message.fields : with_files;
          const Time asked_at = proof.asked_at();
          const std::int64_t id =
              put_into_inbox(tx, form->name, fields, sender(proof), asked_at, form->is_searched);
          if (is_spam) return put_among_spam(tx, id, asked_at);
          tell_of(*form, fields, id, tx, asked_at);
          // The language is read in a page.
          if (!form->answer.empty()) answer_sender(tx, *form, fields, proof.language(), asked_at);
          if (!form->thanks.empty()) return Redirect{form->thanks};
          return Redirect{proof.sent_from(), "inbox.sent"};
        });
      });
    });
  };
}

template <class Proof>
void guard_by(const std::shared_ptr<const InboxForm>& form, Action& action) {
  action.guard = guard_of<Proof>;
  action.read = reading<Proof>(form);
}

}  // namespace

bool asks_for_address(const ControlRules& control) {
  const FieldDescription& field = control.description();
  return field.kind != Kind::List && field.rules.format == Format::Email;
}

std::variant<InboxForm::Message, FieldErrors> InboxForm::read(const FieldValues& values) const {
  Message message;
  FieldErrors errors;
  message.fields.reserve(controls.size());
  for (const ControlRules& control : controls) {
    const FieldDescription& field = control.description();
    const auto sent = values_of(values, field.name, field.kind, field.rules);
    if (control.is_file()) {
      auto read = control.read_file(sent);
      if (auto* wrong = std::get_if<Wrong>(&read)) {
        errors.messages.emplace(field.name, std::move(wrong->message));
      } else if (auto& file = std::get<0>(read)) {
        message.fields.push_back({field.name, {file->name}, false, "", file->type});
        message.files.emplace_back(message.fields.size() - 1, *std::move(file));
      }
      continue;
    }
    auto read = control.read(sent);
    if (auto* wrong = std::get_if<Wrong>(&read))
      errors.messages.emplace(field.name, std::move(wrong->message));
    else
      message.fields.push_back(
          {field.name, std::get<0>(std::move(read)), field.kind == Kind::List});
  }
  if (!errors.messages.empty()) return errors;
  return message;
}

std::optional<Address> InboxForm::sender_in(const std::vector<MessageField>& fields) const {
  for (const ControlRules& control : controls) {
    if (!asks_for_address(control)) continue;
    const auto field = std::ranges::find(fields, control.description().name, &MessageField::name);
    if (field != fields.end())
      if (auto address = Address::parse(field->text())) return address;
  }
  return std::nullopt;
}

bool asks_the_same(const InboxForm& one, const InboxForm& other) {
  const auto settings = [](const InboxForm& form) {
    const auto sender = std::ranges::find_if(form.controls, asks_for_address);
    const bool is_answered = !form.answer.empty() && sender != form.controls.end();
    return std::tuple(form.level, std::string_view(form.thanks), std::string_view(form.trap),
                      std::string_view(form.answer), form.is_searched, form.kept_for,
                      form.notify.empty(),
                      is_answered ? std::string_view(sender->name()) : std::string_view());
  };
  return settings(one) == settings(other) &&
         std::ranges::is_permutation(one.controls, other.controls, takes_the_same);
}

Action action_of(const std::shared_ptr<const InboxForm>& form) {
  Action action{form->name, {}, {form->page, {}}};
  for (const ControlRules& control : form->controls)
    action.form.fields.push_back(control.description());
  if (!form->trap.empty()) action.spam_trap = form->trap;
  action.is_searched = form->is_searched;
  action.more_pages = form->more_pages;
  action.declared = form->place;
  switch (form->level) {
    case Level::Public: guard_by<Visitor>(form, action); break;
    case Level::Protected: guard_by<User>(form, action); break;
    case Level::Paid: guard_by<PaidUser>(form, action); break;
  }
  return action;
}

void tell_of(const InboxForm& form, const std::vector<MessageField>& fields, std::int64_t id,
             Transaction& tx, Time now) {
  if (!form.notify.empty()) notify_owners(tx, form.notify, {form.name, fields, id}, now);
}

std::string to_text(const InboxForm& form) {
  std::string text = fmt::format("form {} in {}", form.name, form.page);
  if (form.more_pages.size() == 1) text += fmt::format(" and {}", form.more_pages.front());
  if (form.more_pages.size() > 1) text += fmt::format(" and {} more pages", form.more_pages.size());
  text += fmt::format(": {}, {}", count(form.controls.size(), "field"), to_text(form.level));
  if (!form.answer.empty()) text += fmt::format(", answers with {}", form.answer);
  for (const Address& owner : form.notify)
    text +=
        fmt::format("{}{}", &owner == &form.notify.front() ? ", mails " : " and ", owner.text());
  if (form.kept_for)
    text +=
        fmt::format(", kept {}", count(static_cast<std::size_t>(form.kept_for->count()), "day"));
  if (!form.is_searched) text += ", not searched";
  return text;
}

}  // namespace actiond
