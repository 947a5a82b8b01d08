// The names of an enum, declared once beside it, for forms, pages, programs and rows alike:
//
//   enum class Seat { Window, Aisle };
//   constexpr auto names(Seat) {
//     return std::to_array<Named<Seat>>({{"window", Seat::Window}, {"aisle", Seat::Aisle}});
//   }
//
// An enumerator without a name, or a name that stands twice, does not compile.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <type_traits>
#include <utility>

namespace actiond {

template <class Enum>
struct Named {
  std::string_view name;
  Enum value;
};

// An enum class whose namespace has `names`.
template <class Type>
concept HasNames =
    std::is_enum_v<Type> && !std::is_convertible_v<Type, int> && requires(Type value) {
  names(value);
};

namespace naming {

// GCC and clang print a value that has no enumerator as a cast: "(Seat)7".
template <auto value>
constexpr bool is_enumerator() {
  const std::string_view text = __PRETTY_FUNCTION__;
  const std::size_t cast = text.rfind(')');
  return cast == text.npos || text[cast + 1] < '0' || text[cast + 1] > '9';
}

template <class Table>
constexpr bool are_distinct(const Table& table) {
  for (std::size_t at = 0; at < table.size(); ++at)
    for (std::size_t before = 0; before < at; ++before)
      if (table[at].name == table[before].name || table[at].value == table[before].value)
        return false;
  return std::ranges::none_of(table, [](const auto& named) { return named.name.empty(); });
}

// Of the enumerators with values from 0 to 63, which is where they are unless their author says
// otherwise.
template <class Enum, class Table>
constexpr bool are_complete(const Table& table) {
  return [&]<std::size_t... values>(std::index_sequence<values...>) {
    return ((!is_enumerator<static_cast<Enum>(values)>() ||
             std::ranges::count(table, static_cast<Enum>(values), &Named<Enum>::value) > 0) &&
            ...);
  }
  (std::make_index_sequence<64>());
}

template <HasNames Enum>
constexpr auto table = [] {
  constexpr auto declared = names(Enum{});
  static_assert(are_distinct(declared), "the names of an enum are distinct and none is empty");
  static_assert(are_complete<Enum>(declared),
                "each enumerator has a name: write the missing one into names() of its enum");
  return declared;
}();

}  // namespace naming

// Throws std::logic_error for a value that is no enumerator.
template <HasNames Enum>
std::string_view name_of(Enum value) {
  const auto found = std::ranges::find(naming::table<Enum>, value, &Named<Enum>::value);
  if (found == naming::table<Enum>.end()) throw std::logic_error("a value of an enum has no name");
  return found->name;
}

template <HasNames Enum>
std::optional<Enum> from_name(std::string_view name) {
  const auto found = std::ranges::find(naming::table<Enum>, name, &Named<Enum>::name);
  if (found == naming::table<Enum>.end()) return std::nullopt;
  return found->value;
}

}  // namespace actiond
