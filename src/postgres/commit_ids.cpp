#include "postgres/commit_ids.h"

#include <chrono>
#include <cstdint>
#include <thread>

#include "base/crypto.h"

namespace actiond {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t commit_id_bytes = 16;
// By then every work that could ask for its id has given up.
constexpr std::chrono::seconds commit_ids_kept_for = std::chrono::minutes(10);

}  // namespace

std::string leave_commit_id(PostgresConnection& db) {
  std::string id = random_bytes(commit_id_bytes);
  db.add("INSERT INTO commit_ids (id) VALUES (?)", Blob{id});
  return id;
}

bool has_committed(const Connections& connections, const std::string& id,
                   PostgresConnection::Clock::time_point deadline) {
  for (std::string why = "commits wait for a standby";;) {
    try {
      const auto db = connections.connect();
      // To ask is a commit as well, and would wait too.
      if (!waits_for_standby(*db)) {
        db->begin("READ COMMITTED READ WRITE");
        const bool burns =
            db->change(
                "INSERT INTO commit_ids (id, is_burnt) VALUES (?, true) ON CONFLICT DO NOTHING",
                Blob{id}) > 0;
        // Behind the commit that is asked for in the server's log: where one has to be on a
        // standby, it is there when this is.
        const auto row = db->row<bool>(
            "UPDATE commit_ids SET at = at WHERE id = ? RETURNING is_burnt", Blob{id});
        db->commit();
        if (row) return !burns && !std::get<0>(*row);
      }
    } catch (const std::exception& error) {
      why = error.what();
    }
    if (PostgresConnection::Clock::now() > deadline) throw OutcomeUnknown(why);
    std::this_thread::sleep_for(milliseconds(100));
  }
}

// Other users' sessions are not shown.
bool waits_for_standby(PostgresConnection& db) {
  return std::get<0>(*db.row<bool>(
      "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE usename = current_user AND "
      "wait_event = 'SyncRep' AND query_start < clock_timestamp() - interval '1 second')"));
}

void sweep_commit_ids(Connections& connections) {
  constexpr std::int64_t most_at_a_time = 10'000;
  for (std::int64_t swept = most_at_a_time; swept == most_at_a_time;) {
    const Connections::Lent lent(connections);
    PostgresConnection& db = *lent;
    db.begin("READ COMMITTED READ WRITE");
    swept = db.change(
        "DELETE FROM commit_ids WHERE id IN (SELECT id FROM commit_ids WHERE at < unixepoch() - ? "
        "ORDER BY at LIMIT ? FOR UPDATE SKIP LOCKED)",
        commit_ids_kept_for.count(), most_at_a_time);
    db.commit();
  }
}

}  // namespace actiond
