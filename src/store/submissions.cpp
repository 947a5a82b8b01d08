#include "store/submissions.h"

namespace actiond {
std::optional<Submissions::Earlier> SubmissionRows::find(Reader& db, std::string_view id,
                                                         Time now) const {
  auto row = db.row<std::string, std::string, std::optional<std::string>, Time>(
      "SELECT fingerprint, result, session_id, created_at FROM submissions WHERE id = ?", Blob{id});
  if (!row) return std::nullopt;
  auto& [fingerprint, result, session, created_at] = *row;
  if (created_at <= now - submissions_kept_for) return std::nullopt;
  Earlier earlier{std::move(fingerprint), std::move(result), std::nullopt};
  if (session) earlier.session = SessionId{*std::move(session)};
  return earlier;
}

void SubmissionRows::keep(Transaction& tx, const Submission& submission, std::string_view result,
                          const std::optional<SessionId>& session, Time now) const {
  const auto session_id = session ? std::optional(Blob{session->bytes}) : std::nullopt;
  tx.add(
      "INSERT INTO submissions (id, fingerprint, result, session_id, created_at) "
      "VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET fingerprint = excluded.fingerprint, "
      "result = excluded.result, session_id = excluded.session_id, "
      "created_at = excluded.created_at",
      Blob{submission.id}, Blob{submission.fingerprint}, result, session_id, now);
}

}  // namespace actiond
