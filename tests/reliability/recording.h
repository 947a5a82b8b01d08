// The writes of a pool to its database, as write_log.cpp recorded them, and the files that a power
// cut leaves of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "reliability/write_log.h"
#include "served/site.h"

namespace actiond::reliability {

struct Event {
  Did did;
  pid_t process;
  pid_t thread;
  std::uint64_t offset;
  std::string path;
  std::string data;
};

// The command under which a program records what it does to the database of `site`.
std::vector<std::string> recorder(const http::RunningSite& site);

// All that was recorded so far.
std::vector<Event> recorded(const http::RunningSite& site);

// The request id of the answer that `event` sends when it says that an action is done; else "".
std::string acknowledged_by(const Event& event);

// By path.
using Files = std::map<std::string, std::string>;

// A disk that keeps what was synced, and of the rest whatever it likes.
class Disk {
 public:
  enum class Unsynced { Dropped, Kept, SomeKept, Torn };

  // The next event of a recording.
  void apply(const Event& event);

  // The content that a power cut leaves at this moment.
  Files after_power_cut(Unsynced unsynced, std::mt19937& random) const;

 private:
  struct Change {
    std::uint64_t when;
    std::uint64_t offset;
    std::string data;
    bool truncates;
  };
  struct File {
    std::string synced;
    std::vector<Change> unsynced;
  };
  // Which file a name stood for: first what the folder's last sync made last, then each change of
  // it since.
  struct Name {
    std::uint64_t when;
    std::shared_ptr<File> file;  // none: there is no such name
  };

  static void make(const Change& change, std::string& content);
  static void tear(const Change& change, std::string& content, std::mt19937& random);
  void sync(const std::string& path, std::uint64_t until);
  void sync_folder(std::uint64_t until);
  void rename(const std::string& path, std::shared_ptr<File> file);
  File& file(const std::string& path);

  std::uint64_t now_ = 0;  // counts the events
  std::map<std::string, std::vector<Name>> names_;
  std::map<pid_t, std::uint64_t> sync_started_;  // by thread
};

}  // namespace actiond::reliability
