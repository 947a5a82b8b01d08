#include "page/values.h"

#include <algorithm>
#include <utility>

#include "forms/text.h"

namespace actiond {
namespace {

void fill_area(const Control& area, std::string_view value, Edits& edits) {
  if (!area.content) return;
  // A parser drops a line break right behind the tag: one for it, one for the value.
  if (value.starts_with('\n')) edits.insert(area.content->begin, "\n");
  edits.write(*area.content, value);
}

void turn(const Tag& tag, std::string_view attribute, bool on, Edits& edits) {
  if (on) edits.add(tag, attribute);
  if (!on) edits.remove(tag, attribute);
}

// The first option of that value: with two selected, a browser would show the last.
void choose(const Control& select, std::string_view value, Edits& edits) {
  bool is_chosen = false;
  for (const Option& option : select.options) {
    const bool is_this = !is_chosen && option.value == value;
    is_chosen |= is_this;
    turn(option.tag, "selected", is_this, edits);
  }
}

void fill_single(const Control& control, const std::string& value, Edits& edits) {
  if (control.kind == ControlKind::Area) return fill_area(control, value, edits);
  if (control.kind == ControlKind::Choice) return choose(control, value, edits);
  edits.set(control.tag, "value", value);
}

void fill_options(const Control& select, const SentValues& sent, Edits& edits) {
  for (const Option& option : select.options)
    turn(option.tag, "selected", sent.has(select.name, option.value), edits);
}

// The evidence in the sent values for or against one form.
struct FormClues {
  bool lacks_a_control = false;         // that a browser would have sent was not
  std::set<std::string_view> answered;  // names that its controls account for
  std::set<std::string_view> agreed;    // of hidden fields with the value that was sent
};

FormClues clues_of(const PageForm& form, const SentValues& sent) {
  FormClues clues;
  for (const Control& control : form.controls) {
    const bool is_text = control.kind == ControlKind::Text || control.kind == ControlKind::Area;
    const bool is_hidden = control.kind == ControlKind::Hidden;
    const bool has_value = sent.has(control.name, control.value);
    const bool is_sent = sent.has(control.name);
    if ((is_text || is_hidden) && !control.is_disabled && !is_sent) clues.lacks_a_control = true;
    if (is_hidden && has_value) clues.agreed.insert(control.name);
    if (control.kind == ControlKind::Button ? has_value : is_sent)
      clues.answered.insert(control.name);
  }
  for (const std::string& name : form.further_names)
    if (sent.has(name)) clues.answered.insert(name);
  return clues;
}

}  // namespace

SentValues::SentValues(const FieldValues& values) {
  for (const FieldValue& field : values)
    if (field.name != "_once") by_name_[field.name].in_order.push_back(as_shown(field.value));
  for (auto& [name, values_of_name] : by_name_)
    values_of_name.any.insert(values_of_name.in_order.begin(), values_of_name.in_order.end());
}

bool SentValues::has(std::string_view name, std::string_view value) const {
  const auto found = by_name_.find(name);
  return found != by_name_.end() && found->second.any.contains(value);
}

const std::string* SentValues::nth(std::string_view name, std::size_t n) const {
  const auto found = by_name_.find(name);
  if (found == by_name_.end() || n >= found->second.in_order.size()) return nullptr;
  return &found->second.in_order[n];
}

std::vector<std::size_t> likely_forms(const PageParts& parts, const std::vector<std::size_t>& forms,
                                      const SentValues& sent) {
  std::map<std::size_t, FormClues> clues;
  std::set<std::string_view> answered;
  std::set<std::string_view> agreed;
  for (const std::size_t form : forms) {
    FormClues& found = clues[form] = clues_of(parts.forms[form], sent);
    answered.insert(found.answered.begin(), found.answered.end());
    agreed.insert(found.agreed.begin(), found.agreed.end());
  }
  std::vector<std::size_t> likely;
  for (const auto& [form, found] : clues)
    if (!found.lacks_a_control && std::ranges::includes(found.answered, answered) &&
        std::ranges::includes(found.agreed, agreed))
      likely.push_back(form);
  return likely;
}

void fill_values(const PageForm& form, const SentValues& sent, bool is_only, Edits& edits) {
  std::map<std::string_view, std::size_t> checks;  // of that name
  std::set<std::string_view> visible;
  for (const Control& control : form.controls) {
    if (control.kind == ControlKind::Check) ++checks[control.name];
    if (control.kind != ControlKind::Hidden && control.kind != ControlKind::Button)
      visible.insert(control.name);
  }
  std::map<std::string_view, std::size_t> seen;  // controls of that name so far
  for (const Control& control : form.controls) {
    switch (control.kind) {
      case ControlKind::Button: break;
      case ControlKind::Choices: fill_options(control, sent, edits); break;
      case ControlKind::Check: {
        // A form in C++ writes "on", whatever value the author gave the one box.
        const bool on = sent.has(control.name, control.value) ||
                        (checks[control.name] == 1 && sent.has(control.name, "on"));
        if (on || !control.is_disabled) turn(control.tag, "checked", on, edits);
        break;
      }
      case ControlKind::Hidden:
        // The hidden twin of a checkbox or a list says what is sent when nothing is chosen.
        if (is_only && !visible.contains(control.name))
          if (const std::string* value = sent.nth(control.name, seen[control.name]++))
            fill_single(control, *value, edits);
        break;
      case ControlKind::Unkept: ++seen[control.name]; break;
      default:
        if (const std::string* value = sent.nth(control.name, seen[control.name]++))
          fill_single(control, *value, edits);
    }
  }
}

void fill_row_controls(const std::vector<Control>& controls, const ListRow& row, Edits& edits) {
  std::map<std::string_view, std::size_t> checks;  // of that name
  for (const Control& control : controls)
    if (control.kind == ControlKind::Check) ++checks[control.name];
  for (const Control& control : controls) {
    const std::string* found = row.find(control.name);
    if (found == nullptr || control.kind == ControlKind::Unkept) continue;
    const std::string& value = *found;
    if (control.kind == ControlKind::Check) {
      const bool is_yes = value == "1" || value == "true" || value == "on";
      const bool is_lone = checks[control.name] == 1;
      turn(control.tag, "checked", value == control.value || (is_lone && is_yes), edits);
    } else if (control.kind == ControlKind::Choices) {
      for (const Option& option : control.options)
        turn(option.tag, "selected", option.value == value, edits);
    } else {
      fill_single(control, value, edits);
    }
  }
}

}  // namespace actiond
