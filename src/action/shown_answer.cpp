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

void append_lists(std::string& json, const Lists& lists);

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

// Not by way of a tree of Json, which would hold each cell once more.
void append_list(std::string& json, const List& list) {
  json += '[';
  for (const ListRow& row : list) {
    json += '{';
    for (const auto& [name, value] : row.values) append_member(json, name, value);
    append_lists(json, row.lists);
    end_members(json, '}');
    json += ',';
  }
  end_members(json, ']');
}

void append_lists(std::string& json, const Lists& lists) {
  for (const auto& [name, list] : lists) {
    append_json(json, name);
    json += ':';
    append_list(json, list);
    json += ',';
  }
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

// RFC 4180, with what spreadsheets need: a tab before each text that they would take for a formula
// (OWASP, "CSV Injection").
void append_cell(std::string& csv, std::string_view text, Listing::Kind kind) {
  const bool is_formula = kind == Listing::Kind::Text && would_be_computed(text);
  const bool is_plain = text.find_first_of(",;\"\t\r\n") == text.npos && trimmed(text) == text;
  if (is_plain && !is_formula) {
    csv += text;
    return;
  }
  csv += is_formula ? "\"\t" : "\"";
  for (const char c : text) {
    if (c == '"') csv += c;
    csv += c;
  }
  csv += '"';
}

std::string to_csv_line(const std::vector<std::string>& cells) {
  std::string csv;
  for (const std::string& cell : cells) {
    if (&cell != &cells.front()) csv += ',';
    append_cell(csv, cell, Listing::Kind::Text);
  }
  return csv + "\r\n";
}

Response export_response(const std::string& file, std::string body) {
  Response response = to_response(csv_type, std::move(body));
  response.set_header("Content-Disposition", fmt::format("attachment; filename=\"{}.csv\"", file));
  return response;
}

std::string to_csv_rows(const List& rows, const std::vector<Listing::Kind>& kinds,
                        const MoreColumns& more) {
  std::string csv;
  for (const ListRow& row : rows) {
    for (std::size_t at = 0; at < kinds.size(); ++at) {
      if (at > 0) csv += ',';
      append_cell(csv, row.values[at].second, kinds[at]);
    }
    if (more.of)
      for (const std::string& cell : more.of(row)) {
        csv += ',';
        append_cell(csv, cell, Listing::Kind::Text);
      }
    csv += "\r\n";
  }
  return csv;
}

// An export under way.
class Export {
 public:
  Export(std::vector<Listing::Kind> kinds, const Listing::Part& first, ExportRest rest,
         MoreColumns more)
      : kinds_(std::move(kinds)), rest_(std::move(rest)), more_(std::move(more)),
        after_(first.after), is_done_(first.is_last) {}

  std::string next() {
    if (is_done_) return {};
    std::optional<Listing::Part> part;
    try {
      part = rest_.read_on(after_);
    } catch (const std::exception&) {
      // Told below: the answer has begun, so its status can say nothing any more.
    }
    is_done_ = !part || part->is_last;
    has_ended_early_ = !part;
    if (!part) return to_csv_line({rest_.ended_early});
    after_ = std::move(part->after);
    return to_csv_rows(part->rows, kinds_, more_);
  }
  bool has_ended_early() const { return has_ended_early_; }

 private:
  const std::vector<Listing::Kind> kinds_;
  const ExportRest rest_;
  const MoreColumns more_;
  std::vector<Listing::Owned> after_;
  bool is_done_, has_ended_early_ = false;
};

}  // namespace

void open_page(Content& content, std::string_view address, const FieldValues& query, Reader& db) {
  const Listing& listing = *content.listing;
  Listing::Part part = listing.read_page(db);
  // From behind the end, the way back leads to what there is.
  const std::int64_t previous = part.rows.empty() ? 1 : listing.page() - 1;
  content.lists[listing.name()] = std::move(part.rows);
  FieldValues asked = query;
  for (const FieldValue& value : content.asked_on)
    if (std::ranges::count(query, value.name, &FieldValue::name) == 0) asked.push_back(value);
  const auto link_to = [&](std::int64_t page) {
    return fmt::format("{}?{}", address, query_of_page(asked, page));
  };
  if (listing.page() > 1) content.values[std::string(previous_page)] = link_to(previous);
  if (!part.is_last) content.values[std::string(next_page)] = link_to(listing.page() + 1);
}

Response to_response(const Download& download) {
  Response response = to_response(download.type, "");
  response.send_kept(download.kept);
  response.cache_control = "private, no-store";
  // RFC 8187: what ASCII cannot say is percent-encoded.
  const std::string name = to_percent_encoded(to_one_line(download.name), "");
  response.set_header("Content-Disposition", fmt::format("attachment; filename*=UTF-8''{}", name));
  return response;
}

Response to_json(const Loaded& loaded) {
  std::string json = "{\"ok\":true,\"data\":{\"values\":";
  json += to_json_text(to_json_values(loaded));
  json += ",\"lists\":{";
  append_lists(json, loaded.content.lists);
  end_members(json, '}');
  return to_response(json_type, json.append("}}\n"));
}

Response to_text(const Loaded& loaded) {
  std::string text;
  const auto add = [&text](std::string_view name, std::string_view value) {
    text.append(name).append("=").append(to_one_line(value)).append("\n");
  };
  if (loaded.values)
    for (const FieldValue& field : *loaded.values) add(field.name, field.value);
  for (const auto& [name, value] : loaded.content.values) add(name, value);
  for (const auto& [name, list] : loaded.content.lists)
    for (const ListRow& row : list) {
      std::string_view separator = "";
      for (const auto& [column, value] : row.values) {
        text.append(separator).append(to_one_line(value));
        separator = "\t";
      }
      text += '\n';
    }
  return to_response(text_type, std::move(text));
}

Response to_export(const std::string& file, Listing listing, Listing::Part first, ExportRest rest,
                   MoreColumns more) {
  std::string body(byte_order_mark);
  std::vector<std::string> columns = listing.columns();
  columns.insert(columns.end(), more.names.begin(), more.names.end());
  body += to_csv_line(columns) + to_csv_rows(first.rows, listing.kinds(), more);
  Response response = export_response(file, std::move(body));
  if (first.is_last) return response;
  const auto exported =
      std::make_shared<Export>(listing.kinds(), first, std::move(rest), std::move(more));
  response.rest = [exported] { return exported->next(); };
  response.has_ended_early = [exported] { return exported->has_ended_early(); };
  return response;
}

Response to_export(const std::string& file, const List& list,
                   const std::vector<std::string_view>& columns) {
  std::string body(byte_order_mark);
  std::vector<std::string> names;
  if (list.empty())
    names.assign(columns.begin(), columns.end());
  else
    for (const auto& [name, value] : list.front().values) names.push_back(name);
  body += to_csv_line(names);
  for (const ListRow& row : list) {
    std::vector<std::string> cells;
    for (const std::string& name : names) {
      const std::string* value = row.find(name);
      cells.push_back(value ? *value : "");
    }
    body += to_csv_line(cells);
  }
  return export_response(file, std::move(body));
}

}  // namespace actiond
