#include "stripe/restricted_key.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <string_view>

#include "base/encoding.h"
#include "files/secret_file.h"
#include "payment/stripe_id.h"

namespace actiond {
std::string read_restricted_key(const std::filesystem::path& file, bool is_live) {
  const std::vector<std::string> lines = read_secrets(file);
  const std::string key(trimmed(lines.front()));
  const auto fail = [&file](std::string_view what) {
    throw std::runtime_error(fmt::format("{} {}", file.string(), what));
  };
  if (lines.size() > 1 || !std::ranges::all_of(key, is_of_stripe_id)) fail("is one line, a key");
  if (!key.starts_with("rk_")) fail("holds a key that is not restricted: make one, rk_…");
  const std::string_view mode = is_live ? "live" : "test";
  if (!key.starts_with(fmt::format("rk_{}_", mode)))
    fail(fmt::format("holds no key of {0} mode, rk_{0}_…", mode));
  return key;
}

}  // namespace actiond
