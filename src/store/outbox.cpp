#include "store/outbox.h"

#include <algorithm>
#include <array>

#include "base/crypto.h"
#include "base/encoding.h"

namespace actiond {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr std::size_t token_bytes = 16;
constexpr std::array<std::chrono::seconds, 7> waits{minutes(1), minutes(5), minutes(15), hours(1),
                                                    hours(4),   hours(12),  hours(24)};

// Not in the middle of a try.
void mark_expired(Transaction& tx, Time now) {
  tx.run(
      "UPDATE outbox SET state = 'expired', fields = NULL, reply_to = NULL, done_at = ? "
      "WHERE fields IS NOT NULL AND expires_at <= ? AND (state <> 'waiting' OR due_at <= ?)",
      now, now, now);
}

void remove_done(Transaction& tx, Time now) {
  tx.run(
      "DELETE FROM outbox WHERE id IN "
      "(SELECT id FROM outbox WHERE done_at <= ? ORDER BY done_at LIMIT 64)",
      Time(now - mail_kept_for));
}

constexpr std::string_view select_outgoing =
    "SELECT id, leases, token, recipient, text, fields, language, reply_to, answers, expires_at, "
    "made_at FROM outbox WHERE fields IS NOT NULL AND ";

std::vector<OutgoingMail> outgoing(Reader& db, std::string_view condition, const auto&... values) {
  std::vector<OutgoingMail> mails;
  for (const auto& [id, lease, token, recipient, text, fields, language, reply_to, answers, expires,
                    made] :
       db.rows<std::int64_t, std::int64_t, std::string, std::string, std::string, std::string,
               std::string, std::optional<std::string>, bool, std::optional<Time>, Time>(
           std::string(select_outgoing).append(condition), values...)) {
    const auto to = Address::parse(recipient);
    if (!to) throw std::runtime_error("a mail in the outbox has no address");
    mails.push_back({id,
                     lease,
                     token,
                     {.to = *to,
                      .text = text,
                      .values = mail_values_from_json(fields),
                      .language = language,
                      .reply_to = reply_to ? Address::parse(*reply_to) : std::nullopt,
                      .is_answer = answers,
                      .expires_at = expires},
                     made});
  }
  return mails;
}

// Those first that expire, the soonest at the front: somebody waits for such a mail, which leaves
// in time however many others are due.
std::vector<OutgoingMail> due_mails(Reader& db, Time now, int most) {
  std::vector<OutgoingMail> mails = outgoing(
      db, "state = 'waiting' AND due_at <= ? AND expires_at > ? ORDER BY expires_at, id LIMIT ?",
      now, now, most);
  const int left = most - static_cast<int>(mails.size());
  for (OutgoingMail& mail : outgoing(
           db,
           "state = 'waiting' AND due_at <= ? AND expires_at IS NULL ORDER BY due_at, id LIMIT ?",
           now, left))
    mails.push_back(std::move(mail));
  return mails;
}

// The state of the mail, if it is still the caller's.
void end(Transaction& tx, const OutgoingMail& mail, MailState state,
         const std::optional<std::string_view>& reason, Time now) {
  tx.run(
      "UPDATE outbox SET state = ?, fields = CASE ? WHEN 'dead' THEN fields END, "
      "reply_to = CASE ? WHEN 'dead' THEN reply_to END, reason = ?, done_at = ? "
      "WHERE id = ? AND leases = ? AND state = 'waiting'",
      state, state, state, reason, now, mail.id, mail.lease);
}

constexpr std::string_view select_entries =
    "SELECT id, state, made_at, recipient, text, failures, due_at, done_at, reason FROM outbox ";

OutboxEntry to_entry(
    const std::tuple<std::int64_t, MailState, Time, std::string, std::string, std::int64_t, Time,
                     std::optional<Time>, std::optional<std::string>>& row) {
  const auto& [id, state, made, recipient, text, failures, due, done, reason] = row;
  return {id, state, made, recipient, text, failures, due, done, reason.value_or("")};
}

struct Unsent {
  std::string_view reason;
  Time at;
};

std::int64_t insert(Transaction& tx, const Mail& mail, const std::optional<Unsent>& unsent) {
  const auto reply_to = mail.reply_to ? std::optional(mail.reply_to->text()) : std::nullopt;
  const std::string fields = to_json(mail.values);
  return tx.run(
      "INSERT INTO outbox (token, recipient, reply_to, text, language, answers, fields, due_at, "
      "expires_at, state, done_at, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      to_base64url(random_bytes(token_bytes)), mail.to.text(), unsent ? std::nullopt : reply_to,
      mail.text, mail.language, std::int64_t{mail.is_answer},
      unsent ? std::nullopt : std::optional(fields), mail.due_at.value_or(Time()), mail.expires_at,
      unsent ? MailState::Dropped : MailState::Waiting,
      unsent ? std::optional(unsent->at) : std::nullopt,
      unsent ? std::optional(unsent->reason) : std::nullopt);
}

}  // namespace

std::int64_t order_mail(Transaction& tx, const Mail& mail) {
  return insert(tx, mail, std::nullopt);
}

std::int64_t record_unsent_mail(Transaction& tx, const Mail& mail, std::string_view reason,
                                Time now) {
  return insert(tx, mail, Unsent{reason, now});
}

std::chrono::seconds wait_after_failures(std::int64_t failures) {
  const auto last = static_cast<std::int64_t>(waits.size()) - 1;
  return waits.at(static_cast<std::size_t>(std::clamp<std::int64_t>(failures - 1, 0, last)));
}

