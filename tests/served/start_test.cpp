// Faults that stop the start, and the message of each.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <algorithm>
#include <csignal>

#include "base/encoding.h"
#include "served/client.h"
#include "served/site.h"

namespace actiond::http {
namespace {

// A prepared folder that nothing runs in.
class Prepared {
 public:
  Prepared() {
    REQUIRE(run({project_folder() / "scripts/configure", actiond_program(), folder(),
                 std::to_string(free_port()), "1", "2"})
                .exit_code == 0);
  }

  const std::filesystem::path& folder() const { return folder_.path(); }
  Outcome serve() const {
    return run({actiond_program(), "--config", folder() / "actiond.toml", "serve"});
  }

 private:
  TemporaryFolder folder_;
};

void check_refused(const Prepared& site, const Outcome& outcome, const std::string& says) {
  CHECK(outcome.exit_code == 1);
  CHECK_MESSAGE(outcome.output.find(says) != std::string::npos, outcome.output);
  CHECK(std::count(outcome.output.begin(), outcome.output.end(), '\n') == 1);
  CHECK_FALSE(std::filesystem::exists(site.folder() / "actiond.sock"));
}

}  // namespace

TEST_CASE("a setting that is wrong stops the start and is named with its file and line") {
  const Prepared site;
  const std::filesystem::path file = site.folder() / "actiond.toml";
  const std::string good = read_file(file);
  struct Row {
    std::string line_start;  // the line that is replaced
    std::string with;
    std::string says;
  };
  const std::vector<Row> rows{
      {"workers = ", "workers = 0", "pool.workers is a whole number from 1 to 64"},
      {"workers = ", "workers = 65", "pool.workers is a whole number from 1 to 64"},
      {"workers = ", "workers = \"2\"", "pool.workers is a whole number from 1 to 64"},
      {"workers = ", "workers = 1.5", "pool.workers is a whole number from 1 to 64"},
      {"threads = ", "threads = 257", "pool.threads is a whole number from 1 to 256"},
      {"session_days = ", "session_days = -1", "site.session_days is a whole number from 1 to 400"},
      {"origins = ", "origins = []", "site.origins is a list of origins"},
      {"origins = ", "origins = \"http://localhost\"", "site.origins is a list of origins"},
      {"origins = ", "origins = [\"localhost:8080\"]",
       "site.origins holds something that is no origin"},
      {"origins = ", "origins = [\"http://localhost/\"]",
       "site.origins holds something that is no origin"},
      {"origins = ", "origins = [\"*\"]", "site.origins holds something that is no origin"},
      {"static = ", "static = 1", "site.static is a text in quotes"},
      {"database = ", "database = \"\"", "store.database is empty"},
      {"socket_group = ", "socket_groop = \"\"", "unknown setting pool.socket_groop"},
      {"workers = ", "workers = 2\nworkerz = 3", "unknown setting pool.workerz"},
      {"[store]", "[stor]", "unknown setting stor"},
      {"threads = ", "threads = ", ""},
      {"threads = ", "threads", ""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.with);
    const std::size_t at = good.find("\n" + row.line_start) + 1;
    std::string text = good;
    write_file(file, text.replace(at, good.find('\n', at) - at, row.with));
    const Outcome outcome = site.serve();
    auto line = std::count(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(at), '\n') + 1;
    if (row.says.starts_with("unknown setting pool.workerz")) ++line;
    const std::string where = file.string() + ":" + std::to_string(line) + ": ";
    CHECK_MESSAGE(outcome.output.find(where) != std::string::npos, outcome.output);
    check_refused(site, outcome, row.says);
  }
  std::filesystem::remove(file);
  check_refused(site, site.serve(), file.string());
}

TEST_CASE("a folder that is no folder of pages stops the start, which names its setting") {
  const Prepared site;
  const std::filesystem::path file = site.folder() / "actiond.toml";
  const std::string good = read_file(file);
  for (const auto& [setting, says] : std::initializer_list<std::pair<std::string, std::string>>{
           {"published = \"/etc\"", "site.published: /etc holds what actiond did not put there"},
           {"static = \"/nonexistent\"",
            "/nonexistent: site.static is no folder of pages: No such file or directory."},
           {"static = \"actiond.toml\"", "site.static is no folder of pages: Not a directory."}}) {
    CAPTURE(setting);
    const std::size_t at = good.find('\n' + setting.substr(0, setting.find(' ')) + " = ") + 1;
    std::string text = good;
    write_file(file, text.replace(at, good.find('\n', at) - at, setting));
    check_refused(site, site.serve(), says);
  }
}

TEST_CASE("S10 a key ring that is missing, weak or readable stops the start, which says which") {
  const Prepared site;
  const std::filesystem::path keys = site.folder() / "keys";
  const std::string good = read_file(keys);
  const std::string id = good.substr(0, good.find(' '));
  struct Row {
    std::string what, text;
    mode_t mode;
    std::string says;
  };
  const std::vector<Row> rows{
      {"readable to the group", good, 0640, "chmod 600"},
      {"readable to the world", good, 0604, "chmod 600"},
      {"writable to the world", good, 0602, "chmod 600"},
      {"empty", "", 0600, "holds no key"},
      {"comments only", "# none\n\n", 0600, "holds no key"},
      {"short", "k " + to_base64url(std::string(good.substr(0, 31))) + "\n", 0600,
       "key k is short: 31 bytes"},
      {"a sample", "k " + to_base64url(std::string(32, '\0')) + "\n", 0600, "key k is a sample"},
      {"a sentence", "k " + to_base64url("change-me please, this is a sample key") + "\n", 0600,
       "key k is a sample"},
      {"no base64url", id + " ????\n", 0600, "line 1 is not \"ID SECRET\""},
      {"an id alone", "# ring\n" + id + "\n", 0600, "line 2 is not \"ID SECRET\""},
      {"the same id twice", good + good, 0600, "key " + id + " is there twice"},
      {"an id that a cookie cannot hold", "a.b " + good.substr(good.find(' ') + 1), 0600,
       "a key id is"},
      {"a weak one behind a good one", good + "k " + to_base64url(std::string(40, 'x')) + "\n",
       0600, "key k is a sample"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    write_file(keys, row.text);
    chmod(keys.c_str(), row.mode);
    const Outcome outcome = site.serve();
    check_refused(site, outcome, keys.string());
    CHECK_MESSAGE(outcome.output.find(row.says) != std::string::npos, outcome.output);
    CHECK(outcome.output.find(good.substr(good.find(' ') + 1, 20)) == std::string::npos);
  }
  std::filesystem::remove(keys);
  check_refused(site, site.serve(), "there is no key ring " + keys.string());
}

TEST_CASE("a second server on one database is refused and told who holds it") {
  RunningSite site;
  site.edit("actiond.toml", "actiond.sock", "other.sock");
  const Outcome second = site.actiond({"serve"});
  CHECK(second.exit_code == 1);
  CHECK(second.output.find("another server uses " + site.database().string()) != std::string::npos);
  CHECK(second.output.find("pid " + std::to_string(site.pool().pid())) != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(site.folder() / "other.sock"));
  CHECK(Client(site).post("comments", {{"message", "hi"}}).status == 200);
}

TEST_CASE(
    "a server that was killed leaves a socket file and no worker; the next start takes its place") {
  RunningSite site;
  CHECK(Client(site).post("comments", {{"message", "before"}}).status == 200);
  site.kill_pool();
  CHECK(std::filesystem::exists(site.socket()));
  CHECK(Client(site).post("comments", {{"message", "meanwhile"}}).status == 503);
  site.start_pool();
  CHECK(eventually([&] {
    return Client(site).post("comments", {{"message", "after"}}).status == 200;
  }));
  CHECK(site.query("SELECT message FROM comments") == std::vector<std::string>{"before", "after"});
}

TEST_CASE("a socket that another server listens on is not taken from it") {
  RunningSite site;
  site.edit("actiond.toml", "site.db", "other.db");
  const Outcome second = site.actiond({"serve"});
  CHECK(second.exit_code == 1);
  CHECK(second.output.find("another server listens on " + site.socket().string()) !=
        std::string::npos);
  CHECK(Client(site).get("/actions/me").status == 200);
}

}  // namespace actiond::http
