#include <fmt/core.h>
#include <sys/auxv.h>
#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <utility>

#include "base/file_lock.h"
#include "base/log.h"
#include "cli/commands.h"
#include "files/key_file.h"
#include "files/published_pages.h"
#include "mail/template.h"
#include "pool/supervisor/listen.h"
#include "pool/supervisor/supervisor.h"
#include "program/engine.h"
#include "program/program.h"
#include "program/running_server.h"
#include "program/service.h"
#include "program/site_check.h"
#include "program/status_sources.h"

namespace actiond {
namespace {

// The folder that relative paths start at, as the shell names it: links in it are not resolved, so
// that `cd current; ./actiond` finds the next release once `current` leads to it.
std::filesystem::path working_folder() {
  const char* named = std::getenv("PWD");
  std::error_code gone;
  if (named != nullptr && named[0] == '/' && std::filesystem::equivalent(named, ".", gone))
    return named;
  return std::filesystem::current_path();
}

// The words that started this program, the first one as the path by which the kernel was asked for
// it (getauxval(3)): a newer program may be there by the next reload.
std::vector<std::string> own_command() {
  std::ifstream file("/proc/self/cmdline", std::ios::binary);
  std::vector<std::string> words;
  for (std::string word; std::getline(file, word, '\0');) words.push_back(word);
  const std::filesystem::path asked = reinterpret_cast<const char*>(getauxval(AT_EXECFN));
  words.at(0) = asked.is_absolute() ? asked : working_folder() / asked;
  return words;
}

// This program with the same settings as `serve`.
std::vector<std::string> courier_command(std::vector<std::string> serve) {
  std::erase(serve, "--courier");
  std::ranges::replace(serve, "serve", "courier");
  return serve;
}

// A reload keeps the socket and the lock of the database, so it cannot change them.
void require_same(const Settings& settings, const Inheritance& running) {
  struct stat held {};
  struct stat named {};
  fstat(running.lock, &held);
  const std::filesystem::path lock = lock_path(settings.database);
  if (stat(lock.c_str(), &named) != 0 || held.st_dev != named.st_dev || held.st_ino != named.st_ino)
    throw std::runtime_error("store.database takes effect by a restart, not by a reload");
  if (bound_path(running.listening) != settings.pool.socket)
    throw std::runtime_error("pool.socket takes effect by a restart, not by a reload");
  if (bound_path(running.status_listening) != settings.pool.status_socket)
    throw std::runtime_error("pool.status_socket takes effect by a restart, not by a reload");
}

void require_folders(const Settings& settings) {
  for (const auto& [name, socket] : {std::pair("pool.socket", settings.pool.socket),
                                     {"pool.status_socket", settings.pool.status_socket}})
    if (!std::filesystem::is_directory(socket.parent_path()))
      throw std::runtime_error(
          fmt::format("{}: there is no folder {}", name, socket.parent_path().string()));
  if (const auto reason = unpublishable(settings.published))
    throw std::runtime_error(fmt::format("site.published: {}", *reason));
}

// Whether this program would serve with these settings, in the place of one that does, or beside
// it until that one's workers have ended.
void rehearse(const Settings& settings, const KeyRing& keys, bool is_reload) {
  require_log(settings.log);
  socket_group(settings.pool.socket_group);
  engine_of(settings)->rehearse();
  if (is_reload) require_ripe_migrations(settings);
  const Program program(settings, keys);
  Request request{};
  request.id = "check";
  request.method = "GET";
  request.path = "/actions/me";
  const Response response = program.dispatcher().answer(request);
  if (response.status() != 200) throw std::runtime_error(response.record.reason);
  fmt::print("settings, keys, data and actions are good\n");
}

}  // namespace

int command::serve(const Settings& settings, bool only_check, bool with_courier) {
  // Before any worker: a weak key ring, or a file system that has no files without a name, stops
  // the start, and a worker that is replaced signs like the rest.
  const KeyRing keys = load_key_ring(settings.key_ring);
  UploadFolder(settings.uploads).new_file();
  const MailTemplates readable(settings.courier.texts);
  const SiteCheck checked = check_site(settings);
  require_pages(checked, settings);
  require_folders(settings);
  const auto inheritance = take_inheritance();
  if (inheritance) require_same(settings, *inheritance);
  if (only_check) {
    rehearse(settings, keys, inheritance.has_value());
    return 0;
  }
  const auto lock = inheritance ? std::make_unique<FileLock>(Descriptor(inheritance->lock))
                                : std::make_unique<FileLock>(lock_path(settings.database));
  if (!lock->try_lock(lock_byte::server))
    throw std::runtime_error(
        fmt::format("another server uses {}: {}", shown_place(settings), lock->read_holder()));
  fmt::print("{}", inbox_forms_text(settings));
  std::fflush(stdout);
  set_up_log(settings.log);
  for (const PageFinding& finding : checked.findings)
    log_event(
        "warning", finding.what,
        {{"page", finding.page}, {"line", std::to_string(finding.line)}, {"mend", finding.mend}});
  // An inherited lock has its note, which says how the last reload ended.
  if (!inheritance) lock->write_note(server_note(settings.pool.socket, ""));
  const std::vector<std::string> command = own_command();
  const StatusSources sources = status_sources(settings, keys);
  Reload reload{command, command, lock->descriptor(), [&](const std::string& outcome) {
                  const bool is_done = outcome.starts_with("reloaded");
                  lock->write_note(server_note(
                      settings.pool.socket,
                      is_done ? fmt::format("{}: {} {}, {}", outcome, settings.site.name,
                                            sources.version, command.front())
                              : outcome));
                }};
  reload.trial.emplace_back("--check");
  PublishedPages published(settings.static_root, settings.published);
  published.bring_up_to_date();
  const auto generation = std::chrono::floor<std::chrono::milliseconds>(
                              std::chrono::system_clock::now().time_since_epoch())
                              .count();
  return supervise(
      settings.pool,
      [&](WorkerCell& cell) { return make_service(settings, keys, generation, cell); }, sources,
      reload, inheritance, [&] { published.bring_up_to_date(); },
      with_courier ? courier_command(command) : std::vector<std::string>());
}

}  // namespace actiond
