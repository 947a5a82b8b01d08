#include "store/sweep.h"

#include <array>
#include <string_view>

#include "access/attempts.h"
#include "store/answered.h"
#include "store/audit.h"
#include "store/hosts.h"
#include "store/inbox.h"
#include "store/submissions.h"

namespace actiond {
namespace {

constexpr int most_at_a_time = 10'000;  // rows: at the rate of one sweep a minute, 14 million a day

struct Sweep {
  std::string_view sql;  // of a time and a count
  std::chrono::seconds age;
};

// Each finds its rows by an index that is in the order of their time.
constexpr std::array sweeps{
    Sweep{"DELETE FROM submissions WHERE id IN (SELECT id FROM submissions WHERE created_at <= ? "
          "ORDER BY created_at LIMIT ?)",
          submissions_kept_for},
    Sweep{"DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE expires_at <= ? "
          "ORDER BY expires_at LIMIT ?)",
          std::chrono::seconds(0)},
    Sweep{"DELETE FROM attempts WHERE id IN (SELECT id FROM attempts WHERE tried_at <= ? "
          "ORDER BY tried_at LIMIT ?)",
          longest_attempt_window},
    Sweep{"DELETE FROM tokens WHERE id IN (SELECT id FROM tokens WHERE ends_at <= ? "
          "ORDER BY ends_at LIMIT ?)",
          std::chrono::seconds(0)},
    Sweep{"DELETE FROM mail_links WHERE hash IN (SELECT hash FROM mail_links WHERE expires_at <= ? "
          "ORDER BY expires_at LIMIT ?)",
          std::chrono::seconds(0)},
    Sweep{"DELETE FROM answered WHERE hash IN (SELECT hash FROM answered WHERE at <= ? "
          "ORDER BY at LIMIT ?)",
          between_answers},
    Sweep{"DELETE FROM stripe_sessions WHERE id IN (SELECT id FROM stripe_sessions "
          "WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)",
          std::chrono::seconds(0)},
    // Their ids are in the order of time.
    Sweep{"DELETE FROM audit WHERE at <= ? AND id IN (SELECT id FROM audit ORDER BY id LIMIT ?)",
          audited_for},
};

// One transaction.  Returns how many rows it removed: none while another host is at it.
template <class Remove>
std::int64_t remove_rows(Store& store, const Remove& remove) {
  std::int64_t removed = 0;
  store.write([&](Transaction& tx) {
    removed = tx.is_alone_at("sweep") ? remove(tx) : 0;
    return removed > 0 ? Verdict::Keep : Verdict::Undo;
  });
  return removed;
}

}  // namespace

void sweep(Store& store, Time now, const std::vector<FormLife>& lives) {
  for (const auto& [sql, age] : sweeps)
    remove_rows(store, [&, sql = sql, before = Time(now - age)](Transaction& tx) {
      return tx.change(sql, before, most_at_a_time);
    });
  remove_rows(store, remove_gone_hosts);
  for (std::int64_t removed = 0, last = 1; last > 0 && removed < most_at_a_time; removed += last)
    last = remove_rows(store, [&](Transaction& tx) { return remove_old_messages(tx, lives, now); });
}

}  // namespace actiond
