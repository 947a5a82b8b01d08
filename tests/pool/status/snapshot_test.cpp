#include "pool/status/snapshot.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "pool/status/metrics.h"
#include "pool/status/status_text.h"

using namespace actiond;

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// A pool of two workers, of which one is at something.
Snapshot example() {
  const SteadyTime now{seconds(1000)};
  const std::chrono::sys_seconds time{seconds(1'700'000'000)};
  Snapshot snapshot{
      .time = time, .steady_time = now, .version = "1.2.3", .counted_since = time - seconds(60)};
  snapshot.workers = {{.cell = 0,
                       .pid = 101,
                       .state = WorkerState::Ready,
                       .generation = 2,
                       .age = seconds(59),
                       .threads = 16,
                       .most_busy = 5,
                       .connections = 7,
                       .queued = 1,
                       .requests = 1234,
                       .busy = {{.number = 3,
                                 .doing = ThreadCell::FirstPhase + 3,
                                 .action = 1,
                                 .id = "abc",
                                 .begun = now - milliseconds(250),
                                 .since = now - milliseconds(20)}},
                       .process = ProcessFacts{1.5, 9'437'184}},
                      {.cell = 1,
                       .pid = 99,
                       .state = WorkerState::Draining,
                       .generation = 1,
                       .age = seconds(7300),
                       .threads = 16,
                       .most_busy = 2,
                       .connections = 0,
                       .queued = 0,
                       .requests = 5,
                       .busy = {}}};
  snapshot.actions = {{.action = {"(other)", ""}}, {.action = {"sign-up", "public"}}};
  ActionNow& action = snapshot.actions[1];
  action.statuses[status_index(200)] = 3;
  action.statuses[status_index(422)] = 1;
  action.durations.counts[3] = 4;  // 250 to 500 us
  action.durations.sum = 1600;
  snapshot.reasons[static_cast<std::size_t>(Reason::InvalidFields)] = 1;
  snapshot.with_token = 7;
  snapshot.writes.queued = 1;
  snapshot.writes.batches.counts[1] = 2;
  snapshot.writes.batches.sum = 4;
  snapshot.endings[static_cast<std::size_t>(Ending::Memory)] = 1;
  snapshot.lost_log_lines = 3;
  snapshot.reload = LastReload{time - seconds(30), false, "no <key>"};
  snapshot.around = {
      .database_bytes = 4096,
      .wal_bytes = 3'500'000,
      .keys = {{"k2", time - seconds(30), false},
               {"k1", time - seconds(90), true},
               {"k0", {}, false}},
      .mail = MailNow{2, 0, 1, time - seconds(45)},
      .stripe = StripeNow{1, time - seconds(20), "3 looked at", 2},
      .hosts = {{"web1", "/a.sock", "club 1.2", {"k1", "k0"}, seconds(0), seconds(3)},
                {"web2",
                 "/a.sock",
                 "club 1.1",
                 {"k0"},
                 seconds(-9),
                 seconds(12),
                 {"runs club 1.1", "lacks the key k1 of web1"}}}};
  return snapshot;
}

}  // namespace

TEST_CASE("the status is tables for a terminal") {
  CHECK(to_status_text(example()) ==
        R"(Pool
  version          1.2.3
  time             2023-11-14T22:13:20Z
  counting since   2023-11-14T22:12:20Z
  threads busy     1 of 32
  connections      7
  with a token     7 requests
  database         4 KiB
  write-ahead log  3.3 MiB
  lost log lines   3
  mail             2 waiting, the oldest for 45 s, 1 dead
  Stripe           1 to fetch, the oldest for 20 s; 2 ways to Stripe never made; last night: 3 looked at
  key k2           30 s old, verifies
  key k1           90 s old, signs
  key k0           of unknown age, verifies
  last reload      2023-11-14T22:12:50Z refused: no <key>

Hosts
  host  socket   program   keys   clock s  seen      differs
  web1  /a.sock  club 1.2  k1 k0  +0       3 s ago   no
  web2  /a.sock  club 1.1  k0     -9       12 s ago  runs club 1.1; lacks the key k1 of web1

Workers
  worker  pid  state     generation  age   threads  busy  peak  connections  queued  requests  cpu s  MiB
       0  101  ready              2  59 s       16     1     5            7       1      1234   1.50  9.0
       1   99  draining           1  2 h        16     0     2            0       0         5      -    -

Busy threads
  worker  thread  action   phase  for ms  request ms  request
       0       3  sign-up  work     20.0       250.0  abc

Actions
  action   level   requests  refused  failed  p50 ms  p99 ms
  (other)                 0        0       0       -       -
  sign-up  public         4        1       0    0.38    0.50

Refusals
  reason          count
  invalid_fields      1

Writes: 1 queued, 2 commits for 4 actions
            p50  p99
  wait ms     -    -
  write ms    -    -
  sync ms     -    -
  batch       2    2

Workers replaced
  reason  count
  memory      1
)");
}

TEST_CASE("the page says the same, escaped, and holds neither style nor script") {
  const std::string page = to_status_page(example());
  CHECK(page.find("<td>sign-up</td><td>work</td>") != std::string::npos);
  CHECK(page.find("refused: no &lt;key&gt;") != std::string::npos);
  CHECK(page.find("style=") == std::string::npos);
  CHECK(page.find("<style") == std::string::npos);
  CHECK(page.find("<script") == std::string::npos);
}

TEST_CASE("the JSON has numbers where programs count") {
  const auto json = nlohmann::json::parse(to_status_json(example()));
  CHECK(json["threads"]["busy"] == 1);
  CHECK(json["workers"][0]["busy"][0]["request"] == "abc");
  CHECK(json["workers"][0]["busy"][0]["requestMs"] == 250);
  CHECK(json["workers"][1]["state"] == "draining");
  CHECK(json["actions"][1]["statuses"] == nlohmann::json{{"200", 3}, {"422", 1}});
  CHECK(json["actions"][0]["ms"]["p50"].is_null());
  CHECK(json["tokenRequests"] == 7);
  CHECK(json["refusals"]["invalid_fields"] == 1);
  CHECK(json["restarts"]["memory"] == 1);
  CHECK(json["reload"]["reason"] == "no <key>");
  CHECK(json["keys"][0]["signs"] == false);
  CHECK(json["keys"][1]["signs"] == true);
  CHECK(json["keys"][1]["ageSeconds"] == 90);
  CHECK(json["keys"][2]["ageSeconds"].is_null());
  CHECK(json["walBytes"] == 3'500'000);
  CHECK(json["mail"]["waiting"] == 2);
  CHECK(json["mail"]["oldest"] == "2023-11-14T22:12:35Z");
  CHECK(json["stripe"]["waiting"] == 1);
  CHECK(json["stripe"]["report"] == "3 looked at");
  CHECK(json["stripe"]["lostSessions"] == 2);
  CHECK(json["lostLogLines"] == 3);
  CHECK(json["hosts"][0]["differs"].empty());
  CHECK(json["hosts"][1]["keys"] == nlohmann::json{"k0"});
  CHECK(json["hosts"][1]["clockAheadSeconds"] == -9);
  CHECK(json["hosts"][1]["differs"][1] == "lacks the key k1 of web1");
  CHECK(json["totals"]["requests"].size() == duration_ends.size() + 1);
}

TEST_CASE("the metrics are Prometheus's text, histograms cumulated and in seconds") {
  const std::string metrics = to_metrics(example());
  for (const char* line :
       {"actiond_build_info{version=\"1.2.3\"} 1\n",
        "# TYPE actiond_requests_total counter\n"
        "actiond_requests_total{action=\"sign-up\",level=\"public\",status=\"200\"} 3\n"
        "actiond_requests_total{action=\"sign-up\",level=\"public\",status=\"422\"} 1\n",
        "actiond_request_duration_seconds_bucket{action=\"sign-up\",level=\"public\",le=\"0."
        "00025\"} 0\n",
        "actiond_request_duration_seconds_bucket{action=\"sign-up\",level=\"public\",le=\"0.0005\"}"
        " 4\n",
        "actiond_request_duration_seconds_bucket{action=\"sign-up\",level=\"public\",le=\"30\"} "
        "4\n",
        "actiond_request_duration_seconds_bucket{action=\"sign-up\",level=\"public\",le=\"+Inf\"} "
        "4\n"
        "actiond_request_duration_seconds_sum{action=\"sign-up\",level=\"public\"} 0.0016\n"
        "actiond_request_duration_seconds_count{action=\"sign-up\",level=\"public\"} 4\n",
        "actiond_refusals_total{reason=\"invalid_fields\"} 1\n",
        "actiond_token_requests_total 7\n",
        "\nactiond_write_queue 1\n",
        "actiond_batch_size_bucket{le=\"2\"} 2\n",
        "actiond_batch_size_sum 4\n",
        "actiond_sync_duration_seconds_count 0\n",
        "actiond_workers{state=\"draining\"} 1\n",
        "actiond_worker_restarts_total{reason=\"memory\"} 1\n",
        "actiond_reload_success 0\n",
        "actiond_wal_bytes 3500000\n",
        "actiond_database_bytes 4096\n",
        "actiond_mails{state=\"dead\"} 1\n",
        "actiond_mail_age_seconds 45\n",
        "actiond_stripe_fetches 1\n",
        "actiond_stripe_sessions_lost 2\n",
        "actiond_stripe_fetch_age_seconds 20\n",
        "actiond_log_lines_lost_total 3\n",
        "actiond_host_unseen_seconds{host=\"web2\",socket=\"/a.sock\"} 12\n",
        "actiond_host_clock_ahead_seconds{host=\"web2\",socket=\"/a.sock\"} -9\n",
        "actiond_host_differences{host=\"web2\",socket=\"/a.sock\"} 2\n",
        "actiond_key_age_seconds{key=\"k1\"} 90\n"})
    CHECK_MESSAGE(metrics.find(line) != std::string::npos, line);
  CHECK(metrics.find("key=\"k0\"") == std::string::npos);
}

TEST_CASE("a quantile lies within its bucket") {
  DurationSum none;
  CHECK_FALSE(quantile(none, duration_ends, 0.5));
  DurationSum some;
  some.counts[0] = 98;  // up to 50 us
  some.counts[4] = 1;   // up to 1 ms
  some.counts[duration_ends.size()] = 1;
  CHECK(*quantile(some, duration_ends, 0.49) == 25);
  CHECK(*quantile(some, duration_ends, 0.99) == 1000);
  CHECK(*quantile(some, duration_ends, 1) == 30'000'000);
  BatchSum sizes;
  sizes.counts[0] = 1;
  sizes.counts[3] = 1;
  CHECK(quantile_end(sizes, batch_ends, 0.5) == 1);
  CHECK(quantile_end(sizes, batch_ends, 0.99) == 8);
}
