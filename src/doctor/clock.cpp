// The clock: sessions and access end by it.
#include <fmt/format.h>
#include <sys/timex.h>

#include "doctor/checks.h"
#include "doctor/facts.h"
#include "program/engine.h"
#include "program/program.h"

namespace actiond::doctor {
namespace {

constexpr std::chrono::minutes tolerance(5);

}  // namespace

Findings judge(const ClockFacts& facts) {
  Findings found;
  if (facts.newest_row && *facts.newest_row > facts.now + tolerance)
    found.push_back({fmt::format("the clock says {}, and a row was made at {}",
                                 to_rfc3339(facts.now), to_rfc3339(*facts.newest_row)),
                     "The clock went back, or was wrong: sessions and access end too late or too "
                     "early.",
                     "Set the clock, and see that systemd-timesyncd or chrony runs."});
  if (!facts.synchronised)
    found.push_back({"nothing keeps the clock right",
                     "It drifts: sessions and access end at the wrong time, and browsers refuse "
                     "certificates that are not yet valid.",
                     "Install systemd-timesyncd or chrony; where the host keeps the clock, "
                     "`--skip clock`."});
  return found;
}

Findings check_clock(const Patient& patient) {
  timex kernel{};
  ClockFacts facts{current_time(), adjtimex(&kernel) != TIME_ERROR, std::nullopt};
  if (!patient.settings.postgres.empty() || std::filesystem::exists(patient.settings.database)) {
    read_data(patient.settings, [&facts](Reader& db) {
      facts.newest_row =
          std::get<0>(*db.row<std::optional<Time>>("SELECT max(created_at) FROM submissions"));
    });
  }
  return judge(facts);
}

}  // namespace actiond::doctor
