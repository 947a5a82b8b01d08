// The room that the nginx before this pool has for visitors.
#include <fmt/format.h>

#include <algorithm>

#include "doctor/checks.h"
#include "doctor/facts.h"
#include "doctor/nginx_configuration.h"
#include "doctor/processes.h"

namespace actiond::doctor {
namespace {

// One visitor's half requests, which nginx holds for ten seconds each, fill no more.  The shipped
// configurations have 16384, or what the machine's limit of files allows.
constexpr std::uintmax_t enough_connections = 4096;
constexpr std::uintmax_t shipped_connections = 16384;

bool leads_to(const NginxConfiguration& told, const std::filesystem::path& socket) {
  return std::ranges::any_of(told.sockets, [&](const std::filesystem::path& named) {
    std::error_code missing;
    return named == socket || std::filesystem::equivalent(named, socket, missing);
  });
}

}  // namespace

Findings judge(const NginxFacts& facts) {
  Findings found;
  // Beside its connection a page needs a file.
  const std::uintmax_t wanted_files = 2 * std::max(facts.connections, shipped_connections);
  if (facts.connections < enough_connections)
    found.push_back(
        {fmt::format("nginx takes {} connections in a process", facts.connections),
         "One visitor's half requests fill them, and nobody else gets a page.",
         fmt::format("`worker_connections {};` in `events {{ }}` of {}, and reload nginx.",
                     shipped_connections, facts.file)});
  if (facts.open_files < facts.connections)
    found.push_back(
        {fmt::format("a process of nginx may open {} files, and takes {} connections",
                     facts.open_files, facts.connections),
         "It refuses visitors before its connections are full: `Too many open files` in its log.",
         fmt::format("`worker_rlimit_nofile {};` at the top of {}, and reload nginx; where its log "
                     "says that it may not, `LimitNOFILE={}` in nginx.service.",
                     wanted_files, facts.file, wanted_files)});
  return found;
}

Findings check_nginx(const Patient& patient) {
  Findings found;
  for (const auto& [master, title] : processes_titled("nginx: master process ")) {
    const std::filesystem::path file = nginx_file_in(title);
    const NginxConfiguration told = read_nginx_configuration(file);
    if (!leads_to(told, patient.settings.pool.socket)) continue;
    NginxFacts facts{.file = file.string(), .connections = told.connections};
    for (const pid_t child : children_of(master))
      facts.open_files = std::min(facts.open_files, open_files_of(child));
    for (Finding& finding : judge(facts)) found.push_back(std::move(finding));
  }
  return found;
}

}  // namespace actiond::doctor
