// The pool's socket: who may use it, and whether somebody answers there.
#include <fmt/format.h>
#include <grp.h>
#include <sys/stat.h>

#include "base/program_name.h"
#include "doctor/checks.h"
#include "pool/fastcgi/client.h"

namespace actiond::doctor {

Findings check_socket(const Patient& patient) {
  const PoolSettings& pool = patient.settings.pool;
  const std::string path = pool.socket.string();
  struct stat status {};
  if (lstat(path.c_str(), &status) != 0 || !S_ISSOCK(status.st_mode))
    return {{fmt::format("there is no socket {}", path), "nginx cannot reach the pool.",
             fmt::format("`systemctl start {0}`, and see `journalctl -u {0}` for why it stopped.",
                         program_name())}};
  Findings found;
  if ((status.st_mode & 07777) != 0660)
    found.push_back(
        {fmt::format("{} has mode {:04o}", path, status.st_mode & 07777U),
         "Whoever may write to it can send requests as nginx, past every check of its "
         "own; and nginx needs both rights of the group.",
         fmt::format("`chmod 660 {}`; with socket activation, `SocketMode=0660`.", path)});
  const struct group* group =
      pool.socket_group.empty() ? nullptr : getgrnam(pool.socket_group.c_str());
  if (!pool.socket_group.empty() && (group == nullptr || group->gr_gid != status.st_gid))
    found.push_back({fmt::format("{} does not belong to the group {}", path, pool.socket_group),
                     "nginx cannot connect.",
                     fmt::format("`chgrp {} {}`; with socket activation, `SocketGroup={}`.",
                                 pool.socket_group, path, pool.socket_group)});
  try {
    const std::string answer = ask_fastcgi(pool.socket, {{"REQUEST_METHOD", "GET"},
                                                         {"DOCUMENT_URI", "/actions/me"},
                                                         {"HTTP_ACCEPT", "application/json"}});
    if (!answer.starts_with("Status: 200 "))
      found.push_back({fmt::format("{} answers {}", path, answer.substr(0, answer.find('\r'))),
                       "The pool runs, and cannot do its work.",
                       "See the log of the pool for the reason of that request."});
  } catch (const std::exception& error) {
    found.push_back(
        {fmt::format("nobody answers at {}: {}", path, error.what()),
         "nginx cannot reach the pool.",
         fmt::format("`systemctl restart {}`; run the doctor as the site's own user or root.",
                     program_name())});
  }
  return found;
}

}  // namespace actiond::doctor
