#include "action/shown_answer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <nlohmann/json.hpp>

#include "action/list_of.h"
#include "action/query.h"
#include "base/encoding.h"
#include "http/answer.h"

namespace actiond {
namespace {

using Json = nlohmann::ordered_json;

// Sent as several: a JSON array.
Json to_json_values(const Loaded& loaded) {
  Json values = Json::object();
  if (loaded.values)
    for (const FieldValue& field : *loaded.values) {
      Json& value = values[field.name];
      if (value.is_null())
        value = field.value;
      else if (value.is_array())
        value.push_back(field.value);
      else
        value = Json::array({value, field.value});
    }
  for (const auto& [name, value] : loaded.content.values) values[name] = value;
  return values;
}

Json to_json_list(const List& list) {
  Json rows = Json::array();
  for (const ListRow& row : list) {
    Json& cells = rows.emplace_back(Json::object());
    cells.get_ref<Json::object_t&>().reserve(row.values.size() + row.lists.size());
    for (const auto& [name, value] : row.values) cells[name] = value;
    for (const auto& [name, inner] : row.lists) cells[name] = to_json_list(inner);
  }
  return rows;
}

// The first letter that counts, for a spreadsheet that trims.
std::string_view without_spaces(std::string_view text) {
  const auto at = text.find_first_not_of(" \t\r\n\v\f");
  return at == text.npos ? std::string_view() : text.substr(at);
}

bool would_be_computed(std::string_view text) {
  constexpr std::array<std::string_view, 12> beginnings{
      "=", "+", "-", "@", "|", "%", "\uFF1D", "\uFF0B", "\uFF0D", "\uFF20", "\u2212", "\u2013"};
  if (text.empty()) return false;
  const std::string_view seen = without_spaces(text);
  const bool begins_with_control = text[0] == '\t' || text[0] == '\r' || text[0] == '\n';
  return begins_with_control || std::ranges::any_of(beginnings, [seen](std::string_view one) {
           return seen.starts_with(one);
         });
}

std::string csv_quoted(std::string_view text) {
  const bool plain = text.find_first_of(",;\"\t\r\n") == text.npos && trimmed(text) == text;
  if (plain) return std::string(text);
  std::string cell = "\"";
  for (const char c : text) {
    if (c == '"') cell += c;
    cell += c;
  }
  return cell + '"';
}

std::string to_csv_cell(std::string_view text, Listing::Kind kind) {
  if (kind == Listing::Kind::Text && would_be_computed(text))
    return csv_quoted(fmt::format("\t{}", text));
  return csv_quoted(text);
}

Response export_response(const std::string& file, std::string body) {
  Response response = to_response(csv_type, std::move(body));
  response.set_header("Content-Disposition", fmt::format("attachment; filename=\"{}.csv\"", file));
  response.set_header("X-Content-Type-Options", "nosniff");
  return response;
}

std::string to_csv_rows(const std::vector<Listing::Cells>& rows,
                        const std::vector<Listing::Kind>& kinds) {
  std::string text;
  for (const Listing::Cells& cells : rows) text += to_csv(cells, kinds);
  return text;
}

// An export under way.
class Export {
 public:
  Export(std::vector<Listing::Kind> kinds, const Listing::Part& first, ExportRest rest)
      : kinds_(std::move(kinds)), rest_(std::move(rest)), after_(first.after),
        is_done_(first.is_last) {}

  std::string next() {
    if (is_done_) return {};
    std::optional<Listing::Part> part;
    try {
      part = rest_.read_on(after_);
    } catch (const std::exception&) {
      // Told below: the answer has begun, so its status can say nothing any more.
    }
    is_done_ = !part || part->is_last;
    if (!part) return to_csv({rest_.ended_early});
    after_ = std::move(part->after);
    return to_csv_rows(part->rows, kinds_);
  }

