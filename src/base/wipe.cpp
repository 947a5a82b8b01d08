#include "base/wipe.h"

#include <cstring>

namespace actiond {

[[gnu::noinline]] void wipe_stack() {
  char below[64 * 1024];
  explicit_bzero(below, sizeof below);
}

}  // namespace actiond
