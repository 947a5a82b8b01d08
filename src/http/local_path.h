// Paths that a visitor may be redirected to.
#pragma once

#include <string_view>

namespace actiond {

// Whether `path` may stand in a `Location`: it starts with one '/', and no browser reads another
// host into it.
bool is_local_path(std::string_view path);

}  // namespace actiond
