// Notifications to systemd, and descriptors from it.
#include "pool/supervisor/notify.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <functional>

#include "pool/supervisor/listen.h"
#include "support.h"

namespace actiond {
namespace {

// systemd's end: a socket for datagrams, its name as in NOTIFY_SOCKET.
class Listener {
 public:
  explicit Listener(const std::string& name) : descriptor_(socket(AF_UNIX, SOCK_DGRAM, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    name.copy(address.sun_path, sizeof address.sun_path - 1);
    if (name[0] == '@') address.sun_path[0] = '\0';
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
    REQUIRE(bind(descriptor_, reinterpret_cast<const sockaddr*>(&address), size) == 0);
    setenv("NOTIFY_SOCKET", name.c_str(), 1);
  }
  ~Listener() {
    unsetenv("NOTIFY_SOCKET");
    close(descriptor_);
  }
  std::string receive() const {
    std::array<char, 256> text;
    const ssize_t size = recv(descriptor_, text.data(), text.size(), MSG_DONTWAIT);
    return {text.data(), static_cast<std::size_t>(size > 0 ? size : 0)};
  }

 private:
  int descriptor_;
};

TEST_CASE("systemd is told, at a path as at an abstract name, and nobody is when nobody asked") {
  const test::TemporaryFolder folder;
  for (const std::string& name : {(folder / "notify").string(), "@" + folder.path().string()}) {
    CAPTURE(name);
    const Listener systemd(name);
    notify_systemd("READY=1\nSTATUS=serving");
    CHECK(systemd.receive() == "READY=1\nSTATUS=serving");
    unsetenv("NOTIFY_SOCKET");
    notify_systemd("READY=1");
    CHECK(systemd.receive() == "");
  }
  for (const std::string& wrong :
       {std::string(), std::string("@"), (folder / "none").string(), std::string(200, 'x')}) {
    setenv("NOTIFY_SOCKET", wrong.c_str(), 1);
    notify_systemd("READY=1");  // nothing fails
  }
  unsetenv("NOTIFY_SOCKET");
}

TEST_CASE("the watchdog is fed at half its time, by the process that it watches alone") {
  const auto interval = [](const char* microseconds, const std::string& pid) {
    setenv("WATCHDOG_USEC", microseconds, 1);
    if (!pid.empty()) setenv("WATCHDOG_PID", pid.c_str(), 1);
    const auto found = watchdog_interval();
    unsetenv("WATCHDOG_USEC");
    unsetenv("WATCHDOG_PID");
    return found;
  };
  const auto never = std::chrono::milliseconds::max();
  CHECK(interval("30000000", std::to_string(getpid())) == std::chrono::seconds(15));
  CHECK(interval("30000000", "") == std::chrono::seconds(15));
  CHECK(interval("100", "") == std::chrono::milliseconds(1));
  CHECK(interval("30000000", "1") == never);
  CHECK(interval("0", "") == never);
  CHECK(interval("soon", "") == never);
  CHECK(watchdog_interval() == never);
}

// Runs `check` in a process that has `passed` as its descriptor 3, as systemd starts one.
bool in_service(int passed, const char* count, const std::function<bool()>& check) {
  const pid_t child = fork();
  if (child == 0) {
    if (passed != 3) dup2(passed, 3);
    setenv("LISTEN_PID", std::to_string(getpid()).c_str(), 1);
    setenv("LISTEN_FDS", count, 1);
    bool held = false;
    try {
      held = check();
    } catch (...) {
    }
    _exit(held ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return status == 0;
}

bool refuses(const std::filesystem::path& path) {
  try {
    take_passed_socket(path);
    return false;
  } catch (const std::runtime_error&) {
    return true;
  }
}

TEST_CASE("a socket that systemd hands over is taken, once, and nothing else is") {
  const test::TemporaryFolder folder;
  const Descriptor listening = listen_on(folder / "socket", "");
  CHECK(in_service(listening.get(), "1", [&] {
    const auto taken = take_passed_socket(folder / "socket");
    return taken && taken->get() == 3 && (fcntl(3, F_GETFD) & FD_CLOEXEC) != 0 &&
           (fcntl(3, F_GETFL) & O_NONBLOCK) != 0 && std::getenv("LISTEN_FDS") == nullptr &&
           !take_passed_socket(folder / "socket");
  }));
  CHECK(in_service(listening.get(), "1", [&] { return refuses(folder / "other"); }));
  CHECK(in_service(listening.get(), "2", [&] { return refuses(folder / "socket"); }));
  const Descriptor no_socket(open("/dev/null", O_RDONLY));
  CHECK(in_service(no_socket.get(), "1", [&] { return refuses(folder / "socket"); }));
  const Descriptor silent(socket(AF_UNIX, SOCK_STREAM, 0));
  CHECK(in_service(silent.get(), "1", [&] { return refuses(folder / "socket"); }));
  // Meant for the process that started this one.
  CHECK(in_service(listening.get(), "1", [&] {
    setenv("LISTEN_PID", "1", 1);
    return !take_passed_socket(folder / "socket");
  }));
  CHECK_FALSE(take_passed_socket(folder / "socket"));
}

}  // namespace
}  // namespace actiond
