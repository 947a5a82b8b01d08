#include "pool/status/metrics.h"

#include <fmt/format.h>

namespace actiond {
namespace {

enum class Unit { One, Microseconds };

std::string to_label(std::string_view value) {
  std::string text;
  for (const char c : value) {
    if (c == '\\' || c == '"') text += '\\';
    if (c == '\n')
      text += "\\n";
    else
      text += c;
  }
  return text;
}

// "0.00025": seconds, or the number itself.
std::string in_unit(std::uint64_t value, Unit unit) {
  if (unit == Unit::One) return fmt::format("{}", value);
  return fmt::format("{}", static_cast<double>(value) / 1e6);
}

class Metrics {
 public:
  void describe(std::string_view name, std::string_view type, std::string_view help) {
    name_ = name;
    text_ += fmt::format("# HELP {0} {1}\n# TYPE {0} {2}\n", name, help, type);
  }
  template <class Value>
  void add(Value value, std::string_view labels = "") {
    text_ += name_;
    if (!labels.empty()) text_ += fmt::format("{{{}}}", labels);
    text_ += fmt::format(" {}\n", value);
  }
  template <std::size_t Ends>
  void add_histogram(const HistogramSum<Ends>& sum, const std::array<std::uint64_t, Ends>& ends,
                     Unit unit, const std::string& labels = "") {
    const std::string before = labels.empty() ? "" : labels + ",";
    std::uint64_t below = 0;
    for (std::size_t at = 0; at < Ends; ++at) {
      below += sum.counts[at];
      text_ += fmt::format("{}_bucket{{{}le=\"{}\"}} {}\n", name_, before, in_unit(ends[at], unit),
                           below);
    }
    const std::uint64_t all = sum.count();
    const std::string around = labels.empty() ? "" : "{" + labels + "}";
    text_ += fmt::format("{0}_bucket{{{1}le=\"+Inf\"}} {2}\n{0}_sum{3} {4}\n{0}_count{3} {2}\n",
                         name_, before, all, around, in_unit(sum.sum, unit));
  }

  std::string take() { return std::move(text_); }

