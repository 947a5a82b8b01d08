#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include "reliability/skip.h"

namespace actiond::reliability {
namespace {

bool something_skipped = false;

}  // namespace

void skip(const std::string& reason) {
  MESSAGE("skipped: ", reason);
  something_skipped = true;
}

}  // namespace actiond::reliability

int main(int argc, char** argv) {
  const int failed = doctest::Context(argc, argv).run();
  if (failed != 0) return failed;
  return actiond::reliability::something_skipped ? actiond::reliability::skipped : 0;
}
