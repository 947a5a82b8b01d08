// What a form sends: flat names and values, in the order sent.  Nothing deeper
// exists (no nesting, no types), so nothing deeper can be smuggled in.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "data/file.h"

namespace actiond {

struct FieldValue {
  std::string name;
  std::string value;  // of a file: empty
  std::optional<File> file = {};
};

using FieldValues = std::vector<FieldValue>;

// A message for each wrong field, by field name.
struct FieldErrors {
  std::map<std::string, std::string> messages;
};

}  // namespace actiond
