#include "sqlite/sound_copy.h"

#include <fcntl.h>

#include <chrono>
#include <stdexcept>
#include <thread>

#include "base/shared_folder.h"
#include "files/durable.h"

namespace actiond {
namespace {

constexpr int piece_pages = 256;  // 1 MiB: what a writer's sync may have to wait for

void check(Connection& copy) {
  std::string found;
  for (const auto& [line] : copy.rows<std::string>("PRAGMA integrity_check(5)"))
    found += (found.empty() ? "" : "; ") + line;
  if (found != "ok") throw std::runtime_error("the copy is not sound: " + found);
}

}  // namespace

void make_sound_copy(Connection& from, const std::filesystem::path& to,
                     const std::function<void(Transaction&)>& change, const CopyWatch& watch) {
  // SQLite's own mode is the umask's.
  share_in_folder(open_file(to, O_WRONLY | O_CREAT | O_EXCL).get(), to);
  Connection copy(to, Connection::Use::Write);
  copy.script("PRAGMA journal_mode=MEMORY");  // nobody needs half a copy back
  auto start = std::chrono::steady_clock::now();
  watch("data", 0, 1);
  from.copy_to(copy, piece_pages, [&](int left, int all) {
    watch("data", static_cast<std::uintmax_t>(all - left), static_cast<std::uintmax_t>(all));
    std::this_thread::sleep_for(std::chrono::steady_clock::now() - start);
    start = std::chrono::steady_clock::now();
  });
  // The copy says of itself that it has a log, as the original does.
  copy.script("PRAGMA journal_mode=DELETE; PRAGMA secure_delete=ON");
  copy.begin();
  change(copy);
  copy.commit();
  watch("check", 0, 0);
  check(copy);
}

}  // namespace actiond
