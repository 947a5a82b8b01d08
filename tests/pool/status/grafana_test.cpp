// The board of docs/grafana.json asks for what /-/metrics has.
#include <doctest/doctest.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <string>

#include "pool/status/metrics.h"
#include "support.h"

using namespace actiond;

namespace {

// By name, the labels that it has.
using Series = std::map<std::string, std::set<std::string>>;

Series all_series() {
  Snapshot snapshot{.time = {}, .steady_time = {}, .version = "1", .counted_since = {}};
  snapshot.actions = {{.action = {"me", "public"}, .statuses = {}, .durations = {}}};
  snapshot.actions[0].statuses[1] = 1;
  snapshot.around = {.database_bytes = 1,
                     .wal_bytes = 1,
                     .keys = {},
                     .mail = MailNow{},
                     .hosts = {{"web1", "/run/a.sock", "club 1", {}, {}, {}}}};
  const std::string metrics = to_metrics(snapshot);
  const std::regex line("(actiond_[a-z_]+)(\\{(.*)\\})? \\S+\n");
  const std::regex label("([a-z]+)=\"");
  Series series;
  for (std::sregex_iterator at(metrics.begin(), metrics.end(), line), end; at != end; ++at) {
    std::set<std::string>& labels = series[(*at)[1]];
    labels.insert("instance");  // Prometheus's own
    const std::string written = (*at)[3];
    for (std::sregex_iterator each(written.begin(), written.end(), label); each != end; ++each)
      labels.insert((*each)[1]);
  }
  return series;
}

}  // namespace

TEST_CASE("every query of the board is about metrics that there are, with labels that they have") {
  const Series series = all_series();
  const auto board =
      nlohmann::json::parse(std::ifstream(test::project_folder() / "docs/grafana.json"));
  const std::regex name("actiond_[a-z_]+");
  const std::regex grouping("by \\(([a-z]+)\\)");
  int queries = 0;
  for (const auto& panel : board.at("panels"))
    for (const auto& target : panel.at("targets")) {
      const std::string query = target.at("expr");
      CAPTURE(query);
      ++queries;
      std::smatch found;
      REQUIRE(std::regex_search(query, found, name));
      for (std::sregex_iterator at(query.begin(), query.end(), name), end; at != end; ++at)
        CHECK_MESSAGE(series.contains(at->str()), at->str());
      if (std::smatch by; std::regex_search(query, by, grouping) && series.contains(found[0]))
        CHECK_MESSAGE(series.at(found[0]).contains(by[1]), by[1].str());
    }
  CHECK(queries >= 20);
}
