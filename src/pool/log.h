// The log: one line an event, in logfmt or JSON, written whole to a file, or to standard error,
// where systemd's journal takes it.
#pragma once

#include <chrono>
#include <filesystem>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "core/request.h"
#include "core/response.h"
#include "pool/trace.h"

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

// Opens the file again, which may have another name by now: a line that another thread writes
// meanwhile goes whole into one of the two.  What cannot be opened leaves everything as it is.
void reopen_log();

// Throws std::system_error as `set_up_log` would.
void require_log(const LogSettings& settings);

using LogField = std::pair<std::string_view, std::string>;

// `level` is one of info, warning, error.  Fields with an empty value are left out.
void log_event(std::string_view level, std::string_view message,
               std::initializer_list<LogField> fields = {});

// The time of now as the log has it, in milliseconds: "2026-11-25T10:58:46.123Z".
std::string log_time();

// No body, query, cookie or header ever gets here.  A request that took longer than is set is a
// warning, which names its longest phase.
void log_request(const Request& request, const Response& response, const Trace& trace);

}  // namespace actiond
