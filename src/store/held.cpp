#include "store/held.h"

#include <algorithm>

namespace actiond {

void HeldRows::hold(Transaction& tx, const HeldSubmission& submission, Time now) const {
  std::vector<MessageField> fields;
  for (const FieldValue& sent : submission.fields) {
    const auto found = std::ranges::find(fields, sent.name, &MessageField::name);
    if (found == fields.end()) {
      fields.push_back({sent.name, {sent.value}});
    } else {
      found->values.push_back(sent.value);
      found->is_list = true;
    }
  }
  hold_in_inbox(tx, submission.action, fields, submission.user_id, now, submission.is_searched);
}

std::optional<InboxMessage> find_held(Reader& db, std::int64_t id) {
  auto message = find_message(db, id);
  return message && message->is_held ? std::move(message) : std::nullopt;
}

bool drop_held(Transaction& tx, std::int64_t id) {
  return find_held(tx, id) && delete_message(tx, id);
}

FieldValues values_of(const InboxMessage& held) {
  FieldValues values;
  for (const MessageField& field : held.fields)
    for (const std::string& value : field.values) values.push_back({field.name, value});
  return values;
}

}  // namespace actiond
