// Whether each origin of the settings is where visitors reach this very pool.
#include <fmt/format.h>

#include "access/key_ring.h"
#include "base/program_name.h"
#include "doctor/asking.h"

namespace actiond::doctor {
namespace {

std::string setting(const Patient& patient) {
  return "site.origins in " + patient.settings_file.string();
}

// Why a worker could not be asked.
Finding explain(const Patient& patient, const Origin& origin, const std::string& reason) {
  const HttpAnswer plain = send(origin, "GET", "/actions/me");
  const std::string location = plain.header("location");
  if (plain.status / 100 == 3 && location.find("://") != location.npos)
    return {
        fmt::format("{} only redirects, to {}", origin.text, location),
        "A browser there has another origin than the settings allow, and gets 403 for every form.",
        fmt::format("Put the origin that visitors end at into {}.", setting(patient))};
  if (plain.status >= 500)
    return {fmt::format("{} answers {} instead of the pool's answer", origin.text, plain.status),
            "nginx is there, but reaches no worker.",
            fmt::format("Start {}, and name {} in nginx's `upstream`.", in_shell("serve"),
                        patient.settings.pool.socket.string())};
  if (plain.status == 200 && plain.header("x-request-id").empty())
    return {fmt::format("{} is answered by something else than actiond", origin.text),
            "Forms of this site are not sent to this site.",
            fmt::format("Correct {}, or nginx's `server_name`, and include site.conf there.",
                        setting(patient))};
  return {fmt::format("{} is served by another pool, or one with another key ring: {}", origin.text,
                      reason),
          "Sessions of this site mean nothing there.",
          fmt::format("Restart {} if the key ring changed; else correct {}.", program_name(),
                      setting(patient))};
}

}  // namespace

Findings check_origins(const Patient& patient) {
  Findings found;
  for (const std::string& text : patient.settings.origins) {
    const Origin origin(text);
    try {
      const auto told = ask_worker(patient, origin);
      if (told["origins"].get<std::vector<std::string>>() != patient.settings.origins)
        found.push_back({fmt::format("the pool behind {} runs with the origins {}", text,
                                     told["origins"].dump()),
                         "It was started before the settings were changed.",
                         fmt::format("Restart {}.", program_name())});
    } catch (const WeakKey&) {
      return {};  // what "keys" finds; without them nobody can be asked
    } catch (const NoAnswer& reason) {
      try {
        found.push_back(explain(patient, origin, reason.what()));
      } catch (const NoAnswer& nothing) {
        found.push_back({fmt::format("nobody answers at {}: {}", text, nothing.what()),
                         "It is allowed to send forms here, but no visitor can come from it.",
                         fmt::format("Start nginx, or correct {}.", setting(patient))});
      }
    }
  }
  return found;
}

}  // namespace actiond::doctor
