#include "store/inbox.h"

#include <nlohmann/json.hpp>

namespace actiond {

std::int64_t put_into_inbox(Transaction& tx, std::string_view form,
                            const std::vector<MessageField>& fields,
                            std::optional<std::int64_t> user_id) {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  std::string words;
  for (const MessageField& field : fields) {
    for (const std::string& value : field.values) words.append(value).append("\n");
    if (field.is_list)
      json[field.name] = field.values;
    else if (!field.values.empty())
      json[field.name] = field.values.front();
  }
  return tx.run("INSERT INTO inbox (form, fields, words, user_id) VALUES (?, ?, ?, ?)", form,
                json.dump(), words, user_id);
}

}  // namespace actiond
