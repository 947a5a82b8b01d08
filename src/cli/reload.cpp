#include <fmt/format.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>

#include "cli/commands.h"
#include "doctor/checks.h"
#include "program/engine.h"
#include "program/running_server.h"
#include "program/site_check.h"

namespace actiond {
namespace {

constexpr std::chrono::seconds patience(60);
constexpr std::chrono::milliseconds between_looks(20);

// The new program may take longer bodies than nginx still lets pass.
void tell_of_refused_bodies(const Settings& settings) {
  for (const doctor::Finding& finding : doctor::check_refused_bodies({settings, ""}))
    fmt::print("{}\n    mend: {}\n", finding.what, finding.mend);
}

}  // namespace

void command::reload(const Settings& settings) {
  const auto before = running_server(settings);
  if (!before) throw std::runtime_error("no server uses " + shown_place(settings));
  if (kill(before->pid, SIGHUP) != 0)
    throw std::system_error(errno, std::generic_category(), fmt::format("process {}", before->pid));
  const auto end = std::chrono::steady_clock::now() + patience;
  while (std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(between_looks);
    const auto now = running_server(settings);
    if (!now) throw std::runtime_error("the server stopped");
    if (now->last_reload.empty() || now->last_reload == before->last_reload) continue;
    if (!now->last_reload.starts_with("reloaded")) throw std::runtime_error(now->last_reload);
    fmt::print("{}\n{}", now->last_reload, inbox_forms_text(settings));
    for (const PageFinding& finding : check_site(settings).findings)
      fmt::print("{}", to_text(finding, settings));
    return tell_of_refused_bodies(settings);
  }
  throw std::runtime_error("no outcome yet; see the server's log");
}

}  // namespace actiond
