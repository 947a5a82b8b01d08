// A list that is longer than a page: read a page at a time for people, and whole, in pieces, for an
// export.  The statement selects all of it; order, place and length are put around it here.
// Declared by a ListOf (action/list_of.h).
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "data/list.h"
#include "data/store.h"

namespace actiond {

struct ListingRules {
  std::string_view name;                   // of the list on its page
  std::vector<std::string_view> columns;   // names for what the statement selects, in its order
  std::string_view sql;                    // without ORDER BY and LIMIT
  std::vector<std::string_view> order_by;  // columns that are never NULL; the last one is unique
  bool descending = false;
  std::size_t page_rows = 20;
};

// Its statements, which are put together once.
struct ListingPlan {
  enum class Kind { Number, Text, Time };  // a time becomes text as RFC 3339 has it

  ListingPlan(const ListingRules& rules, std::vector<Kind> its_kinds);

  std::string name;
  std::vector<std::string> columns;
  std::vector<Kind> kinds;
  std::vector<std::size_t> order;  // columns, by number
  std::string page_sql, first_sql, next_sql;
  std::size_t page_rows;
};

class Listing {
 public:
  using Kind = ListingPlan::Kind;
  using Owned = std::variant<std::monostate, std::int64_t, double, std::string>;

  struct Part {
    List rows;                      // the columns in their order; NULL is empty
    bool is_last;                   // no more rows are behind it
    std::vector<Owned> after = {};  // of the last row: where the next part begins
  };

  // `page` is the one that is shown, from 1; one beyond the end is empty.
  Listing(std::shared_ptr<const ListingPlan> plan, std::vector<Owned> arguments, std::int64_t page)
      : plan_(std::move(plan)), arguments_(std::move(arguments)),
        page_(std::max<std::int64_t>(page, 1)) {}

  const std::string& name() const { return plan_->name; }
  const std::vector<std::string>& columns() const { return plan_->columns; }
  const std::vector<Kind>& kinds() const { return plan_->kinds; }
  std::int64_t page() const { return page_; }

  // The page that was asked for.
  Part read_page(Reader& db) const;
  // The next `count` rows behind those before; nothing in `after`: from the beginning.  Rows that
  // are added or removed meanwhile are in it or not, and no other row is missed or comes twice.
  Part read_on(Reader& db, const std::vector<Owned>& after, std::size_t count) const;

 private:
  Part read(Reader& db, const std::string& sql, const std::vector<Value>& values,
            std::size_t count) const;

  std::shared_ptr<const ListingPlan> plan_;
  std::vector<Owned> arguments_;
  std::int64_t page_;
};

// For `column LIKE ? ESCAPE '\'`: rows whose column contains `words`; all, when it is empty.
std::string containing(std::string_view words);

// For `index MATCH ?`, of words without case and accents: rows that have all of `words`, whatever
// signs are among them; of the last one its beginning will do, from three letters on, as long as
// no space is behind it.  No row matches what has no word.
std::string matching(std::string_view words);

namespace listings {

template <class Column>
constexpr Listing::Kind kind_of = [] {
  if constexpr (std::is_same_v<Column, Time>)
    return Listing::Kind::Time;
  else if constexpr (std::is_arithmetic_v<Column>)
    return Listing::Kind::Number;
  else if constexpr (values::is_optional<Column>)
    return kind_of<typename Column::value_type>;
  else
    return Listing::Kind::Text;
}();

inline Listing::Owned owned(const Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return *number;
  if (const auto* real = std::get_if<double>(&value)) return *real;
  if (const auto* text = std::get_if<std::string_view>(&value)) return std::string(*text);
  if (const auto* blob = std::get_if<Blob>(&value)) return std::string(blob->bytes);
  if (const auto* date = std::get_if<Date>(&value)) return to_rfc3339(*date);
  return {};
}

}  // namespace listings

}  // namespace actiond
