#include "pool/status/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "base/encoding.h"

namespace actiond {
namespace {

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789.-") == text.npos;
}

}  // namespace

std::string to_text(const Table& table) {
  std::string text = table.title + "\n";
  if (table.rows.empty()) return text + "  " + table.when_empty + "\n";
  std::vector<std::size_t> widths(table.head.size());
  std::vector<bool> numbers(table.head.size(), true);
  for (std::size_t at = 0; at < widths.size(); ++at) {
    widths[at] = table.head[at].size();
    for (const Row& row : table.rows) {
      widths[at] = std::max(widths[at], row[at].size());
      if (!is_number(row[at])) numbers[at] = false;
    }
  }
  const auto line = [&](const Row& row) {
    std::string cells;
    for (std::size_t at = 0; at < row.size(); ++at)
      cells += numbers[at] ? fmt::format("  {:>{}}", row[at], widths[at])
                           : fmt::format("  {:<{}}", row[at], widths[at]);
    cells.erase(cells.find_last_not_of(' ') + 1);
    return cells + "\n";
  };
  const bool has_head = std::any_of(table.head.begin(), table.head.end(),
                                    [](const std::string& name) { return !name.empty(); });
  if (has_head) text += line(table.head);
  for (const Row& row : table.rows) text += line(row);
  return text;
}

std::string to_html(const Table& table) {
  const std::string title = fmt::format("<h2>{}</h2>\n", to_html(table.title));
  if (table.rows.empty()) return title + fmt::format("<p>{}</p>\n", to_html(table.when_empty));
  return title + rows_html(table);
}

std::string rows_html(const Table& table) {
  std::string html = fmt::format(
      "<div class=\"wide\" tabindex=\"0\" role=\"group\" aria-label=\"{}\">\n<table>\n<thead><tr>",
      to_html(table.title));
  for (const std::string& name : table.head)
    html += name.empty() ? "<td></td>" : fmt::format("<th scope=\"col\">{}</th>", to_html(name));
  html += "</tr></thead>\n<tbody>\n";
  for (const Row& row : table.rows) {
    html += "<tr>";
    for (const std::string& cell : row)
      html += &cell == &row.front() ? fmt::format("<th scope=\"row\">{}</th>", to_html(cell))
                                    : fmt::format("<td>{}</td>", to_html(cell));
    html += "</tr>\n";
  }
  return html + "</tbody>\n</table>\n</div>\n";
}

}  // namespace actiond
