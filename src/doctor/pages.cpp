// The static pages: compared with the forms, and as nginx sends them, protected and with a fresh
// submission key in each form.
#include <fmt/format.h>

#include <optional>
#include <set>

#include "base/program_name.h"
#include "doctor/asking.h"
#include "http/local_path.h"
#include "page/frame.h"
#include "page/outline.h"
#include "program/site_check.h"

namespace actiond::doctor {
namespace {

// The keys in the forms of a page as it was sent.
std::set<std::string> keys_in(const std::string& page) {
  std::set<std::string> keys;
  for (const OutlineForm& form : outline_of(page, {}).forms)
    for (const OutlineControl& control : form.controls)
      if (control.name == "_once") keys.insert(control.value);
  return keys;
}

bool has_stale_key(const std::string& page, const std::string& page_again) {
  const std::set<std::string> keys = keys_in(page_again);
  for (const std::string& key : keys_in(page))
    if (key.empty() || keys.contains(key)) return true;
  return false;
}

Findings check_page(const Patient& patient, const Origin& origin, const std::string& path) {
  Findings found;
  const auto report = [&](std::string what, std::string why, std::string mend) {
    found.push_back(
        {fmt::format("{}{} {}", origin.text, path, what), std::move(why), std::move(mend)});
  };
  const HttpAnswer page = send(origin, "GET", path);
  if (page.status != 200) {
    report(fmt::format("answers {}", page.status),
           "It is the page of a form: visitors cannot get at it.",
           fmt::format("Set nginx's `root` to {}, which its user must be able to read.",
                       patient.settings.static_root.string()));
    return found;
  }
  if (has_frames(page.body))
    report(
        "comes without its frames", "Visitors miss what the pages share, such as the navigation.",
        fmt::format("Set nginx's `$actiond_published` to {}, which its user must be able to read.",
                    patient.settings.published.string()));
  if (page.header("content-security-policy").empty())
    report("comes without Content-Security-Policy", "What an attacker may slip into a page runs.",
           "Include headers.conf in the server block, and in every location with an add_header.");
  if (has_stale_key(page.body, send(origin, "GET", path).body))
    report("comes without a fresh submission key", "A double click sends the form twice.",
           "Keep the sub_filter lines of site.conf, with nginx's sub module.");
  return found;
}

// A page that is filled when it is opened has one address.
std::optional<Finding> check_twin(const Origin& origin, const std::string& path) {
  const int status = send(origin, "GET", path).status;
  if (status == 303) return std::nullopt;
  return Finding{fmt::format("{}{} answers {}", origin.text, path, status),
                 "Visitors meet the page without its values, and may save it empty.",
                 in_shell("actions --nginx") + " prints the locations for limits.conf."};
}

}  // namespace

Findings check_pages(const Patient& patient) {
  std::set<std::string> names, shown;
  const Catalogue catalogue = catalogue_of(patient.settings.site);
  for (const Action& action : catalogue.actions())
    if (!action.form.page.empty()) (action.show ? shown : names).insert(action.form.page);
  for (const std::string& name : shown) names.erase(name);
  Findings found;
  for (const PageFinding& finding : check_site(patient.settings).findings) {
    if (finding.is_missing_page()) {
      names.erase(finding.page);
      shown.erase(finding.page);
    }
    found.push_back({fmt::format("{}: {}", finding.place(), finding.what),
                     "The page and its action do not agree: visitors find out.", finding.mend});
  }
  for (const Origin& origin : answering_origins(patient))
    for (const std::string& name : names)
      for (Finding& finding : check_page(patient, origin, path_of_page(name)))
        found.push_back(std::move(finding));
  for (const Origin& origin : answering_origins(patient))
    for (const std::string& name : shown)
      if (auto finding = check_twin(origin, path_of_page(name)))
        found.push_back(*std::move(finding));
  return found;
}

}  // namespace actiond::doctor
