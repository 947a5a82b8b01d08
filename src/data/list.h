// Lists that a page shows: rows of named texts, for its elements with data-each.
#pragma once

#include <algorithm>
#include <functional>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/pairs.h"

namespace actiond {

struct ListRow;
using List = std::vector<ListRow>;
using Lists = std::map<std::string, List, std::less<>>;  // by the name in data-each

// `{{"id", "1"}, {"topic", "Boats"}}`: programs are shown the values in that order.  Lists inside
// it are added to `lists`.
struct ListRow {
  using Values = std::vector<std::pair<std::string, std::string>>;

  struct Named : Values::value_type {
    template <class Text>
    Named(std::string name, Text&& text) : pair(std::move(name), read(std::forward<Text>(text))) {}

   private:
    template <class Text>
    static std::string read(Text&& text) {
      constexpr bool is_text = std::is_convertible_v<Text, std::string>;
      static_assert(is_text, "a value of a row is text: std::to_string(number), to_rfc3339(date)");
      if constexpr (is_text)
        return std::forward<Text>(text);
      else
        return {};
    }
  };

  ListRow() = default;
  ListRow(std::initializer_list<Named> given) : values(given.begin(), given.end()) {}
  template <class First, class Second>
  ListRow(const First&, const Second&) {
    lacks_braces<First>();
  }

  // Null when there is none of that name.
  const std::string* find(std::string_view name) const {
    const auto found = std::ranges::find(values, name, &Values::value_type::first);
    return found == values.end() ? nullptr : &found->second;
  }

  Values values;
  Lists lists;
};

}  // namespace actiond
