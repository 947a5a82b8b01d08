// The mails that do not leave.
#include <fmt/format.h>

#include "base/count.h"
#include "doctor/checks.h"
#include "doctor/facts.h"
#include "program/engine.h"
#include "program/program.h"

namespace actiond::doctor {
namespace {

constexpr std::chrono::minutes longest(10);  // a try that failed twice

}  // namespace

Findings judge(const MailFacts& facts) {
  const OutboxCount& mails = facts.mails;
  Findings found;
  if (mails.oldest && facts.now - *mails.oldest > longest)
    found.push_back(
        {fmt::format("{} unsent, the oldest since {}",
                     mails.waiting == 1 ? "1 mail is" : fmt::format("{} mails are", mails.waiting),
                     to_rfc3339(*mails.oldest)),
         "Whoever waits for a mail waits in vain.",
         "See `actiond mail list` for the reason, and whether `actiond courier` runs."});
  if (mails.parked > 0)
    found.push_back({fmt::format("{} came back with a backup", count(mails.parked, "mail")),
                     "Nobody knows whether they were sent then, so none is sent by itself.",
                     "See `actiond mail list`, then `actiond mail release` or `drop` each."});
  if (mails.dead > 0)
    found.push_back({fmt::format("{} could not be sent", count(mails.dead, "mail")),
                     "They were refused, or failed for three days, and are not tried any more.",
                     "See `actiond mail list`, then `actiond mail retry` or `drop` each."});
  return found;
}

Findings check_mail(const Patient& patient) {
  MailFacts facts{.mails = {}, .now = current_time()};
  read_data(patient.settings, [&](Reader& db) { facts.mails = count_mails(db); });
  return judge(facts);
}

}  // namespace actiond::doctor
