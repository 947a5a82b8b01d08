// Answers a GET of a program: JSON, lines of text, and CSV of a list.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "action/action.h"
#include "http/response.h"

namespace actiond {

// A listing as the list that stands on its page, with the addresses of the pages around it.
// `address` is that of the view, `query` what was asked.
void open_page(Content& content, std::string_view address, const FieldValues& query, Reader& db);

// Without the bytes, which nginx sends.
Response to_response(const Download& download);

// {"ok":true,"data":{"values":{…},"lists":{"NAME":[{…}]}}}
Response to_json(const Loaded& loaded);
// name=value a line, then the rows of the lists, a line each with tabs between the cells.
Response to_text(const Loaded& loaded);

constexpr std::string_view csv_type = "text/csv; charset=utf-8";
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

constexpr std::size_t rows_of_part = 500;

// Behind the first part of a listing.
struct ExportRest {
  // The next part; nothing for a visitor who may see it no longer.
  std::function<std::optional<Listing::Part>(const std::vector<Listing::Owned>& after)> read_on;
  std::string ended_early;  // the last line of an export that has to end early
};

// The whole of a list as a file of that name.  `first` begins it; `rest` is asked for more while it
// is sent, and must not refer to the request.
Response to_export(const std::string& file, Listing listing, Listing::Part first, ExportRest rest,
                   MoreColumns more);
// An empty one has the names of `columns` all the same.
Response to_export(const std::string& file, const List& list,
                   const std::vector<std::string_view>& columns);

}  // namespace actiond
