#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <vector>

#include "cli/commands.h"
#include "cli/fastcgi_client.h"
#include "cli/processes.h"
#include "cli/running_server.h"
#include "store/key_file.h"

namespace actiond {
namespace {

constexpr double mebibyte = 1024 * 1024;

struct ProcessFacts {
  pid_t pid;
  double age_seconds;
  double cpu_seconds;
  std::uintmax_t resident_bytes;
  int threads;
};

struct Status {
  ProcessFacts supervisor;
  std::vector<ProcessFacts> workers;
  double answer_ms;
  std::string last_reload;
  std::uintmax_t database_bytes, log_bytes;
  std::vector<std::string> keys;  // the signing one first
};

// From proc(5), /proc/PID/stat; nothing when the process is gone.
std::optional<ProcessFacts> facts_of(pid_t pid) {
  const std::string text = read_whole(fmt::format("/proc/{}/stat", pid));
  const std::size_t name_end = text.rfind(')');
  if (name_end == text.npos) return std::nullopt;
  std::istringstream words(text.substr(name_end + 1));
  std::vector<std::string> fields{std::istream_iterator<std::string>(words), {}};
  if (fields.size() < 22) return std::nullopt;
  const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
  const double up = std::stod(read_whole("/proc/uptime"));
  return ProcessFacts{.pid = pid,
                      .age_seconds = up - std::stod(fields[19]) / ticks,
                      .cpu_seconds = (std::stod(fields[11]) + std::stod(fields[12])) / ticks,
                      .resident_bytes = std::stoull(fields[21]) *
                                        static_cast<std::uintmax_t>(sysconf(_SC_PAGESIZE)),
                      .threads = std::stoi(fields[17])};
}

std::uintmax_t size_of(const std::filesystem::path& file) {
  std::error_code none;
  const std::uintmax_t size = std::filesystem::file_size(file, none);
  return none ? 0 : size;
}

// As nginx would ask.
double time_an_answer(const std::filesystem::path& socket) {
  const auto since = std::chrono::steady_clock::now();
  const std::string answer = ask_fastcgi(socket, {{"REQUEST_METHOD", "GET"},
                                                  {"DOCUMENT_URI", "/actions/me"},
                                                  {"HTTP_ACCEPT", "application/json"}});
  if (!answer.starts_with("Status: 200 "))
    throw std::runtime_error("the pool answers " + answer.substr(0, answer.find('\r')));
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - since)
      .count();
}

Status look(const Settings& settings) {
  const auto server = running_server(settings.database);
  if (!server) throw std::runtime_error("no server uses " + settings.database.string());
  const auto supervisor = facts_of(server->pid);
  if (!supervisor)
    throw std::runtime_error(
        fmt::format("process {}, which serves, is not to be seen", server->pid));
  Status status{.supervisor = *supervisor,
                .workers = {},
                .answer_ms = time_an_answer(settings.pool.socket),
                .last_reload = server->last_reload,
                .database_bytes = size_of(settings.database),
                .log_bytes = size_of(settings.database.string() + "-wal"),
                .keys = {}};
  for (const pid_t pid : children_of(server->pid))
    if (const auto worker = facts_of(pid)) status.workers.push_back(*worker);
  const KeyRing keys = load_key_ring(settings.key_ring);
  for (const Key& key : keys.keys()) status.keys.push_back(key.id);
  return status;
}

nlohmann::ordered_json to_json(const ProcessFacts& process) {
  return {{"pid", process.pid},
          {"ageSeconds", process.age_seconds},
          {"cpuSeconds", process.cpu_seconds},
          {"residentBytes", process.resident_bytes},
          {"threads", process.threads}};
}

std::string to_json(const Status& status) {
  nlohmann::ordered_json workers = nlohmann::ordered_json::array();
  for (const ProcessFacts& worker : status.workers) workers.push_back(to_json(worker));
  return nlohmann::ordered_json{{"supervisor", to_json(status.supervisor)},
                                {"workers", workers},
                                {"answerMs", status.answer_ms},
                                {"lastReload", status.last_reload},
                                {"databaseBytes", status.database_bytes},
                                {"writeAheadLogBytes", status.log_bytes},
                                {"keys", status.keys}}
             .dump() +
         "\n";
}

std::string to_page(const Status& status) {
  const auto age = [](const ProcessFacts& process) {
    const auto whole = std::chrono::seconds(static_cast<std::int64_t>(process.age_seconds));
    return fmt::format("{}d {:%H:%M:%S}", whole / std::chrono::days(1),
                       whole % std::chrono::days(1));
  };
  std::string page = fmt::format(
      "serving        process {}, for {}; answered in {:.1f} ms\n"
      "last reload    {}\n"
      "database       {:.1f} MiB, and {:.1f} MiB of write-ahead log\n"
      "keys           {} signs, {} in all\n\n"
      "{:>9} {:>14} {:>9} {:>8} {:>11}\n",
      status.supervisor.pid, age(status.supervisor), status.answer_ms,
      status.last_reload.empty() ? "none yet" : status.last_reload,
      static_cast<double>(status.database_bytes) / mebibyte,
      static_cast<double>(status.log_bytes) / mebibyte, status.keys.at(0), status.keys.size(),
      "worker", "age", "cpu s", "threads", "memory MiB");
  for (const ProcessFacts& worker : status.workers)
    page += fmt::format("{:>9} {:>14} {:>9.2f} {:>8} {:>11.1f}\n", worker.pid, age(worker),
                        worker.cpu_seconds, worker.threads,
                        static_cast<double>(worker.resident_bytes) / mebibyte);
  return page;
}

}  // namespace

void add_status(CLI::App& app, const SettingsFile& settings) {
  struct Arguments {
    bool json = false, watch = false;
  };
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command =
      app.add_subcommand("status", "How the pool is: what runs, since when, what it takes");
  command->add_flag("--json", arguments->json, "As a JSON object");
  command->add_flag("--watch", arguments->watch, "Again each second, until Ctrl-C");
  command->callback([&settings, arguments] {
    const Settings loaded = settings.load();
    do {
      const Status status = look(loaded);
      if (arguments->watch && !arguments->json) fmt::print("\033[H\033[2J");
      fmt::print("{}", arguments->json ? to_json(status) : to_page(status));
      std::fflush(stdout);
      if (arguments->watch) std::this_thread::sleep_for(std::chrono::seconds(1));
    } while (arguments->watch);
  });
}

}  // namespace actiond
