// Root's commands in a folder of the site's user: what is made belongs to that user, and what that
// user planted leads root nowhere.
#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>

#include "served/client.h"
#include "served/site.h"
#include "skip.h"

namespace actiond::http {
namespace {

namespace fs = std::filesystem;

constexpr uid_t site_user = 65534;  // nobody

// A prepared folder of another user's, and next to it what only root may use.
class OthersSite {
 public:
  OthersSite() {
    chmod(place_.path().c_str(), 0755);
    fs::create_directory(folder());
    fs::create_directory(secrets());
    chmod(secrets().c_str(), 0700);
    configure();
    give_away();
    write_file(secrets() / "secret", "root's own");
  }

  fs::path folder() const { return place_ / "site"; }
  fs::path secrets() const { return place_ / "root"; }
  fs::path settings() const { return folder() / "actiond.toml"; }
  fs::path elsewhere() const { return place_.path(); }

  void configure() const {
    const Outcome outcome = run({project_folder() / "scripts/configure", actiond_program(),
                                 folder(), std::to_string(free_port()), "1", "2"});
    REQUIRE_MESSAGE(outcome.exit_code == 0, outcome.output);
  }
  Outcome actiond(const std::vector<std::string>& arguments) const {
    std::vector<std::string> command{actiond_program(), "--config", settings()};
    command.insert(command.end(), arguments.begin(), arguments.end());
    return run(command);
  }
  void plant(const fs::path& link, const fs::path& to) const {
    fs::remove_all(link);
    fs::create_symlink(to, link);
    REQUIRE(lchown(link.c_str(), site_user, site_user) == 0);
  }
  void give_away() const {
    lchown(folder().c_str(), site_user, site_user);
    for (const auto& entry : fs::recursive_directory_iterator(folder()))
      lchown(entry.path().c_str(), site_user, site_user);
  }
  std::vector<std::string> not_the_users() const {
    std::vector<std::string> found;
    for (const auto& entry : fs::recursive_directory_iterator(folder())) {
      struct stat status {};
      lstat(entry.path().c_str(), &status);
      if (status.st_uid != site_user) found.push_back(entry.path());
    }
    return found;
  }

