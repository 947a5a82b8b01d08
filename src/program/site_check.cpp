#include "program/site_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <stdexcept>

#include "files/pages.h"
#include "http/url.h"
#include "program/messages.h"

namespace actiond {

SiteCheck check_site(const Settings& settings) {
  std::vector<std::string> hosts;
  for (const std::string& origin : settings.origins) hosts.push_back(host_of(origin));
  const auto pages = read_pages(settings.static_root);
  PageFindings findings = check_pages(pages, catalogue_of(settings.site), hosts);
  std::ranges::move(check_messages(settings.messages), std::back_inserter(findings));
  std::ranges::move(check_script_messages(pages, load_languages(settings.messages)),
                    std::back_inserter(findings));
  return {pages.size(), std::move(findings)};
}

void require_pages(const SiteCheck& checked, const Settings& settings) {
  const auto missing = std::ranges::find_if(checked.findings, &PageFinding::is_missing_page);
  if (missing != checked.findings.end())
    throw std::runtime_error(
        fmt::format("{}: {}", (settings.static_root / missing->page).string(), missing->what));
}

std::string to_text(const PageFinding& finding, const Settings& settings) {
  return fmt::format("{}: {}\n    mend: {}\n", (settings.static_root / finding.place()).string(),
                     finding.what, finding.mend);
}

}  // namespace actiond
