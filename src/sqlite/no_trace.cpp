#include "sqlite/no_trace.h"

#include <fmt/format.h>

#include <string>

#include "base/file_lock.h"
#include "data/schema.h"
#include "sqlite/connection.h"
#include "sqlite/write_lock.h"

namespace actiond {
namespace {

constexpr int step_pages = 500;  // of an index: a step holds writers up for a moment

class Emptying {
 public:
  explicit Emptying(const std::filesystem::path& database)
      : lock_(lock_path(database)), db_(database, Connection::Use::Write) {}

  // A merge of all its parts leaves what is gone out (https://sqlite.org/fts5.html, section 6.8).
  void merge(const std::string& index) {
    for (int pages = -step_pages; step(index, pages); pages = step_pages) {
    }
  }

  bool empty_log() {
    return alone([this] { return db_.empty_log(); });
  }

  std::vector<std::string> indexes() {
    std::vector<std::string> names;
    for (const auto& [name] : db_.rows<std::string>(
             "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE '%USING fts5%'"))
      names.push_back(name);
    return names;
  }

 private:
  template <class Work>
  bool alone(Work work) {
    const WriteLock lock(lock_);
    return work();
  }

  // False when there was nothing left to do.
  bool step(const std::string& index, int pages) {
    return alone([&] {
      const std::int64_t before = db_.total_changes();
      db_.script(fmt::format("INSERT INTO {0} ({0}, rank) VALUES ('merge', {1})",
                             quoted_name(index), pages));
      db_.checkpoint();
      return db_.total_changes() - before >= 2;
    });
  }

  FileLock lock_;
  Connection db_;
};

}  // namespace

bool leave_no_trace(const std::filesystem::path& database) {
  Emptying emptying(database);
  for (const std::string& index : emptying.indexes()) emptying.merge(index);
  return emptying.empty_log();
}

}  // namespace actiond
