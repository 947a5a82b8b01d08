#include "store/held.h"

#include <nlohmann/json.hpp>

namespace actiond {
namespace {

using Json = nlohmann::json;

Held to_held(const std::tuple<std::int64_t, Time, std::string, std::string>& row) {
  const auto& [id, at, action, fields] = row;
  Held held{id, at, action, {}};
  for (const Json& field : Json::parse(fields)) held.fields.push_back({field.at(0), field.at(1)});
  return held;
}

}  // namespace

void HeldRows::hold(Transaction& tx, std::string_view action, const FieldValues& fields,
                    Time now) const {
  Json all = Json::array();
  for (const FieldValue& field : fields) all.push_back(Json::array({field.name, field.value}));
  const std::int64_t newest =
      tx.run("INSERT INTO held (at, action, fields) VALUES (?, ?, ?)", now, action, all.dump());
  tx.add("DELETE FROM held WHERE id <= ?", newest - most_held);
}

std::vector<Held> held(Reader& db, std::int64_t after, int most) {
  std::vector<Held> all;
  for (const auto& row : db.rows<std::int64_t, Time, std::string, std::string>(
           "SELECT id, at, action, fields FROM held WHERE id > ? ORDER BY id LIMIT ?", after, most))
    all.push_back(to_held(row));
  return all;
}

std::optional<Held> find_held(Reader& db, std::int64_t id) {
  const auto row = db.row<std::int64_t, Time, std::string, std::string>(
      "SELECT id, at, action, fields FROM held WHERE id = ?", id);
  return row ? std::optional(to_held(*row)) : std::nullopt;
}

bool drop_held(Transaction& tx, std::int64_t id) {
  return tx.change("DELETE FROM held WHERE id = ?", id) > 0;
}

}  // namespace actiond
