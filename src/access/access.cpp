#include "access/access.h"

namespace actiond {

std::string_view to_text(Level level) {
  switch (level) {
    case Level::Public: return "public";
    case Level::Protected: return "protected";
    case Level::Paid: break;
  }
  return "paid";
}

}  // namespace actiond
