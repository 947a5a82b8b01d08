// The power is cut at any moment of what a pool does from its first start on: what was synced is
// there, and of the rest whatever the disk got done.  ACTIOND_POWER_CUTS says how many cuts
// instead of 600.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <mutex>
#include <random>

#include "reliability/orders.h"
#include "reliability/recording.h"

namespace actiond::reliability {
namespace {

int cuts_wanted() {
  const char* cuts = std::getenv("ACTIOND_POWER_CUTS");
  return cuts == nullptr ? 600 : std::stoi(cuts);
}

struct Recording {
  std::string database;
  std::vector<Event> events;
  std::map<std::size_t, Files> files;  // as they really were after so many events
  Topics acknowledged;                 // as the visitors know it

  Recording() {
    RunningSite site({.with_pool = false, .with_nginx = false});
    database = site.database();
    site.expect_dead_workers();
    site.start_pool(recorder(site));
    const Buyer buyer(site, recorder(site));
    look(site);
    order(buyer, "before", 6, 60);
    look(site);
    site.kill_whole_pool();
    site.start_pool(recorder(site));
    order(buyer, "after", 1, 100);
    order(buyer, "together", 6, 40);
    site.stop_pool();
    look(site);
  }

  // While nobody writes.
  void look(const RunningSite& site) {
    events = recorded(site);
    for (const char* suffix : {"", "-wal"})
      files[events.size()][database + suffix] = test::read_file(database + suffix);
  }

  void order(const Buyer& buyer, const std::string& name, int buyers, int each) {
    std::mutex mutex;
    together(buyers, [&](int which) {
      for (int at = 0; at < each; ++at) {
        const std::string topic = name + "-" + std::to_string(which) + "-" + std::to_string(at);
        const bool done = buyer.order(topic) == 200;
        const std::lock_guard lock(mutex);
        if (done) acknowledged.insert(topic);
      }
    });
  }

  // When the database itself is written, at checkpoints, stands less of a chance than it deserves.
  std::vector<std::size_t> cuts(int count, std::mt19937& random) const {
    std::vector<std::size_t> at_database;
    for (std::size_t at = 0; at < events.size(); ++at)
      if (events[at].path == database) at_database.push_back(at);
    std::vector<std::size_t> cuts;
    for (int cut = 0; cut < count; ++cut)
      cuts.push_back(cut % 4 == 0 ? at_database[random() % at_database.size()]
                                  : random() % events.size());
    std::sort(cuts.begin(), cuts.end());
    return cuts;
  }
};

const Recording& recording() {
  static const Recording made;
  return made;
}

const std::vector<Disk::Unsynced> all_fates{Disk::Unsynced::Dropped, Disk::Unsynced::Kept,
                                            Disk::Unsynced::SomeKept, Disk::Unsynced::Torn};

// The fault after a power cut before each of the `events` at `cuts`, what was not synced having
// one of the `fates`; "" for those that left nothing wrong.
std::vector<std::string> cut_power(const std::vector<Event>& events,
                                   const std::vector<std::size_t>& cuts, std::mt19937& random,
                                   const std::vector<Disk::Unsynced>& fates = all_fates) {
  Disk disk;
  Topics acknowledged;
  std::vector<std::string> wrong;
  std::size_t at = 0;
  for (const std::size_t cut : cuts) {
    for (; at < cut; ++at) {
      disk.apply(events[at]);
      const std::string id = acknowledged_by(events[at]);
      if (!id.empty() && id != "sign-up") acknowledged.insert(id);
    }
    const test::TemporaryFolder folder;
    for (const auto& [path, content] : disk.after_power_cut(fates[random() % fates.size()], random))
      test::write_file(folder / std::filesystem::path(path).filename().string(), content);
    if (acknowledged.empty() && !std::filesystem::exists(folder / "site.db")) continue;
    const std::string found = wrong_with(folder / "site.db", acknowledged);
    wrong.push_back(found.empty() ? "" : "cut before event " + std::to_string(cut) + ": " + found);
  }
  return wrong;
}

TEST_CASE("the recording misses nothing: written again it makes the same files") {
  const Recording& made = recording();
  Disk disk;
  Topics acknowledged;
  std::mt19937 random(5);
  auto look = made.files.begin();
  for (std::size_t at = 0; at < made.events.size(); ++at) {
    disk.apply(made.events[at]);
    acknowledged.insert(acknowledged_by(made.events[at]));
    if (at + 1 != look->first) continue;
    CHECK(disk.after_power_cut(Disk::Unsynced::Kept, random) == look->second);
    ++look;
  }
  CHECK(look == made.files.end());
  CHECK(made.acknowledged.size() > 300);
  CHECK(std::includes(acknowledged.begin(), acknowledged.end(), made.acknowledged.begin(),
                      made.acknowledged.end()));
}

TEST_CASE("a power cut at any moment loses nothing acknowledged and leaves nothing half") {
  const Recording& made = recording();
  std::mt19937 random(6);
  const auto wrong = cut_power(made.events, made.cuts(cuts_wanted(), random), random);
  MESSAGE(wrong.size(), " cuts in ", made.events.size(), " events");
  CHECK(wrong.size() > static_cast<std::size_t>(cuts_wanted()) * 5 / 6);
  for (const std::string& each : wrong) CHECK(each == "");
}

// Whether the cuts would show it.
TEST_CASE("without its syncs the same recording loses what was acknowledged") {
  std::vector<Event> events = recording().events;
  std::erase_if(events, [](const Event& event) { return event.did == Did::sync; });
  std::mt19937 random(7);
  const auto wrong =
      cut_power(events, {events.size() / 2, events.size()}, random, {Disk::Unsynced::Dropped});
  for (const std::string& each : wrong) CHECK(each != "");
}

}  // namespace
}  // namespace actiond::reliability
