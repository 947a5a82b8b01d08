#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include "pool/supervisor.h"
#include "support.h"

using namespace actiond;

namespace {

// A pool in a process of its own, as `serve` runs it, with an answer that needs no data.
class Pool {
 public:
  explicit Pool(AnswerMaker make_answer) : settings_{folder_ / "pool.sock", "", 2, 4} {
    pid_ = fork();
    if (pid_ == 0) _exit(supervise(settings_, make_answer));
    while (!std::filesystem::exists(settings_.socket))
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;
  ~Pool() { stop(); }

  // The exit status of the supervisor, whose workers have to be gone before it.
  int stop() {
    if (pid_ == 0) return status_;
    kill(pid_, SIGTERM);
    waitpid(pid_, &status_, 0);
    pid_ = 0;
    return status_;
  }

  // What the pool answers to a request for `path`; empty when nothing came.
  std::string ask(const std::string& path) const {
    const int peer = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strcpy(address.sun_path, settings_.socket.c_str());
    std::string answer;
    if (connect(peer, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) {
      const std::string request =
          record(1, std::string{0, 1, 0, 0, 0, 0, 0, 0}) +
          record(4, pair("REQUEST_METHOD", "GET") + pair("DOCUMENT_URI", path)) + record(4, "") +
          record(5, "");
      (void)!write(peer, request.data(), request.size());
      char bytes[4096];
      for (ssize_t read; (read = ::read(peer, bytes, sizeof bytes)) > 0;)
        answer.append(bytes, static_cast<std::size_t>(read));
    }
    close(peer);
    return answer;
  }

  const std::filesystem::path& socket_file() const { return settings_.socket; }

 private:
  // FastCGI, sections 3.3 and 3.4.
  static std::string record(char type, const std::string& content) {
    return std::string{1,
                       type,
                       0,
                       1,
                       static_cast<char>(content.size() >> 8),
                       static_cast<char>(content.size() & 0xFF),
                       0,
                       0} +
           content;
  }
  static std::string pair(const std::string& name, const std::string& value) {
    return std::string{static_cast<char>(name.size()), static_cast<char>(value.size())} + name +
           value;
  }

  test::TemporaryFolder folder_;
  PoolSettings settings_;
  pid_t pid_ = 0;
  int status_ = 0;
};

Response say(const std::string& text) {
  Response response(200);
  response.body = text;
  return response;
}

Answer pid_and_path() {
  return [](Request& request) { return say(std::to_string(getpid()) + " " + request.path + "."); };
}

}  // namespace

TEST_CASE("the pool answers all of many clients at once, and stops without a trace") {
  Pool pool(pid_and_path);
  constexpr int clients = 8, requests = 50;
  std::vector<int> answered(clients);
  std::vector<std::thread> threads;
  for (int client = 0; client < clients; ++client)
    threads.emplace_back([&pool, &answered, client] {
      const std::string path = "/" + std::to_string(client);
      for (int at = 0; at < requests; ++at)
        if (pool.ask(path).find(" " + path + ".") != std::string::npos)
          ++answered[static_cast<std::size_t>(client)];
    });
  for (std::thread& thread : threads) thread.join();
  CHECK(answered == std::vector<int>(clients, requests));
  CHECK(pool.stop() == 0);
  CHECK(!std::filesystem::exists(pool.socket_file()));
}

TEST_CASE("a request that runs when the pool is told to stop is still answered") {
  Pool pool([] {
    return Answer([](Request&) {
      std::this_thread::sleep_for(std::chrono::milliseconds(300));
      return say("late");
    });
  });
  std::string answer;
  std::thread asking([&] { answer = pool.ask("/"); });
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  CHECK(pool.stop() == 0);
  asking.join();
  CHECK(answer.find("late") != std::string::npos);
}

TEST_CASE("a worker that dies is replaced") {
  Pool pool([] {
    return Answer([](Request& request) {
      if (request.path == "/die") _exit(1);
      return say("alive");
    });
  });
  for (int at = 0; at < 4; ++at) {
    CHECK(pool.ask("/die").empty());
    std::string answer;
    for (int tries = 0; tries < 500 && answer.empty(); ++tries) answer = pool.ask("/");
    CHECK(answer.find("alive") != std::string::npos);
  }
}
