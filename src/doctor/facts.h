// The facts of the machine that checks judge.  Reading them is apart from judging them, which is
// tested row by row.
#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "data/schema.h"
#include "doctor/finding.h"
#include "payment/fetch_rows.h"
#include "payment/night_rows.h"
#include "payment/session_rows.h"
#include "store/hosts.h"
#include "store/outbox.h"

namespace actiond::doctor {

constexpr std::uintmax_t mebibyte = 1024 * 1024;

struct ClockFacts {
  Time now;
  bool synchronised;
  std::optional<Time> newest_row;  // when the newest row says it was made
};
Findings judge(const ClockFacts&);

struct DataFacts {
  std::string path;
  SchemaState schema;
  std::string journal_mode;
  int synchronous;
  std::uintmax_t log_bytes;
  unsigned mode;             // permission bits
  bool is_in_shared_folder;  // base/shared_folder.h
  bool has_folder_group;
  bool owned_by_folder_owner;
  int sqlite_version, sqlite_built_with;  // 3040001 for 3.40.1
};
Findings judge(const DataFacts&);

struct ServerFacts {
  std::string place;
  SchemaState schema;
  int version;  // 150018 for 15.18
  bool is_synced, has_full_pages, commits_at_once;
  int most_connections, wanted_connections;
  bool is_superuser;
  std::chrono::milliseconds clock_ahead;  // of the server's
};
Findings judge(const ServerFacts&);

struct HostFacts {
  std::vector<Host> hosts;
  std::string program;  // of the doctor
};
Findings judge(const HostFacts&);

struct DiskFacts {
  std::string path, holds;   // "the database"
  std::int64_t file_system;  // statfs(2), f_type
  std::uintmax_t free_bytes, needed_bytes;
  std::uintmax_t free_files;
  bool read_only;
};
Findings judge(const DiskFacts&);

struct BackupFacts {
  std::string folder;
  std::optional<Time> newest;  // not counting those from the future
  std::size_t from_future = 0;
  Time now;
};
Findings judge(const BackupFacts&);

struct MailFacts {
  OutboxCount mails;
  Time now;
};
Findings judge(const MailFacts&);

struct StripeFacts {
  FetchCount fetches;
  LostSessions sessions = {};
  std::optional<Night> night;
  Time now;
};
Findings judge(const StripeFacts&);
// Those of `hosts` to which a Content-Security-Policy lets no form lead.
std::vector<std::string> unlisted_hosts(const std::string& policy, std::vector<std::string> hosts);

struct LimitFacts {
  int workers, threads;
  std::uintmax_t open_files;           // soft limit of a process
  std::uintmax_t tasks, memory_bytes;  // of the cgroup; the greatest number when there is none
  bool killed_as_a_group;              // memory.oom.group
  int backlog;                         // net.core.somaxconn
  int unfiltered_workers;              // that may make every system call
};
Findings judge(const LimitFacts&);

struct NginxFacts {
  std::string file;
  std::uintmax_t connections;                                              // of a process
  std::uintmax_t open_files = std::numeric_limits<std::uintmax_t>::max();  // its soft limit
};
Findings judge(const NginxFacts&);

}  // namespace actiond::doctor
