// Every action of the site: looked up by exact name, and shown to people and programs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/action.h"

namespace actiond {

class Catalogue {
 public:
  // Throws std::logic_error for a name that is not [a-z0-9-]+, is taken, or is "me".
  explicit Catalogue(std::vector<Action> actions);

  const Action* find(std::string_view name) const;
  const std::vector<Action>& actions() const { return actions_; }

  // Name, level, page, and each field with its type and rules.
  std::string json() const;
  // The same as a page for people.
  std::string html() const;
  // The same, a line an action, for a terminal.
  std::string text() const;

 private:
  std::vector<Action> actions_;
};

}  // namespace actiond
