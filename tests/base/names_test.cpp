#include "base/names.h"

#include <doctest/doctest.h>

#include <string>

namespace actiond {
namespace {

enum class Seat { Window, Middle, Aisle2 };
constexpr auto names(Seat) {
  return std::to_array<Named<Seat>>(
      {{"window", Seat::Window}, {"in between", Seat::Middle}, {"aisle", Seat::Aisle2}});
}

TEST_CASE("an enumerator and its name are found by each other") {
  for (const Seat seat : {Seat::Window, Seat::Middle, Seat::Aisle2})
    CHECK(from_name<Seat>(name_of(seat)) == seat);
  CHECK(name_of(Seat::Middle) == "in between");
  for (const std::string name : {"", "Window", "window ", "windo", "Aisle2"})
    CHECK_FALSE(from_name<Seat>(name));
}

TEST_CASE("a value that is no enumerator has no name") {
  CHECK_THROWS_AS(name_of(static_cast<Seat>(3)), std::logic_error);
}

enum class Empty {};
enum Old { Left, Right };
enum class Unnamed { One };

TEST_CASE("names are of an enum class, and beside it") {
  CHECK(HasNames<Seat>);
  CHECK_FALSE(HasNames<Old>);
  CHECK_FALSE(HasNames<Unnamed>);
  CHECK_FALSE(HasNames<Empty>);
  CHECK_FALSE(HasNames<int>);
}

}  // namespace
}  // namespace actiond
