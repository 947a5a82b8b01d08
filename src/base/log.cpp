#include "base/log.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <limits.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <ctime>
#include <system_error>

#include "base/descriptor.h"
#include "base/encoding.h"
#include "base/time.h"

namespace actiond {
namespace {

struct Log {
  LogSettings settings = {};
  Descriptor own = {};  // none: standard error's is used
  bool is_journal = false;
  bool is_socket = false;

  int descriptor() const { return own ? own.get() : STDERR_FILENO; }
};

std::atomic<std::uint64_t>* lost_lines = nullptr;

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

mode_t type_of_stderr() {
  struct stat status {};
  return fstat(STDERR_FILENO, &status) == 0 ? status.st_mode & S_IFMT : 0;
}

Descriptor open_file(const std::filesystem::path& file) {
  return Descriptor(open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640));
}

Descriptor open_log(const LogSettings& settings) {
  if (!settings.file.empty()) {
    Descriptor file = open_file(settings.file);
    return Descriptor::checked(file.release(), settings.file.string());
  }
  // Nobody else's writes may fail for want of room, so O_NONBLOCK is set on an open file
  // description of our own.  Where it cannot be had, `write_now` asks for room instead.
  const mode_t type = type_of_stderr();
  if (type != S_IFIFO && type != S_IFCHR) return {};
  return Descriptor(
      open("/proc/self/fd/2", O_WRONLY | O_APPEND | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
}

// Whether all of `text` was written.  Waits for no reader.
bool write_now(const Log& log, std::string_view text) {
  const int into = log.descriptor();
  ssize_t written = -1;
  pollfd room{.fd = into, .events = POLLOUT, .revents = 0};
  if (log.is_socket)
    written = send(into, text.data(), text.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  else if (log.own || poll(&room, 1, 0) == 1)
    written = write(into, text.data(), text.size());
  return written == static_cast<ssize_t>(text.size());
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

struct KeptLines {
  std::string text;
  std::uint64_t count = 0;
};

KeptLines& kept_lines() {
  thread_local KeptLines kept;
  return kept;
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
  keep();
  write_kept_lines();
}

void LogLine::keep() {
  text_ += is_json() ? "}\n" : "\n";
  KeptLines& kept = kept_lines();
  // More than that may mix with the lines of other processes (pipe(7)).
  if (kept.text.size() + text_.size() > PIPE_BUF) write_kept_lines();
  kept.text += text_;
  ++kept.count;
}

void write_kept_lines() {
  KeptLines& kept = kept_lines();
  if (kept.count == 0) return;
  if (!write_now(the_log(), kept.text) && lost_lines != nullptr) *lost_lines += kept.count;
  kept.text.clear();
  kept.count = 0;
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
               .own = open_log(settings),
               .is_journal = settings.file.empty() && stderr_is_journal(),
               .is_socket = settings.file.empty() && type_of_stderr() == S_IFSOCK};
}

void count_lost_lines(std::atomic<std::uint64_t>* counter) { lost_lines = counter; }

void require_log(const LogSettings& settings) { open_log(settings); }

std::string log_time() { return std::string(time_text()); }

void reopen_log() {
  const Log& log = the_log();
  if (log.settings.file.empty()) return;
  const Descriptor next = open_file(log.settings.file);
  if (!next) {
    log_event(
        "error", "cannot open the log again",
        {{"file", log.settings.file.string()}, {"reason", std::generic_category().message(errno)}});
    return;
  }
  dup3(next.get(), log.own.get(), O_CLOEXEC);
}

void log_event(std::string_view level, std::string_view message,
               std::initializer_list<LogField> fields) {
  LogLine line(level, message);
  for (const auto& [name, value] : fields) line.add(name, value);
  line.write();
}

}  // namespace actiond
