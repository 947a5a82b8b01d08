#include "action/misspelt_check.h"

#include <fmt/format.h>

#include <algorithm>

namespace actiond {
namespace {

bool has_control(const OutlineForm& form, std::string_view name) {
  return std::ranges::find(form.controls, name, &OutlineControl::name) != form.controls.end();
}

// An author's own attribute has another sort of value, or stands elsewhere.
bool means_ours(const OutlineMisspelt& each, const PageOutline& outline, const Askable& askable) {
  const std::string_view value = each.value;
  const OutlineForm* form = each.form ? &outline.forms[*each.form] : nullptr;
  if (each.meant == "data-field")
    return askable.outputs.contains(value) || askable.columns.contains(value);
  if (each.meant == "data-each") return askable.lists.contains(value);
  if (each.meant == "data-show") return askable.states.contains(value);
  if (each.meant == "data-user") return value == "name" || value == "email";
  if (form == nullptr) return false;
  if (each.meant == "data-error-for") return has_control(*form, value);
  if (each.meant == "data-inbox") return each.is_of_form && !form->targets.empty();
  const bool is_in_its_place = each.is_of_form != (each.meant == "data-trap");
  return is_in_its_place && form->attributes.contains(inbox_attribute);
}

}  // namespace

PageFindings check_misspelt(const std::string& page, const PageOutline& outline,
                            const Askable& askable) {
  PageFindings found;
  for (const OutlineMisspelt& each : outline.misspelt)
    if (means_ours(each, outline, askable))
      found.push_back({page, each.line, fmt::format("{} means nothing here.", each.name),
                       fmt::format("Write {}.", each.meant)});
  return found;
}

}  // namespace actiond
