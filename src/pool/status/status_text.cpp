#include "pool/status/status_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string_view>

#include "base/count.h"
#include "base/time.h"
#include "http/answer.h"
#include "pool/status/charts.h"
#include "pool/status/table.h"

namespace actiond {
namespace {

std::string age_text(std::chrono::seconds age) {
  const auto seconds = age.count();
  if (seconds < 120) return fmt::format("{} s", seconds);
  if (seconds < 2 * 3600) return fmt::format("{} min", seconds / 60);
  if (seconds < 48 * 3600) return fmt::format("{} h", seconds / 3600);
  return fmt::format("{} days", seconds / 86400);
}

double mebibytes(std::uint64_t bytes) { return static_cast<double>(bytes) / 1024 / 1024; }

std::string bytes_text(const std::optional<std::uint64_t>& bytes) {
  if (!bytes) return "unknown";
  if (*bytes < 1024) return fmt::format("{} B", *bytes);
  if (*bytes < 1024 * 1024) return fmt::format("{} KiB", *bytes / 1024);
  return fmt::format("{:.1f} MiB", mebibytes(*bytes));
}

std::string mail_text(const MailNow& mail, std::chrono::sys_seconds now) {
  std::string text = fmt::format("{} waiting", mail.waiting);
  if (mail.oldest) text += fmt::format(", the oldest for {}", age_text(now - *mail.oldest));
  if (mail.parked > 0) text += fmt::format(", {} parked", mail.parked);
  if (mail.dead > 0) text += fmt::format(", {} dead", mail.dead);
  return text;
}

std::string stripe_text(const StripeNow& stripe, std::chrono::sys_seconds now) {
  std::string text = fmt::format("{} to fetch", stripe.waiting);
  if (stripe.oldest) text += fmt::format(", the oldest for {}", age_text(now - *stripe.oldest));
  if (stripe.lost_sessions > 0)
    text += fmt::format("; {} to Stripe never made", count(stripe.lost_sessions, "way"));
  if (!stripe.report.empty()) text += fmt::format("; last night: {}", stripe.report);
  return text;
}

Table pool_table(const Snapshot& snapshot) {
  const PoolSurroundings& around = snapshot.around;
  Table table{"Pool", {"", ""}};
  table.rows = {
      {"version", snapshot.version},
      {"time", to_rfc3339(snapshot.time)},
      {"counting since", to_rfc3339(snapshot.counted_since)},
      {"threads busy", fmt::format("{} of {}", snapshot.busy_threads(), snapshot.threads())},
      {"connections", std::to_string(snapshot.connections())},
      {"with a token", count(snapshot.with_token, "request")},
      {"database", bytes_text(around.database_bytes)},
      {"write-ahead log", bytes_text(around.wal_bytes)},
      {"lost log lines", std::to_string(snapshot.lost_log_lines)}};
  if (around.mail) table.rows.push_back({"mail", mail_text(*around.mail, snapshot.time)});
  if (around.stripe) table.rows.push_back({"Stripe", stripe_text(*around.stripe, snapshot.time)});
  for (const KeyNow& key : around.keys)
    table.rows.push_back(
        {fmt::format("key {}", key.id),
         fmt::format("{}, {}",
                     key.made ? age_text(snapshot.time - *key.made) + " old" : "of unknown age",
                     key.signs ? "signs" : "verifies")});
  const auto& reload = snapshot.reload;
  table.rows.push_back(
      {"last reload", !reload ? "none"
                              : fmt::format("{} {}", to_rfc3339(reload->time),
                                            reload->done ? "done" : "refused: " + reload->reason)});
  return table;
}

Table host_table(const std::vector<HostNow>& hosts) {
  Table table{"Hosts", {"host", "socket", "program", "keys", "clock s", "seen", "differs"}};
  for (const HostNow& each : hosts)
    table.rows.push_back(
        {each.name, each.socket, each.program, fmt::format("{}", fmt::join(each.keys, " ")),
         fmt::format("{:+}", each.clock_ahead.count()),
         fmt::format("{} ago", age_text(each.unseen)),
         each.differs.empty() ? "no" : fmt::format("{}", fmt::join(each.differs, "; "))});
  return table;
}

Table worker_table(const Snapshot& snapshot) {
  Table table{"Workers",
              {"worker", "pid", "state", "generation", "age", "threads", "busy", "peak",
               "connections", "queued", "requests", "cpu s", "MiB"},
              {},
              "none"};
  for (const WorkerNow& each : snapshot.workers)
    table.rows.push_back(
        {std::to_string(each.cell), std::to_string(each.pid), std::string(to_text(each.state)),
         std::to_string(each.generation), age_text(each.age), std::to_string(each.threads),
         std::to_string(each.busy.size()), std::to_string(each.most_busy),
         std::to_string(each.connections), std::to_string(each.queued),
         std::to_string(each.requests),
         each.process ? fmt::format("{:.2f}", each.process->cpu_seconds) : "-",
         each.process ? fmt::format("{:.1f}", mebibytes(each.process->resident_bytes)) : "-"});
  return table;
}

Table thread_table(const Snapshot& snapshot) {
  Table table{"Busy threads",
              {"worker", "thread", "action", "phase", "for ms", "request ms", "request"},
              {},
              "none"};
  const auto milliseconds = [&snapshot](SteadyTime since) {
    const std::chrono::duration<double, std::milli> passed = snapshot.steady_time - since;
    return fmt::format("{:.1f}", std::max(0.0, passed.count()));
  };
  for (const WorkerNow& worker : snapshot.workers)
    for (const ThreadNow& each : worker.busy) {
      const bool at_write_lock = each.id.empty();
      table.rows.push_back({std::to_string(worker.cell), std::to_string(each.number),
                            at_write_lock ? "-" : std::string(snapshot.action_name(each.action)),
                            std::string(each.text()), milliseconds(each.since),
                            at_write_lock ? "-" : milliseconds(each.begun),
                            at_write_lock ? "-" : each.id});
    }
  return table;
}

Table action_table(const Snapshot& snapshot) {
  Table table{"Actions", {"action", "level", "requests", "refused", "failed", "p50 ms", "p99 ms"}};
  for (const ActionNow& each : snapshot.actions)
    table.rows.push_back({each.action.name, each.action.level,
                          std::to_string(each.durations.count()), std::to_string(each.refusals()),
                          std::to_string(each.failures()), time_text(each.durations, 0.5),
                          time_text(each.durations, 0.99)});
  return table;
}

// Names with their counts, those that never happened left out.
template <std::size_t Size>
Table count_table(std::string title, const std::array<std::string_view, Size>& names,
                  const std::array<std::uint64_t, Size>& counts) {
  Table table{std::move(title), {"reason", "count"}, {}, "none"};
  for (std::size_t at = 0; at < Size; ++at)
    if (counts[at] > 0) table.rows.push_back({std::string(names[at]), std::to_string(counts[at])});
  return table;
}

Table writes_table(const WritesNow& writes) {
  const std::uint64_t commits = writes.batches.count();
  const auto row = [](std::string_view name, const DurationSum& of) {
    return Row{std::string(name), time_text(of, 0.5), time_text(of, 0.99)};
  };
  const auto batch = [&writes](double part) {
    const auto size = quantile_end(writes.batches, batch_ends, part);
    return size ? std::to_string(*size) : "-";
  };
  std::string title = fmt::format("Writes: {} queued, {} commits for {} actions", writes.queued,
                                  commits, writes.batches.sum);
  if (writes.flights > 0)
    title += fmt::format(", {} flights, {} reruns", writes.flights, writes.reruns);
  return {std::move(title),
          {"", "p50", "p99"},
          {row("wait ms", writes.waits),
           row("write ms", writes.writes),
           row("sync ms", writes.syncs),
           {"batch", batch(0.5), batch(0.99)}}};
}

std::vector<Table> tables_of(const Snapshot& snapshot) {
  std::vector<Table> tables{pool_table(snapshot),
                            worker_table(snapshot),
                            thread_table(snapshot),
                            action_table(snapshot),
                            count_table("Refusals", reason_names, snapshot.reasons),
                            writes_table(snapshot.writes),
                            count_table("Workers replaced", ending_names, snapshot.endings)};
  if (!snapshot.around.hosts.empty())
    tables.insert(tables.begin() + 1, host_table(snapshot.around.hosts));
  return tables;
}

}  // namespace

std::string time_text(const DurationSum& of, double part) {
  const auto time = quantile_ms(of, part);
  return time ? fmt::format("{:.2f}", *time) : "-";
}

std::string to_status_text(const Snapshot& snapshot) {
  std::string text;
  for (const Table& table : tables_of(snapshot)) {
    if (!text.empty()) text += '\n';
    text += to_text(table);
  }
  return text;
}

std::string to_status_page(const Snapshot& snapshot) {
  std::string main = "<h1>Status</h1>\n" + to_charts(snapshot);
  for (const Table& table : tables_of(snapshot)) main += to_html(table);
  return plain_page("Status", main, Words::english(), PageWidth::Wide);
}

}  // namespace actiond
