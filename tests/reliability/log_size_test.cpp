// The write-ahead log stays small while somebody always reads.  ACTIOND_LOG_SECONDS says how long
// to write, with the limit of the contract, instead of until the log has begun anew three times.
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <thread>

#include "reliability/orders.h"

namespace actiond::reliability {
namespace {

constexpr std::uintmax_t mib = 1024 * 1024;

// A read that lasts some milliseconds; the next begins before it ends.
class AlwaysReading {
 public:
  explicit AlwaysReading(const std::filesystem::path& database)
      : thread_([this, database](const std::stop_token& stop) { read(stop, database); }) {}

  int reads() const { return reads_; }

 private:
  void read(const std::stop_token& stop, const std::filesystem::path& database) {
    sqlite3* connections[2]{};
    for (sqlite3*& connection : connections)
      sqlite3_open_v2(database.c_str(), &connection, SQLITE_OPEN_READONLY, nullptr);
    for (int at = 0; !stop.stop_requested(); at = 1 - at) {
      run(connections[at], "BEGIN; SELECT count(*) FROM users");
      run(connections[1 - at], "COMMIT");  // the first has nothing to end
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    for (sqlite3* connection : connections) sqlite3_close(connection);
  }

  void run(sqlite3* connection, const char* sql) {
    if (sqlite3_exec(connection, sql, nullptr, nullptr, nullptr) == SQLITE_OK) ++reads_;
  }

  std::atomic<int> reads_ = 0;
  std::jthread thread_;
};

// How often the log began anew: the checkpoint sequence number in its header, big-endian
// (https://sqlite.org/fileformat.html#the_write_ahead_log).
unsigned times_begun(const std::filesystem::path& log) {
  std::string header(32, '\0');
  std::ifstream(log, std::ios::binary).read(header.data(), 32);
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(header[at]); };
  return static_cast<unsigned>(byte(12)) << 24 | static_cast<unsigned>(byte(13)) << 16 |
         static_cast<unsigned>(byte(14)) << 8 | byte(15);
}

TEST_CASE("the write-ahead log stays small under writes while somebody always reads") {
  const char* const seconds = std::getenv("ACTIOND_LOG_SECONDS");
  const std::uintmax_t limit = (seconds == nullptr ? 16 : 64) * mib;
  RunningSite site({.workers = 2, .threads = 4, .with_nginx = false});
  const Buyer buyer(site);
  const AlwaysReading reading(site.database());
  const std::filesystem::path log = site.database().string() + "-wal";
  const unsigned begun_before = times_begun(log);
  const auto end = std::chrono::steady_clock::now() +
                   std::chrono::seconds(seconds == nullptr ? 0 : std::stoi(seconds));
  std::atomic<std::uintmax_t> largest = 0;
  std::atomic<bool> enough = false;
  std::atomic<int> acknowledged = 0, failed = 0;
  together(9, [&](int which) {
    for (int at = 0; !enough; ++at) {
      if (which > 0) {
        const int status =
            buyer.order(std::to_string(which) + "-" + std::to_string(at) + std::string(40, 'x'));
        ++(status == 200 ? acknowledged : failed);
        continue;
      }
      largest = std::max(largest.load(), std::filesystem::file_size(log));
      const bool long_enough = seconds == nullptr ? times_begun(log) - begun_before >= 3
                                                  : std::chrono::steady_clock::now() > end;
      enough = largest >= limit || long_enough;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  });
  MESSAGE(acknowledged.load(), " orders beside ", reading.reads(), " reads; the log was ",
          largest.load() / 1024, " KiB at most and began anew ", times_begun(log) - begun_before,
          " times");
  CHECK(largest.load() < limit);
  CHECK(failed.load() == 0);
  CHECK(reading.reads() > 100);
  CHECK(times_begun(log) - begun_before >= 3);
}

}  // namespace
}  // namespace actiond::reliability
