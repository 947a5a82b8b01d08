// The log: one line an event, in logfmt or JSON, written whole to a file, or to standard error,
// where systemd's journal takes it.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace actiond {

enum class LogFormat { Logfmt, Json };

struct LogSettings {
  std::filesystem::path file = {};  // empty: standard error
  LogFormat format = LogFormat::Logfmt;
  std::chrono::milliseconds slow = std::chrono::seconds(1);
};

// For this process and those that it forks later.  Throws std::system_error when the file cannot be
// opened.
void set_up_log(const LogSettings& settings);

// Adds 1 to `counter`, which processes may share, for each line that could not be written; null:
// for none.
void count_lost_lines(std::atomic<std::uint64_t>* counter);

// Opens the file again, which may have another name by now: a line that another thread writes
// meanwhile goes whole into one of the two.  What cannot be opened leaves everything as it is.
void reopen_log();

// Throws std::system_error as `set_up_log` would.
void require_log(const LogSettings& settings);

using LogField = std::pair<std::string_view, std::string>;

// `level` is one of info, warning, error.  Fields with an empty value are left out.
void log_event(std::string_view level, std::string_view message,
               std::initializer_list<LogField> fields = {});

// One event on its way into one line. Lines of several processes do not mix.
class LogLine {
 public:
  LogLine(std::string_view level, std::string_view message);

  // A field with an empty value is left out.
  void add(std::string_view name, std::string_view value);
  void add_number(std::string_view name, std::int64_t value);
  // In milliseconds, to the microsecond.
  void add_time(std::string_view name, std::chrono::steady_clock::duration time);
  // Waits for no reader: a log that cannot be written must not hold up the answer.  Such a line is
  // lost, and counted.
  void write();
  // The same, but leaves the line with others of this thread until `write_kept_lines`, its next
  // `write`, or as many as a pipe takes in one piece: one call of the kernel serves them all.
  void keep();

 private:
  void start(std::string_view name);
  void raw(std::string_view name, std::string_view value);
  void quote(std::string_view value);

  std::string text_;
  bool has_fields_ = false;
};

// Writes what `LogLine::keep` left with this thread, which calls this before it waits for anything.
void write_kept_lines();

// How long a request may take before its line is a warning.
std::chrono::milliseconds slow_request();

// The time of now as the log has it, in milliseconds: "2026-11-25T10:58:46.123Z".
std::string log_time();

}  // namespace actiond
