#include "forms/field_collector.h"

#include <algorithm>

#include "base/encoding.h"
#include "forms/limits.h"

namespace actiond {

bool FieldCollector::add(std::string_view name, std::string_view value) {
  if (!pass_over() || !check_name(name)) return false;
  const bool is_declared = find_field(form_, name) != nullptr;
  const std::size_t undeclared_bytes =
      undeclared_bytes_ + (is_declared ? 0 : name.size() + value.size());
  if (undeclared_bytes > max_undeclared_bytes) return true;
  if (value.size() > room(name)) {
    fields_.push_back({std::string(name), "", std::nullopt, true});
    return true;
  }
  if (!count_characters(value))
    return fail(400, {"body.field_not_utf8", {{"field", std::string(name)}}});
  undeclared_bytes_ = undeclared_bytes;
  fields_.push_back({std::string(name), std::string(value)});
  return true;
}

bool FieldCollector::add(std::string_view name, File file) {
  if (!pass_over()) return false;
  if (!count_characters(file.name) || has_control_character(file.name))
    return fail(400, {"body.file_name", {{"field", std::string(name)}}});
  fields_.push_back({std::string(name), "", std::move(file)});
  return true;
}

bool FieldCollector::check_name(std::string_view name) {
  if (name.size() > max_name_bytes)
    return fail(400, {"body.name_too_long", {{"max", std::to_string(max_name_bytes)}}});
  if (!count_characters(name) || has_control_character(name))
    return fail(400, "body.name_not_utf8");
  return true;
}

bool FieldCollector::pass_over() {
  if (count_ == max_fields)
    return fail(413, {"body.too_many_fields", {{"max", std::to_string(max_fields)}}});
  ++count_;
  return true;
}

std::size_t FieldCollector::room(std::string_view name) const {
  if (const FieldDescription* field = find_field(form_, name)) return max_value_bytes(*field);
  const std::size_t used = undeclared_bytes_ + name.size();
  return max_undeclared_bytes - std::min(used, max_undeclared_bytes);
}

bool FieldCollector::has_file(std::string_view name) const {
  return std::ranges::any_of(
      fields_, [name](const FieldValue& field) { return field.file && field.name == name; });
}

bool FieldCollector::fail(int status, Message detail) {
  if (!problem_) problem_ = Problem{status, std::move(detail)};
  return false;
}

std::variant<FieldValues, Problem> FieldCollector::take() && {
  if (problem_) return *std::move(problem_);
  return std::move(fields_);
}

}  // namespace actiond
