// The commands of an operator: done means done, and what is left to do is said.
#include <doctest/doctest.h>
#include <fcntl.h>

#include <thread>

#include "base/descriptor.h"
#include "served/client.h"
#include "served/site.h"

namespace actiond::http {
namespace {

// `actiond ARGUMENTS` as a line of the shell, which may redirect it.
Outcome shell(const RunningSite& site, const std::string& arguments) {
  return run(
      {"sh", "-c", "exec \"$0\" --config \"$1\" " + arguments, actiond_program(), site.settings()});
}

// The last line of nginx's access log, once it has one more than `before`.
std::string logged_by_nginx(const RunningSite& site, std::size_t before) {
  const auto lines = [&site] {
    std::vector<std::string> all;
    std::istringstream log(read_file(site.folder() / "log/access.log"));
    for (std::string line; std::getline(log, line);) all.push_back(line);
    return all;
  };
  CHECK(eventually([&] { return lines().size() > before; }));
  return lines().back();
}

// Linux writes to no file that a process executes (open(2), ETXTBSY).  Which one a process has is
// for root alone to see: the program is not dumpable.
bool is_executed(const std::filesystem::path& program) {
  const Descriptor file(open(program.c_str(), O_WRONLY | O_CLOEXEC));
  if (!file) REQUIRE(errno == ETXTBSY);
  return !file;
}

}  // namespace

TEST_CASE("O14 a command whose output is lost did not succeed, and says so in a line") {
  const RunningSite site({.with_pool = false, .with_nginx = false});
  for (const std::string command :
       {"user add ada@example.com", "user list", "actions --nginx", "actions --json", "key list",
        "migrate", "call comments message=hi", "backup", "serve --check", "--help"}) {
    CAPTURE(command);
    const Outcome outcome = shell(site, command + " >/dev/full");
    CHECK(outcome.exit_code == 1);
    CHECK(outcome.output ==
          "sample: standard output could not be written: No space left on device\n");
  }
  for (const std::string command :
       {"user add bob@example.com", "user list", "check", "serve --check", "--help"}) {
    CAPTURE(command);
    const Outcome outcome = shell(site, command + " >&-");
    CHECK(outcome.exit_code == 1);
    CHECK(outcome.output == "sample: standard output could not be written: Bad file descriptor\n");
  }
}

TEST_CASE("O16 a reload runs the program that the path leads to now, and says which one serves") {
  RunningSite site({.with_pool = false});
  const std::filesystem::path releases = site.folder() / "releases";
  for (const char* release : {"1", "2"}) {
    std::filesystem::create_directories(releases / release);
    std::filesystem::copy_file(actiond_program(), releases / release / "actiond");
  }
  const auto publish = [&](const char* release) {
    std::filesystem::remove(releases / "now");
    std::filesystem::create_directory_symlink(release, releases / "now");
  };
  const auto runs = [&](const char* release) {
    return is_executed(releases / release / "actiond");
  };
  for (const std::string how :
       {"cd now && exec ./actiond", "PATH=\"$PWD/now:$PATH\" && exec actiond", "exec now/actiond",
        "cd now && PATH=.:$PATH && exec actiond"}) {
    CAPTURE(how);
    publish("1");
    // The words behind the script are those of RunningSite; the first is the program of the build.
    site.start_pool({"bash", "-c", "cd \"$0\" && " + how + " \"${@:2}\"", releases});
    REQUIRE(runs("1"));
    REQUIRE_FALSE(runs("2"));
    publish("2");
    const Outcome outcome = site.actiond({"reload"});
    CHECK_MESSAGE(outcome.exit_code == 0, outcome.output);
    CHECK(runs("2"));
    CHECK(eventually([&] { return !runs("1"); }));
    CHECK_MESSAGE(outcome.says("reloaded at "), outcome.output);
    CHECK_MESSAGE(outcome.says(": actiond 0."), outcome.output);
    site.stop_pool();
  }
}

TEST_CASE("O17 who has to stop the server is told that systemd has two units of it") {
  const RunningSite site({.with_nginx = false});
  write_file(site.folder() / "any", "");
  const Outcome outcome = site.actiond({"restore", site.folder() / "any"});
  CHECK(outcome.exit_code == 1);
  CHECK_MESSAGE(outcome.says("systemctl stop sample.socket sample.service"), outcome.output);
}

TEST_CASE("O19 nginx logs what was asked for, whatever it answers, and no query") {
  const RunningSite site;
  Client client(site, as_browser);
  struct Row {
    const char* method;
    const char* path;
    int status;
    const char* logged;
  };
  std::size_t before = 0;
  for (const Row& row :
       {Row{"GET", "/nowhere?a=secret", 404, " GET \"/nowhere\" 404 "},
        Row{"POST", "/comments.html?a=secret", 405, " POST \"/comments.html\" 405 "},
        Row{"PUT", "/actions/me", 405, " PUT \"/actions/me\" 405 "},
        Row{"GET", "/", 200, " GET \"/\" 200 "},
        Row{"GET", "/%41%22?b", 404, " GET \"/%41%22\" 404 "}}) {
    CAPTURE(row.path);
    CHECK(client.send(row.method, row.path).status == row.status);
    const std::string line = logged_by_nginx(site, before++);
    CHECK_MESSAGE(line.find(row.logged) != std::string::npos, line);
    CHECK(line.find("secret") == std::string::npos);
  }
  talk(site, "nonsense\r\n\r\n");
  const std::string line = logged_by_nginx(site, before);
  CHECK_MESSAGE(line.find(" - \"-\" 400 ") != std::string::npos, line);
}

TEST_CASE("O21 a reload says what to do when nginx still has the limits of before") {
  const RunningSite site({.prepare = [](RunningSite& prepared) {
    // As before the limit of an action's file was raised.
    prepared.edit("limits.conf", "client_max_body_size", "client_max_body_size 1k; #");
  }});
  CHECK(Client(site).get("/actions/me").status == 200);
  const Outcome outcome = site.actiond({"reload"});
  CHECK(outcome.exit_code == 0);
  CHECK_MESSAGE(outcome.says("/actions/author: nginx refuses a body of"), outcome.output);
  CHECK_MESSAGE(outcome.says("sample actions --nginx"), outcome.output);
}

}  // namespace actiond::http
