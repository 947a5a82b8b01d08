// The fields that a form sends: flat names and values, in the order sent.  There is no nesting and
// there are no types, so an attacker can smuggle in neither.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "data/file.h"
#include "http/message.h"

namespace actiond {

struct FieldValue {
  std::string name;
  std::string value;  // empty for a file, and when it is too long
  std::optional<File> file = {};
  bool is_too_long = false;  // for its field: more than max_value_bytes (limits.h), so not held
};

using FieldValues = std::vector<FieldValue>;

// A message for each wrong field, by field name.
struct FieldErrors {
  std::map<std::string, Message> messages;
};

}  // namespace actiond
