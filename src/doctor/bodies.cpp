// nginx's limits on bodies against those of the actions.
#include <fmt/format.h>

#include <optional>

#include "base/program_name.h"
#include "doctor/asking.h"
#include "forms/body.h"

namespace actiond::doctor {
namespace {

// Nobody needs a body so much larger than what the action takes.
constexpr std::size_t far_more_bytes = std::size_t{1} << 30;

std::optional<Finding> refused_body(const Origin& origin, const Action& action) {
  const std::string path = "/actions/" + action.name;
  const std::size_t limit = body_limit(action.form);
  if (status_for_body(origin, path, limit) == 100) return std::nullopt;
  return Finding{fmt::format("{}{}: nginx refuses a body of {} bytes, which the action takes",
                             origin.text, path, limit),
                 "Visitors are told that what they send is too large, and it is not.",
                 fmt::format("Write {} to limits.conf beside site.conf, and reload nginx.",
                             in_shell("actions --nginx"))};
}

std::optional<Finding> endless_body(const Origin& origin, const Action& action) {
  const std::string path = "/actions/" + action.name;
  const std::size_t limit = body_limit(action.form);
  if (status_for_body(origin, path, limit + far_more_bytes) != 100) return std::nullopt;
  return Finding{fmt::format("{}{}: nginx takes a body of more than {} bytes, the action {}",
                             origin.text, path, far_more_bytes, limit),
                 "Anyone can fill nginx's disk.",
                 "Set `client_max_body_size 1280k;` in the server block, as site.conf does."};
}

template <class Look>
Findings look_at_actions(const Patient& patient, Look look) {
  const Catalogue catalogue = catalogue_of(patient.settings.site);
  Findings found;
  for (const Origin& origin : answering_origins(patient))
    for (const Action& action : catalogue.actions())
      if (auto finding = look(origin, action)) found.push_back(*std::move(finding));
  return found;
}

}  // namespace

Findings check_bodies(const Patient& patient) {
  return look_at_actions(patient, [](const Origin& origin, const Action& action) {
    auto refused = refused_body(origin, action);
    return refused ? refused : endless_body(origin, action);
  });
}

Findings check_refused_bodies(const Patient& patient) {
  return look_at_actions(patient, refused_body);
}

}  // namespace actiond::doctor
