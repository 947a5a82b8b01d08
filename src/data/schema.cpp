#include "data/schema.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/crypto.h"
#include "base/encoding.h"

namespace actiond {

std::string quoted_name(std::string_view name) {
  std::string text = "\"";
  for (const char c : name) text.append(c == '"' ? 2 : 1, c);
  return text + '"';
}

namespace migrating {
namespace {

constexpr std::string_view of_library = "library", of_site = "site";

}  // namespace

std::string Ran::told() const {
  if (program.empty()) return name;
  return fmt::format("{}, which {} ran at {}", name, program, to_rfc3339(at));
}

std::vector<Step> steps_of(const Schema& schema) {
  std::vector<Step> steps;
  for (const Migration& migration : schema.library) steps.push_back({of_library, migration});
  for (const Migration& migration : schema.site) steps.push_back({of_site, migration});
  return steps;
}

std::vector<Step> missing_of(const std::vector<Ran>& ran, const Schema& schema) {
  std::vector<Step> missing = steps_of(schema);
  std::erase_if(missing, [&](const Step& step) {
    return std::ranges::any_of(ran, [&](const Ran& one) { return one.is(step); });
  });
  return missing;
}

std::string checksum_of(const Migration& migration) {
  Sha256 sum;
  sum.add(migration.sql);
  return to_base64url(std::move(sum).finish());
}

std::vector<Ran> read_ran(Reader& db) {
  std::vector<Ran> ran;
  for (auto& [sequence, name, checksum, program, at] :
       db.rows<std::string, std::string, std::string, std::string, Time>(
           "SELECT sequence, name, checksum, program, ran_at FROM migrations"))
    ran.push_back({sequence, name, checksum, program, at});
  return ran;
}

void note_ran(Transaction& tx, const Ran& ran) {
  tx.run(
      "INSERT INTO migrations (sequence, name, checksum, program, ran_at) VALUES (?, ?, ?, ?, ?)",
      ran.sequence, ran.name, ran.checksum, ran.program, ran.at);
}

Ran ran_now(const Step& step, const Schema& schema, Time now) {
  return {std::string(step.sequence), std::string(step.migration.name), checksum_of(step.migration),
          schema.program, now};
}

std::string unknown_of(const std::vector<Ran>& ran, const Schema& schema) {
  const std::vector<Step> known = steps_of(schema);
  for (const Ran& one : ran)
    if (std::ranges::none_of(known, [&](const Step& step) { return one.is(step); }))
      return fmt::format(
          "the database has the migration {}; {} does not know it: install the newer program",
          one.told(), schema.program);
  return "";
}

SchemaState state_of(const std::vector<Ran>& ran, const Schema& schema, std::string newer) {
  SchemaState state{.missing = {},
                    .edited = {},
                    .newer = std::move(newer),
                    .ran = Schema({}, {}, schema.program)};
  for (const Step& step : missing_of(ran, schema)) state.missing.emplace_back(step.migration.name);
  for (const Step& step : steps_of(schema))
    for (const Ran& one : ran) {
      if (!one.is(step)) continue;
      (step.sequence == of_site ? state.ran.site : state.ran.library).push_back(step.migration);
      if (one.checksum != checksum_of(step.migration)) state.edited.push_back(one.told());
    }
  return state;
}

}  // namespace migrating
}  // namespace actiond
