// Where a visitor may be sent.
#pragma once

#include <string_view>

namespace actiond {

// A path on this very site that may stand in a `Location`: starts with one '/', and no browser
// reads another host into it.
bool is_local_path(std::string_view path);

}  // namespace actiond
