#include "base/program_name.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstdlib>

namespace actiond {

const char* program_name() { return program_invocation_short_name; }

std::string in_shell(std::string_view words) {
  const char* script = std::getenv("ACTIOND_CALLED_AS");
  return fmt::format("`{} {}`", script != nullptr ? script : program_name(), words);
}

}  // namespace actiond
