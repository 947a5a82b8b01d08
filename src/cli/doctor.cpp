#include <fmt/core.h>

#include <algorithm>

#include "base/count.h"
#include "cli/commands.h"
#include "doctor/checks.h"

namespace actiond {
namespace {

using doctor::Findings;

Findings look(const doctor::Check& check, const doctor::Patient& patient) {
  try {
    return check.look(patient);
  } catch (const std::exception& error) {
    return {{fmt::format("could not look: {}", error.what()), "What cannot be seen may be wrong.",
             "Run the doctor as the site's own user or as root, on the machine of the site."}};
  }
}

}  // namespace

int command::doctor(const Settings& settings, const std::filesystem::path& settings_file,
                    const std::vector<std::string>& skipped) {
  const doctor::Patient patient{settings, settings_file};
  std::size_t looked = 0, findings = 0;
  for (const doctor::Check& check : doctor::checks()) {
    if (std::find(skipped.begin(), skipped.end(), check.name) != skipped.end()) continue;
    ++looked;
    for (const auto& [what, why, mend] : look(check, patient)) {
      ++findings;
      fmt::print("{}: {}\n    why: {}\n    mend: {}\n", check.name, what, why, mend);
    }
  }
  fmt::print("{}, {}\n", count(looked, "check"), count(findings, "finding"));
  return findings > 0 ? 1 : 0;
}

}  // namespace actiond
