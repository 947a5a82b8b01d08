#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include "skip.h"

namespace actiond::test {
namespace {

constexpr int skipped_exit_code = 77;  // SKIP_RETURN_CODE in CMakeLists.txt
bool has_skipped = false;

}  // namespace

void skip(const std::string& reason) {
  MESSAGE("skipped: ", reason);
  has_skipped = true;
}

}  // namespace actiond::test

int main(int argc, char** argv) {
  const int failed = doctest::Context(argc, argv).run();
  if (failed != 0) return failed;
  return actiond::test::has_skipped ? actiond::test::skipped_exit_code : 0;
}
