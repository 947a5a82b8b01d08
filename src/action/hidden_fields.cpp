#include <algorithm>
#include <stdexcept>

#include "action/page_check.h"
#include "page/outline.h"

namespace actiond {
namespace {

std::vector<const Action*> actions_with_form(const Catalogue& catalogue) {
  std::vector<const Action*> found;
  for (const Action& action : catalogue.actions())
    if (!action.is_view() && !action.form.fields.empty()) found.push_back(&action);
  return found;
}

// Buttons of one name are a choice where the field has options.
bool is_hidden(const OutlineControl& control, const FieldDescription& field) {
  return control.kind == ControlKind::Hidden ||
         (control.kind == ControlKind::Button && field.rules.one_of.empty());
}

}  // namespace

HiddenFields find_hidden_fields(const PageTexts& pages, const Catalogue& catalogue,
                                const std::vector<std::string>& hosts) {
  const auto wanted = actions_with_form(catalogue);
  HiddenFields hidden, shown;
  const auto look_at = [&](const OutlineForm& form) {
    for (const Action* action : wanted)
      if (std::ranges::count(form.targets, action->name, &OutlineName::name) > 0)
        for (const OutlineControl& control : form.controls)
          if (const auto* field = find_field(action->form, control.name))
            (is_hidden(control, *field) ? hidden : shown)[action->name].insert(control.name);
  };
  for (const auto& page : pages) {
    const std::string& text = page.second;
    const bool has_one = std::ranges::any_of(wanted, [&text](const Action* action) {
      return text.find("actions/" + action->name) != text.npos;
    });
    if (has_one) try {
        for (const OutlineForm& form : outline_of(text, {"/" + page.first, hosts}).forms)
          look_at(form);
      } catch (const std::invalid_argument&) {
        // `check_pages` tells of it.
      }
  }
  for (auto& [action, names] : hidden) {
    const auto& shown_too = shown[action];
    std::erase_if(names, [&](const std::string& name) { return shown_too.contains(name); });
  }
  return hidden;
}

}  // namespace actiond
