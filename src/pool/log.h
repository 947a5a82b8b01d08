// The log: one line an event in logfmt, written whole to standard error, where systemd's journal
// or a file takes it.
#pragma once

#include <chrono>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "core/request.h"
#include "core/response.h"

namespace actiond {

using LogField = std::pair<std::string_view, std::string>;

// `level` is one of info, warning, error.  Fields with an empty value are left out.
void log_event(std::string_view level, std::string_view message,
               std::initializer_list<LogField> fields = {});

// The time of now as the log has it, in milliseconds: "2026-11-25T10:58:46.123Z".
std::string log_time();

// No body, query, cookie or header ever gets here.
void log_request(const Request& request, const Response& response,
                 std::chrono::steady_clock::duration took);

}  // namespace actiond
