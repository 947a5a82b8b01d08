// The engine of a test: SQLite, or, where ACTIOND_TEST_POSTGRES names a server and its superuser, a
// database of its own there.
#pragma once

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "data/engine.h"
#include "postgres/connection.h"
#include "postgres/engine.h"
#include "sqlite/engine.h"

namespace actiond::test {

inline const char* postgres_url() { return std::getenv("ACTIOND_TEST_POSTGRES"); }
inline bool is_on_postgres() { return postgres_url() != nullptr; }

// A database of its own there, empty but for its schema.  Those of tests that have ended are
// emptied and used again; all are dropped at the end.
class PostgresDatabase {
 public:
  explicit PostgresDatabase(const Schema& schema) : key_(key_of(schema)) {
    auto& free = databases()[key_];
    if (free.empty()) {
      name_ = "test_" + std::to_string(getpid()) + "_" + std::to_string(++made());
      server().script("CREATE DATABASE " + name_);
      postgres_engine(url(), schema)->migrate();
    } else {
      name_ = free.back();
      free.pop_back();
      PostgresConnection db(url(), std::chrono::seconds(60));
      db.begin("READ COMMITTED READ WRITE");
      db.script(std::string(empty_all));
      db.commit();
    }
  }
  PostgresDatabase(const PostgresDatabase&) = delete;
  PostgresDatabase& operator=(const PostgresDatabase&) = delete;
  ~PostgresDatabase() { databases()[key_].push_back(name_); }

  std::string url() const { return url_of(name_); }

 private:
  static constexpr std::string_view empty_all =
      "DO $$ BEGIN EXECUTE (SELECT 'TRUNCATE ' || string_agg(quote_ident(relname), ', ') || "
      "' RESTART IDENTITY' FROM pg_class WHERE relkind = 'r' AND relnamespace = "
      "'public'::regnamespace AND relname <> 'migrations'); END $$";

  static PostgresConnection& server() {
    static const std::unique_ptr<PostgresConnection> connection = [] {
      auto opened =
          std::make_unique<PostgresConnection>(url_of("postgres"), std::chrono::seconds(60));
      opened->script("SET default_transaction_read_only = off; SET statement_timeout = '60s'");
      return opened;
    }();
    return *connection;
  }
  static std::string url_of(const std::string& database) {
    std::string url = postgres_url();
    const std::size_t query = std::min(url.find('?'), url.size());
    return url.insert(query, database);
  }
  static std::string key_of(const Schema& schema) {
    std::string key;
    for (const auto* sequence : {&schema.library, &schema.site})
      for (const Migration& migration : *sequence) key.append(migration.sql);
    return key;
  }
  static int& made() {
    static int count = 0;
    return count;
  }

  // By schema.
  struct Databases : std::map<std::string, std::vector<std::string>> {
    Databases() { server(); }  // which outlives them
    Databases(const Databases&) = delete;
    Databases& operator=(const Databases&) = delete;
    ~Databases() {
      for (const auto& [key, names] : *this)
        for (const std::string& name : names) drop(name);
    }
  };
  static Databases& databases() {
    static Databases all;
    return all;
  }
  static void drop(const std::string& name) {
    try {
      server().script("DROP DATABASE " + name + " WITH (FORCE)");
    } catch (const std::exception&) {
      // It goes with the server.
    }
  }

  const std::string key_;
  std::string name_;
};

// Ends all other connections to its database, as a primary that goes away does.
inline void cut_others(PostgresConnection& db) {
  db.script(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = "
      "current_database() AND pid <> pg_backend_pid()");
}

class TestEngine {
 public:
  TestEngine(const std::filesystem::path& file, const Schema& schema,
             const UploadFolder* uploads = nullptr)
      : database_(is_on_postgres() ? std::make_unique<PostgresDatabase>(schema) : nullptr),
        engine_(database_ ? postgres_engine(database_->url(), schema, uploads)
                          : sqlite_engine(file, schema, uploads)) {}

  Engine& operator*() const { return *engine_; }

 private:
  std::unique_ptr<PostgresDatabase> database_;
  std::unique_ptr<Engine> engine_;
};

}  // namespace actiond::test
