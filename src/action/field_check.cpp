#include "action/field_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string_view>

#include "action/submission.h"
#include "base/encoding.h"
#include "base/program_name.h"

namespace actiond {
namespace {

// A name of a field that no form declares, and that means something all the same.
bool is_reserved(std::string_view name) {
  return name == once_field || name == "_shown" || to_lower(name) == "_charset_";
}

class FieldChecker {
 public:
  FieldChecker(const std::string& page, const OutlineForm& form,
               const std::vector<const Action*>& targets)
      : page_(page), form_(form), targets_(targets) {}

  PageFindings check() {
    if (!std::ranges::all_of(targets_, &Action::is_repeatable)) check_key();
    check_declared();
    for (const OutlineControl& control : form_.controls) check_word(control);
    for (const Action* action : targets_) {
      check_required(*action);
      if (action->spam_trap) check_trap(*action, *action->spam_trap);
    }
    return std::move(found_);
  }

 private:
  void report(std::size_t line, std::string what, std::string mend) {
    found_.push_back({page_, line, std::move(what), std::move(mend)});
  }

  const OutlineControl* find(std::string_view name) const {
    const auto found = std::ranges::find(form_.controls, name, &OutlineControl::name);
    return found != form_.controls.end() ? &*found : nullptr;
  }

  bool sends(std::string_view name) const {
    return std::ranges::any_of(form_.controls, [name](const OutlineControl& control) {
      return control.name == name && control.sends;
    });
  }

  bool is_taken(std::string_view name) const {
    return is_reserved(name) || std::ranges::any_of(targets_, [name](const Action* action) {
             return find_field(action->form, name) != nullptr || action->spam_trap == name;
           });
  }

  void check_key() {
    const OutlineControl* key = find(once_field);
    const std::string field =
        fmt::format("<input type=\"hidden\" name=\"{}\" value=\"{}\">", once_field, once_word);
    if (key == nullptr)
      report(form_.line, "The form has no submission key: sent twice, it acts twice.",
             fmt::format("Put {} into it.", field));
    else if (!key->has_word || to_lower(key->value) != once_word)
      report(key->line, "The field _once gets no key: sent twice, the form acts twice.",
             fmt::format("Write {}.", field));
  }

  void check_declared() {
    const auto undeclared = [&](const std::string& name, std::size_t line) {
      report(line,
             fmt::format("The field \"{}\" is sent, and {} drops it: its form does not declare it.",
                         name, targets_.front()->name),
             "Declare it in C++, or remove it or its name from the page.");
    };
    std::set<std::string_view> seen;
    for (const OutlineControl& control : form_.controls)
      if (control.sends && !is_taken(control.name) && seen.insert(control.name).second)
        undeclared(control.name, control.line);
    for (const auto& [name, line] : form_.further)
      if (!is_taken(name)) undeclared(name, line);
    for (const auto& [name, line] : form_.messages)
      if (!is_taken(name))
        report(line, fmt::format("data-error-for=\"{}\" never gets a message.", name),
               fmt::format("Name a field of {}.", targets_.front()->name));
  }

  // How these fields were written when nginx looked for their markup.
  void check_word(const OutlineControl& control) {
    if (control.kind != ControlKind::Hidden || control.has_word || !is_taken(control.name)) return;
    if (control.name == "_shown")
      report(control.line, "The field _shown gets no time.", "Write value=\"{shown}\".");
    if (control.name == "next" && control.value.empty())
      report(control.line, "The field next stays empty.",
             "Write value=\"{next}\", or the page that it shall lead to.");
  }

  void check_required(const Action& action) {
    for (const FieldDescription& field : action.form.fields) {
      if (!field.rules.required || sends(field.name)) continue;
      if (const OutlineControl* control = find(field.name))
        report(control->line,
               fmt::format("The field \"{}\" is never sent, and {} refuses the form without it.",
                           field.name, action.name),
               "Remove its disabled: a value that nobody changes is readonly.");
      else
        report(form_.line,
               fmt::format("The form lacks the field \"{}\", without which {} refuses it.",
                           field.name, action.name),
               fmt::format("Add it: {} prints one.", form_command(action)));
    }
  }

  void check_trap(const Action& action, std::string_view trap) {
    if (find(trap) == nullptr)
      report(form_.line,
             fmt::format("The form lacks the spam trap \"{}\" of {}.", trap, action.name),
             "Add a text field of that name that people do not see.");
    for (const OutlineControl& control : form_.controls)
      if (control.name == trap && is_filled_at_first(control))
        report(
            control.line,
            fmt::format("The spam trap \"{}\" is never empty: it catches everybody.", control.name),
            "Make it an <input> without a value.");
  }

  const std::string& page_;
  const OutlineForm& form_;
  const std::vector<const Action*>& targets_;
  PageFindings found_;
};

}  // namespace

PageFindings check_fields(const std::string& page, const OutlineForm& form,
                          const std::vector<const Action*>& targets) {
  return FieldChecker(page, form, targets).check();
}

std::string form_command(const Action& action) { return in_shell("actions --form " + action.name); }

}  // namespace actiond
