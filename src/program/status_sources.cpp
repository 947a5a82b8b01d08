#include "program/status_sources.h"

#include <system_error>

#include "account/password.h"
#include "action/catalogue.h"
#include "site/actions.h"

namespace actiond {
namespace {

std::optional<std::uint64_t> size_of(const std::filesystem::path& file) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(file, error);
  return error ? std::nullopt : std::optional<std::uint64_t>(size);
}

std::vector<CountedAction> counted_actions() {
  const PasswordHasher none{""};
  std::vector<CountedAction> counted{{"me", "public"}};
  for (const Action& action : site::actions(none))
    counted.push_back({action.name, std::string(to_text(action.level()))});
  return counted;
}

}  // namespace

StatusSources status_sources(const Settings& settings, const KeyRing& keys) {
  std::vector<KeyNow> shown;
  for (const Key& key : keys.keys()) shown.push_back({key.id, key.made});
  return {.version = ACTIOND_VERSION,
          .actions = counted_actions(),
          .look = [database = settings.database, shown] {
            return Surroundings{.database_bytes = size_of(database),
                                .wal_bytes = size_of(database.string() + "-wal"),
                                .keys = shown};
          }};
}

}  // namespace actiond
