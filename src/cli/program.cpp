#include "cli/program.h"

#include "site/actions.h"
#include "store/key_file.h"

namespace actiond {

Time current_time() {
  return std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
}

Program::Program(const Settings& settings)
    : keys_(load_key_ring(settings.key_ring)),
      uploads_(settings.uploads),
      database_(settings.database, site_migrations(), &uploads_),
      pages_(settings.static_root),
      hasher_(lock_path(settings.database)),
      catalogue_(site::actions(hasher_)),
      dispatcher_(catalogue_, database_, sessions_, submissions_, keys_,
                  {.origins = settings.origins,
                   .session_life = std::chrono::days(settings.session_days),
                   .now = current_time,
                   .page = [this](std::string_view name) { return pages_.find(name); },
                   .new_file_bytes = [this] { return uploads_.new_file(); }}) {}

}  // namespace actiond
