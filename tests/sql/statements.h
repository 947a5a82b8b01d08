// The statements that kit/recorded.cpp wrote down, and whether they are the program's or a test's.
#pragma once

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "support.h"

namespace actiond::test {

// Those of the rows: no PRAGMA, COMMIT or CREATE.
inline bool is_of_rows(std::string_view sql) {
  constexpr std::array verbs{"SELECT ", "INSERT ", "UPDATE ", "DELETE ", "WITH "};
  return std::ranges::any_of(verbs, [&](const char* verb) { return sql.starts_with(verb); });
}

// By SQL, the types of its places: "20,25"; SQLite's have none.
using Statements = std::map<std::string, std::string>;

inline Statements recorded(const std::string& engine) {
  Statements all;
  for (const auto& entry : std::filesystem::directory_iterator(RECORDED_FOLDER)) {
    const std::string text = read_file(entry.path());
    for (std::size_t at = 0, end; (end = text.find('\0', at)) != text.npos; at = end + 1) {
      const std::string record = text.substr(at, end - at);
      if (!record.starts_with(engine)) continue;
      const std::size_t types = engine.size() + 1;
      const std::size_t sql = engine == "sqlite" ? types : record.find(' ', types) + 1;
      if (is_of_rows(record.substr(sql)))
        all.emplace(record.substr(sql),
                    engine == "sqlite" ? "" : record.substr(types, sql - 1 - types));
    }
  }
  return all;
}

// A statement of PostgreSQL as its author wrote it.
inline std::string as_written(std::string sql) {
  static const RE2 place(R"(\$\d+)");
  static const RE2 id(R"( RETURNING id$)");
  RE2::GlobalReplace(&sql, place, "?");
  RE2::Replace(&sql, id, "");
  return sql;
}

// The string literals of C++ sources, those side by side as one.
inline std::set<std::string> literals_in(const std::filesystem::path& folder) {
  static const RE2 token(R"(//[^\n]*|'(?:\\.|[^'\\\n])'|((?:"(?:\\.|[^"\\\n])*"\s*)+))");
  static const RE2 piece(R"("((?:\\.|[^"\\\n])*)\")");
  static const RE2 escaped(R"(\\(.))");
  std::set<std::string> found;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".cpp" && entry.path().extension() != ".h") continue;
    const std::string text = read_file(entry.path());
    re2::StringPiece rest(text), pieces;
    while (RE2::FindAndConsume(&rest, token, &pieces)) {
      std::string literal, part;
      while (RE2::FindAndConsume(&pieces, piece, &part)) literal += part;
      RE2::GlobalReplace(&literal, escaped, R"(\1)");
      found.insert(literal);
    }
  }
  return found;
}

// A statement is of those whose sources have it as a literal, or within one, or most of its
// beginning.
class Sources {
 public:
  explicit Sources(const std::filesystem::path& folder) : literals_(literals_in(folder)) {
    // Up to where fmt puts something in.
    for (const std::string& literal : literals_)
      if (is_of_rows(literal)) beginnings_.insert(literal.substr(0, literal.find('{')));
  }

  const std::set<std::string>& beginnings() const { return beginnings_; }
  std::size_t share_of(std::string_view sql) const {
    if (literals_.contains(std::string(sql))) return sql.size() + 1;
    const auto holds = [&](std::string_view literal) { return literal.find(sql) != sql.npos; };
    if (std::ranges::any_of(literals_, holds)) return sql.size();
    std::size_t most = 0;
    for (const std::string& beginning : beginnings_)
      if (sql.starts_with(beginning)) most = std::max(most, beginning.size());
    return most;
  }

 private:
  std::set<std::string> literals_, beginnings_;
};

}  // namespace actiond::test
