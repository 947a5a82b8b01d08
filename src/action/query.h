// The query of a request that reads, the part behind the '?'.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <variant>

#include "forms/form.h"
#include "http/problem.h"
#include "http/request.h"

namespace actiond {

constexpr std::size_t max_query_bytes = 2048;

struct Query {
  FieldValues values;  // those that are declared, in the order asked
  std::string format;  // of `_format`, with which a link asks for what it cannot say in Accept
};

// 414 for a query that is too long.
std::optional<Problem> long_query(const Request& request);

// Names that `declared` does not have are ignored, whatever stands in them and behind them.  400
// for a declared name that comes twice or whose value is malformed, 414 for a query that is too
// long.
std::variant<Query, Problem> read_query(const Request& request, const FormDescription& declared);

// The path that it asks to be led to after sign-in, `next`; empty: none of this site.
std::string way_on(const Request& request);

// The query that asks for `values`: "q=x&page=2".
std::string query_of(const FieldValues& values);
// The query that asks for `values` and, in place of theirs, for the page of that number:
// "q=x&page=2".
std::string query_of_page(const FieldValues& values, std::int64_t page);
// The query that asks for all of them as CSV: "q=x&_format=csv".
std::string query_of_export(const FieldValues& values);

}  // namespace actiond
