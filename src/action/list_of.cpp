#include "action/list_of.h"

#include <utility>

namespace actiond {

List to_list(const Listing& listing, std::vector<Listing::Cells> rows) {
  List list;
  for (Listing::Cells& cells : rows) {
    ListRow& row = list.emplace_back();
    for (std::size_t at = 0; at < cells.size(); ++at)
      row.values.emplace_back(listing.columns()[at], std::move(cells[at]));
  }
  return list;
}

}  // namespace actiond
