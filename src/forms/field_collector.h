// Gathers the fields of a body within the limits, which are the same in every notation.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "forms/form.h"
#include "http/problem.h"

namespace actiond {

class FieldCollector {
 public:
  // `form` outlives it.
  explicit FieldCollector(const FormDescription& form) : form_(form) {}

  // These are false when the body is refused: its reader stops then.
  [[nodiscard]] bool add(std::string_view name, std::string_view value);
  [[nodiscard]] bool add(std::string_view name, File file);
  // Whether `name` can be the name of a field, and can be quoted.
  [[nodiscard]] bool check_name(std::string_view name);
  // Counts a field that is not kept.
  [[nodiscard]] bool pass_over();
  // Refuses the body; of several reasons the first counts.
  bool fail(int status, Message detail);

  // How many bytes the value of a field may have to be kept: of a longer one, a reader may give
  // `add` any beginning that is longer too.
  std::size_t room(std::string_view name) const;
  // Whether a file for that field came before.
  bool has_file(std::string_view name) const;

  // The fields, or the first problem.
  std::variant<FieldValues, Problem> take() &&;

 private:
  const FormDescription& form_;
  FieldValues fields_;
  std::size_t count_ = 0;
  std::size_t undeclared_bytes_ = 0;
  std::optional<Problem> problem_;
};

}  // namespace actiond