 private:
  TemporaryFolder place_;
};

bool is_root() {
  if (geteuid() == 0) return true;
  test::skip("only root has root's hands");
  return false;
}

}  // namespace

TEST_CASE("O7 what root's commands make in the site's folder belongs to its owner") {
  if (!is_root()) return;
  const OthersSite site;
  for (const std::vector<std::string>& command : {std::vector<std::string>{"migrate"},
                                                  {"user", "add", "ada@example.com"},
                                                  {"key", "new"},
                                                  {"backup"},
                                                  {"backup", site.folder() / "backup.db"},
                                                  {"call", "comments", "message=hi"},
                                                  {"audit"},
                                                  {"doctor"},
                                                  {"restore", site.folder() / "backup.db"}}) {
    CAPTURE(command.front());
    const Outcome outcome = site.actiond(command);
    if (command.front() != "doctor") CHECK_MESSAGE(outcome.exit_code == 0, outcome.output);
    CHECK(site.not_the_users() == std::vector<std::string>());
  }
}

TEST_CASE("O7 the settings' owner counts as well, and the message says who acted") {
  if (!is_root()) return;
  const OthersSite site;
  // Its words could name any folder of root's.
  chown(site.folder().c_str(), 0, 0);
  const std::string text = read_file(site.settings());
  const std::string from = "database = \"";
  write_file(site.settings(), std::string(text).insert(text.find(from) + from.size(),
                                                       site.secrets().string() + "/"));
  const Outcome outcome = site.actiond({"migrate"});
  CHECK(outcome.exit_code == 1);
  CHECK_MESSAGE(outcome.output.find("(as user nobody, who owns the site)") != std::string::npos,
                outcome.output);
  CHECK(std::distance(fs::directory_iterator(site.secrets()), {}) == 1);
}

TEST_CASE("a backup that is root's alone is said to be unreadable, and not to be none") {
  if (!is_root()) return;
  const OthersSite site;
  const fs::path theirs = site.folder() / "backup.db";
  REQUIRE(site.actiond({"migrate"}).exit_code == 0);
  REQUIRE(site.actiond({"backup", theirs}).exit_code == 0);
  const fs::path in_a_secret_folder = site.secrets() / "backup.db";
  const fs::path unreadable = site.elsewhere() / "backup.db";
  for (const fs::path& copy : {in_a_secret_folder, unreadable}) fs::copy_file(theirs, copy);
  chmod(unreadable.c_str(), 0600);
  for (const fs::path& copy : {in_a_secret_folder, unreadable}) {
    const Outcome outcome = site.actiond({"restore", copy});
    CHECK(outcome.exit_code == 1);
    CHECK_MESSAGE(
        outcome.says(copy.string() + " cannot be read: Permission denied (as user nobody"),
        outcome.output);
  }
}

TEST_CASE("O8 no link that the site's user planted leads root's commands out of the folder") {
  if (!is_root()) return;
  const OthersSite site;
  const fs::path secret = site.secrets() / "secret";
  REQUIRE(site.actiond({"call", "comments", "message=hi"}).exit_code == 0);
  site.give_away();

  SUBCASE("a new key is written over it") {
    site.plant(site.folder() / "keys.new", secret);
    CHECK(site.actiond({"key", "new"}).exit_code == 0);
  }
  SUBCASE("a backup empties its folder of work") {
    fs::create_directory(site.folder() / "backups");
    site.plant(site.folder() / "backups/.actiond-backup", site.secrets());
    CHECK(site.actiond({"backup"}).exit_code == 1);
  }
  SUBCASE("a backup reads it as an upload") {
    site.plant(site.folder() / "uploads/a.png", secret);
    CHECK(site.actiond({"backup", site.elsewhere() / "site" / "copy.db"}).exit_code == 0);
    CHECK_FALSE(fs::exists(site.folder() / "copy.db.uploads/a.png"));
  }
  SUBCASE("a restore puts uploads into it") {
    REQUIRE(site.actiond({"backup", site.folder() / "copy.db"}).exit_code == 0);
    write_file(site.folder() / "copy.db.uploads/a.png", "planted");
    site.give_away();
    site.plant(site.folder() / "uploads", site.secrets());
    CHECK(site.actiond({"restore", site.folder() / "copy.db"}).exit_code == 1);
  }
  SUBCASE("the lock is made there") {
    site.plant(site.folder() / "site.db-lock", site.secrets() / "lock");
    CHECK(site.actiond({"user", "add", "ada@example.com"}).exit_code == 1);
  }
  SUBCASE("settings are written over it") {
    for (const char* name : {"actiond.toml", "nginx.conf", "http.conf", "limits.conf"})
      site.plant(site.folder() / name, secret);
    CHECK(run({project_folder() / "scripts/configure", actiond_program(), site.folder(), "8080",
               "1", "2"})
              .exit_code != 0);
  }
  SUBCASE("the whole folder leads there") {
    fs::remove_all(site.folder());
    site.plant(site.folder(), site.secrets());
    CHECK(run({project_folder() / "scripts/configure", actiond_program(), site.folder(), "8080",
               "1", "2"})
              .exit_code != 0);
  }
  CHECK(read_file(secret) == "root's own");
  CHECK(std::distance(fs::directory_iterator(site.secrets()), {}) == 1);
}

TEST_CASE("O8 a reload signals who serves, whatever the lock file says") {
  RunningSite site({.with_nginx = false});
  Process stranger({"sleep", "60"}, site.folder() / "stranger");
  write_file(site.folder() / "site.db-lock",
             "actiond serve, pid " + std::to_string(stranger.pid()) + ", socket x\n\x1b[2J\n");
  const Outcome outcome = site.actiond({"reload"});
  CHECK_MESSAGE(outcome.exit_code == 0, outcome.output);
  CHECK(stranger.running());
  CHECK(outcome.output.find('\x1b') == std::string::npos);
}

TEST_CASE("O13 the first process of a PID namespace is reloaded, from inside and from outside") {
  if (!is_root()) return;
  RunningSite site({.with_pool = false, .with_nginx = false});
  // /proc shows the processes outside, where LeakSanitizer would look for those inside.
  const std::string no_leaks = "ASAN_OPTIONS=detect_leaks=0";
  Process container({"unshare", "--pid", "--fork", "env", no_leaks, actiond_program(), "--config",
                     site.settings(), "serve"},
                    site.folder() / "log/actiond.log");
  REQUIRE(eventually([&] { return site.log().find("pool started") != std::string::npos; }));
  const pid_t first = children_of(container.pid()).front();
  const Outcome outside = site.actiond({"reload"});
  CHECK_MESSAGE(outside.exit_code == 0, outside.output);
  const std::string pid = std::to_string(first);
  const Outcome inside = run({"nsenter", "--target", pid, "--pid", "env", no_leaks,
                              actiond_program(), "--config", site.settings(), "reload"});
  CHECK_MESSAGE(inside.exit_code == 0, inside.output);
  const Outcome beside = run({"unshare", "--pid", "--fork", "env", no_leaks, actiond_program(),
                              "--config", site.settings(), "reload"});
  CHECK(beside.exit_code == 1);
  CHECK_MESSAGE(beside.output.find("runs in another PID namespace") != std::string::npos,
                beside.output);
  kill(first, SIGTERM);
  CHECK(container.wait() == 0);
}

}  // namespace actiond::http
