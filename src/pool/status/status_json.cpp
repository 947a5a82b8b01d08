#include <nlohmann/json.hpp>

#include "base/time.h"
#include "http/answer.h"
#include "pool/status/status_text.h"

namespace actiond {
namespace {

using Json = nlohmann::ordered_json;

template <class Value>
Json or_null(const std::optional<Value>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json quantiles(const DurationSum& of) {
  return {{"p50", or_null(quantile_ms(of, 0.5))}, {"p99", or_null(quantile_ms(of, 0.99))}};
}

double milliseconds_since(const Snapshot& snapshot, SteadyTime time) {
  return std::chrono::duration<double, std::milli>(snapshot.steady_time - time).count();
}

Json threads_of(const Snapshot& snapshot, const WorkerNow& worker) {
  Json threads = Json::array();
  for (const ThreadNow& each : worker.busy) {
    Json thread{{"thread", each.number},
                {"phase", each.text()},
                {"phaseMs", milliseconds_since(snapshot, each.since)}};
    if (!each.id.empty()) {
      thread["request"] = each.id;
      thread["action"] = snapshot.action_name(each.action);
      thread["requestMs"] = milliseconds_since(snapshot, each.begun);
    }
    threads.push_back(std::move(thread));
  }
  return threads;
}

Json workers_of(const Snapshot& snapshot) {
  Json workers = Json::array();
  for (const WorkerNow& each : snapshot.workers)
    workers.push_back(
        {{"worker", each.cell},
         {"pid", each.pid},
         {"state", to_text(each.state)},
         {"generation", each.generation},
         {"ageSeconds", each.age.count()},
         {"threads", each.threads},
         {"peak", each.most_busy},
         {"connections", each.connections},
         {"queued", each.queued},
         {"requests", each.requests},
         {"cpuSeconds", each.process ? Json(each.process->cpu_seconds) : Json(nullptr)},
         {"residentBytes", each.process ? Json(each.process->resident_bytes) : Json(nullptr)},
         {"busy", threads_of(snapshot, each)}});
  return workers;
}

Json actions_of(const Snapshot& snapshot) {
  Json actions = Json::array();
  for (const ActionNow& each : snapshot.actions) {
    Json statuses = Json::object();
    for (std::size_t at = 0; at < counted_statuses.size(); ++at)
      if (each.statuses[at] > 0)
        statuses[at == 0 ? "other" : std::to_string(counted_statuses[at])] = each.statuses[at];
    actions.push_back({{"action", each.action.name},
                       {"level", each.action.level},
                       {"requests", each.durations.count()},
                       {"refused", each.refusals()},
                       {"failed", each.failures()},
                       {"ms", quantiles(each.durations)},
                       {"statuses", std::move(statuses)}});
  }
  return actions;
}

template <std::size_t Size>
Json counts_of(const std::array<std::string_view, Size>& names,
               const std::array<std::uint64_t, Size>& counts, std::size_t from) {
  Json json = Json::object();
  for (std::size_t at = from; at < Size; ++at) json[std::string(names[at])] = counts[at];
  return json;
}

Json keys_of(const Snapshot& snapshot) {
  Json keys = Json::array();
  for (const KeyNow& key : snapshot.around.keys)
    keys.push_back(
        {{"key", key.id},
         {"signs", key.signs},
         {"ageSeconds", key.made ? Json((snapshot.time - *key.made).count()) : Json(nullptr)}});
  return keys;
}

Json mail_of(const PoolSurroundings& around) {
  if (!around.mail) return nullptr;
  const auto& [waiting, parked, dead, oldest] = *around.mail;
  return {{"waiting", waiting},
          {"parked", parked},
          {"dead", dead},
          {"oldest", oldest ? Json(to_rfc3339(*oldest)) : Json(nullptr)}};
}

Json stripe_of(const PoolSurroundings& around) {
  if (!around.stripe) return nullptr;
  const auto& [waiting, oldest, report, lost] = *around.stripe;
  return {{"waiting", waiting},
          {"oldest", oldest ? Json(to_rfc3339(*oldest)) : Json(nullptr)},
          {"report", report},
          {"lostSessions", lost}};
}

Json hosts_of(const PoolSurroundings& around) {
  Json hosts = Json::array();
  for (const HostNow& each : around.hosts)
    hosts.push_back({{"host", each.name},
                     {"socket", each.socket},
                     {"program", each.program},
                     {"keys", each.keys},
                     {"clockAheadSeconds", each.clock_ahead.count()},
                     {"seenSecondsAgo", each.unseen.count()},
                     {"differs", each.differs}});
  return hosts;
}

// From the start on: what a program takes differences of.
Json totals_of(const Totals& totals) {
  return {{"requests", totals.durations.counts},
          {"refused", totals.refused()},
          {"batches", totals.batches.counts},
          {"writes", totals.batches.sum},
          {"waits", totals.waits.counts},
          {"flights", totals.flights},
          {"reruns", totals.reruns}};
}

}  // namespace

std::string to_status_json(const Snapshot& snapshot) {
  const WritesNow& writes = snapshot.writes;
  Json json{{"version", snapshot.version},
            {"time", to_rfc3339(snapshot.time)},
            {"countingSince", to_rfc3339(snapshot.counted_since)},
            {"threads", {{"busy", snapshot.busy_threads()}, {"all", snapshot.threads()}}},
            {"connections", snapshot.connections()},
            {"workers", workers_of(snapshot)},
            {"actions", actions_of(snapshot)},
            {"tokenRequests", snapshot.with_token},
            {"refusals", counts_of(reason_names, snapshot.reasons, 1)},
            {"writes",
             {{"queued", writes.queued},
              {"commits", writes.batches.count()},
              {"actions", writes.batches.sum},
              {"batch",
               {{"p50", or_null(quantile_end(writes.batches, batch_ends, 0.5))},
                {"p99", or_null(quantile_end(writes.batches, batch_ends, 0.99))}}},
              {"waitMs", quantiles(writes.waits)},
              {"writeMs", quantiles(writes.writes)},
              {"syncMs", quantiles(writes.syncs)}}},
            {"restarts", counts_of(ending_names, snapshot.endings, 0)},
            {"lostLogLines", snapshot.lost_log_lines},
            {"reload", nullptr},
            {"databaseBytes", or_null(snapshot.around.database_bytes)},
            {"walBytes", or_null(snapshot.around.wal_bytes)},
            {"keys", keys_of(snapshot)},
            {"mail", mail_of(snapshot.around)},
            {"stripe", stripe_of(snapshot.around)},
            {"hosts", hosts_of(snapshot.around)},
            {"totals", totals_of(snapshot.totals)}};
  if (snapshot.reload)
    json["reload"] = {{"time", to_rfc3339(snapshot.reload->time)},
                      {"done", snapshot.reload->done},
                      {"reason", snapshot.reload->reason}};
  // The reason of a reload may be no UTF-8.
  return to_json_line(json);
}

}  // namespace actiond
