// A message of the inbox, or one that is held, as the command line prints it.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "store/inbox.h"

namespace actiond {

nlohmann::ordered_json fields_of(const InboxMessage& message);

// One line, in which nothing that was sent commands a terminal.
std::string to_line(const InboxMessage& message);

}  // namespace actiond
