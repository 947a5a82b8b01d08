// A pool as systemd runs it: on a socket that it hands over, told by messages.
#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <thread>

#include "served/client.h"
#include "served/site.h"

namespace actiond::http {
namespace {

int bind_socket(int type, const std::filesystem::path& path) {
  const int made = socket(AF_UNIX, type, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.native().copy(address.sun_path, sizeof address.sun_path - 1);
  REQUIRE(bind(made, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  return made;
}

// systemd's part: actiond.socket, and what NOTIFY_SOCKET hears.
class Systemd {
 public:
  explicit Systemd(const RunningSite& site)
      : site_(site), listening_(bind_socket(SOCK_STREAM, site.socket())),
        notified_(bind_socket(SOCK_DGRAM | SOCK_CLOEXEC, site.folder() / "notify")) {
    REQUIRE(listen(listening_, 64) == 0);
  }
  Systemd(const Systemd&) = delete;
  Systemd& operator=(const Systemd&) = delete;
  ~Systemd() {
    close(listening_);
    close(notified_);
  }

  std::unique_ptr<Process> start_service() const {
    const std::string script =
        "export LISTEN_PID=$$ LISTEN_FDS=1 WATCHDOG_PID=$$ WATCHDOG_USEC=200000 NOTIFY_SOCKET=" +
        (site_.folder() / "notify").string() + "; exec \"$@\" 3<&" + std::to_string(listening_);
    return std::make_unique<Process>(
        std::vector<std::string>{"bash", "-c", script, "bash", actiond_program(), "--config",
                                 site_.settings(), "serve"},
        site_.folder() / "log/actiond.log");
  }

  // Whether such a message comes; those before it are passed over.
  bool hears(std::string_view line) const {
    return eventually([&] {
      std::array<char, 256> text;
      const ssize_t size = recv(notified_, text.data(), text.size(), MSG_DONTWAIT);
      return size > 0 && std::string_view(text.data(), static_cast<std::size_t>(size)).find(line) !=
                             std::string_view::npos;
    });
  }
  void forget() const {
    std::array<char, 256> text;
    while (recv(notified_, text.data(), text.size(), MSG_DONTWAIT) > 0) {
    }
  }

 private:
  const RunningSite& site_;
  int listening_, notified_;
};

}  // namespace

TEST_CASE("a service says when it serves and stops, feeds the watchdog, and leaves the socket") {
  RunningSite site({.with_pool = false});
  const Systemd systemd(site);
  // A request that comes before the service waits in the socket, and is served.
  int early = 0;
  std::thread visitor([&] {
    early = Client(site).post("comments", {{"message", "early"}}).status;
  });
  auto service = systemd.start_service();
  CHECK(systemd.hears("READY=1"));
  visitor.join();
  CHECK(early == 200);
  systemd.forget();
  for (int times = 0; times < 3; ++times) CHECK(systemd.hears("WATCHDOG=1"));

  service->signal(SIGTERM);
  CHECK(systemd.hears("STOPPING=1"));
  CHECK(service->wait() == 0);
  CHECK(std::filesystem::exists(site.socket()));

  // While it restarts nobody is refused.
  int meanwhile = 0;
  std::thread second([&] {
    meanwhile = Client(site).post("comments", {{"message", "meanwhile"}}).status;
  });
  service = systemd.start_service();
  second.join();
  CHECK(meanwhile == 200);
  service->signal(SIGTERM);
  CHECK(service->wait() == 0);
  CHECK(site.query("SELECT message FROM comments") ==
        std::vector<std::string>{"early", "meanwhile"});
}

TEST_CASE("a service that is handed another socket does not start") {
  RunningSite site({.with_pool = false});
  const Systemd systemd(site);
  site.edit("actiond.toml", "actiond.sock", "other.sock");
  auto service = systemd.start_service();
  CHECK(service->wait() == 1);
  CHECK_MESSAGE(site.log().find("hands over something else") != std::string::npos, site.log());
}

}  // namespace actiond::http
