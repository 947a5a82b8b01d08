#include "program/engine.h"

#include "sqlite/engine.h"

namespace actiond {

std::unique_ptr<Engine> engine_of(const Settings& settings, const UploadFolder* uploads,
                                  CommitWatch* watch) {
  return sqlite_engine(settings.database, schema_of(settings.site), uploads, watch);
}

}  // namespace actiond
