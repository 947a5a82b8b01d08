#include "action/spam.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <stdexcept>
#include <string>

namespace actiond {
namespace {

constexpr std::string_view shown_field = "_shown";

FieldValues::const_iterator find_value(const FieldValues& values, std::string_view field) {
  return std::find_if(values.begin(), values.end(),
                      [field](const FieldValue& value) { return value.name == field; });
}

bool is_filled(const FieldValues& values, std::string_view field) {
  return std::any_of(values.begin(), values.end(), [field](const FieldValue& value) {
    return value.name == field && !value.value.empty();
  });
}

}  // namespace

bool looks_like_spam(const FieldValues& values, std::string_view trap, Time now) {
  if (is_filled(values, trap)) return true;
  const auto shown = find_value(values, shown_field);
  return shown != values.end() && is_too_quick(shown->value, now.time_since_epoch());
}

bool is_too_quick(std::string_view shown, std::chrono::duration<double> now) {
  constexpr std::chrono::duration<double> least(2);
  if (shown.empty()) return false;
  double seconds = 0;
  const char* const end = shown.data() + shown.size();
  const auto read = std::from_chars(shown.data(), end, seconds);
  if (read.ec != std::errc() || read.ptr != end) return true;
  // The negation also holds for a NaN.
  return !(now - std::chrono::duration<double>(seconds) >= least);
}

FieldValues declared_fields(const FieldValues& values, const FormDescription& form) {
  FieldValues declared;
  std::copy_if(
      values.begin(), values.end(), std::back_inserter(declared),
      [&form](const FieldValue& value) { return find_field(form, value.name) != nullptr; });
  return declared;
}

void require_trap(std::string_view action, const FormDescription& form, std::string_view trap) {
  const bool holds_secrets =
      std::any_of(form.fields.begin(), form.fields.end(), [](const FieldDescription& field) {
        return field.kind == Kind::File || field.rules.format == Format::Password;
      });
  if (holds_secrets)
    throw std::logic_error("the action " + std::string(action) +
                           " has a SpamTrap, and a password or a file that must not be held");
  if (find_field(form, trap) != nullptr)
    throw std::logic_error("the action " + std::string(action) + " has a SpamTrap \"" +
                           std::string(trap) + "\" that is a field of its form");
}

}  // namespace actiond
