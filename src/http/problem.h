// What went wrong, as the client may know it: RFC 9457 without its notation.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>

namespace actiond {

struct Problem {
  int status;
  std::string detail;
  std::map<std::string, std::string> errors = {};  // messages by field name
  std::string allow = {};                          // of a 405: the methods there are
  // When to come again, as Retry-After says it; of a 503 always the same.
  std::optional<std::chrono::seconds> retry_after = {};
  std::string reason = {};  // for the log: quotes nothing that was sent
};

}  // namespace actiond
