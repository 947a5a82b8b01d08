// Where ACTIOND_TEST_STATEMENTS names a file, every statement that this program prepares on an
// engine is added to it, for tests/sql: "sqlite SQL" or "postgres 20,25 SQL", which has the types
// of its places, each with NUL behind it.
#include <dlfcn.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <string_view>
#include <unordered_set>

struct pg_conn;

namespace {

// Opened before `main`, since a worker may open nothing, and no standard descriptor that is closed.
// O_APPEND keeps the records of several processes whole.
int file() {
  static const int opened = [] {
    const char* path = std::getenv("ACTIOND_TEST_STATEMENTS");
    if (path == nullptr) return -1;
    const int low = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    const int high = fcntl(low, F_DUPFD_CLOEXEC, 100);
    if (high < 0) std::abort();
    close(low);
    return high;
  }();
  return opened;
}

// Seen by each thread for itself: no lock that a fork could leave taken.
void record(std::string statement) {
  thread_local std::unordered_set<std::string> seen;
  if (!seen.insert(statement).second) return;
  statement += '\0';
  if (write(file(), statement.data(), statement.size()) != static_cast<ssize_t>(statement.size()))
    std::abort();
}

int on_statement(unsigned, void*, void*, void* text) {
  const std::string_view sql = static_cast<const char*>(text);
  if (!sql.starts_with("--")) record("sqlite " + std::string(sql));  // --: of a trigger
  return 0;
}

int on_open(sqlite3* db, char**, const sqlite3_api_routines*) {
  return sqlite3_trace_v2(db, SQLITE_TRACE_STMT, on_statement, nullptr);
}

[[maybe_unused]] const bool recording = [] {
  if (file() < 0) return false;
  sqlite3_auto_extension(reinterpret_cast<void (*)()>(on_open));
  return true;
}();

}  // namespace

extern "C" int PQsendPrepare(pg_conn* connection, const char* name, const char* sql, int places,
                             const unsigned* types) {
  if (file() >= 0) {
    std::string statement = "postgres ";
    for (int place = 0; place < places; ++place)
      statement.append(place == 0 ? "" : ",").append(std::to_string(types[place]));
    record(statement.append(" ").append(sql));
  }
  using Real = int (*)(pg_conn*, const char*, const char*, int, const unsigned*);
  static const auto real = reinterpret_cast<Real>(dlsym(RTLD_NEXT, "PQsendPrepare"));
  return real(connection, name, sql, places, types);
}
