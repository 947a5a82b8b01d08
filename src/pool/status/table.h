// A table of the status, for a terminal and for a page.
#pragma once

#include <string>
#include <vector>

namespace actiond {

using Row = std::vector<std::string>;

struct Table {
  std::string title;
  Row head;
  std::vector<Row> rows = {};
  std::string when_empty = {};
};

// Columns of numbers to the right.
std::string to_text(const Table& table);
// Below its title; escaped.
std::string to_html(const Table& table);
// Without it.
std::string rows_html(const Table& table);

}  // namespace actiond
