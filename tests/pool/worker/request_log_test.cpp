#include "pool/worker/request_log.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>
#include <vector>

#include "base/log.h"
#include "support.h"

using namespace actiond;

namespace {

// The log of a process of its own with these settings; its standard error is the file `err`. `work`
// ends it with another status than 0 when something is wrong.
void logging(const std::filesystem::path& err, const LogSettings& settings,
             const std::function<void()>& work, bool is_journal = false) {
  const pid_t child = fork();
  if (child == 0) {
    const int file = open(err.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    dup2(file, STDERR_FILENO);
    struct stat status {};
    fstat(STDERR_FILENO, &status);
    const std::string stream = std::to_string(status.st_dev) + ":" + std::to_string(status.st_ino);
    setenv("JOURNAL_STREAM", is_journal ? stream.c_str() : "1:1", 1);
    set_up_log(settings);
    work();
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  CHECK(status == 0);
}

// One request, whose phases are `check` and `write`.
void log_one(int status, const std::string& path, Record record = {}, int milliseconds = 0) {
  const Counters counters({});
  Request request = test::make_request("POST", path);
  Trace trace(counters);
  trace.begin(request, Phase::Check);
  trace.enter(Phase::Write);
  std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
  trace.end();
  Response response(status);
  response.record = std::move(record);
  log_request(request, response, trace);
  write_kept_lines();
}

std::string logged(const LogSettings& settings, const std::function<void()>& work,
                   bool is_journal = false) {
  const test::TemporaryFolder folder;
  logging(folder / "err", settings, work, is_journal);
  return test::read_file(folder / "err");
}

// Each number as '#'.
std::string masked(const std::string& text) {
  std::string result;
  for (const char c : text) {
    const bool digit = c >= '0' && c <= '9';
    if (!digit || !result.ends_with('#')) result += digit ? '#' : c;
  }
  return result;
}

const Record record{"comments", "src/comments.cpp:9", "public", 7, "invalid \"fields\"\n\xFF"};

}  // namespace

TEST_CASE("a request is one line of logfmt with its phases") {
  const std::string line =
      logged({.slow = std::chrono::hours(1)}, [] { log_one(422, "/actions/a b", record); });
  CAPTURE(line);
  CHECK(masked(line) ==
        "time=#-#-#T#:#:#.#Z level=info msg=request id=#abcdef method=POST path=\"/actions/a b\" "
        "action=comments access=public user=# status=# "
        "reason=\"invalid \\\"fields\\\"\\x#a\\xff\" ms=#.# check_ms=#.# write_ms=#.#\n");
}

TEST_CASE("a request that failed says where its action is declared") {
  const auto says = [](int status) {
    return logged({}, [status] {
             log_one(status, "/", record);
           }).find(" declared=src/comments.cpp:9") != std::string::npos;
  };
  CHECK(says(500));
  CHECK(says(503));
  CHECK_FALSE(says(422));
}

TEST_CASE("O20 whatever a value ends with, the next field stands apart") {
  for (const bool is_journal : {false, true}) {
    const std::string line = logged(
        {}, [] { log_one(404, "/actions/a>", record); }, is_journal);
    CHECK_MESSAGE(line.find(" path=\"/actions/a>\" action=comments ") != std::string::npos, line);
  }
}

TEST_CASE("a request is one line of JSON") {
  const std::string line =
      logged({.format = LogFormat::Json}, [] { log_one(200, "/actions/\xC3\xA9\"\n", record); });
  CHECK(std::count(line.begin(), line.end(), '\n') == 1);
  const auto json = nlohmann::json::parse(line);
  CHECK(json["level"] == "info");
  CHECK(json["path"] == "/actions/\xC3\xA9\"\n");
  CHECK(json["user"] == 7);
  CHECK(json["status"] == 200);
  CHECK(json["reason"] == "invalid \"fields\"\n\xC3\xBF");
  CHECK(json["ms"].is_number());
  CHECK(json.contains("write_ms"));
  CHECK_FALSE(json.contains("body_ms"));
}

TEST_CASE("a request that is slow is a warning that names its longest phase; ours is an error") {
  const LogSettings settings{.slow = std::chrono::milliseconds(5)};
  const std::string slow = logged(settings, [] { log_one(200, "/", {}, 20); });
  CHECK_MESSAGE(slow.find(" level=warning ") != std::string::npos, slow);
  CHECK_MESSAGE(slow.find(" slow=write ") != std::string::npos, slow);
  const std::string failed = logged(settings, [] { log_one(500, "/", {}, 20); });
  CHECK_MESSAGE(failed.find(" level=error ") != std::string::npos, failed);
  CHECK(logged({}, [] { log_one(200, "/"); }).find("slow=") == std::string::npos);
}

TEST_CASE("lines that are kept come before the next one that is written, each whole") {
  const auto numbered = [](int number) {
    LogLine line("info", "kept");
    line.add_number("number", number);
    return line;
  };
  const std::string log = logged({}, [&] {
    for (int number = 0; number < 100; ++number) numbered(number).keep();
    if (test::read_file("/proc/self/fd/2").find("number=99") != std::string::npos) _exit(1);
    log_event("error", "written");
  });
  int number = 0;
  std::istringstream lines(log);
  for (std::string line; std::getline(lines, line); ++number)
    CHECK(
        line.ends_with(number < 100 ? "msg=kept number=" + std::to_string(number) : "msg=written"));
  CHECK(number == 101);
}

TEST_CASE("each line that is lost is counted") {
  std::atomic<std::uint64_t> lost = 0;
  logged({.file = "/dev/full"}, [&] {
    count_lost_lines(&lost);
    for (int at = 0; at < 3; ++at) LogLine("info", "kept").keep();
    write_kept_lines();
    if (lost != 3) _exit(1);
    log_event("info", "written");
    if (lost != 4) _exit(2);
  });
}

TEST_CASE("the journal is told each line's priority, and a file is not") {
  const auto events = [] {
    log_event("info", "a");
    log_event("warning", "b");
    log_event("error", "c");
  };
  const std::string journal = logged({}, events, true);
  CHECK(masked(journal) ==
        "<#>time=#-#-#T#:#:#.#Z level=info msg=a\n<#>time=#-#-#T#:#:#.#Z level=warning msg=b\n"
        "<#>time=#-#-#T#:#:#.#Z level=error msg=c\n");
  CHECK(journal.starts_with("<6>"));
  CHECK(journal.find("\n<4>") != journal.npos);
  CHECK(journal.find("\n<3>") != journal.npos);
  CHECK(logged({}, events, false).starts_with("time="));
}

TEST_CASE("a log file that is moved away and opened again loses no line") {
  const test::TemporaryFolder folder;
  constexpr int writers = 3, lines = 3000, rotations = 30;
  logging(folder / "err", {.file = folder / "log"}, [&] {
    std::vector<std::thread> threads;
    for (int at = 0; at < writers; ++at)
      threads.emplace_back([] {
        for (int line = 0; line < lines; ++line) log_event("info", "line", {{"of", "a writer"}});
      });
    for (int at = 0; at < rotations; ++at) {
      std::filesystem::rename(folder / "log", folder / ("log." + std::to_string(at)));
      reopen_log();
    }
    for (std::thread& thread : threads) thread.join();
  });
  const std::string whole = "time=#-#-#T#:#:#.#Z level=info msg=line of=\"a writer\"";
  int found = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
    std::ifstream file(entry.path());
    for (std::string line; std::getline(file, line); ++found) CHECK(masked(line) == whole);
  }
  CHECK(found == writers * lines);
}

TEST_CASE("a log file that cannot be opened is said at once, and later changes nothing") {
  const test::TemporaryFolder folder;
  CHECK_THROWS_AS(require_log({.file = folder / "no/log"}), std::system_error);
  std::filesystem::create_directory(folder / "logs");
  logging(folder / "err", {.file = folder / "logs/log"}, [&] {
    std::filesystem::rename(folder / "logs", folder / "moved");
    reopen_log();
    log_event("info", "after");
  });
  const std::string log = test::read_file(folder / "moved/log");
  CHECK(log.find("msg=\"cannot open the log again\"") != std::string::npos);
  CHECK(log.find("msg=after") != std::string::npos);
}
