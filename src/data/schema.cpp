#include "data/schema.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "base/crypto.h"
#include "base/encoding.h"

namespace actiond {

std::string quoted_name(std::string_view name) {
  std::string text = "\"";
  for (const char c : name) text.append(c == '"' ? 2 : 1, c);
  return text + '"';
}

namespace {

// In capitals, its words with one space between them, and without comments.
std::string plain_text(std::string_view sql) {
  std::string plain = " ";
  while (!sql.empty()) {
    const std::string_view line = sql.substr(0, sql.find('\n'));
    sql.remove_prefix(std::min(line.size() + 1, sql.size()));
    for (const char c : line.substr(0, line.find("--"))) {
      const auto byte = static_cast<unsigned char>(c);
      if (std::isspace(byte) == 0)
        plain += static_cast<char>(std::toupper(byte));
      else if (plain.back() != ' ')
        plain += ' ';
    }
    if (plain.back() != ' ') plain += ' ';
  }
  return plain;
}

}  // namespace

bool is_contracting(const Migration& migration) {
  if (migration.sql.starts_with("-- contract")) return true;
  if (migration.sql.starts_with("-- expand")) return false;
  const std::string text = plain_text(migration.sql);
  return text.find("DROP TABLE ") != text.npos || text.find("DROP COLUMN ") != text.npos ||
         text.find(" RENAME ") != text.npos;
}

namespace migrating {
namespace {

constexpr std::string_view of_library = "library", of_site = "site";
constexpr std::string_view makes_hosts = "0029_hosts.sql";

// The one before `step` in its sequence; null: it is the first.
const Migration* step_before(const Step& step, const Schema& schema) {
  const Migration* before = nullptr;
  for (const Migration& each : step.sequence == of_site ? schema.site : schema.library)
    if (each.number < step.migration.number) before = &each;
  return before;
}

// A pool that serves without knowing the step before one that contracts may still use what that one
// takes away.
std::string premature_among(Reader& db, const std::vector<Ran>& ran, const Schema& schema) {
  if (std::ranges::find(ran, makes_hosts, &Ran::name) == ran.end()) return "";
  const auto hosts = db.rows<std::string, std::string, std::string, int, int, std::int64_t>(
      "SELECT name, socket, program, library_step, site_step, unixepoch() - seen_at FROM hosts "
      "WHERE seen_at >= unixepoch() - ?",
      host_gone_after.count());
  for (const Step& step : missing_of(ran, schema)) {
    const Migration* const before = step_before(step, schema);
    if (before == nullptr || !is_contracting(step.migration)) continue;
    for (const auto& [name, socket, program, library_step, site_step, unseen] : hosts)
      if ((step.sequence == of_site ? site_step : library_step) < before->number)
        return fmt::format(
            "the migration {} takes away what programs before {} use, and {} runs one, {}, on {} "
            "(seen {} s ago): deploy one there that knows {}, and then this one",
            step.migration.name, before->name, name, program, socket, unseen, before->name);
  }
  return "";
}

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

std::vector<Ran> read_ran(Reader& db, bool says_contracts) {
  std::vector<Ran> ran;
  for (auto& [sequence, name, checksum, program, at, contracts] :
       db.rows<std::string, std::string, std::string, std::string, Time, bool>(
           says_contracts
               ? "SELECT sequence, name, checksum, program, ran_at, contracts FROM migrations"
               : "SELECT sequence, name, checksum, program, ran_at, 1 FROM migrations"))
    ran.push_back({sequence, name, checksum, program, at, contracts});
  return ran;
}

void note_ran(Transaction& tx, const Ran& ran) {
  tx.run(
      "INSERT INTO migrations (sequence, name, checksum, program, ran_at, contracts) "
      "VALUES (?, ?, ?, ?, ?, ?)",
      ran.sequence, ran.name, ran.checksum, ran.program, ran.at, ran.contracts);
}

Ran ran_now(const Step& step, const Schema& schema, Time now) {
  return {std::string(step.sequence),
          std::string(step.migration.name),
          checksum_of(step.migration),
          schema.program,
          now,
          is_contracting(step.migration)};
}

namespace {

std::vector<Ran> unknown_of(const std::vector<Ran>& ran, const Schema& schema) {
  const std::vector<Step> known = steps_of(schema);
  std::vector<Ran> unknown = ran;
  std::erase_if(unknown, [&](const Ran& one) {
    return std::ranges::any_of(known, [&](const Step& step) { return one.is(step); });
  });
  return unknown;
}

std::string unknown_text(const Ran& one, const Schema& schema) {
  return fmt::format(
      "the database has the migration {}; {} does not know it: install the newer program, or put "
      "the file of the migration back",
      one.told(), schema.program);
}

}  // namespace

std::string why_newer(const std::vector<Ran>& ran, const Schema& schema) {
  const std::vector<Ran> unknown = unknown_of(ran, schema);
  // One that has steps of its own besides is not older but another one, or has renamed them.
  const bool is_other = !missing_of(ran, schema).empty();
  // The last of them is of the newest program.
  const auto last = std::ranges::find_if(unknown.rbegin(), unknown.rend(),
                                         [&](const Ran& one) { return one.contracts || is_other; });
  return last == unknown.rend() ? "" : unknown_text(*last, schema);
}

SchemaState state_of(Reader& db, const std::vector<Ran>& ran, const Schema& schema,
                     std::string newer) {
  SchemaState state{.newer = std::move(newer), .ran = Schema({}, {}, schema.program)};
  if (state.newer.empty()) state.premature = premature_among(db, ran, schema);
  if (const auto unknown = unknown_of(ran, schema); !unknown.empty())
    state.unknown = unknown_text(unknown.front(), schema);
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
