// Invariants of every body, whatever its notation.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <variant>

#include "base/encoding.h"
#include "forms/body.h"
#include "fuzz/demand.h"
#include "http/words.h"

namespace actiond::fuzz {

using Parsed = std::variant<FieldValues, Problem>;

// `body`, of which at most `step` bytes come at a time.
inline BodySource source_of(std::string_view body, std::size_t step) {
  return [body, step](char* into, std::size_t size) mutable {
    const std::size_t read = body.copy(into, std::min(size, step));
    body.remove_prefix(read);
    return read;
  };
}

inline bool is_text(std::string_view text) {
  return count_characters(text) && !has_control_character(text);
}

// Refused for a reason that can be told, or read into fields within the limits.
inline void demand_fields_or_problem(const Parsed& parsed) {
  if (const auto* problem = std::get_if<Problem>(&parsed)) {
    demand(problem->status == 400 || problem->status == 413 || problem->status == 415,
           "refused with another status");
    const std::string reason = in_english(problem->detail);
    demand(!reason.empty() && reason.size() < 1000, "refused without a reason");
    demand(is_text(reason), "the reason is not text");
    return;
  }
  const auto& values = std::get<FieldValues>(parsed);
  demand(values.size() <= max_fields, "more fields than the limit");
  for (const FieldValue& value : values) {
    demand(value.name.size() <= max_name_bytes, "a name beyond the limit");
    demand(is_text(value.name), "a field's name is not text");
    demand(count_characters(value.value).has_value(), "a value is not UTF-8");
    demand(!value.is_too_long || value.value.empty(), "what is too long is held");
  }
}

inline bool same(const FieldValues& a, const FieldValues& b) {
  return std::ranges::equal(a, b, [](const FieldValue& one, const FieldValue& other) {
    return one.name == other.name && one.value == other.value &&
           one.file.has_value() == other.file.has_value() &&
           (!one.file ||
            (one.file->name == other.file->name && one.file->digest == other.file->digest));
  });
}

inline bool same(const Parsed& a, const Parsed& b) {
  if (a.index() != b.index()) return false;
  if (const auto* problem = std::get_if<Problem>(&a))
    return problem->status == std::get<Problem>(b).status &&
           problem->detail == std::get<Problem>(b).detail;
  return same(std::get<FieldValues>(a), std::get<FieldValues>(b));
}

}  // namespace actiond::fuzz
