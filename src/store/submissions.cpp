#include "store/submissions.h"

namespace actiond {
namespace {

constexpr std::chrono::hours kept(24);

}  // namespace

std::optional<Submissions::Earlier> SubmissionRows::find(Reader& db, std::string_view id,
                                                         Time now) const {
  auto row = db.row<std::string, std::string>(
      "SELECT fingerprint, result FROM submissions WHERE id = ? AND created_at > ?", Blob{id},
      Time(now - kept));
  if (!row) return std::nullopt;
  return Earlier{std::move(std::get<0>(*row)), std::move(std::get<1>(*row))};
}

void SubmissionRows::keep(Transaction& tx, const Submission& submission, std::string_view result,
                          Time now) const {
  tx.run("DELETE FROM submissions WHERE id IN "
         "(SELECT id FROM submissions WHERE created_at <= ? LIMIT 8)",
         Time(now - kept));
  tx.run("INSERT INTO submissions (id, fingerprint, result, created_at) VALUES (?, ?, ?, ?) "
         "ON CONFLICT (id) DO UPDATE SET fingerprint = excluded.fingerprint, "
         "result = excluded.result, created_at = excluded.created_at",
         Blob{submission.id}, Blob{submission.fingerprint}, result, now);
}

}  // namespace actiond
