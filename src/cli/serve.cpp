#include "cli/commands.h"
#include "cli/program.h"
#include "pool/log.h"
#include "pool/supervisor.h"
#include "store/file_lock.h"
#include "store/key_file.h"

namespace actiond {
namespace {

// A worker opens its database at once, so that the first visitor does not wait for it; when that
// fails the visitors get a 503 until it works.
Service make_service(const Settings& settings, const KeyRing& keys) {
  const auto program = std::make_shared<Program>(settings, keys);
  try {
    program->database().open();
  } catch (const Unavailable& error) {
    log_event("error", "no database", {{"reason", error.what()}});
  }
  return {.answer =
              [program](Request& request, Reply reply) {
                program->answer(request, std::move(reply));
              },
          .takes_long =
              [program](const Request& request) {
                return program->dispatcher().takes_long(request);
              },
          .has_work = [program] { return program->database().is_waiting(); },
          .work = [program] { program->database().commit(); },
          .has_failed = [program] { return program->database().has_failed(); }};
}

void serve(const Settings& settings) {
  // Before any worker: a weak key ring, or a file system that has no files without a name, stops the
  // start, and a worker that is replaced signs like the rest.
  const KeyRing keys = load_key_ring(settings.key_ring);
  UploadFolder(settings.uploads).new_file();
  FileLock lock(lock_path(settings.database));
  if (!lock.try_lock(lock_byte::server))
    throw std::runtime_error("another server uses " + settings.database.string() + ": " +
                             lock.read_note());
  lock.write_note("actiond serve, pid " + std::to_string(getpid()) + ", socket " +
                  settings.pool.socket.string() + "\n");
  const int status = supervise(settings.pool, [&] { return make_service(settings, keys); });
  if (status != 0) throw CLI::RuntimeError(status);
}

}  // namespace

void add_serve(CLI::App& app, const SettingsFile& settings) {
  app.add_subcommand("serve", "Run the pool of workers until SIGTERM or Ctrl-C")
      ->callback([&settings] { serve(settings.load()); });
}

}  // namespace actiond