std::vector<OutgoingMail> take_mails(Transaction& tx, Time now, int most) {
  mark_expired(tx, now);
  remove_done(tx, now);
  std::vector<OutgoingMail> taken = due_mails(tx, now, most);
  // The clock was set back: no mail waits for longer than this.
  if (taken.empty())
    taken = outgoing(tx, "state = 'waiting' AND due_at > ? ORDER BY due_at, id LIMIT ?",
                     Time(now + waits.back()), most);
  for (OutgoingMail& mail : taken) {
    mail.lease += 1;
    tx.run("UPDATE outbox SET leases = ?, due_at = ? WHERE id = ?", mail.lease,
           Time(now + mail_lease), mail.id);
  }
  return taken;
}

std::optional<OutgoingMail> find_unsent_mail(Reader& db, std::int64_t id) {
  auto mails = outgoing(db, "id = ?", id);
  return mails.empty() ? std::nullopt : std::optional(std::move(mails.front()));
}

bool has_due_mail(Reader& db, Time now) {
  return db
      .row<std::int64_t>("SELECT 1 FROM outbox WHERE state = 'waiting' AND due_at <= ? LIMIT 1",
                         now)
      .has_value();
}

void mark_sent(Transaction& tx, const OutgoingMail& mail, Time now) {
  end(tx, mail, MailState::Sent, std::nullopt, now);
}

void mark_failed(Transaction& tx, const OutgoingMail& mail, std::string_view reason, Time now) {
  const auto row = tx.row<std::int64_t, std::optional<Time>>(
      "SELECT failures + 1, failing_since FROM outbox WHERE id = ? AND leases = ?", mail.id,
      mail.lease);
  if (!row) return;
  const auto& [failures, failing_since] = *row;
  const Time since = failing_since.value_or(now);
  if (now - since >= mail_fails_for) return mark_refused(tx, mail, reason, now);
  tx.run(
      "UPDATE outbox SET failures = ?, failing_since = ?, due_at = ?, reason = ? "
      "WHERE id = ? AND leases = ? AND state = 'waiting'",
      failures, since, Time(now + wait_after_failures(failures)), reason, mail.id, mail.lease);
}

void mark_refused(Transaction& tx, const OutgoingMail& mail, std::string_view reason, Time now) {
  end(tx, mail, MailState::Dead, reason, now);
}

void give_back(Transaction& tx, const OutgoingMail& mail) {
  tx.run("UPDATE outbox SET due_at = 0 WHERE id = ? AND leases = ? AND state = 'waiting'", mail.id,
         mail.lease);
}

std::vector<OutboxEntry> outbox(Reader& db, std::int64_t after, int most) {
  std::vector<OutboxEntry> all;
  for (const auto& row :
       db.rows<std::int64_t, MailState, Time, std::string, std::string, std::int64_t, Time,
               std::optional<Time>, std::optional<std::string>>(
           std::string(select_entries) + "WHERE id > ? ORDER BY id LIMIT ?", after, most))
    all.push_back(to_entry(row));
  return all;
}

std::optional<OutboxEntry> find_mail(Reader& db, std::int64_t id) {
  const auto row = db.row<std::int64_t, MailState, Time, std::string, std::string, std::int64_t,
                          Time, std::optional<Time>, std::optional<std::string>>(
      std::string(select_entries) + "WHERE id = ?", id);
  return row ? std::optional(to_entry(*row)) : std::nullopt;
}

bool retry_mail(Transaction& tx, std::int64_t id) {
  return tx.change(
             "UPDATE outbox SET state = 'waiting', due_at = 0, failures = 0, failing_since = NULL, "
             "done_at = NULL WHERE id = ? AND state IN ('waiting', 'dead')",
             id) > 0;
}

bool drop_mail(Transaction& tx, std::int64_t id, Time now) {
  return tx.change(
             "UPDATE outbox SET state = 'dropped', fields = NULL, reply_to = NULL, done_at = ? "
             "WHERE id = ? AND state IN ('waiting', 'parked', 'dead')",
             now, id) > 0;
}

bool release_mail(Transaction& tx, std::int64_t id) {
  return tx.change(
             "UPDATE outbox SET state = 'waiting', due_at = 0 WHERE id = ? AND state = 'parked'",
             id) > 0;
}

std::int64_t park_mails(Transaction& tx) {
  return tx.change("UPDATE outbox SET state = 'parked' WHERE state = 'waiting'");
}

void expire_mails(Transaction& tx, Time now) {
  tx.run(
      "UPDATE outbox SET state = 'expired', fields = NULL, reply_to = NULL, done_at = ? "
      "WHERE fields IS NOT NULL AND expires_at IS NOT NULL",
      now);
}

OutboxCount count_mails(Reader& db) {
  const auto [waiting, parked, dead, oldest] =
      *db.row<std::int64_t, std::int64_t, std::int64_t, std::optional<Time>>(
          "SELECT count(*) FILTER (WHERE state = 'waiting'), "
          "count(*) FILTER (WHERE state = 'parked'), count(*) FILTER (WHERE state = 'dead'), "
          "min(made_at) FILTER (WHERE state = 'waiting') FROM outbox "
          // As the index says it.
          "WHERE state = 'waiting' OR state = 'parked' OR state = 'dead'");
  return {waiting, parked, dead, oldest};
}

}  // namespace actiond
