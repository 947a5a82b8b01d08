#include <fmt/core.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <system_error>
#include <thread>

#include "cli/commands.h"
#include "pool/fastcgi/client.h"

namespace actiond {
namespace {

std::string ask(const std::filesystem::path& socket, const char* type) {
  std::string answer;
  try {
    answer = ask_fastcgi(
        socket, {{"REQUEST_METHOD", "GET"}, {"DOCUMENT_URI", "/-/status"}, {"HTTP_ACCEPT", type}});
  } catch (const std::exception& error) {
    throw std::runtime_error(
        fmt::format("no server answers on {}: {}", socket.string(), error.what()));
  }
  const std::size_t head_end = answer.find("\r\n\r\n");
  if (!answer.starts_with("Status: 200 ") || head_end == answer.npos)
    throw std::runtime_error("the server answers " + answer.substr(0, answer.find('\r')));
  return answer.substr(head_end + 4);
}

void show(const std::string& text, bool again) {
  // From the upper left corner on, whatever stood there.
  const bool clears = again && isatty(STDOUT_FILENO) == 1;
  fmt::print("{}{}{}", clears ? "\x1b[H\x1b[2J" : "", text, again && !clears ? "\n" : "");
  if (std::fflush(stdout) != 0)
    throw std::system_error(errno, std::generic_category(), "standard output");
}

}  // namespace

void command::status(const Settings& settings, bool watch, bool json) {
  do {
    show(ask(settings.pool.status_socket, json ? "application/json" : "text/plain"), watch);
    if (watch) std::this_thread::sleep_for(std::chrono::seconds(1));
  } while (watch);
}

}  // namespace actiond
