// A list of a page, declared once: names and types of its columns, and the statement that selects
// them.
//
//   const ListOf<std::int64_t, std::string, Time> reports{
//       {.name = "reports",
//        .columns = {"id", "topic", "made"},
//        .sql = "SELECT id, topic, created_at FROM reports "
//               "WHERE user_id = ? AND topic LIKE ? ESCAPE '\\'",
//        .order_by = {"id"},
//        .descending = true}};
//
//   Shown list_reports(const User& user, const ByWords& asked, Reader&) {
//     return Content{.listing = reports.page(asked.page, user.id(), containing(asked.words))};
//   }
//
//   protected_view("reports", "reports.html", by_words, list_reports,
//                  Fills{.lists = {reports.columns()}});
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "data/list.h"
#include "data/listing.h"

namespace actiond {

template <class... Columns>
class ListOf {
 public:
  ListOf(ListingRules rules)
      : rules_(std::move(rules)), plan_(std::make_shared<const ListingPlan>(
                                      rules_, std::vector{listings::kind_of<Columns>...})) {}

  // The same list in another order.
  ListOf by(std::vector<std::string_view> order, bool descending = false) const {
    ListingRules ordered = rules_;
    ordered.order_by = std::move(order);
    ordered.descending = descending;
    return ordered;
  }

  // Page `number` of it, for Content::listing; the arguments are those of the statement.
  template <class... Arguments>
  Listing page(std::int64_t number, const Arguments&... arguments) const {
    return Listing(plan_, {listings::owned(to_value(arguments))...}, number);
  }

  // All of a short list, such as the options of a <select>, for Content::lists.
  template <class... Arguments>
  std::pair<const std::string, List> all(Reader& db, const Arguments&... arguments) const {
    const Listing whole = page(1, arguments...);
    return {whole.name(), whole.read_on(db, {}, whole_list).rows};
  }

  // For Fills::lists.
  std::pair<const std::string_view, std::vector<std::string_view>> columns() const {
    return {rules_.name, rules_.columns};
  }

 private:
  static constexpr std::size_t whole_list = std::numeric_limits<std::int32_t>::max();

  ListingRules rules_;
  std::shared_ptr<const ListingPlan> plan_;
};

}  // namespace actiond
