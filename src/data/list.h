// Lists that a page shows: rows of named texts, for its elements with data-each.
#pragma once

#include <algorithm>
#include <functional>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace actiond {

struct ListRow;
using List = std::vector<ListRow>;
using Lists = std::map<std::string, List, std::less<>>;  // by the name in data-each

// `{{"id", "1"}, {"topic", "Boats"}}`: programs are shown the values in that order.  Lists inside
// it are added to `lists`.
struct ListRow {
  using Values = std::vector<std::pair<std::string, std::string>>;

  ListRow() = default;
  ListRow(std::initializer_list<Values::value_type> given) : values(given) {}

  // Null when there is none of that name.
  const std::string* find(std::string_view name) const {
    const auto found = std::ranges::find(values, name, &Values::value_type::first);
    return found == values.end() ? nullptr : &found->second;
  }

  Values values;
  Lists lists;
};

}  // namespace actiond
