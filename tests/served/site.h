// A whole site as `scripts/serve` runs it, in a temporary folder and on a free port of its own:
// real nginx, a real pool of the program that ACTIOND_PROGRAM names, the pages of ACTIOND_SITE, a
// real database.
#pragma once

#include <doctest/doctest.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "served/process.h"

namespace actiond::http {

using test::project_folder;
using test::TemporaryFolder;

struct RowCounts {
  std::int64_t users = 0;
  std::int64_t sessions = 0;
  std::int64_t comments = 0;
  std::int64_t reviews = 0;

  bool operator==(const RowCounts&) const = default;
  RowCounts operator+(const RowCounts& more) const {
    return {users + more.users, sessions + more.sessions, comments + more.comments,
            reviews + more.reviews};
  }
};
std::ostream& operator<<(std::ostream& out, const RowCounts& counts);

// The program under test, and the folder with its pages and settings, which scripts/configure
// reads.
std::string actiond_program();
std::filesystem::path site_folder();

// One that nothing listens on; below those that the kernel gives to clients.
int free_port();
// From 1.23 on nginx joins header fields of one name (RFC 9110 5.3; cookies by "; ", RFC 9113
// 8.2.3); before, it passes each on.
bool nginx_joins_fields();

class RunningSite {
 public:
  struct Options {
    int workers = 2;
    int threads = 4;
    bool https = false;  // a second server block, on https_port()
    // nginx's limit on sign-ins a second as it ships; else so high that no other test meets it.
    bool limited_rate = false;
    bool with_pool = true;  // without one the socket is the test's
    bool with_nginx = true;
    const RunningSite* beside = nullptr;  // another host of that site: its server and its keys
    // Changes the prepared folder before anything starts.
    std::function<void(RunningSite&)> prepare = {};
  };

  RunningSite() : RunningSite(Options()) {}
  // Returns once both listen; what comes then waits at most in the socket's backlog.
  explicit RunningSite(const Options& options);
  RunningSite(const RunningSite&) = delete;
  RunningSite& operator=(const RunningSite&) = delete;
  // Stops both, and checks that it ends well: exit 0, no process and no socket left, no worker
  // dead but those that expect_dead_workers() announced.
  ~RunningSite();

  int port() const { return port_; }
  int https_port() const { return https_port_; }
  std::string origin() const { return "http://localhost:" + std::to_string(port_); }
  const std::filesystem::path& folder() const { return folder_.path(); }
  std::filesystem::path settings() const { return folder() / "actiond.toml"; }
  std::filesystem::path database() const { return folder() / "site.db"; }
  std::filesystem::path socket() const { return folder() / "actiond.sock"; }
  std::filesystem::path status_socket() const { return folder() / "status.sock"; }
  std::string log() const { return read_file(folder() / "log" / "actiond.log"); }

  // Replaces what stands in a file of the folder; fails when it is not there.
  void edit(const char* file, std::string_view what, std::string_view with) const;

  // From now on the site serves a copy of static/; the folder of it.
  std::filesystem::path own_pages() const;

  // `actiond --config … ARGUMENTS`.
  Outcome actiond(const std::vector<std::string>& arguments, std::string_view input = "") const;

  bool is_on_postgres() const { return !postgres_.empty(); }
  // The first column of a query, as text, read beside the pool.
  std::vector<std::string> query(const std::string& sql) const;
  RowCounts row_counts() const;

  Process& pool() { return *pool_; }
  // Without the process that tells the status.
  std::vector<pid_t> workers() const;
  // `under` is a command that runs another one in its own place: env, strace -D.
  void start_pool(const std::vector<std::string>& under = {});
  void reload_nginx() const;
  // SIGTERM, and everything that the destructor checks of it.
  void stop_pool();
  // SIGKILL to the supervisor: its workers go with it, its socket file stays.
  void kill_pool();
  // SIGKILL to all of them at once.
  void kill_whole_pool();
  void expect_dead_workers() { workers_die_ = true; }

  // The tails of the logs of all sites that run.
  static void print_logs(std::ostream& out);

 private:
  void add_https() const;
  void start_nginx();
  void make_postgres(std::string url);
  void set_postgres(const std::string& url);
  void reap_killed_pool();

  TemporaryFolder folder_;
  std::string postgres_;  // the URL of its database; empty: SQLite
  int port_;
  int https_port_;
  bool workers_die_ = false;
  std::unique_ptr<Process> pool_;
  std::unique_ptr<Process> nginx_;
};

}  // namespace actiond::http
