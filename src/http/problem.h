// A problem as the client may know it: the content of RFC 9457, in no notation.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>

#include "http/message.h"

namespace actiond {

struct Problem {
  int status;
  Message detail;
  std::map<std::string, Message> errors = {};  // messages by field name
  std::string allow = {};                      // of a 405: the methods that are allowed
  // For the header Retry-After; without it, a 503 has a standard one.
  std::optional<std::chrono::seconds> retry_after = {};
  bool is_outcome_unknown = false;  // of a 503: what was sent may have been done
  std::string challenge = {};       // for the header WWW-Authenticate, RFC 9110
  std::string reason = {};          // for the log: quotes nothing that was sent
};

}  // namespace actiond