 private:
  std::string name_;
  std::string text_;
};

std::string labels_of(const CountedAction& action) {
  return fmt::format("action=\"{}\",level=\"{}\"", to_label(action.name), to_label(action.level));
}

void add_requests(Metrics& metrics, const Snapshot& snapshot) {
  metrics.describe("actiond_requests_total", "counter", "Requests answered.");
  for (const ActionNow& each : snapshot.actions)
    for (std::size_t at = 0; at < counted_statuses.size(); ++at)
      if (each.statuses[at] > 0)
        metrics.add(each.statuses[at],
                    fmt::format("{},status=\"{}\"", labels_of(each.action),
                                at == 0 ? "other" : std::to_string(counted_statuses[at])));
  metrics.describe("actiond_request_duration_seconds", "histogram",
                   "From a request's arrival in a worker to its answer.");
  for (const ActionNow& each : snapshot.actions)
    metrics.add_histogram(each.durations, duration_ends, Unit::Microseconds,
                          labels_of(each.action));
  metrics.describe("actiond_token_requests_total", "counter",
                   "Requests that came with a token, right or wrong.");
  metrics.add(snapshot.with_token);
  metrics.describe("actiond_refusals_total", "counter",
                   "Requests that had no effect, by the reason why.");
  for (std::size_t at = 1; at < reason_names.size(); ++at)
    metrics.add(snapshot.reasons[at], fmt::format("reason=\"{}\"", reason_names[at]));
}

void add_writes(Metrics& metrics, const WritesNow& writes) {
  metrics.describe("actiond_write_queue", "gauge", "Actions that wait for their turn to write.");
  metrics.add(writes.queued);
  metrics.describe("actiond_batch_size", "histogram", "Actions that one commit served.");
  metrics.add_histogram(writes.batches, batch_ends, Unit::One);
  metrics.describe("actiond_write_lock_wait_duration_seconds", "histogram",
                   "Waits of a worker for the write lock.");
  metrics.add_histogram(writes.waits, duration_ends, Unit::Microseconds);
  metrics.describe("actiond_batch_write_duration_seconds", "histogram",
                   "A batch's statements, without its commit.");
  metrics.add_histogram(writes.writes, duration_ends, Unit::Microseconds);
  metrics.describe("actiond_sync_duration_seconds", "histogram",
                   "A batch's commit, until it is on disk.");
  metrics.add_histogram(writes.syncs, duration_ends, Unit::Microseconds);
  metrics.describe("actiond_flights_total", "counter", "Waits for answers of PostgreSQL.");
  metrics.add(writes.flights);
  metrics.describe("actiond_reruns_total", "counter", "Actions that PostgreSQL made run again.");
  metrics.add(writes.reruns);
}

void add_pool(Metrics& metrics, const Snapshot& snapshot) {
  std::array<std::uint64_t, worker_state_names.size()> states{};
  for (const WorkerNow& worker : snapshot.workers) ++states[static_cast<std::size_t>(worker.state)];
  metrics.describe("actiond_workers", "gauge", "Worker processes.");
  for (std::size_t at = 0; at < states.size(); ++at)
    metrics.add(states[at], fmt::format("state=\"{}\"", worker_state_names[at]));
  metrics.describe("actiond_threads", "gauge", "Threads of all workers.");
  metrics.add(snapshot.threads());
  metrics.describe("actiond_threads_busy", "gauge", "Threads that do something.");
  metrics.add(snapshot.busy_threads());
  metrics.describe("actiond_worker_threads_busy_peak", "gauge",
                   "The most threads of a worker that were busy at a time.");
  for (const WorkerNow& worker : snapshot.workers)
    metrics.add(worker.most_busy, fmt::format("worker=\"{}\"", worker.cell));
  metrics.describe("actiond_connections", "gauge", "Connections of the web server.");
  metrics.add(snapshot.connections());
  metrics.describe("actiond_worker_restarts_total", "counter",
                   "Workers that ended before the pool did, by the reason why.");
  for (std::size_t at = 0; at < ending_names.size(); ++at)
    metrics.add(snapshot.endings[at], fmt::format("reason=\"{}\"", ending_names[at]));
  metrics.describe("actiond_log_lines_lost_total", "counter",
                   "Lines of the log that could not be written.");
  metrics.add(snapshot.lost_log_lines);
  if (!snapshot.reload) return;
  metrics.describe("actiond_reload_timestamp_seconds", "gauge", "When a reload was last tried.");
  metrics.add(snapshot.reload->time.time_since_epoch().count());
  metrics.describe("actiond_reload_success", "gauge", "Whether that reload was done.");
  metrics.add(snapshot.reload->done ? 1 : 0);
}

void add_surroundings(Metrics& metrics, const Snapshot& snapshot) {
  if (snapshot.around.database_bytes) {
    metrics.describe("actiond_database_bytes", "gauge", "Size of the database file.");
    metrics.add(*snapshot.around.database_bytes);
  }
  if (snapshot.around.wal_bytes) {
    metrics.describe("actiond_wal_bytes", "gauge", "Size of its write-ahead log.");
    metrics.add(*snapshot.around.wal_bytes);
  }
  if (const auto& mail = snapshot.around.mail) {
    metrics.describe("actiond_mails", "gauge", "Mails that are not sent.");
    metrics.add(mail->waiting, "state=\"waiting\"");
    metrics.add(mail->parked, "state=\"parked\"");
    metrics.add(mail->dead, "state=\"dead\"");
    metrics.describe("actiond_mail_age_seconds", "gauge", "Age of the mail that waits longest.");
    metrics.add(mail->oldest ? (snapshot.time - *mail->oldest).count() : 0);
  }
  if (const auto& stripe = snapshot.around.stripe) {
    metrics.describe("actiond_stripe_fetches", "gauge", "Objects to fetch from Stripe.");
    metrics.add(stripe->waiting);
    metrics.describe("actiond_stripe_sessions_lost", "gauge",
                     "Sessions of checkout and portal that were never made, of the last hours.");
    metrics.add(stripe->lost_sessions);
    metrics.describe("actiond_stripe_fetch_age_seconds", "gauge",
                     "Age of the fetch that waits longest.");
    metrics.add(stripe->oldest ? (snapshot.time - *stripe->oldest).count() : 0);
  }
  const auto each_host = [&](const auto& value) {
    for (const HostNow& host : snapshot.around.hosts)
      metrics.add(value(host), fmt::format("host=\"{}\",socket=\"{}\"", to_label(host.name),
                                           to_label(host.socket)));
  };
  metrics.describe("actiond_host_unseen_seconds", "gauge",
                   "How long ago a host of this site said that it serves.");
  each_host([](const HostNow& host) { return host.unseen.count(); });
  metrics.describe("actiond_host_clock_ahead_seconds", "gauge",
                   "A host's clock against the database's.");
  each_host([](const HostNow& host) { return host.clock_ahead.count(); });
  metrics.describe("actiond_host_differences", "gauge",
                   "In how much a host differs: program, keys, clock, or that it is gone.");
  each_host([](const HostNow& host) { return host.differs.size(); });
  metrics.describe("actiond_keys", "gauge", "Keys of the ring.");
  metrics.add(snapshot.around.keys.size());
  metrics.describe("actiond_key_age_seconds", "gauge", "Age of a key that says when it was made.");
  for (const KeyNow& key : snapshot.around.keys)
    if (key.made)
      metrics.add((snapshot.time - *key.made).count(), fmt::format("key=\"{}\"", to_label(key.id)));
}

}  // namespace

std::string to_metrics(const Snapshot& snapshot) {
  Metrics metrics;
  metrics.describe("actiond_build_info", "gauge", "The program that answers; always 1.");
  metrics.add(1, fmt::format("version=\"{}\"", to_label(snapshot.version)));
  metrics.describe("actiond_counting_since_timestamp_seconds", "gauge",
                   "When the counters were zero.");
  metrics.add(snapshot.counted_since.time_since_epoch().count());
  add_requests(metrics, snapshot);
  add_writes(metrics, snapshot.writes);
  add_pool(metrics, snapshot);
  add_surroundings(metrics, snapshot);
  return metrics.take();
}

}  // namespace actiond
