#include <levels.h>

TEST_CASE("whoever lacks what an action asks for is refused") { actiond::test::check_levels(); }
