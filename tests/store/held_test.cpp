#include "store/held.h"

#include <doctest/doctest.h>

#include "store/sweep.h"
#include "store/tables.h"

namespace actiond {
namespace {

using test::now;

struct HeldForms : test::Tables {
  void hold(int count, Time at) {
    write([&](Transaction& tx) {
      for (int n = 0; n < count; ++n)
        HeldRows().hold(tx, {"comments", {{"message", "m"}}, std::nullopt, true}, at);
    });
  }
  std::int64_t count() {
    return std::get<0>(
        *database.reader().row<std::int64_t>("SELECT count(*) FROM inbox WHERE is_held = 1"));
  }
};

TEST_CASE("S36 no more than ten thousand are held: the oldest go") {
  HeldForms rows;
  rows.hold(most_held + 205, now);
  sweep(rows.database, now);
  CHECK(rows.count() == most_held);
  CHECK(held(rows.database.reader(), 0, 1).at(0).id == 206);
}

TEST_CASE("S36 what nobody has looked at for ninety days goes") {
  HeldForms rows;
  rows.hold(3, now);
  rows.hold(1, now + held_for - std::chrono::seconds(1));
  CHECK(rows.count() == 4);
  sweep(rows.database, now + held_for);
  CHECK(rows.count() == 1);
}

}  // namespace
}  // namespace actiond
