// Rows of submissions that look like spam, held until an operator releases or drops them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "action/spam.h"

namespace actiond {

// The oldest go when there are more, or when they are older: nobody has looked for that long.
constexpr int most_held = 10'000;
constexpr std::chrono::days held_for(90);

class HeldRows final : public HeldSubmissions {
 public:
  void hold(Transaction& tx, std::string_view action, const FieldValues& fields,
            Time now) const override;
};

struct Held {
  std::int64_t id;
  Time at;
  std::string action;
  FieldValues fields;
};

// The oldest first, those behind the row `after`.
std::vector<Held> held(Reader& db, std::int64_t after = 0, int most = 1000);
std::optional<Held> find_held(Reader& db, std::int64_t id);
// False when there is none.
bool drop_held(Transaction& tx, std::int64_t id);

}  // namespace actiond
