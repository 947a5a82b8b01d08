#include "base/log.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <ctime>
#include <system_error>

#include "base/encoding.h"
#include "base/time.h"

namespace actiond {
namespace {

struct Log {
  LogSettings settings = {};
  int descriptor = STDERR_FILENO;
  bool is_journal = false;
};

Log& the_log() {
  static Log log;
  return log;
}

// systemd.exec(5): device and inode of the stream that standard error was connected to.
bool stderr_is_journal() {
  const char* stream = std::getenv("JOURNAL_STREAM");
  struct stat status {};
  if (stream == nullptr || fstat(STDERR_FILENO, &status) != 0) return false;
  return fmt::format("{}:{}", status.st_dev, status.st_ino) == stream;
}

int open_file(const std::filesystem::path& file) {
  return open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
}

int open_log(const LogSettings& settings) {
  if (settings.file.empty()) return STDERR_FILENO;
  const int descriptor = open_file(settings.file);
  if (descriptor < 0)
    throw std::system_error(errno, std::generic_category(), settings.file.string());
  return descriptor;
}

// Priorities of sd-daemon(3).
std::string_view journal_prefix(std::string_view level) {
  if (level == "error") return "<3>";
  return level == "warning" ? "<4>" : "<6>";
}

// All but the last part is made once a second.
std::string_view time_text() {
  thread_local std::time_t made = -1;
  thread_local std::string text;
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  if (now.tv_sec != made) {
    made = now.tv_sec;
    text = to_rfc3339(Time(std::chrono::seconds(now.tv_sec)));
    text.insert(text.size() - 1, ".000");
  }
  const fmt::format_int part(1000 + now.tv_nsec / 1'000'000);
  text.replace(text.size() - 4, 3, part.data() + 1, 3);
  return text;
}

bool is_json() { return the_log().settings.format == LogFormat::Json; }

}  // namespace

LogLine::LogLine(std::string_view level, std::string_view message) {
  text_.reserve(480);
  if (the_log().is_journal) text_ += journal_prefix(level);
  if (is_json()) text_ += '{';
  raw("time", time_text());
  add("level", level);
  add("msg", message);
}

void LogLine::add(std::string_view name, std::string_view value) {
  if (value.empty()) return;
  start(name);
  const bool plain = !is_json() && std::all_of(value.begin(), value.end(), [](char c) {
    return c > ' ' && c <= '~' && c != '"' && c != '=' && c != '\\' && c != '>';
  });
  if (plain)
    text_ += value;
  else
    quote(value);
}

void LogLine::add_number(std::string_view name, std::int64_t value) {
  start(name);
  const fmt::format_int digits(value);
  text_.append(digits.data(), digits.size());
}

void LogLine::add_time(std::string_view name, std::chrono::steady_clock::duration time) {
  start(name);
  const auto all = std::chrono::duration_cast<std::chrono::microseconds>(time).count();
  const fmt::format_int whole(all / 1000), part(1000 + all % 1000);
  text_.append(whole.data(), whole.size()).append(1, '.').append(part.data() + 1, 3);
}

void LogLine::write() {
  text_ += is_json() ? "}\n" : "\n";
  [[maybe_unused]] const ssize_t written =
      ::write(the_log().descriptor, text_.data(), text_.size());
}

void LogLine::start(std::string_view name) {
  if (is_json())
    text_.append(has_fields_ ? ",\"" : "\"").append(name).append("\":");
  else
    text_.append(has_fields_ ? " " : "").append(name).append("=");
  has_fields_ = true;
}

void LogLine::raw(std::string_view name, std::string_view value) {
  start(name);
  if (is_json()) text_ += '"';
  text_ += value;
  if (is_json()) text_ += '"';
}

// Control characters, and bytes that may be no UTF-8, are escaped: one event stays one line.
void LogLine::quote(std::string_view value) {
  const bool keeps_high = is_json() && count_characters(value).has_value();
  text_ += '"';
  for (const char c : value) {
    if (c == '"' || c == '\\')
      (text_ += '\\') += c;
    else if ((c >= ' ' && c <= '~') || (keeps_high && static_cast<unsigned char>(c) >= 0x80))
      text_ += c;
    else
      text_ += fmt::format("\\{}{:02x}", is_json() ? "u00" : "x", static_cast<unsigned char>(c));
  }
  text_ += '"';
}

std::chrono::milliseconds slow_request() { return the_log().settings.slow; }

void set_up_log(const LogSettings& settings) {
  the_log() = {.settings = settings,
               .descriptor = open_log(settings),
               .is_journal = settings.file.empty() && stderr_is_journal()};
}

void require_log(const LogSettings& settings) {
  const int descriptor = open_log(settings);
  if (descriptor != STDERR_FILENO) close(descriptor);
}

std::string log_time() { return std::string(time_text()); }

void reopen_log() {
  const Log& log = the_log();
  if (log.settings.file.empty()) return;
  const int next = open_file(log.settings.file);
  if (next < 0) {
    log_event(
        "error", "cannot open the log again",
        {{"file", log.settings.file.string()}, {"reason", std::generic_category().message(errno)}});
    return;
  }
  dup3(next, log.descriptor, O_CLOEXEC);
  close(next);
}

void log_event(std::string_view level, std::string_view message,
               std::initializer_list<LogField> fields) {
  LogLine line(level, message);
  for (const auto& [name, value] : fields) line.add(name, value);
  line.write();
}

}  // namespace actiond
