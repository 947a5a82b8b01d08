// A pool in a process of its own, as `serve` runs it, with answers that need no data.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "base/descriptor.h"
#include "pool/supervisor/supervisor.h"
#include "support.h"

namespace actiond::test {

// Closed until it is opened.  Shared with the processes that are forked after it is made.
class Gate {
 public:
  Gate();
  void open() const;
  void close() const;
  bool is_open() const { return wait(std::chrono::milliseconds(0)); }
  // Whether it opens in time.
  bool wait(std::chrono::milliseconds limit = std::chrono::seconds(60)) const;

 private:
  Descriptor event_;
};

// A FastCGI request for `path`, after which the connection is kept or not.
std::string request_for(const std::string& path, bool keep = false);

// A connection of the web server.
class Visitor {
 public:
  explicit Visitor(const std::filesystem::path& socket);

  void send(std::string_view bytes) const;
  // Until the other side ends it.
  std::string receive_all() const;
  std::string receive_some() const { return receive(0); }
  std::string receive_now() const;

 private:
  std::string receive(int flags) const;

  Descriptor socket_;
};

struct Life {
  int workers = 2;
  std::uint64_t max_requests = 0;
  std::chrono::milliseconds request_timeout = std::chrono::seconds(20);
  // Of the supervisor, before anything else; what it inherits.
  std::function<void()> inherit = [] {};
  bool logs_to_stderr = false;  // else to a file, which `says` reads
  bool tells_status = false;
  // Told when a reload has failed, which it always does: the program is /bin/false.
  std::function<void()> reload_failed = [] {};
};

class Pool {
 public:
  // Returns when it listens.
  explicit Pool(const std::function<Service()>& make_service, const Life& life = {});
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;
  ~Pool() { stop(); }

  void begin_stop() const;
  // The exit status of the supervisor, whose workers have to be gone before it.
  int stop();

  // The answer to a request for `path`; empty when none came.
  std::string ask(const std::string& path) const;
  std::string ask_status() const;
  // Whether the log has `text`.
  bool says(std::string_view text) const;
  int count_in_log(std::string_view text) const;

  pid_t supervisor() const { return pid_; }
  const std::filesystem::path& socket_file() const { return settings_.socket; }
  int threads() const { return settings_.workers * settings_.threads; }

 private:
  TemporaryFolder folder_;
  PoolSettings settings_;
  pid_t pid_ = 0;
  int status_ = 0;
};

Response say(const std::string& text);

// Answers with "PID PATH.".
Service pid_and_path();
pid_t pid_in(const std::string& answer);

// As `pid_and_path`; a request for "/long" is long work, which tells `begun` and answers when
// `go_on` opens.
Service long_until(const Gate& begun, const Gate& go_on);

// How often the threads of a process gave up the processor to wait for something: proc(5).
long waits_of(pid_t pid);

}  // namespace actiond::test
