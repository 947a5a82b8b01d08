#include "cli/each_row.h"

#include <fmt/core.h>

#include <stdexcept>

#include "files/upload_folder.h"
#include "program/engine.h"

namespace actiond {

void change_each_row(const Settings& settings, const std::vector<std::int64_t>& ids,
                     std::string_view missing, std::string_view done,
                     const std::function<bool(Transaction&, std::int64_t)>& change) {
  const UploadFolder uploads(settings.uploads);
  const auto engine = engine_of(settings, &uploads);
  for (const std::int64_t id : ids) {
    bool changed = false;
    engine->run([&](Transaction& tx) { changed = change(tx, id); });
    if (!changed) throw std::runtime_error(fmt::format(fmt::runtime(missing), id));
    fmt::print("{}: {}\n", id, done);
  }
}

}  // namespace actiond
