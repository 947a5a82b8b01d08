#include "pool/log.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

namespace actiond {
namespace {

// Quoted when it is not one plain word, with control characters escaped: one event stays one line.
std::string to_logfmt(std::string_view value) {
  const bool plain = std::all_of(value.begin(), value.end(), [](char c) {
    return c > ' ' && c <= '~' && c != '"' && c != '=' && c != '\\';
  });
  if (plain) return std::string(value);
  std::string quoted = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\\')
      quoted += {'\\', c};
    else if (c < ' ' || c > '~')
      quoted += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    else
      quoted += c;
  }
  return quoted + '"';
}

void append(std::string& line, std::string_view name, std::string_view value) {
  if (!value.empty()) line.append(" ").append(name).append("=").append(to_logfmt(value));
}

void write_line(std::string line) {
  line += '\n';
  // One write a line, so that lines of several processes do not mix.  A log that cannot be written
  // must not stop the answer.
  [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, line.data(), line.size());
}

std::string start_line(std::string_view level, std::string_view message) {
  std::string line = fmt::format("time={} level={}", log_time(), level);
  append(line, "msg", message);
  return line;
}

}  // namespace

std::string log_time() {
  const auto now =
      std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
  return fmt::format("{:%FT%T}.{:03}Z", fmt::gmtime(std::chrono::system_clock::to_time_t(now)),
                     now.time_since_epoch().count() % 1000);
}

void log_event(std::string_view level, std::string_view message,
               std::initializer_list<LogField> fields) {
  std::string line = start_line(level, message);
  for (const auto& [name, value] : fields) append(line, name, value);
  write_line(std::move(line));
}

void log_request(const Request& request, const Response& response,
                 std::chrono::steady_clock::duration took) {
  const int status = response.status();
  const Record& record = response.record;
  std::string line = start_line(status >= 500 ? "error" : "info", "request");
  append(line, "id", request.id);
  append(line, "method", request.method);
  append(line, "path", request.path);
  append(line, "action", record.action);
  append(line, "access", record.level);
  append(line, "user", record.user_id ? std::to_string(*record.user_id) : "");
  append(line, "status", std::to_string(status));
  append(line, "ms",
         fmt::format("{:.3f}", std::chrono::duration<double, std::milli>(took).count()));
  append(line, "reason", record.reason);
  write_line(std::move(line));
}

}  // namespace actiond
