#include "program/program.h"

#include <utility>

#include "program/echo.h"
#include "site/actions.h"

namespace actiond {

Time current_time() {
  return std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
}

Program::Program(const Settings& settings, KeyRing keys, std::unique_ptr<GateWatch> watch)
    : keys_(std::move(keys)), origins_(settings.origins), uploads_(settings.uploads),
      watch_(std::move(watch)),
      database_(settings.database, site_migrations(), &uploads_, watch_.get()),
      sessions_(std::chrono::days(settings.session_idle_days)),
      seen_(database_, sessions_, std::chrono::minutes(1)),
      pages_(settings.static_root, settings.origins), hasher_(lock_path(settings.database)),
      catalogue_(site::actions(hasher_)),
      dispatcher_(catalogue_, database_, sessions_, submissions_, audit_, attempts_, held_, keys_,
                  {.origins = settings.origins,
                   .session_life = std::chrono::days(settings.session_days),
                   .now = current_time,
                   .page = [this](std::string_view name) { return pages_.find(name); },
                   .new_file_bytes = [this] { return uploads_.new_file(); },
                   .note_seen = [this](const SessionId& id, Time now) { seen_.note(id, now); }}) {}

void Program::answer(Request& request, Reply reply) const {
  if (auto told = doctor::echo(request, keys_, origins_, current_time()))
    reply(*std::move(told));
  else
    dispatcher_.answer(request, std::move(reply));
}

}  // namespace actiond
