// Calls to the database's files fail with EIO, one after the other: those of commits, of
// checkpoints, of the opening.  strace makes them fail, where it may.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <mutex>

#include "reliability/orders.h"
#include "reliability/strace.h"
#include "skip.h"

namespace actiond::reliability {
namespace {

namespace fs = std::filesystem;

// A site whose pool failed while it was about to do a checkpoint; again and again from the same
// state.
class FailingSite {
 public:
  FailingSite() {
    site_.expect_dead_workers();  // who saw its disk fail may make room for another
    site_.start_pool();
    buyer_.emplace(site_);
    site_.stop_pool();
    save();
    site_.start_pool();
    const auto size = [&] { return fs::file_size(site_.database()); };
    const std::uintmax_t before = size();
    int orders = 0;
    while (size() == before && orders < 5000) order("early-" + std::to_string(orders++));
    REQUIRE(size() != before);
    site_.stop_pool();
    restore();
    site_.start_pool();
    acknowledged_.clear();
    for (int at = 0; at < orders - 5; ++at) order("early-" + std::to_string(at));
    site_.stop_pool();
    REQUIRE(size() == before);
    save();
    early_ = acknowledged_;
  }

  // The answers of a pool whose calls fail; "" when nothing is wrong afterwards.
  std::string orders_while(const Failure& failure) {
    restore();
    acknowledged_ = early_;
    site_.start_pool(failing(site_, failure));
    http::eventually([&] { return site_.workers().size() == 2; });
    const std::vector<pid_t> workers = site_.workers();
    // strace counts for each thread: in a worker that was replaced the same fails again.
    const auto replaced = [&] { return site_.workers() != workers; };
    together(3, [&](int which) {
      for (int at = 0; at < 12 && !replaced(); ++at)
        order("late-" + std::to_string(which) + "-" + std::to_string(at));
    });
    const bool for_ever = failure.when.ends_with('+');
    if (!for_ever && !http::eventually([&] { return replaced() || works(); }))
      return "no orders afterwards";
    stop();
    calls_ = traced(site_);
    const std::string wrong = wrong_with(site_.database(), acknowledged_);
    site_.start_pool();
    if (!http::eventually([&] { return works(); })) return "no orders by the next pool";
    site_.stop_pool();
    return wrong;
  }

  const std::vector<Call>& calls() const { return calls_; }

 private:
  bool works() const { return buyer_->order("afterwards") == 200; }

  void stop() {
    const pid_t pool = site_.pool().pid();
    site_.stop_pool();
    // strace outlives it by a moment.
    REQUIRE(http::eventually([&] {
      const auto calls = traced(site_);
      return std::any_of(calls.begin(), calls.end(), [pool](const Call& call) {
        return call.name == "exit" && call.thread == pool;
      });
    }));
  }

  void order(const std::string& topic) {
    const bool done = buyer_->order(topic) == 200;
    const std::lock_guard lock(mutex_);
    if (done) acknowledged_.insert(topic);
  }

  void save() const {
    for (const char* file : {"site.db", "site.db-wal"})
      fs::copy_file(site_.folder() / file, saved_ / file, fs::copy_options::overwrite_existing);
  }
  void restore() const {
    for (const char* file : {"site.db", "site.db-wal"})
      fs::copy_file(saved_ / file, site_.folder() / file, fs::copy_options::overwrite_existing);
    fs::remove(site_.database().string() + "-shm");
  }

  RunningSite site_{{.workers = 2, .threads = 2, .with_pool = false, .with_nginx = false}};
  test::TemporaryFolder saved_;
  std::optional<Buyer> buyer_;
  std::mutex mutex_;
  Topics early_, acknowledged_;
  std::vector<Call> calls_;
};

// The first file whose sync failed and succeeded later, though nothing had been written to it
// again: the kernel may have forgotten by then that something was not on disk.
fs::path synced_again(const std::vector<Call>& calls) {
  std::map<fs::path, bool> rewritten;  // by file whose last sync failed
  for (const Call& call : calls) {
    const bool syncs = call.name == "fdatasync" || call.name == "fsync";
    const auto failed = rewritten.find(call.file);
    if (syncs && call.failed)
      rewritten[call.file] = false;
    else if (syncs && failed != rewritten.end() && !std::exchange(failed->second, true))
      return call.file;
    else if (failed != rewritten.end() && call.name == "pwrite64" && !call.failed)
      failed->second = true;
  }
  return {};
}

TEST_CASE("a sync that is tried again is seen, and one of what was written again is not") {
  const Call fails{1, "fdatasync", "log", true}, works{1, "fdatasync", "log", false};
  const Call writes{1, "pwrite64", "log", false}, other{1, "pwrite64", "database", false};
  CHECK(synced_again({writes, fails, works}) == "log");
  CHECK(synced_again({writes, fails, other, fails, works}) == "log");
  CHECK(synced_again({writes, fails, writes, works, works}) == "");
}

TEST_CASE("whatever call to the disk fails, what was acknowledged is stored, and nothing half") {
  if (!may_trace()) return test::skip("strace may not trace here");
  FailingSite site;
  struct Row {
    std::string call;
    std::vector<std::string> files, when;
  };
  const std::vector<std::string> data{"site.db", "site.db-wal"};
  const std::vector<Row> rows{
      {"fdatasync", data, {"1", "2", "3", "5", "8", "3+"}},
      {"fdatasync", {"site.db"}, {"1"}},
      {"pwrite64", data, {"1", "2", "5", "12", "21", "34", "7+"}},
      {"pwrite64", {"site.db"}, {"1", "5"}},
      {"ftruncate", {"site.db"}, {"1", "1+"}},
      {"ftruncate", {"site.db-shm"}, {"1", "1+"}},
  };
  std::map<std::string, int> failures;  // by call and file
  for (const Row& row : rows)
    for (const std::string& when : row.when) {
      CAPTURE(row.call);
      CAPTURE(row.files.front());
      CAPTURE(when);
      CHECK(site.orders_while({row.call, row.files, when}) == "");
      CHECK(synced_again(site.calls()) == "");
      for (const Call& call : site.calls())
        if (call.failed) ++failures[call.name + " " + call.file.filename().string()];
    }
  for (const auto& [what, count] : failures) MESSAGE(what, " failed ", count, " times");
  for (const std::string what :
       {"fdatasync site.db", "fdatasync site.db-wal", "pwrite64 site.db", "pwrite64 site.db-wal",
        "ftruncate site.db", "ftruncate site.db-shm"})
    CHECK_MESSAGE(failures[what] > 0, what);
}

}  // namespace
}  // namespace actiond::reliability
