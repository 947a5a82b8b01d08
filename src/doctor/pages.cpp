// The static pages as nginx sends them: protected, and with a fresh submission key in each form.
#include "files/pages.h"

#include <fmt/format.h>

#include <set>

#include "action/catalogue.h"
#include "doctor/asking.h"
#include "site/actions.h"

namespace actiond::doctor {
namespace {

constexpr std::string_view key_field = "name=\"_once\"";

std::string key_in(const std::string& page) {
  const std::size_t at = page.find(std::string(key_field) + " value=\"");
  return at == page.npos ? "" : page.substr(at, key_field.size() + 48);
}

}  // namespace

Findings check_pages(const Patient& patient) {
  const PasswordHasher unused("");
  const Catalogue catalogue(site::actions(unused));
  std::set<std::string> names;
  for (const Action& action : catalogue.actions())
    if (!action.form.page.empty()) names.insert(action.form.page);
  Findings found;
  for (const Origin& origin : answering_origins(patient))
    for (const std::string& name : names) {
      const std::string path = "/" + name;
      const HttpAnswer page = send(origin, "GET", path);
      const auto report = [&](std::string what, std::string why, std::string mend) {
        found.push_back(
            {fmt::format("{}{} {}", origin.text, path, what), std::move(why), std::move(mend)});
      };
      if (page.status != 200) {
        report(fmt::format("answers {}", page.status),
               "It is the page of a form: visitors cannot get at it.",
               fmt::format("Set nginx's `root` to {}, which its user must be able to read.",
                           patient.settings.static_root.string()));
        continue;
      }
      if (page.header("content-security-policy").empty())
        report(
            "comes without Content-Security-Policy", "What an attacker may slip into a page runs.",
            "Include headers.conf in the server block, and in every location with an add_header.");
      if (page.body.find(key_field) != page.body.npos) {
        const std::string key = key_in(page.body);
        if (key.empty() || key == key_in(send(origin, "GET", path).body))
          report("comes without a fresh submission key", "A double click sends the form twice.",
                 "Keep the sub_filter lines of site.conf, with nginx's sub module.");
      }
    }
  return found;
}

}  // namespace actiond::doctor
