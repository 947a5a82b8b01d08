// The pages at which the owner of a site reads what its forms without code were sent, and what
// looks like spam.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "access/access.h"
#include "action/action.h"
#include "inbox/receivers.h"

namespace actiond {

// `actiond permit EMAIL owner` makes one.
struct Owner {
  static constexpr std::string_view name = "owner";
  static constexpr Level at_least = Level::Protected;
};

constexpr std::string_view inbox_page = "inbox.html", inbox_message_page = "inbox-message.html";

// "inbox", "inbox-message", "inbox-file" and "inbox-sort".
std::vector<Action> inbox_actions(const Receivers& receivers);

}  // namespace actiond
