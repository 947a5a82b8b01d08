// usage: bare_libpq CONNINFO STATEMENTS CONNECTIONS SECONDS
// The limit on PostgreSQL: the statements of paid_write.sql over as many connections, a thread
// each, in three flights, and nothing else.  One that the server undid is sent again.  Prints a
// line of JSON.
#include <libpq-fe.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

constexpr int users = 1000;
enum Statement { Asks, Begins, AsksAgain, Writes, Audits, LeavesId, Commits };
const std::string rollback = "ROLLBACK";

std::vector<std::string> statements_of(const char* file) {
  std::vector<std::string> statements(1);
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("--") || line.starts_with("\\")) continue;
    for (std::size_t at; (at = line.find(":user")) != line.npos;) line.replace(at, 5, "$1");
    statements.back() += line + "\n";
    if (line.ends_with(";")) statements.emplace_back();
  }
  statements.back() = rollback;
  return statements;
}

class Connection {
 public:
  Connection(const char* conninfo, const std::vector<std::string>& statements)
      : handle_(PQconnectdb(conninfo)), statements_(statements) {
    if (PQenterPipelineMode(handle_) == 0) fail();
    for (std::size_t at = 0; at < statements.size(); ++at)
      PQsendPrepare(handle_, std::to_string(at).c_str(), statements[at].c_str(), 0, nullptr);
    PQpipelineSync(handle_);
    if (!land(1)) fail();
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() { PQfinish(handle_); }

  // False when the server undid it.
  bool write(int user) {
    user_ = std::to_string(user);
    send({Asks});
    send({Begins, AsksAgain});
    if (land(2) && (send({Writes}), land(1)) && (send({Audits, LeavesId, Commits}), land(1)))
      return true;
    run(statements_.size() - 1);
    PQpipelineSync(handle_);
    if (!land(1)) fail();
    return false;
  }

 private:
  void send(std::initializer_list<std::size_t> statements) {
    for (const std::size_t statement : statements) run(statement);
    PQpipelineSync(handle_);
  }
  void run(std::size_t statement) {
    const bool asks = statements_[statement].find("$1") != std::string::npos;
    const char* const values[] = {user_.c_str()};
    PQsendQueryPrepared(handle_, std::to_string(statement).c_str(), asks ? 1 : 0, values, nullptr,
                        nullptr, 1);
  }
  // Takes all answers up to as many syncs.
  bool land(int syncs) {
    bool all_done = true;
    while (syncs > 0) {
      PGresult* const result = PQgetResult(handle_);
      const ExecStatusType status = PQresultStatus(result);
      if (result == nullptr && PQstatus(handle_) == CONNECTION_BAD) fail();
      if (status == PGRES_PIPELINE_SYNC) --syncs;
      if (status == PGRES_PIPELINE_ABORTED || (result != nullptr && status == PGRES_FATAL_ERROR)) {
        const char* const state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
        if (state != nullptr && std::string(state) != "40001") fail();
        all_done = false;
      }
      PQclear(result);
    }
    return all_done;
  }
  [[noreturn]] void fail() {
    std::fputs(PQerrorMessage(handle_), stderr);
    std::exit(1);
  }

  PGconn* const handle_;
  const std::vector<std::string>& statements_;
  std::string user_;
};

}  // namespace

int main(int count, char** arguments) {
  if (count != 5) return 2;
  const auto statements = statements_of(arguments[2]);
  const auto connections = static_cast<std::size_t>(std::atoi(arguments[3]));
  std::vector<std::vector<double>> times(connections);
  std::vector<long> reruns(connections);
  const auto start = Clock::now();
  const auto end = start + std::chrono::seconds(std::atoi(arguments[4]));
  {
    std::vector<std::jthread> threads;
    for (std::size_t at = 0; at < connections; ++at)
      threads.emplace_back([&, at] {
        Connection connection(arguments[1], statements);
        std::minstd_rand chance(std::random_device{}());
        for (auto now = Clock::now(); now < end;) {
          const int user = std::uniform_int_distribution<int>(1, users)(chance);
          while (!connection.write(user)) ++reruns[at];
          const auto then = std::exchange(now, Clock::now());
          times[at].push_back(std::chrono::duration<double, std::milli>(now - then).count());
        }
      });
  }
  std::vector<double> all;
  long undone = 0;
  for (std::size_t at = 0; at < connections; ++at) {
    all.insert(all.end(), times[at].begin(), times[at].end());
    undone += reruns[at];
  }
  std::ranges::sort(all);
  const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
  std::printf("{\"answers\":%zu,\"reruns\":%ld,\"seconds\":%.6f,\"p50_ms\":%.4f,\"p99_ms\":%.4f}\n",
              all.size(), undone, seconds, all[all.size() / 2], all[all.size() * 99 / 100]);
}
