// The mails that do not leave.
#include <fmt/format.h>

#include "base/count.h"
#include "base/program_name.h"
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
  const std::string list = in_shell("mail list");
  Findings found;
  if (mails.oldest && facts.now - *mails.oldest > longest)
    found.push_back(
        {fmt::format("{} unsent, the oldest since {}",
                     mails.waiting == 1 ? "1 mail is" : fmt::format("{} mails are", mails.waiting),
                     to_rfc3339(*mails.oldest)),
         "Whoever waits for a mail waits in vain.",
         fmt::format("See {} for the reason, and whether {} runs.", list, in_shell("courier"))});
  if (mails.parked > 0)
    found.push_back(
        {fmt::format("{} came back with a backup", count(mails.parked, "mail")),
         "Nobody knows whether they were sent then, so none is sent by itself.",
         fmt::format("See {}, then {} or `drop` each.", list, in_shell("mail release"))});
  if (mails.dead > 0)
    found.push_back({fmt::format("{} could not be sent", count(mails.dead, "mail")),
                     "They were refused, or failed for three days, and are not tried any more.",
                     fmt::format("See {}, then {} or `drop` each.", list, in_shell("mail retry"))});
  return found;
}

Findings check_mail(const Patient& patient) {
  MailFacts facts{.mails = {}, .now = current_time()};
  read_data(patient.settings, [&](Reader& db) { facts.mails = count_mails(db); });
  return judge(facts);
}

}  // namespace actiond::doctor
