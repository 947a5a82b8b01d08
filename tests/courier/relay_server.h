// A mail server on the loopback interface that answers as it is told.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/descriptor.h"

namespace actiond::test {

class RelayServer {
 public:
  // The answer to a command that begins with a word, "RCPT", and to the message, "."; others are
  // answered 250.  "drop" ends the connection, "hang" answers nothing.
  using Answers = std::map<std::string, std::string>;
  explicit RelayServer(Answers answers = {})
      : answers_(std::move(answers)),
        listening_(Descriptor::checked(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket")) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    if (bind(listening_.get(), any, size) != 0 || listen(listening_.get(), 8) != 0 ||
        getsockname(listening_.get(), any, &size) != 0)
      throw std::runtime_error("no relay to test with");
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  RelayServer(const RelayServer&) = delete;
  RelayServer& operator=(const RelayServer&) = delete;
  ~RelayServer() {
    shutdown(listening_.get(), SHUT_RDWR);
    {
      const std::lock_guard lock(mutex_);
      shutdown(connection_, SHUT_RDWR);
    }
    thread_.join();
  }

  int port() const { return port_; }
  std::vector<std::string> lines() {
    const std::lock_guard lock(mutex_);
    return lines_;
  }
  int connections() {
    const std::lock_guard lock(mutex_);
    return connections_;
  }

 private:
  std::string answer_to(const std::string& line) {
    for (const auto& [word, answer] : answers_)
      if (line.starts_with(word)) return answer;
    if (line.starts_with("DATA")) return "354 go on";
    return "250 fine";
  }

  void serve() {
    while (true) {
      const Descriptor connection(accept(listening_.get(), nullptr, nullptr));
      if (!connection) return;
      {
        const std::lock_guard lock(mutex_);
        connection_ = connection.get();
        ++connections_;
      }
      talk(connection.get());
      const std::lock_guard lock(mutex_);
      connection_ = -1;
    }
  }

  static void say(int connection, const std::string& line) {
    const std::string all = line + "\r\n";
    [[maybe_unused]] const ssize_t sent = send(connection, all.data(), all.size(), MSG_NOSIGNAL);
  }

  void talk(int connection) {
    const auto greeting = answers_.find("greeting");
    say(connection, greeting == answers_.end() ? "220 relay" : greeting->second);
    bool in_message = false;
    std::string line;
    for (char c; recv(connection, &c, 1, 0) == 1;) {
      if (c != '\n') {
        line += c;
        continue;
      }
      if (line.ends_with('\r')) line.pop_back();
      {
        const std::lock_guard lock(mutex_);
        lines_.push_back(line);
      }
      const bool is_end = in_message && line == ".";
      if (!in_message || is_end) {
        const std::string answer = answer_to(line);
        if (answer == "drop") return;
        if (answer != "hang") say(connection, answer);
        in_message = !is_end && answer.starts_with("354");
      }
      line.clear();
    }
  }

  const Answers answers_;
  Descriptor listening_;
  int port_ = 0;
  std::mutex mutex_;
  std::vector<std::string> lines_;
  int connection_ = -1;
  int connections_ = 0;
  std::thread thread_;
};

}  // namespace actiond::test
