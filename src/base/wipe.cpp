#include "base/wipe.h"

#include <cstring>

namespace actiond {

void wipe(std::string& text) {
  explicit_bzero(text.data(), text.size());
  text.clear();
}

[[gnu::noinline]] void wipe_stack() {
  char below[64 * 1024];
  explicit_bzero(below, sizeof below);
}

}  // namespace actiond
