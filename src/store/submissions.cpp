#include "store/submissions.h"

namespace actiond {
namespace {

constexpr std::chrono::hours kept(24);

}  // namespace

std::optional<Submissions::Earlier> SubmissionRows::find(Reader& db, std::string_view id,
                                                         Time now) const {
  auto row = db.row<std::string, std::string, std::optional<std::string>>(
      "SELECT fingerprint, result, session_id FROM submissions WHERE id = ? AND created_at > ?",
      Blob{id}, Time(now - kept));
  if (!row) return std::nullopt;
  auto& [fingerprint, result, session] = *row;
  Earlier earlier{std::move(fingerprint), std::move(result), std::nullopt};
  if (session) earlier.session = SessionId{*std::move(session)};
  return earlier;
}

void SubmissionRows::keep(Transaction& tx, const Submission& submission, std::string_view result,
                          const std::optional<SessionId>& session, Time now) const {
  tx.run(
      "DELETE FROM submissions WHERE id IN "
      "(SELECT id FROM submissions WHERE created_at <= ? LIMIT 8)",
      Time(now - kept));
  const auto session_id = session ? std::optional(Blob{session->bytes}) : std::nullopt;
  tx.run(
      "REPLACE INTO submissions (id, fingerprint, result, session_id, created_at) "
      "VALUES (?, ?, ?, ?, ?)",
      Blob{submission.id}, Blob{submission.fingerprint}, result, session_id, now);
}

}  // namespace actiond
