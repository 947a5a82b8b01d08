// scripts/serve, as a person runs it.  It serves the release build, so it makes that first when it
// is not there.
#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <optional>

#include "served/client.h"
#include "served/site.h"
#include "skip.h"

namespace actiond::http {
namespace {

constexpr auto others_and_group =
    std::filesystem::perms::group_all | std::filesystem::perms::others_all;

class Served {
 public:
  Served(const std::filesystem::path& folder, int port, const std::vector<std::string>& more = {})
      : port_(port), output_(folder / ("serve." + std::to_string(port) + ".out")),
        process_(command(folder, port, more), output_) {}

  Process& process() { return process_; }
  std::string output() const { return read_file(output_); }
  bool answers() const {
    httplib::Client client("localhost", port_);
    client.set_address_family(AF_INET);
    const auto result = client.Get("/actions/me");
    return result && result->status == 200;
  }

 private:
  static std::vector<std::string> command(const std::filesystem::path& folder, int port,
                                          const std::vector<std::string>& more) {
    std::vector<std::string> words{project_folder() / "scripts/serve",
                                   "--port",
                                   std::to_string(port),
                                   "--var",
                                   folder / "var",
                                   "--workers",
                                   "1",
                                   "--threads",
                                   "2"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }

  int port_;
  std::filesystem::path output_;
  Process process_;
};

// Processes whose command line names the folder, of any user or of one.
int processes_of(const std::filesystem::path& folder, std::optional<uid_t> user = {}) {
  const auto says = [](const std::filesystem::path& file, const std::string& what) {
    try {
      return read_file(file).find(what) != std::string::npos;
    } catch (const std::exception&) {
      return false;  // the process has ended meanwhile
    }
  };
  int found = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc"))
    found +=
        entry.path().filename().string().find_first_not_of("0123456789") == std::string::npos &&
        says(entry.path() / "cmdline", folder.string()) &&
        (!user || says(entry.path() / "status", "\nUid:\t" + std::to_string(*user) + "\t"));
  return found;
}

}  // namespace

TEST_CASE("serve prints its address, answers, and takes all that it started with it") {
  const TemporaryFolder folder;
  const int port = free_port();
  std::size_t said_before = 0;
  for (const int signal : {SIGINT, SIGTERM}) {
    CAPTURE(signal);
    Served served(folder.path(), port);
    REQUIRE_MESSAGE(eventually([&] { return !served.process().running() || served.answers(); },
                               std::chrono::minutes(10)),
                    served.output());
    REQUIRE_MESSAGE(served.process().running(), served.output());
    if (signal == SIGTERM)  // the second start builds nothing
      CHECK(served.output().find("no work to do", said_before) != std::string::npos);
    CHECK(eventually([&] {
      return served.output().find("http://localhost:" + std::to_string(port) + "/\n") !=
             std::string::npos;
    }));
    served.process().signal(signal);
    CHECK(served.process().wait() == 0);
    CHECK(eventually([&] { return processes_of(folder.path() / "var") == 0; }));
    CHECK_FALSE(std::filesystem::exists(folder.path() / "var/actiond.sock"));
    CHECK_FALSE(served.answers());
    said_before = served.output().size();
  }
}

TEST_CASE("serve --postgres makes a cluster, and stops it with the rest") {
  const TemporaryFolder folder;
  for (const bool has_data : {false, true}) {
    CAPTURE(has_data);
    Served served(folder.path(), free_port(), {"--postgres"});
    REQUIRE_MESSAGE(eventually([&] { return !served.process().running() || served.answers(); },
                               std::chrono::minutes(10)),
                    served.output());
    REQUIRE_MESSAGE(served.process().running(), served.output());
    const auto actiond = [&](std::vector<std::string> words) {
      words.insert(words.begin(),
                   {actiond_program(), "--config", folder.path() / "var/actiond.toml"});
      return run(words);
    };
    if (!has_data) CHECK(actiond({"user", "add", "ada@example.com"}).exit_code == 0);
    CHECK(actiond({"user", "list"}).says("ada@example.com"));
    CHECK_FALSE(std::filesystem::exists(folder.path() / "var/site.db"));
    served.process().signal(SIGTERM);
    CHECK(served.process().wait() == 0);
    CHECK(eventually([&] { return processes_of(folder.path() / "var") == 0; }));
  }
}

TEST_CASE("serve --postgres whose pool does not start leaves no server behind") {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder.path() / "var");
  write_file(folder.path() / "var/keys", "no key\n");
  for (int time = 0; time < 2; ++time) {
    Served served(folder.path(), free_port(), {"--postgres"});
    CHECK(served.process().wait(std::chrono::minutes(10)) == 1);
    CHECK_MESSAGE(served.output().find("another server uses") == std::string::npos,
                  served.output());
    CHECK_MESSAGE(served.output().find("var/keys") != std::string::npos, served.output());
    CHECK(processes_of(folder.path() / "var") == 0);
  }
}

TEST_CASE("what serve makes is for its own user, whatever the umask was") {
  const TemporaryFolder folder;
  const mode_t before = umask(0);
  Served served(folder.path(), free_port());
  umask(before);
  REQUIRE_MESSAGE(eventually([&] { return !served.process().running() || served.answers(); },
                             std::chrono::minutes(10)),
                  served.output());
  CHECK((std::filesystem::status(folder.path() / "var").permissions() & others_and_group) ==
        std::filesystem::perms::none);
  using std::filesystem::perms;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path() / "var")) {
    CAPTURE(entry.path());
    // The published pages are for everybody, and nginx may run as another user.
    const std::string name = entry.path().lexically_relative(folder.path() / "var");
    const bool is_page = name == "site" || name.starts_with("site/");
    const perms allowed = entry.is_socket()                 ? perms::group_read | perms::group_write
                          : is_page && entry.is_directory() ? perms(055)
                          : is_page                         ? perms(044)
                                                            : perms::none;
    CHECK((entry.status().permissions() & others_and_group) == allowed);
  }
  served.process().signal(SIGTERM);
  CHECK(served.process().wait() == 0);
}

