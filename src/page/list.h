// Lists that a page shows: rows of named texts, for its element with data-each.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace actiond {

using ListRow = std::map<std::string, std::string, std::less<>>;
using List = std::vector<ListRow>;
using Lists = std::map<std::string, List, std::less<>>;  // by the name in data-each

}  // namespace actiond
