// Tells the owners by mail that messages came: of the first one what it says, of those that come
// within the next minute that they are there.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mail/address.h"
#include "store/inbox.h"

namespace actiond {

struct NewMessage {
  const std::string& form;
  const std::vector<MessageField>& fields;
  std::int64_t id;
};

void notify_owners(Transaction& tx, const std::vector<Address>& owners, const NewMessage& message,
                   Time now);

// The address to answer to: the first field that is one.
std::optional<Address> address_in(const std::vector<MessageField>& fields);

}  // namespace actiond
