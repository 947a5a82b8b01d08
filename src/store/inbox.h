// Rows of the inbox: the messages that forms without code were sent.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "data/store.h"

namespace actiond {

// A field of a message; a list has any number of values, every other field one.
struct MessageField {
  std::string name;
  std::vector<std::string> values;
  bool is_list = false;
};

// Returns the number of the message.
std::int64_t put_into_inbox(Transaction& tx, std::string_view form,
                            const std::vector<MessageField>& fields,
                            std::optional<std::int64_t> user_id);

}  // namespace actiond
