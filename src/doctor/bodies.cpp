// nginx's limits on bodies against those of the actions.
#include <fmt/format.h>

#include <algorithm>

#include "action/catalogue.h"
#include "doctor/asking.h"
#include "forms/body.h"
#include "site/actions.h"

namespace actiond::doctor {
namespace {

// Nobody needs a body so much larger than what the action takes.
constexpr std::size_t far_more_bytes = std::size_t{1} << 30;

}  // namespace

Findings check_bodies(const Patient& patient) {
  const PasswordHasher unused("");
  const Catalogue catalogue(site::actions(unused));
  Findings found;
  for (const Origin& origin : answering_origins(patient))
    for (const Action& action : catalogue.actions()) {
      const std::string path = "/actions/" + action.name;
      const std::size_t limit = body_limit(action.form);
      if (status_for_body(origin, path, limit) != 100)
        found.push_back(
            {fmt::format("{}{}: nginx refuses a body of {} bytes, which the action takes",
                         origin.text, path, limit),
             "Visitors are told that what they send is too large, and it is not.",
             "Write `actiond actions --nginx` to limits.conf beside site.conf, and "
             "reload nginx."});
      else if (status_for_body(origin, path, limit + far_more_bytes) == 100)
        found.push_back(
            {fmt::format("{}{}: nginx takes a body of more than {} bytes, the action {}",
                         origin.text, path, far_more_bytes, limit),
             "Anyone can fill nginx's disk.",
             "Set `client_max_body_size 1280k;` in the server block, as site.conf does."});
    }
  return found;
}

}  // namespace actiond::doctor
