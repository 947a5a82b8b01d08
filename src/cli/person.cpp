#include "store/person.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/encoding.h"
#include "cli/account.h"
#include "cli/commands.h"
#include "files/upload_folder.h"
#include "program/engine.h"
#include "program/program.h"

namespace actiond {
namespace {

using Json = nlohmann::ordered_json;

constexpr char no_data[] = "nothing is held about {}";

// A blob is an id or a hash.
Json to_json(const Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return *number;
  if (const auto* real = std::get_if<double>(&value)) return *real;
  if (const auto* text = std::get_if<std::string_view>(&value)) return *text;
  if (const auto* date = std::get_if<Date>(&value)) return to_rfc3339(*date);
  return nullptr;
}

std::vector<PersonalColumn> all_columns(const Site& site) {
  std::vector<PersonalColumn> columns = site.personal();
  const auto library = library_personal_columns();
  columns.insert(columns.end(), library.begin(), library.end());
  return columns;
}

}  // namespace

void command::export_person(const Settings& settings, const std::string& email) {
  const auto engine = engine_of(settings);
  const auto columns = all_columns(settings.site);
  Json tables = Json::object();
  engine->snapshot([&](Reader& db) {
    tables = Json::object();
    read_person(db, columns, person_of(db, email), [&](const PersonalRow& row) {
      Json shown = Json::object();
      for (const auto& [column, value] : row.columns) shown[std::string(column)] = to_json(value);
      tables[std::string(row.table)].push_back(std::move(shown));
    });
  });
  if (tables.empty()) throw std::runtime_error(fmt::format(no_data, email));
  fmt::print("{}\n", Json{{"address", email},
                          {"exported", to_rfc3339(current_time())},
                          {"tables", std::move(tables)}}
                         .dump(2, ' ', true));
}

void command::erase_person(const Settings& settings, const std::string& email) {
  const UploadFolder uploads(settings.uploads);
  const auto engine = engine_of(settings, &uploads);
  const auto columns = all_columns(settings.site);
  std::string said;
  engine->run([&](Transaction& tx) {
    said.clear();
    const Person person = person_of(tx, email);
    for (const auto& [table, rows] : actiond::erase_person(tx, columns, person))
      said += fmt::format("{}{} {}", said.empty() ? "" : ", ", table, rows);
    if (said.empty()) throw std::runtime_error(fmt::format(no_data, email));
    record_command(tx, "person erase", person.account, "erased");
  });
  const bool is_gone = engine->leave_no_trace();
  fmt::print("{}: erased: {}\n", email, said);
  if (!settings.postgres.empty())
    fmt::print(
        "PostgreSQL keeps what was erased in its files until VACUUM and later rows overwrite it, "
        "and in its log and archives for as long as you keep those\n");
  else if (!is_gone)
    throw std::runtime_error(
        "the log of the database still has what was erased, since it is being read: try again");
}

}  // namespace actiond
