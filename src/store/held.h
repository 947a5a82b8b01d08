// Submissions that look like spam, kept apart until somebody has looked.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "data/database.h"
#include "forms/field.h"

namespace actiond {

struct Held {
  std::int64_t id;
  Time at;
  std::string action;
  FieldValues fields;  // without the trap, the time and the submission key
};

// The oldest first, those behind the row `after`.
std::vector<Held> held(Reader& db, std::int64_t after = 0, int most = 1000);
std::optional<Held> find_held(Reader& db, std::int64_t id);
// False when there is none.
bool drop_held(Transaction& tx, std::int64_t id);

}  // namespace actiond
