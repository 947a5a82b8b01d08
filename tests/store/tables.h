// The library's tables, on a disk of their own, at a fixed moment.
#pragma once

#include <chrono>
#include <functional>

#include "support.h"
#include "test_engine.h"

namespace actiond::test {

inline const Time now(std::chrono::seconds(1'700'000'000));
inline const std::chrono::seconds moment(1);

struct Tables {
  TemporaryFolder folder;
  TestEngine engine{folder / "site.db", library_migrations()};
  Engine& database = *engine;

  void write(const std::function<void(Transaction&)>& work) {
    database.write([&](Transaction& tx) {
      work(tx);
      return Verdict::Keep;
    });
  }
};

}  // namespace actiond::test
