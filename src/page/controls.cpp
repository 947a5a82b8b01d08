#include "page/controls.h"

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