 private:
  const std::vector<Listing::Kind> kinds_;
  const ExportRest rest_;
  std::vector<Listing::Owned> after_;
  bool is_done_;
};

}  // namespace

void open_page(Content& content, std::string_view address, const FieldValues& query, Reader& db) {
  const Listing& listing = *content.listing;
  Listing::Part part = listing.read_page(db);
  content.lists[listing.name()] = to_list(listing, std::move(part.rows));
  FieldValues asked = query;
  for (const FieldValue& value : content.asked_on)
    if (std::ranges::count(query, value.name, &FieldValue::name) == 0) asked.push_back(value);
  const auto link_to = [&](std::int64_t page) {
    return fmt::format("{}?{}", address, query_of_page(asked, page));
  };
  if (listing.page() > 1) content.values[std::string(previous_page)] = link_to(listing.page() - 1);
  if (!part.is_last) content.values[std::string(next_page)] = link_to(listing.page() + 1);
}

Response to_response(const Download& download) {
  Response response = to_response(download.type, "");
  response.send_kept(download.kept);
  response.cache_control = "private, no-store";
  // RFC 8187: what ASCII cannot say is percent-encoded.
  std::string name = to_percent_encoded(to_one_line(download.name));
  for (std::size_t at = 0; (at = name.find('/', at)) != name.npos;) name.replace(at, 1, "%2F");
  response.set_header("Content-Disposition", fmt::format("attachment; filename*=UTF-8''{}", name));
  return response;
}

Response to_json(const Loaded& loaded) {
  // Put together in place: a list in braces would copy each row, twice.
  Json answer{{"ok", true}};
  Json& data = answer["data"];
  data["values"] = to_json_values(loaded);
  Json& lists = data["lists"] = Json::object();
  for (const auto& [name, list] : loaded.content.lists) lists[name] = to_json_list(list);
  return to_response(json_type, to_json_line(answer));
}

Response to_text(const Loaded& loaded) {
  std::string text;
  const auto add = [&text](std::string_view name, std::string_view value) {
    text += fmt::format("{}={}\n", name, to_one_line(value));
  };
  if (loaded.values)
    for (const FieldValue& field : *loaded.values) add(field.name, field.value);
  for (const auto& [name, value] : loaded.content.values) add(name, value);
  for (const auto& [name, list] : loaded.content.lists)
    for (const ListRow& row : list) {
      std::string_view separator = "";
      for (const auto& [column, value] : row.values) {
        text += fmt::format("{}{}", separator, to_one_line(value));
        separator = "\t";
      }
      text += '\n';
    }
  return to_response(text_type, std::move(text));
}

std::string to_csv(const std::vector<std::string>& cells) {
  return to_csv(cells, std::vector<Listing::Kind>(cells.size(), Listing::Kind::Text));
}

std::string to_csv(const std::vector<std::string>& cells, const std::vector<Listing::Kind>& kinds) {
  std::string line;
  for (std::size_t at = 0; at < cells.size(); ++at)
    line += fmt::format("{}{}", at == 0 ? "" : ",", to_csv_cell(cells[at], kinds[at]));
  return line + "\r\n";
}

Response to_export(const std::string& file, Listing listing, Listing::Part first, ExportRest more) {
  std::string body(byte_order_mark);
  body += to_csv(listing.columns()) + to_csv_rows(first.rows, listing.kinds());
  Response response = export_response(file, std::move(body));
  if (first.is_last) return response;
  const auto rest = std::make_shared<Export>(listing.kinds(), first, std::move(more));
  response.rest = [rest] { return rest->next(); };
  return response;
}

Response to_export(const std::string& file, const List& list) {
  std::string body(byte_order_mark);
  std::vector<std::string> names;
  if (!list.empty())
    for (const auto& [name, value] : list.front().values) names.push_back(name);
  body += to_csv(names);
  for (const ListRow& row : list) {
    std::vector<std::string> cells;
    for (const std::string& name : names) {
      const std::string* value = row.find(name);
      cells.push_back(value ? *value : "");
    }
    body += to_csv(cells);
  }
  return export_response(file, std::move(body));
}

}  // namespace actiond
