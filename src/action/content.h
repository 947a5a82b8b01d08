// Fills a page that is opened: returned by views, and by the loaders of actions.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "action/result.h"
#include "base/pairs.h"
#include "data/list.h"
#include "data/listing.h"

namespace actiond {

// The values that are addresses: of the pages around the one of a listing, and, in a page of HTML,
// of the whole listing as CSV.
constexpr std::string_view previous_page = "previous-page", next_page = "next-page",
                           as_csv = "as-csv";

// Columns behind those of a listing, when it comes as CSV: made of each of its rows.
struct MoreColumns {
  std::vector<std::string> names = {};
  std::function<std::vector<std::string>(const ListRow&)> of = nullptr;
};

struct Content {
  Pairs<std::map<std::string, std::string>> values = {};  // by the names that the page gives them
  Lists lists = {};
  // A longer list, of which a page is shown, beside the addresses of the pages around it where
  // there are any.  As CSV it comes whole.
  std::optional<Listing> listing = {};
  // The addresses of the pages around it ask for this besides what was asked.
  FieldValues asked_on = {};
  // The browser asks for the page again by itself, after so long.
  std::optional<std::chrono::seconds> again_after = {};
  MoreColumns more_columns = {};
};

// A file that a transaction kept, as an attachment: nginx sends it, and the view decides to whom.
struct Download {
  std::string kept;  // as Transaction::keep named it
  std::string name;  // for the visitor
  std::string type;  // its media type
};

using Shown = std::variant<Content, NotFound, Download, Leave>;

// Of a page with a form.
template <class Input>
struct Filled {
  std::optional<Input> input = {};  // nothing: the fields as the page's author wrote them
  Content content = {};
};

}  // namespace actiond
