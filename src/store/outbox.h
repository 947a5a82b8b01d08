// The outbox: rows of outgoing mail, for the actions that order it, the courier and the operator.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/names.h"
#include "data/store.h"
#include "mail/mail.h"

namespace actiond {

// Orders a mail, which leaves the machine after, and only if, `tx` commits.  Returns its number.
std::int64_t order_mail(Transaction& tx, const Mail& mail);
// Writes the same row, of a mail that is not sent, for `reason`: the operator finds it in the list,
// and a visitor learns nothing from the time it takes.
std::int64_t record_unsent_mail(Transaction& tx, const Mail& mail, std::string_view reason,
                                Time now);

enum class MailState {
  Waiting,
  Parked,  // came back with a backup: whether it was sent then nobody knows
  Sent,
  Dead,  // refused for good, or for three days
  Expired,
  Dropped,
};

constexpr auto names(MailState) {
  return std::to_array<Named<MailState>>({{"waiting", MailState::Waiting},
                                          {"parked", MailState::Parked},
                                          {"sent", MailState::Sent},
                                          {"dead", MailState::Dead},
                                          {"expired", MailState::Expired},
                                          {"dropped", MailState::Dropped}});
}

// A mail that a courier has taken is its own for so long; then it is anybody's again.
constexpr std::chrono::seconds mail_lease(60);
constexpr std::chrono::days mail_fails_for(3);
// Then the row of a mail that is done is removed.
constexpr std::chrono::days mail_kept_for(30);

// How long a mail that failed so often waits: 1, 5 and 15 minutes, 1, 4, 12 and 24 hours.
std::chrono::seconds wait_after_failures(std::int64_t failures);

struct OutgoingMail {
  std::int64_t id;
  std::int64_t lease;  // the number of the lease under which it was taken
  std::string token;
  Mail mail;
  Time made_at;
};

// One that is not done yet.
std::optional<OutgoingMail> find_unsent_mail(Reader& db, std::int64_t id);
// Whether `take_mails` would take one, if the clock was never set back.
bool has_due_mail(Reader& db, Time now);

// Takes up to `most` mails that are due, those that expire before the others, each leased to the
// caller alone until `now` + mail_lease.
// Those that have expired are marked; a few rows that are done for long are removed.
std::vector<OutgoingMail> take_mails(Transaction& tx, Time now, int most);

// These note the outcome of a try.  Each is without effect when the lease went to another courier
// meanwhile.  What a mail said is wiped as soon as it is sent.
void mark_sent(Transaction& tx, const OutgoingMail& mail, Time now);
// It is tried again, unless it has failed for three days.
void mark_failed(Transaction& tx, const OutgoingMail& mail, std::string_view reason, Time now);
void mark_refused(Transaction& tx, const OutgoingMail& mail, std::string_view reason, Time now);
// It was not tried: it is due at once.
void give_back(Transaction& tx, const OutgoingMail& mail);

// A mail as the operator sees it, without what it says.
struct OutboxEntry {
  std::int64_t id;
  MailState state;
  Time made_at;
  std::string recipient;
  std::string text;
  std::int64_t failures;
  Time due_at;
  std::optional<Time> done_at;
  std::string reason;
};

// The oldest first, those behind the row `after`.
std::vector<OutboxEntry> outbox(Reader& db, std::int64_t after = 0, int most = 1000);
std::optional<OutboxEntry> find_mail(Reader& db, std::int64_t id);

// These answer false when there is no mail of that number for it.
bool retry_mail(Transaction& tx, std::int64_t id);           // waiting or dead: due now
bool drop_mail(Transaction& tx, std::int64_t id, Time now);  // waiting, parked or dead
bool release_mail(Transaction& tx, std::int64_t id);         // parked: waits again

// Parks all that wait, and answers how many: the data came from a backup.
std::int64_t park_mails(Transaction& tx);
// Wipes what those say that expire, since it may open something, and never sends them.
void expire_mails(Transaction& tx, Time now);

struct OutboxCount {
  std::int64_t waiting = 0;
  std::int64_t parked = 0;
  std::int64_t dead = 0;
  std::optional<Time> oldest = {};  // when the one was made that waits longest
};

OutboxCount count_mails(Reader& db);

}  // namespace actiond
