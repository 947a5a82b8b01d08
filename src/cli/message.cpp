#include "cli/message.h"

#include <fmt/core.h>

#include <nlohmann/json.hpp>

namespace actiond {

nlohmann::ordered_json fields_of(const InboxMessage& message) {
  using Json = nlohmann::ordered_json;
  Json fields = Json::object();
  for (const MessageField& field : message.fields)
    fields[field.name] = field.is_list ? Json(field.values) : Json(field.text());
  return fields;
}

std::string to_line(const InboxMessage& message) {
  return fmt::format("{}\t{}\t{}\t{}", message.id, to_rfc3339(message.made_at), message.form,
                     fields_of(message).dump(-1, ' ', true));
}

}  // namespace actiond
