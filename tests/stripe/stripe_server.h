// A Stripe on the loopback interface that answers as it is told.
#pragma once

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <httplib.h>

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/time.h"

namespace actiond::test {

struct StripeServer {
  struct Answer {
    int status = 200;
    std::string body = {};
    std::map<std::string, std::string> headers = {};
  };
  using Answers = std::function<Answer(const httplib::Request&)>;

  explicit StripeServer(Time now) : wall(now) {
    const auto handle = [this](const httplib::Request& request, httplib::Response& response) {
      Answers answers;
      {
        const std::lock_guard lock(mutex);
        requests.push_back(request);
        answers = answer;
      }
      const Answer made = answers(request);
      response.status = made.status;
      response.set_content(made.body, "application/json");
      response.set_header("Date", fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", wall));
      response.set_header("Request-Id", fmt::format("req_{}", requests.size()));
      for (const auto& [name, value] : made.headers) {
        response.headers.erase(name);
        response.set_header(name, value);
      }
    };
    server.Get(".*", handle).Post(".*", handle);
    port = server.bind_to_any_port("127.0.0.1");
    thread = std::thread([this] { server.listen_after_bind(); });
    while (!server.is_running()) std::this_thread::yield();
  }
  StripeServer(const StripeServer&) = delete;
  StripeServer& operator=(const StripeServer&) = delete;
  ~StripeServer() {
    server.stop();
    thread.join();
  }

  std::string origin() const { return fmt::format("http://127.0.0.1:{}", port); }
  void say(int status, std::string body) {
    say([status, body](const httplib::Request&) { return Answer{status, body}; });
  }
  void say(Answers answers) {
    const std::lock_guard lock(mutex);
    answer = std::move(answers);
  }
  std::size_t asked() {
    const std::lock_guard lock(mutex);
    return requests.size();
  }

  Time wall;
  httplib::Server server;
  int port = 0;
  std::mutex mutex;
  std::vector<httplib::Request> requests;
  Answers answer = [](const httplib::Request&) { return Answer{404, "{}"}; };
  std::thread thread;
};

}  // namespace actiond::test
