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

ListingPlan::ListingPlan(const ListingRules& rules, std::vector<Kind> its_kinds)
    : name(rules.name), columns(rules.columns.begin(), rules.columns.end()),
      kinds(std::move(its_kinds)), page_rows(rules.page_rows) {
  if (columns.size() != kinds.size() || rules.order_by.empty())
    throw std::logic_error("a listing has a name for each of its columns, and an order");
  for (const std::string_view column : rules.order_by) {
    const auto found = std::ranges::find(columns, column);
    if (found == columns.end())
      throw std::logic_error(
          fmt::format("a listing is ordered by \"{}\", no column of it", column));
    order.push_back(static_cast<std::size_t>(found - columns.begin()));
  }
  const std::string select = fmt::format("WITH listed({}) AS ({}) SELECT * FROM listed",
                                         each(rules.columns, ""), rules.sql);
  const bool one = rules.order_by.size() == 1;
  const std::string marks = each(std::vector<std::string_view>(order.size(), "?"), "");
  const std::string where =
      fmt::format(" WHERE {0}{1}{2} {3} {0}{4}{2}", one ? "" : "(", each(rules.order_by, ""),
                  one ? "" : ")", rules.descending ? '<' : '>', marks);
  const std::string order_by =
      fmt::format(" ORDER BY {} LIMIT ?", each(rules.order_by, rules.descending ? " DESC" : ""));
  first_sql = select + order_by;
  page_sql = first_sql + " OFFSET ?";
  next_sql = select + where + order_by;
}

Listing::Part Listing::read_page(Reader& db) const {
  const auto rows = static_cast<std::int64_t>(plan_->page_rows);
  if (page_ - 1 > std::numeric_limits<std::int64_t>::max() / rows) return {{}, true};
  std::vector<Value> values;
  for (const Owned& argument : arguments_) values.push_back(to_value(argument));
  values.emplace_back(rows + 1);
  values.emplace_back((page_ - 1) * rows);
  return read(db, plan_->page_sql, values, plan_->page_rows);
}

Listing::Part Listing::read_on(Reader& db, const std::vector<Owned>& after,
                               std::size_t count) const {
  std::vector<Value> values;
  for (const Owned& argument : arguments_) values.push_back(to_value(argument));
  for (const Owned& key : after) values.push_back(to_value(key));
  values.emplace_back(static_cast<std::int64_t>(count + 1));
  return read(db, after.empty() ? plan_->first_sql : plan_->next_sql, values, count);
}

Listing::Part Listing::read(Reader& db, const std::string& sql, const std::vector<Value>& values,
                            std::size_t count) const {
  const ListingPlan& plan = *plan_;
  Part part{{}, true};
  part.rows.reserve(std::min(count, plan.page_rows));
  db.each_row(sql, values, [&](std::span<const Value> row) {
    if (row.size() != plan.columns.size())
      throw std::logic_error("a listing has another number of columns than names for them");
    if (part.rows.size() == count) return part.is_last = false;
    ListRow::Values& cells = part.rows.emplace_back().values;
    cells.reserve(row.size());
    for (std::size_t at = 0; at < row.size(); ++at)
      cells.emplace_back(plan.columns[at], to_cell(row[at], plan.kinds[at]));
    part.after.clear();
    for (const std::size_t at : plan.order) part.after.push_back(listings::owned(row[at]));
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
