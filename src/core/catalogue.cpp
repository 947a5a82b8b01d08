#include "core/catalogue.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>

#include "core/answer.h"
#include "core/encoding.h"

namespace actiond {
namespace {

using Json = nlohmann::ordered_json;

bool is_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

// In HTML's words: the `type` of the input that would ask for it.
std::string_view type_of(const FieldDescription& field) {
  switch (field.kind) {
    case Kind::Number: return "number";
    case Kind::Checkbox: return "checkbox";
    case Kind::List: return "list";
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

Json to_json(const FieldDescription& field) {
  Json json{{"name", field.name}, {"type", type_of(field)}, {"required", field.rules.required}};
  if (field.kind != Kind::Checkbox) {
    json["min"] = field.rules.min;
    json["max"] = field.rules.max;
  }
  if (!field.rules.one_of.empty()) json["options"] = field.rules.one_of;
  return json;
}

std::string rules_text(const FieldDescription& field) {
  std::string text = fmt::format("{}{}", type_of(field), field.rules.required ? ", required" : "");
  if (field.kind == Kind::Number)
    text += fmt::format(", {} to {}", field.rules.min, field.rules.max);
  else if (field.kind != Kind::Checkbox && field.rules.min > 0)
    text += fmt::format(", {} to {} long", field.rules.min, field.rules.max);
  else if (field.kind != Kind::Checkbox)
    text += fmt::format(", up to {} long", field.rules.max);
  for (const std::string_view option : field.rules.one_of) text += fmt::format(" | {}", option);
  return text;
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

std::string Catalogue::json() const {
  Json actions = Json::array();
  for (const Action& action : actions_) {
    Json fields = Json::array();
    for (const FieldDescription& field : action.form.fields) fields.push_back(to_json(field));
    actions.push_back({{"name", action.name},
                       {"level", to_text(action.level())},
                       {"path", "/actions/" + action.name},
                       {"page", action.form.page.empty() ? Json(nullptr)
                                                         : Json("/" + action.form.page)},
                       {"fields", fields}});
  }
  return Json{{"actions", actions}}.dump(2) + "\n";
}

std::string Catalogue::html() const {
  std::string main = "<h1>Actions</h1>\n<p>Every function that a form on this site can call.</p>\n";
  for (const Action& action : actions_) {
    main += fmt::format("<h2 id=\"{0}\"><code>{0}</code></h2>\n<p>{1}", action.name,
                        to_text(action.level()));
    if (!action.form.page.empty())
      main += fmt::format(" · <a href=\"/actions/{}\">its page</a>", action.name);
    main += "</p>\n";
    if (action.form.fields.empty()) continue;
    main += "<dl>\n";
    for (const FieldDescription& field : action.form.fields)
      main += fmt::format("<dt><code>{}</code></dt><dd>{}</dd>\n", to_html(field.name),
                          to_html(rules_text(field)));
    main += "</dl>\n";
  }
  return plain_page("Actions", main);
}

std::string Catalogue::text() const {
  std::string lines;
  for (const Action& action : actions_) {
    lines += fmt::format("{:<16} {:<10}", action.name, to_text(action.level()));
    for (const FieldDescription& field : action.form.fields)
      lines += fmt::format(" {}({})", field.name, rules_text(field));
    lines += "\n";
  }
  return lines;
}

}  // namespace actiond
