// Every action of the site: looked up by exact name, and shown to people and programs.  All that is
// shown comes from the one declaration of each form.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "action/action.h"
#include "http/words.h"

namespace actiond {

class Catalogue {
 public:
  // Throws std::logic_error for a name that is not [a-z0-9-]+, is taken, or is "me".
  explicit Catalogue(std::vector<Action> actions);

  const Action* find(std::string_view name) const;
  // The names of all permissions that an action or a view asks for.
  std::set<std::string_view> permissions() const;
  const std::vector<Action>& actions() const { return actions_; }

 private:
  std::vector<Action> actions_;
};

// Those that a visitor may call.
Catalogue allowed(const Catalogue& catalogue, const Gate& gate);

// Name, level, path, page, and each field with its type and rules.
std::string catalogue_json(const Catalogue& catalogue);
// A line an action, for a terminal.
std::string catalogue_text(const Catalogue& catalogue);
// A page for people: the rules, a line for curl and a form to copy.  `origin` is this site's.
std::string catalogue_page(const Catalogue& catalogue, std::string_view origin,
                           const Words& words = Words::english());
// OpenAPI 3.1.
std::string catalogue_openapi(const Catalogue& catalogue, std::string_view origin);

// nginx's `location`s: of pages that belong to what is shown with GET, which have one address, of
// actions that take files, whose bodies may be longer than all others, of those where guessing is
// limited, and of views that are cached.
std::string catalogue_nginx(const Catalogue& catalogue);

// The least HTML that shows the form of `action`: labels, controls, limits, submission key, spam
// trap.
std::string form_skeleton(const Action& action, std::string_view button = "Send");
// A page with that form alone, and the title of answers of that status.
std::string form_page(const Action& action, int status, const Words& words);

// "protected view, editor"; "public view, cached for 60 s"
std::string guard_text(const Action& action, const Words& words = Words::english());

// The type of the <input> that would ask for `field`; "list" for several values.
std::string_view input_type(const FieldDescription& field);
// "email, required, up to 254 long"
std::string rules_text(const FieldDescription& field, const Words& words = Words::english());

}  // namespace actiond
