#include <fmt/core.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <thread>

#include "cli/commands.h"
#include "cli/fastcgi_client.h"

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
  std::fflush(stdout);
}

}  // namespace

void add_status(CLI::App& app, const SettingsFile& settings) {
  struct Arguments {
    bool watch = false;
    bool json = false;
  };
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand(
      "status", "How the pool is: workers, threads, actions, write gate, data, keys");
  CLI::Option* watch =
      command->add_flag("--watch", arguments->watch, "Again each second, until Ctrl-C");
  command->add_flag("--json", arguments->json, "As JSON")->excludes(watch);
  command->callback([&settings, arguments] {
    const std::filesystem::path socket = settings.load().pool.status_socket;
    do {
      show(ask(socket, arguments->json ? "application/json" : "text/plain"), arguments->watch);
      if (arguments->watch) std::this_thread::sleep_for(std::chrono::seconds(1));
    } while (arguments->watch);
  });
}

}  // namespace actiond
