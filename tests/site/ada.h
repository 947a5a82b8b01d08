#pragma once

#include "site_under_test.h"

namespace actiond::test {

// How ada@example.com signs in, once she has signed up.
inline const Fields ada{{"email", "ada@example.com"}, {"password", "correct horse"}};

}  // namespace actiond::test
