#include "served/attack.h"

#include <algorithm>
#include <iterator>

namespace actiond::http {
namespace {

std::size_t lacking(const std::multiset<std::string>& rows, const std::multiset<std::string>& in) {
  std::vector<std::string> missing;
  std::set_difference(rows.begin(), rows.end(), in.begin(), in.end(), std::back_inserter(missing));
  return missing.size();
}

}  // namespace

Victim::Victim() {
  client.sign_up("ada@example.org");
  REQUIRE(site.actiond({"grant", "ada@example.org"}).exit_code == 0);
}

bool SampleAction::takes_password() const {
  return std::any_of(fields.begin(), fields.end(),
                     [](const SampleField& field) { return field.name == "password"; });
}

Fields SampleAction::right() const {
  Fields all;
  for (const SampleField& field : fields) all.push_back({field.name, field.right});
  return all;
}

Fields SampleAction::wrong() const {
  Fields all;
  for (const SampleField& field : fields) all.push_back({field.name, field.wrong});
  return all;
}

const std::vector<SampleAction>& every_action() {
  static const std::vector<SampleAction> all{
      {"comments", {{"email", "eve@example.org", "no"}, {"message", "hi", ""}}},
      {"author", {{"name", "Eve", ""}, {"website", "https://example.org/", "no"}}},
      {"proposal", {{"title", "Wool", ""}, {"pages", "2", "no"}}},
      {"order", {{"topic", "Wool", ""}, {"pages", "2", "no"}}},
      {"sign-up",
       {{"email", "eve@example.org", "no"},
        {"password", Client::password, "short"},
        {"name", "Eve", ""},
        {"next", "/comments.html", std::string(3000, 'x')}}},
      {"sign-in",
       {{"email", "ada@example.org", "no"},
        {"password", Client::password, ""},
        {"next", "/comments.html", std::string(3000, 'x')}}},
      {"sessions", {{"end", "others", ""}}},
      {"change-password",
       {{"present", Client::password, ""}, {"password", "battery staple horse", "short"}}},
      // At last, since the victim is signed out by it.
      {"sign-out", {}}};
  return all;
}

Tables all_rows(const RunningSite& site) {
  Tables tables;
  // Without `hosts`: a pool renews its row every few seconds, whatever is asked.
  if (site.is_on_postgres()) {
    for (const std::string& table :
         site.query("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = "
                    "'public'::regnamespace AND relname NOT IN ('migrations', 'commit_ids', "
                    "'hosts', 'kept_files', 'kept_pieces', 'inbox_index')")) {
      const auto rows = site.query("SELECT t::text FROM " + table + " t");
      tables[table].insert(rows.begin(), rows.end());
    }
    return tables;
  }
  // A pool that has just started may still migrate; what reads is answered behind that.
  Client(site).get("/actions/me");
  for (const std::string& table : site.query(
           "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT IN ('migrations', "
           "'hosts') AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'inbox_words%'")) {
    std::string columns;
    for (const std::string& column :
         site.query("SELECT name FROM pragma_table_info('" + table + "')"))
      columns += (columns.empty() ? "quote(" : " || ',' || quote(") + column + ")";
    const auto rows = site.query("SELECT " + columns + " FROM " + table);
    tables[table].insert(rows.begin(), rows.end());
  }
  return tables;
}

std::string changes(const Tables& before, const Tables& after) {
  const auto rows_of = [](const Tables& tables, const std::string& table) {
    const auto found = tables.find(table);
    return found == tables.end() ? std::multiset<std::string>{} : found->second;
  };
  Tables all = before;
  all.insert(after.begin(), after.end());
  std::string text;
  for (const auto& [table, any] : all) {
    const auto old_rows = rows_of(before, table), new_rows = rows_of(after, table);
    const std::size_t less = lacking(old_rows, new_rows), more = lacking(new_rows, old_rows);
    if (less + more == 0) continue;
    text += (text.empty() ? "" : ", ") + table;
    if (less > 0) text += " -" + std::to_string(less);
    if (more > 0) text += " +" + std::to_string(more);
  }
  return text;
}

}  // namespace actiond::http
