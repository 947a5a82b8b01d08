#include "action/catalogue.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>

#include "forms/body.h"

namespace actiond {
namespace {

using Json = nlohmann::ordered_json;

bool is_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

Json to_json(const FieldDescription& field) {
  Json json{{"name", field.name}, {"type", input_type(field)}, {"required", field.rules.required}};
  if (field.kind != Kind::Checkbox && field.kind != Kind::File) json["min"] = field.rules.min;
  if (field.kind == Kind::Number && field.rules.max) json["max"] = *field.rules.max;
  if (field.kind == Kind::File) json["max"] = max_file_bytes(field.rules);
  if (field.kind == Kind::Text || field.kind == Kind::List) json["max"] = max_length(field.rules);
  if (!field.rules.one_of.empty()) json["options"] = field.rules.one_of;
  if (!field.rules.types.empty()) json["types"] = field.rules.types;
  return json;
}

}  // namespace

Catalogue::Catalogue(std::vector<Action> actions) : actions_(std::move(actions)) {
  std::set<std::string_view> names{"me"};
  for (const Action& action : actions_) {
    if (!is_name(action.name))
      throw std::logic_error("\"" + action.name + "\" is no name for an action: [a-z0-9-]+");
    if (!names.insert(action.name).second)
      throw std::logic_error("there are two actions named \"" + action.name + "\"");
  }
}

const Action* Catalogue::find(std::string_view name) const {
  const auto found = std::find_if(actions_.begin(), actions_.end(),
                                  [name](const Action& action) { return action.name == name; });
  return found == actions_.end() ? nullptr : &*found;
}

std::string catalogue_json(const Catalogue& catalogue) {
  Json actions = Json::array();
  for (const Action& action : catalogue.actions()) {
    Json fields = Json::array();
    for (const FieldDescription& field : action.form.fields) fields.push_back(to_json(field));
    const std::string& page = action.form.page;
    actions.push_back({{"name", action.name},
                       {"level", to_text(action.level())},
                       {"path", "/actions/" + action.name},
                       {"page", page.empty() ? Json(nullptr) : Json("/" + page)},
                       {"fields", fields}});
  }
  return Json{{"actions", actions}}.dump(2) + "\n";
}

std::string catalogue_text(const Catalogue& catalogue) {
  std::string lines;
  for (const Action& action : catalogue.actions()) {
    lines += fmt::format("{} ({})", action.name, to_text(action.level()));
    std::string_view separator = ": ";
    for (const FieldDescription& field : action.form.fields) {
      lines += fmt::format("{}{} ({})", separator, field.name, rules_text(field));
      separator = "; ";
    }
    lines += "\n";
  }
  return lines;
}

std::string catalogue_nginx(const Catalogue& catalogue) {
  // nginx reads more than the action takes, so that the answer to a little too much is ours: nginx
  // would log the query and the referrer of a body that it refuses.
  constexpr std::size_t spare_kib = 256;
  std::string locations =
      "# Made by `actiond actions --nginx`: the actions that take files, and those where guessing "
      "is\n"
      "# limited.\n";
  for (const Action& action : catalogue.actions()) {
    std::string limits;
    if (const std::size_t bytes = body_limit(action.form); bytes > max_body_bytes)
      limits += fmt::format("    client_max_body_size {}k;\n", (bytes + 1023) / 1024 + spare_kib);
    if (action.guess_limit) limits += "    limit_req zone=actiond_guesses burst=100 delay=40;\n";
    if (!limits.empty())
      locations += fmt::format("location = /actions/{} {{\n{}    fastcgi_pass $actiond_pool;\n}}\n",
                               action.name, limits);
  }
  return locations;
}

std::string_view input_type(const FieldDescription& field) {
  switch (field.kind) {
    case Kind::Number: return "number";
    case Kind::Checkbox: return "checkbox";
    case Kind::List: return "list";
    case Kind::File: return "file";
    case Kind::Text: break;
  }
  switch (field.rules.format) {
    case Format::Email: return "email";
    case Format::Url: return "url";
    case Format::Password: return "password";
    case Format::Text: break;
  }
  return "text";
}

std::string rules_text(const FieldDescription& field) {
  const Rules& rules = field.rules;
  std::string text = fmt::format("{}{}", input_type(field), rules.required ? ", required" : "");
  if (!rules.one_of.empty())
    return text + fmt::format(", one of {}", fmt::join(rules.one_of, ", "));
  if (field.kind == Kind::Checkbox) return text;
  if (field.kind == Kind::Number && !rules.max)
    return text + fmt::format(", {} or more", rules.min);
  if (field.kind == Kind::Number) return text + fmt::format(", {} to {}", rules.min, *rules.max);
  if (field.kind == Kind::File) {
    text += fmt::format(", up to {}", size_text(max_file_bytes(rules)));
    return rules.types.empty() ? text : text + fmt::format(", {}", fmt::join(rules.types, ", "));
  }
  if (rules.min > 0) return text + fmt::format(", {} to {} long", rules.min, max_length(rules));
  return text + fmt::format(", up to {} long", max_length(rules));
}

}  // namespace actiond
