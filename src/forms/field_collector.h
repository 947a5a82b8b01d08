// Gathers the fields of a body, each within the limits whatever notation it came in.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "forms/field.h"
#include "http/problem.h"

namespace actiond {

class FieldCollector {
 public:
  // False when the field must not be: nothing more is to be read then.
  [[nodiscard]] bool add(std::string_view name, std::string_view value);
  [[nodiscard]] bool add(std::string_view name, File file);
  // Whether it can be the name of a field, and can be quoted.
  [[nodiscard]] bool check_name(std::string_view name);
  // What is sent but goes nowhere counts as a field all the same.
  [[nodiscard]] bool pass_over();
  // The same for what a notation found wrong by itself.
  bool fail(int status, std::string detail);

  // The fields, or the first problem.
  std::variant<FieldValues, Problem> take() &&;

 private:
  FieldValues fields_;
  std::size_t count_ = 0;
  std::optional<Problem> problem_;
};

}  // namespace actiond
