#include "inbox/notice.h"

#include <fmt/format.h>

#include "store/outbox.h"

namespace actiond {
namespace {

// "name: Ada", a line each; what has lines of its own stands below its name.
std::string to_text(const std::vector<MessageField>& fields) {
  std::string text;
  for (const MessageField& field : fields) {
    const std::string value = field.text();
    const bool is_line = value.find('\n') == value.npos;
    text += fmt::format("{}:{}{}\n", field.name, is_line ? " " : "\n", value);
  }
  return text;
}

}  // namespace

std::optional<Address> address_in(const std::vector<MessageField>& fields) {
  for (const MessageField& field : fields) {
    if (!field.kept.empty()) continue;
    if (auto address = Address::parse(field.text())) return address;
  }
  return std::nullopt;
}

void notify_owners(Transaction& tx, const std::vector<Address>& owners, const NewMessage& message,
                   Time now) {
  const Notice notice = begin_notice(tx, message.form, now);
  if (notice == Notice::None) return;
  for (const Address& owner : owners)
    if (notice == Notice::Now)
      order_mail(tx, {.to = owner,
                      .text = "inbox-message",
                      .values = {{"form", message.form},
                                 {"id", std::to_string(message.id)},
                                 {"fields", to_text(message.fields)}},
                      .reply_to = address_in(message.fields)});
    else
      order_mail(tx, {.to = owner,
                      .text = "inbox-messages",
                      .values = {{"form", message.form}},
                      .due_at = now + between_notices});
}

}  // namespace actiond
