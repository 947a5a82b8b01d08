#include "forms/field_collector.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/encoding.h"
#include "forms/body.h"

namespace actiond {

bool FieldCollector::add(std::string_view name, std::string_view value) {
  if (!pass_over() || !check_name(name)) return false;
  if (!count_characters(value))
    return fail(400, fmt::format("The field \"{}\" is not UTF-8 text.", name));
  if (has_control_character(value))
    return fail(400, fmt::format("The field \"{}\" holds a control character.", name));
  fields_.push_back({std::string(name), std::string(value)});
  return true;
}

bool FieldCollector::add(std::string_view name, File file) {
  if (!pass_over()) return false;
  const bool repeated =
      std::any_of(fields_.begin(), fields_.end(),
                  [name](const FieldValue& field) { return field.file && field.name == name; });
  if (repeated) return fail(400, fmt::format("The field \"{}\" was sent more than once.", name));
  if (!count_characters(file.name) || has_control_character(file.name))
    return fail(400,
                fmt::format("The file of the field \"{}\" has a name that is not UTF-8 text, or "
                            "holds a control character.",
                            name));
  fields_.push_back({std::string(name), "", std::move(file)});
  return true;
}

bool FieldCollector::check_name(std::string_view name) {
  if (name.size() > max_name_bytes)
    return fail(400, fmt::format("A field's name is limited to {} bytes.", max_name_bytes));
  if (!count_characters(name) || has_control_character(name))
    return fail(400, "A field's name is not UTF-8 text, or holds a control character.");
  return true;
}

bool FieldCollector::pass_over() {
  if (count_ == max_fields)
    return fail(413, fmt::format("A form is limited to {} fields.", max_fields));
  ++count_;
  return true;
}

bool FieldCollector::fail(int status, std::string detail) {
  if (!problem_) problem_ = Problem{status, std::move(detail)};
  return false;
}

std::variant<FieldValues, Problem> FieldCollector::take() && {
  if (problem_) return *std::move(problem_);
  return std::move(fields_);
}

}  // namespace actiond