TEST_CASE("S41 root's serve drops to an ordinary user, or says loudly that it cannot") {
  if (geteuid() != 0) return test::skip("only root has something to drop");
  const TemporaryFolder reachable, own;
  chmod(reachable.path().c_str(), 0755);
  const bool can_drop = run({"setpriv", "--reuid=www-data", "--regid=www-data", "--clear-groups",
                             "test", "-x", project_folder() / "build/release/actiond", "-a", "-r",
                             project_folder() / "static/index.html"})
                            .exit_code == 0;
  // A folder that root made before stays root's.
  std::filesystem::create_directory(own / "var");
  for (const TemporaryFolder* folder : {&reachable, &own}) {
    Served served(folder->path(), free_port());
    REQUIRE_MESSAGE(eventually([&] { return !served.process().running() || served.answers(); },
                               std::chrono::minutes(10)),
                    served.output());
    const bool drops = can_drop && folder == &reachable;
    CHECK(processes_of(folder->path() / "var") > 3);
    CHECK((processes_of(folder->path() / "var", 0) == 0) == drops);
    CHECK((served.output().find("WARNING: workers and nginx run as root") == std::string::npos) ==
          drops);
    served.process().signal(SIGTERM);
    CHECK(served.process().wait() == 0);
  }
}

TEST_CASE("serve refuses a port or a folder in use, and leaves nothing running") {
  const TemporaryFolder folder, other;
  const int port = free_port();
  Served first(folder.path(), port);
  REQUIRE_MESSAGE(eventually([&] { return !first.process().running() || first.answers(); },
                             std::chrono::minutes(10)),
                  first.output());

  Served same_port(other.path(), port);
  CHECK(same_port.process().wait() == 1);
  // Before anything is built or made.
  CHECK(same_port.output() ==
        "serve: port " + std::to_string(port) + " is in use; name another with --port\n");
  CHECK_FALSE(std::filesystem::exists(other.path() / "var"));

  Served same_folder(folder.path(), free_port());
  CHECK(same_folder.process().wait() == 1);
  CHECK_MESSAGE(same_folder.output().find("another server uses " +
                                          (folder.path() / "var").string()) != std::string::npos,
                same_folder.output());

  CHECK(first.answers());
  first.process().signal(SIGTERM);
  CHECK(first.process().wait() == 0);
  CHECK(processes_of(folder.path() / "var") == 0);
}

TEST_CASE("serve says how it is used") {
  struct Row {
    std::vector<std::string> arguments;
    int exit_code;
    std::string says;
  };
  const std::vector<Row> rows{{{"--help"}, 0, "usage: scripts/serve"},
                              {{"--prot", "1"}, 2, "usage: scripts/serve"},
                              {{"--port"}, 2, "--port takes a number"},
                              {{"--port", "x"}, 2, "--port takes a number"},
                              {{"--var"}, 2, "--var takes a folder"}};
  for (const Row& row : rows) {
    std::vector<std::string> command{project_folder() / "scripts/serve"};
    command.insert(command.end(), row.arguments.begin(), row.arguments.end());
    const Outcome outcome = run(command);
    CAPTURE(outcome.output);
    CHECK(outcome.exit_code == row.exit_code);
    CHECK(outcome.output.find(row.says) != std::string::npos);
  }
}

}  // namespace actiond::http
