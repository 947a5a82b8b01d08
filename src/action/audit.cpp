#include "action/audit.h"

namespace actiond {

std::string_view outcome_of(const Result& result) {
  if (std::holds_alternative<Redirect>(result)) return "redirect";
  if (std::holds_alternative<Data>(result)) return "data";
  if (std::holds_alternative<StartSession>(result)) return "session started";
  if (std::holds_alternative<Leave>(result)) return "left the site";
  return "session ended";
}

}  // namespace actiond
