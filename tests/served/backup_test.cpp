// The drill: serve, write, back up under load, lose everything, restore, serve.
#include <doctest/doctest.h>

#include <atomic>
#include <set>
#include <thread>

#include "served/client.h"
#include "served/site.h"

namespace actiond::http {
namespace {

// The messages that were acknowledged; each visitor writes its own without a pause.
class Load {
 public:
  Load(const RunningSite& site, int visitors) {
    for (int visitor = 0; visitor < visitors; ++visitor)
      threads_.emplace_back([this, &site, visitor] {
        Client client(site);
        for (int n = 0; !stop_; ++n) {
          const std::string message = std::to_string(visitor) + "-" + std::to_string(n);
          const Answer answer = client.post("comments", {{"message", message}});
          const std::lock_guard lock(mutex_);
          if (answer.status == 200)
            acknowledged_.insert(message);
          else
            refused_.push_back(answer.status);
        }
      });
  }
  ~Load() { stop(); }

  void stop() {
    stop_ = true;
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
  }
  std::set<std::string> acknowledged() const {
    const std::lock_guard lock(mutex_);
    return acknowledged_;
  }
  // The statuses of all other answers.
  std::vector<int> refused() const {
    const std::lock_guard lock(mutex_);
    return refused_;
  }

 private:
  std::vector<std::thread> threads_;
  std::atomic<bool> stop_ = false;
  mutable std::mutex mutex_;
  std::set<std::string> acknowledged_;
  std::vector<int> refused_;
};

}  // namespace

TEST_CASE("all that was acknowledged before a backup began is there when everything is lost") {
  RunningSite site;
  Client ada(site);
  ada.sign_up("ada@example.com");
  const std::string png("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16);
  CHECK(
      ada.send(
             "POST", "/actions/author",
             "--b\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nAda\r\n"
             "--b\r\nContent-Disposition: form-data; name=\"avatar\"; filename=\"a.png\"\r\n\r\n" +
                 png + "\r\n--b--\r\n",
             {{"Content-Type", "multipart/form-data; boundary=b"}})
          .status == 200);
  const std::string avatar = site.query("SELECT avatar FROM users").front();
  REQUIRE_FALSE(avatar.empty());

  Load load(site, 4);
  REQUIRE(eventually([&] { return load.acknowledged().size() > 40; }));
  const std::set<std::string> before = load.acknowledged();
  const std::filesystem::path backup = site.folder() / "kept.db";
  const Outcome made = site.actiond({"backup", backup});
  CHECK_MESSAGE(made.exit_code == 0, made.output);
  CHECK_MESSAGE(made.says("1 upload, checked"), made.output);
  CHECK(eventually([&] { return load.acknowledged().size() > before.size() + 20; }));
  load.stop();
  CHECK(load.refused() == std::vector<int>());
  const std::set<std::string> after = load.acknowledged();

  // Nobody pulls the data away under a server.
  const Outcome refused = site.actiond({"restore", backup});
  CHECK(refused.exit_code == 1);
  CHECK_MESSAGE(refused.says("stop it first: sample serve, pid "), refused.output);

  site.stop_pool();
  for (const char* name : {"site.db", "site.db-wal", "site.db-shm", "site.db-lock", "uploads"})
    std::filesystem::remove_all(site.folder() / name);
  const Outcome restored = site.actiond({"restore", backup});
  CHECK_MESSAGE(restored.exit_code == 0, restored.output);
  CHECK_MESSAGE(restored.says("1 upload put back; 1 session and 0 tokens ended; nothing was there"),
                restored.output);
  site.start_pool();

  std::set<std::string> kept;
  for (const std::string& message : site.query("SELECT message FROM comments"))
    kept.insert(message);
  CHECK(std::includes(kept.begin(), kept.end(), before.begin(), before.end()));
  // The rest of it may be there, and nothing that nobody sent.
  CHECK(kept.size() <= after.size());
  CHECK(std::includes(after.begin(), after.end(), kept.begin(), kept.end()));
  CHECK_FALSE(ada.signed_in());
  CHECK(ada.sign_in("ada@example.com").status == 200);
  CHECK(ada.get("/uploads/" + avatar).body == png);
  CHECK(ada.post("comments", {{"message", "on it goes"}}).status == 200);
}

TEST_CASE("a backup without a name goes where the settings say, and the oldest go") {
  RunningSite site;
  const std::filesystem::path folder = site.folder() / "backups";
  std::filesystem::create_directory(folder);
  write_file(folder / "actiond-20200101T000000Z.db", "old");
  write_file(folder / "actiond-20200102T000000Z.db", "old");
  const Outcome made = site.actiond({"backup", "--keep", "2"});
  CHECK_MESSAGE(made.exit_code == 0, made.output);
  CHECK_MESSAGE(made.says("; 1 older one removed\n"), made.output);
  CHECK(std::count(made.output.begin(), made.output.end(), '\n') == 1);
  CHECK_FALSE(std::filesystem::exists(folder / "actiond-20200101T000000Z.db"));
  CHECK(std::filesystem::exists(folder / "actiond-20200102T000000Z.db"));
}

TEST_CASE("a backup or restore that cannot be done ends with 1 and a line, wrong usage with 2") {
  RunningSite site;
  write_file(site.folder() / "mine", "mine");
  struct Row {
    std::vector<std::string> arguments;
    int exit_code;
    std::string says;
  };
  for (const Row& row :
       {Row{{"backup", site.folder() / "mine"}, 1, "mine is there already"},
        Row{{"backup", site.folder() / "none" / "x"}, 1, "No such file or directory"},
        Row{{"restore", site.folder() / "mine"}, 1, "a server uses"},
        Row{{"restore"}, 2, "FILE is required"}, Row{{"backup", "--keep", "0"}, 2, "--keep"},
        Row{{"backup", "a", "b"}, 2, "b"}}) {
    const Outcome outcome = site.actiond(row.arguments);
    CAPTURE(outcome.output);
    CHECK(outcome.exit_code == row.exit_code);
    CHECK(outcome.says(row.says));
    if (row.exit_code == 1)
      CHECK(std::count(outcome.output.begin(), outcome.output.end(), '\n') == 1);
  }
  CHECK(read_file(site.folder() / "mine") == "mine");
}

}  // namespace actiond::http
