// A finding of the doctor, in words for the operator who can mend it.
#pragma once

#include <string>
#include <vector>

namespace actiond::doctor {

struct Finding {
  std::string what;  // with the value that was seen
  std::string why;   // what it does to visitors or data
  std::string mend;
};

using Findings = std::vector<Finding>;

}  // namespace actiond::doctor
