// Lists that a page shows: rows of named texts, for its elements with data-each.
#pragma once

#include <functional>
#include <initializer_list>
#include <map>
#include <string>
#include <vector>

namespace actiond {

struct ListRow;
using List = std::vector<ListRow>;
using Lists = std::map<std::string, List, std::less<>>;  // by the name in data-each

// `{{"id", "1"}, {"topic", "Boats"}}`; lists inside it are added to `lists`.
struct ListRow {
  using Values = std::map<std::string, std::string, std::less<>>;

  ListRow() = default;
  ListRow(std::initializer_list<Values::value_type> given) : values(given) {}

  Values values;
  Lists lists;
};

}  // namespace actiond
