#include "action/catalogue.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>

#include "base/dashed_name.h"
#include "base/program_name.h"
#include "forms/body.h"
#include "http/local_path.h"

namespace actiond {
namespace {

using Json = nlohmann::ordered_json;

Json to_json(const FieldDescription& field) {
  Json json{{"name", field.name}, {"type", input_type(field)}, {"required", field.rules.required}};
  const ControlSchema& control = field.control;
  const bool is_text =
      control.type.empty() && (field.kind == Kind::Text || field.kind == Kind::List);
  if (is_text || field.kind == Kind::Number) json["min"] = field.rules.min;
  if (field.kind == Kind::Number && field.rules.max) json["max"] = *field.rules.max;
  if (field.kind == Kind::File) json["max"] = max_file_bytes(field.rules);
  if (is_text) json["max"] = max_length(field.rules);
  if (!field.rules.one_of.empty()) json["options"] = field.rules.one_of;
  if (!field.rules.types.empty()) json["types"] = field.rules.types;
  if (control.is_number) {
    if (control.min) json["min"] = *control.min;
    if (control.max) json["max"] = *control.max;
  } else if (field.kind != Kind::Number) {
    if (!control.least.empty()) json["min"] = control.least;
    if (!control.most.empty()) json["max"] = control.most;
  }
  if (control.step) json["step"] = *control.step;
  if (!control.pattern.empty()) json["pattern"] = control.pattern;
  if (!control.accept.empty()) json["accept"] = control.accept;
  if (control.is_several) json["multiple"] = true;
  return json;
}

Json to_json(const FormDescription& form) {
  Json fields = Json::array();
  for (const FieldDescription& field : form.fields) fields.push_back(to_json(field));
  return fields;
}

bool is_cache_time(std::chrono::seconds time) {
  return std::chrono::seconds(1) <= time && time <= std::chrono::days(1);
}

std::string_view level_name(const Action& action) {
  const bool is_view = action.is_view();
  switch (action.level()) {
    case Level::Public: return is_view ? "catalogue.public_view" : "catalogue.public";
    case Level::Protected: return is_view ? "catalogue.protected_view" : "catalogue.protected";
    case Level::Paid: return is_view ? "catalogue.paid_view" : "catalogue.paid";
  }
  return "";
}

std::string measure_text(const ControlSchema& control, const Words& words) {
  std::string text;
  if (!control.least.empty() && !control.most.empty())
    text = words.say({"rules.between", {{"min", control.least}, {"max", control.most}}});
  else if (!control.least.empty())
    text = words.say({"rules.from", {{"min", control.least}}});
  else if (!control.most.empty())
    text = words.say({"rules.up_to", {{"max", control.most}}});
  if (!control.step) return text;
  return text + words.say({"rules.step", {{"step", fmt::format("{}", *control.step)}}});
}

}  // namespace

Catalogue::Catalogue(std::vector<Action> actions) : actions_(std::move(actions)) {
  std::set<std::string_view> names{"me"};
  for (const Action& action : actions_) {
    if (!is_dashed_name(action.name))
      throw std::logic_error("\"" + action.name + "\" is no name for an action: [a-z0-9-]+");
    if (!names.insert(action.name).second)
      throw std::logic_error("there are two actions named \"" + action.name + "\"");
    if (action.cached_for && (!is_cache_time(*action.cached_for)))
      throw std::logic_error("the view " + action.name +
                             " is cached for less than a second or more than a day");
  }
}

const Action* Catalogue::find(std::string_view name) const {
  const auto found = std::find_if(actions_.begin(), actions_.end(),
                                  [name](const Action& action) { return action.name == name; });
  return found == actions_.end() ? nullptr : &*found;
}

std::set<std::string_view> Catalogue::permissions() const {
  std::set<std::string_view> names;
  for (const Action& action : actions_)
    names.insert(action.guard.permissions.begin(), action.guard.permissions.end());
  return names;
}

Catalogue allowed(const Catalogue& catalogue, const Gate& gate) {
  std::vector<Action> actions;
  std::ranges::copy_if(
      catalogue.actions(), std::back_inserter(actions),
      [&gate](const Action& action) { return !action.signing && !gate.refusal(action.guard); });
  return Catalogue(std::move(actions));
}

std::string catalogue_json(const Catalogue& catalogue) {
  Json actions = Json::array();
  for (const Action& action : catalogue.actions()) {
    const std::string& page = action.form.page;
    actions.push_back({{"name", action.name},
                       {"kind", action.signing     ? "webhook"
                                : action.is_view() ? "view"
                                                   : "action"},
                       {"level", to_text(action.level())},
                       {"permissions", action.guard.permissions},
                       {"path", "/actions/" + action.name},
                       {"page", page.empty() ? Json(nullptr) : Json(path_of_page(page))},
                       {"query", to_json(action.query)},
                       {"fields", to_json(action.form)}});
    if (action.cached_for) actions.back()["cachedSeconds"] = action.cached_for->count();
  }
  return Json{{"actions", actions}}.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string catalogue_text(const Catalogue& catalogue) {
  std::string lines;
  for (const Action& action : catalogue.actions()) {
    lines += fmt::format("{} ({})", action.name, guard_text(action));
    std::string_view separator = ": ";
    const auto list = [&](const FormDescription& form, std::string_view mark) {
      for (const FieldDescription& field : form.fields) {
        lines += fmt::format("{}{}{} ({})", separator, mark, field.name, rules_text(field));
        separator = "; ";
      }
    };
    list(action.query, "?");
    list(action.form, "");
    lines += "\n";
  }
  return lines;
}

std::string catalogue_nginx(const Catalogue& catalogue) {
  // nginx reads more than the action takes, so that the answer to a little too much is ours: nginx
  // would log the query and the referrer of a body that it refuses.
  constexpr std::size_t spare_kib = 256;
  std::string locations = fmt::format(
      "# Made by {}: the pages that are filled when they are opened, which have\n"
      "# one address, the actions that take files, those where guessing is limited, and views "
      "that\n"
      "# are cached.\n",
      in_shell("actions --nginx"));
  std::set<std::string_view> moved;
  for (const Action& action : catalogue.actions()) {
    const std::string& page = action.form.page;
    if (action.show && !page.empty() && moved.insert(page).second)
      locations += fmt::format("location = /{} {{\n    return 303 /actions/{}$is_args$args;\n}}\n",
                               page, action.name);
    std::string limits;
    if (const std::size_t bytes = body_limit(action.form); bytes > max_body_bytes)
      limits += fmt::format("    client_max_body_size {}k;\n", (bytes + 1023) / 1024 + spare_kib);
    if (action.cached_for) limits += "    include actiond/cached.conf;\n";
    if (action.guess_limit) limits += "    limit_req zone=actiond_guesses burst=100 delay=40;\n";
    if (!limits.empty())
      locations += fmt::format(
          "location = /actions/{} {{\n    error_log /dev/null;\n{}    fastcgi_pass "
          "$actiond_pool;\n}}\n",
          action.name, limits);
  }
  return locations;
}

std::string guard_text(const Action& action, const Words& words) {
  std::string text = words.say(level_name(action));
  for (const std::string_view permission : action.guard.permissions)
    text += fmt::format(", {}", permission);
  if (action.cached_for)
    text +=
        words.say({"catalogue.cached", {{"count", std::to_string(action.cached_for->count())}}});
  return text;
}

std::string_view input_type(const FieldDescription& field) {
  if (!field.control.type.empty()) return field.control.type;
  switch (field.kind) {
    case Kind::Number: return "number";
    case Kind::Date: return "date";
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

std::string rules_text(const FieldDescription& field, const Words& words) {
  const Rules& rules = field.rules;
  const ControlSchema& control = field.control;
  const std::string min = std::to_string(rules.min);
  std::string text(input_type(field));
  if (rules.required) text += words.say("rules.required");
  if (!rules.one_of.empty())
    return text + words.say({"rules.one_of",
                             {{"options", fmt::format("{}", fmt::join(rules.one_of, ", "))}}});
  if (!control.type.empty()) return text + measure_text(control, words);
  if (field.kind == Kind::Checkbox || field.kind == Kind::Date) return text;
  if (field.kind == Kind::Number && !rules.max)
    return text + words.say({"rules.from", {{"min", min}}});
  if (field.kind == Kind::Number)
    return text + words.say({"rules.between", {{"min", min}, {"max", std::to_string(*rules.max)}}});
  if (field.kind == Kind::File) {
    text += words.say({"rules.size", {{"size", size_text(max_file_bytes(rules))}}});
    if (!control.accept.empty()) text += fmt::format(", {}", control.accept);
    return rules.types.empty() ? text : text + fmt::format(", {}", fmt::join(rules.types, ", "));
  }
  if (control.is_several) text += words.say("rules.several");
  const std::string max = std::to_string(max_length(rules));
  text += rules.min > 0 ? words.say({"rules.length_between", {{"min", min}, {"max", max}}})
                        : words.say({"rules.length", {{"max", max}}});
  if (control.pattern.empty()) return text;
  return text + words.say({"rules.pattern", {{"pattern", control.pattern}}});
}

}  // namespace actiond
