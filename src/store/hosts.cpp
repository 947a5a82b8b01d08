#include "store/hosts.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <sstream>
#include <string_view>
#include <utility>

#include "base/count.h"

namespace actiond {
namespace {

// Of whole seconds, which both clocks are cut to: one second is none.
constexpr std::chrono::seconds tolerated_ahead(2);

std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words;
  std::istringstream in(text);
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

bool was_just_noted(Reader& db, const Host& host, bool is_alone, const std::string& keys) {
  const auto unseen = db.row<std::int64_t>(
      "SELECT unixepoch() - seen_at FROM hosts WHERE name = ? AND socket = ? AND program = ? "
      "AND key_ids = ? AND generation = ? AND library_step = ? AND site_step = ? AND (? = 0 OR NOT "
      "EXISTS (SELECT 1 FROM hosts AS other WHERE other.name = hosts.name AND other.socket = "
      "hosts.socket AND other.generation < hosts.generation))",
      host.name, host.socket, host.program, keys, host.generation, host.library_step,
      host.site_step, is_alone);
  return unseen && std::get<0>(*unseen) < host_noted_every.count() / 2;
}

// The first key of another one that lives which `host` lacks, told; empty: there is none.
std::string lacked_key(const Host& host, const std::vector<Host>& all) {
  for (const Host& other : all) {
    if (other.is_gone()) continue;
    for (const std::string& key : other.keys)
      if (std::ranges::find(host.keys, key) == host.keys.end())
        return fmt::format("lacks the key {} of {}", key, other.name);
  }
  return "";
}

}  // namespace

void note_host(Store& store, const Host& host, bool is_alone, const WallClock& clock) {
  const std::string keys = fmt::format("{}", fmt::join(host.keys, " "));
  if (was_just_noted(store.reader(), host, is_alone, keys)) return;
  store.run([&](Transaction& tx) {
    const auto of_database = std::get<0>(*tx.row<Time>("SELECT unixepoch()"));
    if (is_alone)
      tx.add("DELETE FROM hosts WHERE name = ? AND socket = ? AND generation < ?", host.name,
             host.socket, host.generation);
    tx.add(
        "INSERT INTO hosts (name, socket, program, generation, library_step, site_step, key_ids, "
        "clock_ahead, seen_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (name, socket, program) DO UPDATE SET "
        "generation = CASE WHEN excluded.generation < hosts.generation "
        "THEN excluded.generation ELSE hosts.generation END, "
        "library_step = CASE WHEN excluded.library_step < hosts.library_step "
        "THEN excluded.library_step ELSE hosts.library_step END, "
        "site_step = CASE WHEN excluded.site_step < hosts.site_step "
        "THEN excluded.site_step ELSE hosts.site_step END, "
        "key_ids = excluded.key_ids, clock_ahead = excluded.clock_ahead, "
        "seen_at = excluded.seen_at",
        host.name, host.socket, host.program, host.generation, host.library_step, host.site_step,
        keys, (clock() - of_database).count(), of_database);
  });
}

std::vector<Host> read_hosts(Reader& db) {
  std::vector<Host> hosts;
  for (auto& [name, socket, program, generation, library_step, site_step, keys, ahead, unseen] :
       db.rows<std::string, std::string, std::string, std::int64_t, int, int, std::string,
               std::int64_t, std::int64_t>(
           "SELECT name, socket, program, generation, library_step, site_step, key_ids, "
           "clock_ahead, unixepoch() - seen_at FROM hosts ORDER BY name, socket, seen_at DESC"))
    hosts.push_back({name, socket, program, generation, library_step, site_step, words_of(keys),
                     std::chrono::seconds(ahead), std::chrono::seconds(unseen)});
  const auto former = std::ranges::unique(hosts, {}, [](const Host& host) {
    return std::pair<std::string_view, std::string_view>(host.name, host.socket);
  });
  hosts.erase(former.begin(), former.end());
  return hosts;
}

std::int64_t remove_gone_hosts(Transaction& tx) {
  return tx.change(
      "DELETE FROM hosts WHERE seen_at <= unixepoch() - 86400 OR EXISTS (SELECT 1 FROM hosts "
      "AS other WHERE other.name = hosts.name AND other.socket = hosts.socket AND "
      "other.seen_at > hosts.seen_at + ?)",
      host_gone_after.count());
}

std::vector<HostDifference> differences(const Host& host, const std::vector<Host>& all,
                                        const std::string& program) {
  if (host.is_gone())
    return {{HostDifference::What::Gone,
             fmt::format("not seen for {}",
                         count(static_cast<std::size_t>(host.unseen.count()) / 60, "minute"))}};
  std::vector<HostDifference> found;
  if (host.program != program)
    found.push_back(
        {HostDifference::What::Program, fmt::format("runs {}, not {}", host.program, program)});
  if (std::string lacked = lacked_key(host, all); !lacked.empty())
    found.push_back({HostDifference::What::Key, std::move(lacked)});
  if (std::chrono::abs(host.clock_ahead) > tolerated_ahead)
    found.push_back({HostDifference::What::Clock,
                     fmt::format("its clock is {} seconds {} the database's",
                                 std::abs(host.clock_ahead.count()),
                                 host.clock_ahead.count() > 0 ? "ahead of" : "behind")});
  return found;
}

}  // namespace actiond
