#include "store/audit.h"

namespace actiond {
namespace {

constexpr int page_rows = 1000;
// The order of commits is the order of time, unless the clock was set back; by as much as this no
// row is missed.
constexpr std::chrono::hours clock_slack(24);

std::int64_t last_row_before(Reader& db, Time time) {
  const auto row =
      db.row<std::int64_t>("SELECT id FROM audit WHERE at < ? ORDER BY id DESC LIMIT 1", time);
  return row ? std::get<0>(*row) : 0;
}

}  // namespace

void AuditRows::record(Transaction& tx, const AuditEntry& entry) const {
  tx.add("INSERT INTO audit (at, request_id, action, user_id, outcome) VALUES (?, ?, ?, ?, ?)",
         entry.at, entry.request_id, entry.action, entry.user_id, entry.outcome);
}

void read_audit(Reader& db, Time since, std::optional<std::int64_t> user_id,
                const std::function<void(const AuditedAction&)>& visit) {
  std::int64_t after = last_row_before(db, since - clock_slack);
  while (true) {
    const auto rows = db.rows<std::int64_t, Time, std::string, std::string,
                              std::optional<std::int64_t>, std::optional<std::string>, std::string>(
        "SELECT audit.id, at, request_id, action, user_id, email, outcome "
        "FROM audit LEFT JOIN users ON users.id = user_id "
        "WHERE audit.id > ? AND at >= ? AND (CAST(? AS BIGINT) IS NULL OR user_id = ?) "
        "ORDER BY audit.id LIMIT ?",
        after, since, user_id, user_id, page_rows);
    for (const auto& row : rows)
      std::apply([&](const auto&... column) { visit(AuditedAction{column...}); }, row);
    if (rows.size() < page_rows) return;
    after = std::get<0>(rows.back());
  }
}

}  // namespace actiond
