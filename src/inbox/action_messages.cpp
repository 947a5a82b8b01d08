#include "inbox/action_messages.h"

#include "forms/text.h"
#include "inbox/notice.h"

namespace actiond {
namespace {

std::optional<MessageField> field_of(const FieldDescription& field, const FieldValues& values,
                                     Transaction& tx) {
  if (field.rules.format == Format::Password) return std::nullopt;
  const auto sent = values_of(values, field.name, field.kind, field.rules);
  if (field.kind == Kind::File) {
    if (sent.empty()) return std::nullopt;
    const File& file = *sent.front()->file;
    return MessageField{field.name, {file.name}, false, keep_apart(file, tx), file.type};
  }
  MessageField message{field.name, {}, field.kind == Kind::List};
  if (message.is_list)
    for (const FieldValue* value : sent) message.values.push_back(with_line_feeds(value->value));
  else
    message.values.push_back(with_line_feeds(last_of(sent)));
  return message;
}

}  // namespace

std::string keep_apart(File file, Transaction& tx) {
  file.type = "application/octet-stream";
  return tx.keep(file);
}

void ActionMessages::put(Transaction& tx, const SentMessage& sent, Time now) const {
  const Action& action = sent.action;
  std::vector<MessageField> fields;
  for (const FieldDescription& field : action.form.fields)
    if (auto found = field_of(field, sent.values, tx)) fields.push_back(*std::move(found));
  const std::int64_t id =
      put_into_inbox(tx, action.name, fields, sent.user_id, now, action.is_searched);
  tell_of(tx, action, fields, id, now);
}

void ActionMessages::accept(Transaction& tx, const Action& action, const InboxMessage& held,
                            Time now) const {
  accept_held(tx, held.id, held.fields, now);
  tell_of(tx, action, held.fields, held.id, now);
}

void ActionMessages::tell_of(Transaction& tx, const Action& action,
                             const std::vector<MessageField>& fields, std::int64_t id,
                             Time now) const {
  if (action.inbox->notifies && !owners_.empty())
    notify_owners(tx, owners_, {action.name, fields, id}, now);
}

}  // namespace actiond
