#include "postgres/engine.h"

#include <unistd.h>

#include <cstdlib>
#include <stdexcept>
#include <utility>
#include <vector>

#include "postgres/server.h"

namespace actiond {
namespace {

// PGHOST, PGPASSWORD and the like: a process trusts nothing that it inherits.
void forget_environment() {
  std::vector<std::string> names;
  for (char** variable = environ; *variable != nullptr; ++variable)
    if (const std::string_view text(*variable); text.starts_with("PG"))
      names.emplace_back(text.substr(0, text.find('=')));
  for (const std::string& name : names) unsetenv(name.c_str());
}

}  // namespace

bool is_postgres_url(std::string_view database) {
  return database.starts_with("postgresql://") || database.starts_with("postgres://");
}

std::unique_ptr<Engine> postgres_engine(std::string url, Schema schema, const UploadFolder* uploads,
                                        CommitWatch* watch, int connections) {
  forget_environment();
  return std::make_unique<PostgresServer>(std::move(url), std::move(schema), uploads, watch,
                                          connections);
}

int migrate_as(const std::string& owner, const std::string& url, Schema schema) {
  const std::string workers = user_of(url);
  if (workers.empty() || workers == user_of(owner))
    throw std::runtime_error(
        "two users are needed: store.database names the one that reads and writes rows, and "
        "--database the one that makes tables");
  forget_environment();
  PostgresServer server(owner, std::move(schema), nullptr, nullptr, 1);
  const int ran = server.migrate();
  server.grant_rows(workers);
  return ran;
}

}  // namespace actiond
