#include "postgres/files.h"

#include <string>

namespace actiond {
namespace {

constexpr std::size_t piece_bytes = 256 * 1024;

}  // namespace

// They are compressed already: PostgreSQL need not try.
const char* const files_tables =
    "CREATE TABLE IF NOT EXISTS kept_files ("
    "  name    TEXT PRIMARY KEY,"
    "  made_at BIGINT NOT NULL DEFAULT unixepoch()"
    ");"
    "CREATE TABLE IF NOT EXISTS kept_pieces ("
    "  name  TEXT NOT NULL REFERENCES kept_files (name) ON DELETE CASCADE,"
    "  at    BIGINT NOT NULL,"  // from 0 on
    "  piece BYTEA NOT NULL,"
    "  PRIMARY KEY (name, at)"
    ");"
    "ALTER TABLE kept_pieces ALTER COLUMN piece SET STORAGE EXTERNAL;";

void insert_file(Transaction& tx, std::string_view name, const ReadAt& read) {
  tx.add("INSERT INTO kept_files (name) VALUES (?)", name);
  std::string piece(piece_bytes, '\0');
  std::size_t offset = 0;
  for (std::int64_t at = 0;; ++at) {
    std::size_t filled = 0, got;
    while (filled < piece.size() &&
           (got = read(offset, piece.data() + filled, piece.size() - filled)) > 0) {
      filled += got;
      offset += got;
    }
    if (filled == 0 && at > 0) return;
    // One at a time: what was not sent yet is held in memory.
    tx.run("INSERT INTO kept_pieces (name, at, piece) VALUES (?, ?, ?)", name, at,
           Blob{std::string_view(piece).substr(0, filled)});
    if (filled < piece.size()) return;
  }
}

void delete_file(Transaction& tx, std::string_view name) {
  tx.add("DELETE FROM kept_files WHERE name = ?", name);
}

bool read_file(Reader& db, std::string_view name,
               const std::function<void(std::string_view)>& take) {
  for (std::int64_t at = 0;; ++at) {
    const auto piece =
        db.row<std::string>("SELECT piece FROM kept_pieces WHERE name = ? AND at = ?", name, at);
    if (!piece) return at > 0;
    take(std::get<0>(*piece));
  }
}

bool has_file(Reader& db, std::string_view name) {
  return db.row<std::string>("SELECT name FROM kept_files WHERE name = ?", name).has_value();
}

}  // namespace actiond
