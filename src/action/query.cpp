#include "action/query.h"

#include <fmt/format.h>

#include "base/encoding.h"
#include "forms/body.h"
#include "http/local_path.h"

namespace actiond {
namespace {

constexpr std::string_view format_name = "_format";
constexpr std::string_view page_name = "page";

Problem malformed(Message detail) {
  return {.status = 400, .detail = std::move(detail), .reason = "malformed query"};
}

// "q=x&"
std::string query_without(std::string_view name, const FieldValues& values) {
  std::string query;
  for (const FieldValue& value : values)
    if (value.name != name && !value.value.empty())
      query +=
          fmt::format("{}={}&", to_percent_encoded(value.name), to_percent_encoded(value.value));
  return query;
}

}  // namespace

std::optional<Problem> long_query(const Request& request) {
  if (request.query.size() <= max_query_bytes) return std::nullopt;
  return Problem{.status = 414,
                 .detail = {"query.too_long", {{"max", std::to_string(max_query_bytes)}}},
                 .reason = "long query"};
}

std::variant<Query, Problem> read_query(const Request& request, const FormDescription& declared) {
  if (auto problem = long_query(request)) return *std::move(problem);
  if (request.query.empty()) return Query{};
  FormDescription known = declared;
  known.fields.push_back({std::string(format_name), Kind::Text, {}});
  auto parsed = parse_urlencoded(request.query, known, Undeclared::Ignored);
  if (const auto* problem = std::get_if<Problem>(&parsed)) return malformed(problem->detail);
  Query query{.values = std::get<FieldValues>(std::move(parsed)), .format = {}};
  if (const auto name = repeated_field(query.values, known))
    return malformed({"query.repeated", {{"name", *name}}});
  std::erase_if(query.values, [&query](FieldValue& value) {
    const bool is_format = value.name == format_name;
    if (is_format) query.format = std::move(value.value);
    return is_format;
  });
  return query;
}

std::string way_on(const Request& request) {
  static const FormDescription asked{"", {{"next", Kind::Text, {}}}};
  if (request.query.empty()) return "";
  const auto query = read_query(request, asked);
  const auto* read = std::get_if<Query>(&query);
  if (read == nullptr || read->values.empty()) return "";
  return local_path_in(read->values.front().value).value_or("");
}

std::string query_of(const FieldValues& values) {
  std::string query = query_without("", values);
  if (!query.empty()) query.pop_back();
  return query;
}

std::string query_of_page(const FieldValues& values, std::int64_t page) {
  return fmt::format("{}{}={}", query_without(page_name, values), page_name, page);
}

std::string query_of_export(const FieldValues& values) {
  return fmt::format("{}{}=csv", query_without(page_name, values), format_name);
}

}  // namespace actiond
