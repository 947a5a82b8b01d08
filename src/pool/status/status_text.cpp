#include "pool/status/status_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "base/count.h"
#include "base/encoding.h"
#include "base/time.h"
#include "http/answer.h"

namespace actiond {
namespace {

using Row = std::vector<std::string>;

struct Table {
  std::string title;
  Row head;
  std::vector<Row> rows = {};
  std::string when_empty = {};  // else it is left out then
};

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

// Milliseconds.
std::string time_text(const DurationSum& durations, double part) {
  const auto micro = quantile(durations, duration_ends, part);
  return micro ? fmt::format("{:.2f}", *micro / 1000) : "-";
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
                     &key == &around.keys.front() ? "signs" : "verifies")});
  const auto& reload = snapshot.reload;
  table.rows.push_back(
      {"last reload", !reload ? "none"
                              : fmt::format("{} {}", to_rfc3339(reload->time),
                                            reload->done ? "done" : "refused: " + reload->reason)});
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
  return {fmt::format("Writes: {} queued, {} commits for {} actions", writes.queued, commits,
                      writes.batches.sum),
          {"", "p50", "p99"},
          {row("wait ms", writes.waits),
           row("write ms", writes.writes),
           row("sync ms", writes.syncs),
           {"batch", batch(0.5), batch(0.99)}}};
}

std::vector<Table> tables_of(const Snapshot& snapshot) {
  return {pool_table(snapshot),
          worker_table(snapshot),
          thread_table(snapshot),
          action_table(snapshot),
          count_table("Refusals", reason_names, snapshot.reasons),
          writes_table(snapshot.writes),
          count_table("Workers replaced", ending_names, snapshot.endings)};
}

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789.-") == text.npos;
}

std::string table_text(const Table& table) {
  std::string text = table.title + "\n";
  if (table.rows.empty()) return text + "  " + table.when_empty + "\n";
  std::vector<std::size_t> widths(table.head.size());
  std::vector<bool> numbers(table.head.size(), true);
  for (std::size_t at = 0; at < widths.size(); ++at) {
    widths[at] = table.head[at].size();
    for (const Row& row : table.rows) {
      widths[at] = std::max(widths[at], row[at].size());
      if (!is_number(row[at])) numbers[at] = false;
    }
  }
  const auto line = [&](const Row& row) {
    std::string cells;
    for (std::size_t at = 0; at < row.size(); ++at)
      cells += numbers[at] ? fmt::format("  {:>{}}", row[at], widths[at])
                           : fmt::format("  {:<{}}", row[at], widths[at]);
    cells.erase(cells.find_last_not_of(' ') + 1);
    return cells + "\n";
  };
  const bool has_head = std::any_of(table.head.begin(), table.head.end(),
                                    [](const std::string& name) { return !name.empty(); });
  if (has_head) text += line(table.head);
  for (const Row& row : table.rows) text += line(row);
  return text;
}

std::string table_html(const Table& table) {
  std::string html = fmt::format("<h2>{}</h2>\n", to_html(table.title));
  if (table.rows.empty()) return html + fmt::format("<p>{}</p>\n", to_html(table.when_empty));
  html += fmt::format(
      "<div class=\"wide\" tabindex=\"0\" role=\"group\" aria-label=\"{}\">\n<table>\n<thead><tr>",
      to_html(table.title));
  for (const std::string& name : table.head)
    html += name.empty() ? "<td></td>" : fmt::format("<th scope=\"col\">{}</th>", to_html(name));
  html += "</tr></thead>\n<tbody>\n";
  for (const Row& row : table.rows) {
    html += "<tr>";
    for (const std::string& cell : row)
      html += &cell == &row.front() ? fmt::format("<th scope=\"row\">{}</th>", to_html(cell))
                                    : fmt::format("<td>{}</td>", to_html(cell));
    html += "</tr>\n";
  }
  return html + "</tbody>\n</table>\n</div>\n";
}

}  // namespace

std::string to_status_text(const Snapshot& snapshot) {
  std::string text;
  for (const Table& table : tables_of(snapshot)) {
    if (!text.empty()) text += '\n';
    text += table_text(table);
  }
  return text;
}

std::string to_status_page(const Snapshot& snapshot) {
  std::string main = "<h1>Status</h1>\n";
  for (const Table& table : tables_of(snapshot)) main += table_html(table);
  return plain_page("Status", main);
}

}  // namespace actiond
