#include <fmt/format.h>

#include "base/count.h"
#include "cli/commands.h"
#include "program/site_check.h"

namespace actiond {

int command::check(const Settings& settings) {
  const auto [pages, findings] = check_site(settings);
  for (const PageFinding& finding : findings) fmt::print("{}", to_text(finding, settings));
  fmt::print("{}", inbox_forms_text(settings));
  if (findings.empty()) {
    fmt::print("{}: every form fits its action\n", count(pages, "page"));
    return 0;
  }
  fmt::print("{}, {}\n", count(pages, "page"), count(findings.size(), "finding"));
  return 1;
}

}  // namespace actiond
