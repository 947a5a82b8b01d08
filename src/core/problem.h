// What went wrong, as the client may know it: RFC 9457 without its notation.
#pragma once

#include <map>
#include <string>

namespace actiond {

struct Problem {
  int status;
  std::string detail;
  std::map<std::string, std::string> errors = {};  // messages by field name
  std::string allow = {};                          // of a 405: the methods there are
  std::string reason = {};                         // for the log: quotes nothing that was sent
};

}  // namespace actiond
