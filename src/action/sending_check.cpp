#include "action/sending_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

#include "base/encoding.h"
#include "forms/accepted_files.h"
#include "forms/number.h"

namespace actiond {
namespace {

bool is_declared(const std::vector<const Action*>& targets, std::string_view name,
                 bool (*is_so)(const FieldDescription&)) {
  return std::ranges::any_of(targets, [&](const Action* action) {
    const FieldDescription* field = find_field(action->form, name);
    return field != nullptr && is_so(*field);
  });
}

// Whether the name comes in any case, and not only when something is chosen.  `is_choice`: a hidden
// field without a value stands for no choice.
bool is_always_sent(const OutlineControl& control, bool is_choice) {
  if (!control.sends || control.kind == ControlKind::Check || control.kind == ControlKind::Choices)
    return false;
  return control.kind != ControlKind::Hidden || !is_choice || !control.value.empty();
}

bool is_file(const FieldDescription& field) { return field.kind == Kind::File; }
bool is_one_value(const FieldDescription& field) {
  return field.kind != Kind::File && field.kind != Kind::List && field.kind != Kind::Checkbox;
}
bool is_choice_of_options(const FieldDescription& field) { return !field.rules.one_of.empty(); }

PageFindings check_way(const std::string& page, const OutlineForm& form,
                       const std::string& action) {
  PageFindings found;
  for (const auto& [encoding, line] : form.encodings)
    if (to_lower(encoding) == "text/plain")
      found.push_back({page, line, "The form is sent as text/plain, which no action reads.",
                       "Leave the encoding out."});
  for (const auto& [method, line] : form.methods)
    if (to_lower(method) != "post" && to_lower(method) != "dialog")
      found.push_back(
          {page, line,
           fmt::format("This button does not post the form for {}: its fields go into the address.",
                       action),
           "Leave formmethod out."});
  return found;
}

// A visitor may type what the action then refuses.
void check_length(const std::string& page, const OutlineControl& control, const Action& action,
                  PageFindings& found) {
  static const std::set<std::string_view> with_length{"text",  "search",   "tel",     "url",
                                                      "email", "password", "textarea"};
  const FieldDescription* field = find_field(action.form, control.name);
  const auto length = parse_length(control.written.value("maxlength"));
  if (field == nullptr || field->kind != Kind::Text || !length ||
      !with_length.contains(control.written.type) || *length <= max_length(field->rules))
    return;
  found.push_back({page, control.line,
                   fmt::format("The field \"{}\" lets {} characters be typed, and {} takes {}.",
                               control.name, *length, action.name, max_length(field->rules)),
                   fmt::format("Write maxlength=\"{}\".", max_length(field->rules))});
}

void check_accept(const std::string& page, const OutlineControl& control, PageFindings& found) {
  const std::string_view part = unknown_part(control.written.value("accept"));
  if (control.written.type != "file" || part.empty()) return;
  found.push_back(
      {page, control.line,
       fmt::format("\"{}\" in the accept of \"{}\" names no kind of file.", part, control.name),
       "Write ends of names or media types with commas between, as in "
       "accept=\".png, image/jpeg\"."});
}

}  // namespace

PageFindings check_sending(const std::string& page, const OutlineForm& form,
                           const std::vector<const Action*>& targets) {
  const std::string& action = targets.front()->name;
  PageFindings found = check_way(page, form, action);
  std::map<std::string_view, int> times;
  std::set<std::string_view> buttons;  // of those with one name a visitor takes one
  for (const OutlineControl& control : form.controls) {
    for (const Action* each : targets) check_length(page, control, *each, found);
    check_accept(page, control, found);
    const auto declared_as = [&](bool (*is_so)(const FieldDescription&)) {
      return is_declared(targets, control.name, is_so);
    };
    if (control.sends && control.written.type == "file" && declared_as(is_file) &&
        !form.sends_files)
      found.push_back(
          {page, control.line,
           fmt::format("Of the file \"{}\" the form sends the name alone.", control.name),
           "Write enctype=\"multipart/form-data\"."});
    if (!declared_as(is_one_value) || !is_always_sent(control, declared_as(is_choice_of_options)) ||
        (control.kind == ControlKind::Button && !buttons.insert(control.name).second))
      continue;
    if (++times[control.name] == 2)
      found.push_back({page, control.line,
                       fmt::format("The field \"{}\" is sent twice, and {} refuses that.",
                                   control.name, action),
                       "Write it once, or declare a list."});
  }
  return found;
}

}  // namespace actiond
