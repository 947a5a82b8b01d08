#include "program/program.h"

#include <utility>

#include "base/file_lock.h"
#include "program/echo.h"
#include "program/engine.h"
#include "program/messages.h"

namespace actiond {

Time current_time() {
  return std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
}

Program::Program(const Settings& settings, KeyRing keys, std::unique_ptr<CommitWatch> watch)
    : keys_(std::move(keys)), origins_(settings.origins), uploads_(settings.uploads),
      watch_(std::move(watch)), engine_(engine_of(settings, &uploads_, watch_.get())),
      hasher_(lock_path(settings.database)),
      application_(*engine_, keys_,
                   {.actions = actions_of(settings.site, hasher_),
                    .origins = settings.origins,
                    .static_root = settings.static_root,
                    .published = settings.published,
                    .linked_hosts = settings.linked_hosts,
                    .languages = load_languages(settings.messages),
                    .session_life = std::chrono::days(settings.session_days),
                    .session_idle_life = std::chrono::days(settings.session_idle_days),
                    .clock = current_time,
                    .new_file_bytes = [this] { return uploads_.new_file(); },
                    .catalogue_shows = settings.catalogue_shows,
                    .form_lives = form_lives_of(settings.site),
                    .owners = settings.courier.notify}) {
  keys_.follow(current_time);
}

void Program::answer(Request& request, Reply reply) const {
  if (auto told = doctor::echo(request, keys_, origins_, current_time()))
    reply(*std::move(told));
  else
    dispatcher().answer(request, std::move(reply));
}

}  // namespace actiond
