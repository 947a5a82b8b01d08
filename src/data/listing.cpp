#include "data/listing.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace actiond {
namespace {

Value to_value(const Listing::Owned& owned) {
  if (const auto* number = std::get_if<std::int64_t>(&owned)) return *number;
  if (const auto* real = std::get_if<double>(&owned)) return *real;
  if (const auto* text = std::get_if<std::string>(&owned)) return std::string_view(*text);
  return {};
}

std::string to_cell(const Value& value, Listing::Kind kind) {
  if (const auto* number = std::get_if<std::int64_t>(&value))
    return kind == Listing::Kind::Time ? to_rfc3339(Time(std::chrono::seconds(*number)))
                                       : std::to_string(*number);
  if (const auto* real = std::get_if<double>(&value)) return fmt::format("{}", *real);
  if (const auto* text = std::get_if<std::string_view>(&value)) return std::string(*text);
  if (const auto* blob = std::get_if<Blob>(&value)) return std::string(blob->bytes);
  return {};
}

// "id DESC, name DESC"
std::string each(const std::vector<std::string_view>& names, std::string_view behind) {
  std::string text;
  for (const std::string_view name : names)
    text += fmt::format("{}{}{}", text.empty() ? "" : ", ", name, behind);
  return text;
}

}  // namespace

Listing::Listing(const ListingRules& rules, std::vector<Kind> kinds, std::vector<Owned> arguments,
                 std::int64_t page)
    : name_(rules.name), columns_(rules.columns.begin(), rules.columns.end()),
      kinds_(std::move(kinds)), arguments_(std::move(arguments)),
      page_(std::max<std::int64_t>(page, 1)), page_rows_(rules.page_rows) {
  if (columns_.size() != kinds_.size() || rules.order_by.empty())
    throw std::logic_error("a listing has a name for each of its columns, and an order");
  for (const std::string_view column : rules.order_by) {
    const auto found = std::ranges::find(columns_, column);
    if (found == columns_.end())
      throw std::logic_error(
          fmt::format("a listing is ordered by \"{}\", no column of it", column));
    order_.push_back(static_cast<std::size_t>(found - columns_.begin()));
  }
  select_ = fmt::format("WITH listed({}) AS ({}) SELECT * FROM listed", each(rules.columns, ""),
                        rules.sql);
  const bool one = rules.order_by.size() == 1;
  const std::string marks = each(std::vector<std::string_view>(order_.size(), "?"), "");
  where_ = fmt::format(" WHERE {0}{1}{2} {3} {0}{4}{2}", one ? "" : "(", each(rules.order_by, ""),
                       one ? "" : ")", rules.descending ? '<' : '>', marks);
  order_by_ =
      fmt::format(" ORDER BY {} LIMIT ?", each(rules.order_by, rules.descending ? " DESC" : ""));
}

Listing::Part Listing::read_page(Reader& db) const {
  const auto rows = static_cast<std::int64_t>(page_rows_);
  if (page_ - 1 > std::numeric_limits<std::int64_t>::max() / rows) return {{}, true};
  std::vector<Value> values;
  for (const Owned& argument : arguments_) values.push_back(to_value(argument));
  values.emplace_back(rows + 1);
  values.emplace_back((page_ - 1) * rows);
  return read(db, select_ + order_by_ + " OFFSET ?", std::move(values), page_rows_);
}

Listing::Part Listing::read_on(Reader& db, const std::vector<Owned>& after,
                               std::size_t count) const {
  std::vector<Value> values;
  for (const Owned& argument : arguments_) values.push_back(to_value(argument));
  for (const Owned& key : after) values.push_back(to_value(key));
  values.emplace_back(static_cast<std::int64_t>(count + 1));
  return read(db, select_ + (after.empty() ? "" : where_) + order_by_, std::move(values), count);
}

Listing::Part Listing::read(Reader& db, const std::string& sql, std::vector<Value> values,
                            std::size_t count) const {
  Part part{{}, true};
  db.each_row(sql, values, [&](std::span<const Value> row) {
    if (row.size() != columns_.size())
      throw std::logic_error("a listing has another number of columns than names for them");
    if (part.rows.size() == count) return part.is_last = false;
    Cells& cells = part.rows.emplace_back();
    cells.reserve(row.size());
    for (std::size_t at = 0; at < row.size(); ++at) cells.push_back(to_cell(row[at], kinds_[at]));
    part.after.clear();
    for (const std::size_t at : order_) part.after.push_back(listings::owned(row[at]));
    return true;
  });
  return part;
}

std::string containing(std::string_view words) {
  std::string pattern = "%";
  for (const char c : words) {
    if (c == '%' || c == '_' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return pattern + "%";
}

std::string matching(std::string_view words) {
  constexpr std::string_view apart = " \t\r\n\f\v\"";
  constexpr std::ptrdiff_t least_letters = 3;  // half of all words begin with one letter of ten
  std::string query, word;
  for (std::size_t at = 0; (at = words.find_first_not_of(apart, at)) != words.npos;) {
    const std::size_t end = std::min(words.find_first_of(apart, at), words.size());
    word = words.substr(at, end - at);
    query += fmt::format("{}\"{}\"", query.empty() ? "" : " ", word);
    at = end;
  }
  const bool is_begun = !words.empty() && apart.find(words.back()) == apart.npos;
  const auto letters = std::ranges::count_if(
      word, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
  if (is_begun && letters >= least_letters) query += '*';
  return query.empty() ? "\"\"" : query;
}

}  // namespace actiond
