#include "action/value_check.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/encoding.h"
#include "forms/form.h"
#include "forms/measure.h"

namespace actiond {
namespace {

bool refuses(const FieldDescription& field, const std::string& value) {
  switch (field.kind) {
    case Kind::Number: return std::holds_alternative<Wrong>(read_number(value, field.rules));
    case Kind::Date: return std::holds_alternative<Wrong>(read_date(value, field.rules));
    case Kind::List: return std::holds_alternative<Wrong>(read_list({value}, field.rules));
    case Kind::Text: return std::holds_alternative<Wrong>(read_text(value, field.rules));
    case Kind::Checkbox:
    case Kind::File: break;
  }
  return false;
}

bool is_no_option(const FieldDescription& field, std::string_view value) {
  const auto& options = field.rules.one_of;
  return field.kind != Kind::Checkbox && !options.empty() &&
         std::ranges::find(options, value) == options.end();
}

class ValueChecker {
 public:
  ValueChecker(const std::string& page, const Action& action) : page_(page), action_(action) {}

  void check_choice(const OutlineChoice& choice) {
    const FieldDescription* field = find_field(action_.form, choice.field);
    if (field == nullptr) return;
    const auto& [value, line] = choice.value;
    if (is_no_option(*field, value))
      report(line,
             fmt::format("\"{}\" is no option of the field \"{}\": {} refuses it.", value,
                         choice.field, action_.name),
             fmt::format("The options are: {}.", fmt::join(field->rules.one_of, ", ")));
    else if (refuses(*field, value))
      report(line,
             fmt::format("\"{}\" is no value of the field \"{}\": {} refuses it.", value,
                         choice.field, action_.name),
             fmt::format("It takes: {}.", rules_text(*field)));
  }

  // A visitor may choose what the action then refuses.
  void check_bounds(const OutlineControl& control) {
    const FieldDescription* field = find_field(action_.form, control.name);
    const std::string& type = control.written.type;
    if (field == nullptr || field->kind != Kind::Number || (type != "number" && type != "range"))
      return;
    check_bound(control, "min", field->rules.min, false);
    check_bound(control, "max", max_number(field->rules), true);
  }

  PageFindings take() && { return std::move(found_); }

 private:
  void report(std::size_t line, std::string what, std::string mend) {
    found_.push_back({page_, line, std::move(what), std::move(mend)});
  }

  void check_bound(const OutlineControl& control, std::string_view name, std::int64_t taken,
                   bool is_upper) {
    const auto written = find_measure("number")->read(control.written.value(name));
    const auto bound = static_cast<double>(taken);
    if (!written || (is_upper ? *written <= bound : *written >= bound)) return;
    report(
        control.line,
        fmt::format("The field \"{}\" has {}=\"{}\", and {} takes {} or {}.", control.name, name,
                    control.written.value(name), action_.name, taken, is_upper ? "less" : "more"),
        fmt::format("Write {}=\"{}\".", name, taken));
  }

  const std::string& page_;
  const Action& action_;
  PageFindings found_;
};

}  // namespace

PageFindings check_values(const std::string& page, const OutlineForm& form,
                          const std::vector<const Action*>& targets) {
  PageFindings found;
  for (const Action* action : targets) {
    ValueChecker checker(page, *action);
    for (const OutlineChoice& choice : form.choices) checker.check_choice(choice);
    for (const OutlineControl& control : form.controls) checker.check_bounds(control);
    std::ranges::move(std::move(checker).take(), std::back_inserter(found));
  }
  return found;
}

}  // namespace actiond
