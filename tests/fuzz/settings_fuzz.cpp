// libFuzzer: the settings file.  It is refused by file, line and setting, or every setting is
// within its range.
//
// Covers: program/settings.cpp

#include <regex.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "fuzz/demand.h"
#include "program/settings.h"
#include "support.h"

using namespace actiond;

namespace {

bool is_origin(const std::string& text) {
  static const auto origin = [] {
    regex_t expression;
    regcomp(&expression, "^(https?)://([a-z0-9.-]+|\\[[0-9a-f:]+\\])(:([1-9][0-9]{0,4}))?$",
            REG_EXTENDED);
    return expression;
  }();
  regmatch_t parts[5];
  if (regexec(&origin, text.c_str(), 5, parts, 0) != 0 || text.find('\0') != text.npos)
    return false;
  if (parts[4].rm_so < 0) return true;
  const int port = std::stoi(text.substr(static_cast<std::size_t>(parts[4].rm_so)));
  return port <= 65535 && port != (text.starts_with("https") ? 443 : 80);
}

void check(const Settings& settings) {
  fuzz::demand(!settings.origins.empty(), "no origin");
  for (const std::string& origin : settings.origins) fuzz::demand(is_origin(origin), "no origin");
  const auto is_within = [](int number, int max) { return number >= 1 && number <= max; };
  fuzz::demand(is_within(settings.session_days, 400) &&
                   is_within(settings.session_idle_days, 400) &&
                   is_within(settings.pool.workers, 64) && is_within(settings.pool.threads, 256),
               "a number out of range");
  for (const auto& path : {settings.static_root, settings.database, settings.key_ring,
                           settings.uploads, settings.backups, settings.pool.socket})
    fuzz::demand(path.is_absolute(), "a path that starts anywhere");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const test::TemporaryFolder folder;
  const auto file = folder / "actiond.toml";
  test::write_file(file, fuzz::to_text(data, size));
  try {
    check(load_settings(file));
  } catch (const WrongSetting& wrong) {
    const std::string what = wrong.what();
    const std::string place = file.string() + ":";
    fuzz::demand(what.starts_with(place) && what.size() > place.size() + 3, "not said where");
  }
  return 0;
}
