#include "page/controls.h"

#include <map>
#include <set>

#include "base/encoding.h"

namespace actiond {
namespace {

ControlKind input_kind(std::string_view type) {
  static const std::map<std::string, ControlKind, std::less<>> kinds{
      {"hidden", ControlKind::Hidden}, {"password", ControlKind::Unkept},
      {"file", ControlKind::Unkept},   {"checkbox", ControlKind::Check},
      {"radio", ControlKind::Check},   {"submit", ControlKind::Button},
      {"image", ControlKind::Button},  {"reset", ControlKind::Button},
      {"button", ControlKind::Button}};
  const auto found = kinds.find(to_lower(type));
  return found == kinds.end() ? ControlKind::Text : found->second;
}

}  // namespace

std::optional<ControlKind> control_kind(const Tag& tag) {
  if (tag.name == "input") return input_kind(tag.value("type"));
  if (tag.name == "textarea") return ControlKind::Area;
  if (tag.name == "button") return ControlKind::Button;
  if (tag.name != "select") return std::nullopt;
  return tag.has("multiple") ? ControlKind::Choices : ControlKind::Choice;
}

std::string control_type(const Tag& tag) {
  static const std::set<std::string, std::less<>> types{
      "hidden", "search", "tel",      "url",   "email",          "password",
      "date",   "month",  "week",     "time",  "datetime-local", "number",
      "range",  "color",  "checkbox", "radio", "file",           "submit",
      "image",  "reset",  "button"};
  const std::string type = to_lower(tag.value("type"));
  if (tag.name == "input") return types.contains(type) ? type : "text";
  if (tag.name == "select") return tag.has("multiple") ? "select-multiple" : "select";
  if (tag.name == "button") return type == "reset" || type == "button" ? type : "submit";
  return tag.name;
}

WrittenControl written_control(const Tag& tag, std::size_t line) {
  WrittenControl control{control_type(tag), attributes_of(tag), {}, line};
  // Without one it sends an empty value, and an <input> its label in the browser's language.
  if (tag.name == "button") control.attributes.try_emplace("value");
  return control;
}

std::vector<std::string> further_names(const Tag& tag) {
  std::vector<std::string> names;
  if (tag.name == "input" && to_lower(tag.value("type")) == "image") {
    const std::string name(tag.value("name"));
    const std::string before = name.empty() ? "" : name + '.';
    names = {before + 'x', before + 'y'};
  }
  if (!tag.value("dirname").empty()) names.emplace_back(tag.value("dirname"));
  return names;
}

bool is_never_filled(std::string_view name) {
  return name == "_once" || to_lower(name) == "_charset_";
}

}  // namespace actiond
