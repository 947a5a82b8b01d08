// The hosts that serve this site, against each other.
#include "store/hosts.h"

#include <fmt/format.h>

#include <filesystem>

#include "base/program_name.h"
#include "doctor/checks.h"
#include "doctor/facts.h"
#include "program/engine.h"

namespace actiond::doctor {
namespace {

Finding finding_of(HostDifference::What what) {
  switch (what) {
    case HostDifference::What::Gone:
      return {"", "If it should serve, its visitors get no answer.",
              fmt::format("Start {} there. One that is gone for good is forgotten within a day.",
                          program_name())};
    case HostDifference::What::Program:
      return {"", "A contracting migration waits for it, and visitors meet two versions.",
              "Install the same program there, and reload it."};
    case HostDifference::What::Key:
      return {"", "It refuses the cookies and links that this key signs.",
              "Copy the key ring there, and reload it."};
    case HostDifference::What::Clock: break;
  }
  return {"", "Sessions, links and access end at another time there.",
          "See that systemd-timesyncd or chrony runs there."};
}

}  // namespace

Findings judge(const HostFacts& facts) {
  Findings found;
  for (const Host& host : facts.hosts)
    for (const auto& [what, text] : differences(host, facts.hosts, facts.program)) {
      found.push_back(finding_of(what));
      found.back().what = fmt::format("{}, {}: {}", host.name, host.socket, text);
    }
  return found;
}

Findings check_hosts(const Patient& patient) {
  const Settings& settings = patient.settings;
  HostFacts facts{{}, schema_of(settings.site).program};
  if (!settings.postgres.empty() || std::filesystem::exists(settings.database))
    read_data(settings, [&facts](Reader& db) { facts.hosts = read_hosts(db); });
  return judge(facts);
}

}  // namespace actiond::doctor
