#include "postgres/engine.h"

#include <unistd.h>

#include <cstdlib>
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

}  // namespace actiond
