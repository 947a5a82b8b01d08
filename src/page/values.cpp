#include "page/values.h"

#include <utility>

namespace actiond {
namespace {

std::string with_line_feeds(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\r' && text.substr(at + 1).starts_with('\n')) continue;
    result += text[at] == '\r' ? '\n' : text[at];
  }
  return result;
}

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

}  // namespace

SentValues::SentValues(const FieldValues& values) {
  for (const FieldValue& field : values)
    if (field.name != "_once")
      by_name_[field.name].in_order.push_back(with_line_feeds(field.value));
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

bool could_have_sent(const PageForm& form, const SentValues& sent) {
  std::set<std::string_view> answered;  // the names sent that a control here accounts for
  for (const Control& control : form.controls) {
    const bool is_text = control.kind == ControlKind::Text || control.kind == ControlKind::Area;
    const bool is_hidden = control.kind == ControlKind::Hidden;
    const bool has_value = sent.has(control.name, control.value);
    if (is_text && !control.is_disabled && !sent.has(control.name)) return false;
    if (is_hidden && !control.is_disabled && !has_value) return false;
    if (control.kind == ControlKind::Button ? has_value : sent.has(control.name))
      answered.insert(control.name);
  }
  return answered.size() == sent.count_names();
}

void fill_values(const PageForm& form, const SentValues& sent, bool is_only, Edits& edits) {
  std::map<std::string_view, std::size_t> seen;  // controls of that name so far
  for (const Control& control : form.controls) {
    switch (control.kind) {
      case ControlKind::Button: break;
      case ControlKind::Choices: fill_options(control, sent, edits); break;
      case ControlKind::Check: {
        const bool on = sent.has(control.name, control.value);
        if (on || !control.is_disabled) turn(control.tag, "checked", on, edits);
        break;
      }
      default: {
        const std::string* value = sent.nth(control.name, seen[control.name]++);
        const bool is_kept = control.kind == ControlKind::Unkept ||
                             (control.kind == ControlKind::Hidden && !is_only);
        if (value && !is_kept) fill_single(control, *value, edits);
      }
    }
  }
}

}  // namespace actiond
