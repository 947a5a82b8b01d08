// The outcome of reading a body, as one line: "a=1|b=2", or "400 The body …".
#pragma once

#include <string>
#include <variant>

#include "forms/body.h"
#include "http/words.h"

namespace actiond::test {

inline std::string to_text(const std::variant<FieldValues, Problem>& outcome) {
  if (const auto* problem = std::get_if<Problem>(&outcome))
    return std::to_string(problem->status) + " " + in_english(problem->detail);
  std::string text;
  for (const FieldValue& field : std::get<FieldValues>(outcome))
    text += (text.empty() ? "" : "|") + field.name + "=" + field.value;
  return text;
}

inline bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace actiond::test
