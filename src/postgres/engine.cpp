#include "postgres/engine.h"

#include <libpq-fe.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>
#include <vector>

#include "postgres/server.h"

namespace actiond {
namespace {

struct Part {
  std::string keyword, value;
};

// Those of `url` alone, and nothing of the environment.
std::vector<Part> parts_of(const std::string& url) {
  char* said = nullptr;
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(
      PQconninfoParse(url.c_str(), &said), PQconninfoFree);
  if (!options) {
    const std::unique_ptr<char, decltype(&PQfreemem)> owned(said, PQfreemem);
    throw std::runtime_error("no address of a PostgreSQL server: " +
                             std::string(said != nullptr ? said : "out of memory"));
  }
  std::vector<Part> parts;
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option)
    if (option->val != nullptr) parts.push_back({option->keyword, option->val});
  return parts;
}

}  // namespace

bool is_postgres_url(std::string_view database) {
  return database.starts_with("postgresql://") || database.starts_with("postgres://");
}

std::unique_ptr<Engine> postgres_engine(std::string url, Schema schema, const UploadFolder* uploads,
                                        CommitWatch* watch) {
  return std::make_unique<PostgresServer>(std::move(url), std::move(schema), uploads, watch);
}

std::string shown_postgres(const std::string& url) {
  constexpr std::array<std::string_view, 5> harmless{"host", "hostaddr", "port", "dbname", "user"};
  std::string shown;
  for (const auto& [keyword, value] : parts_of(url))
    if (std::ranges::count(harmless, keyword) > 0)
      shown.append(shown.empty() ? "" : " ").append(keyword).append("=").append(value);
  return shown;
}

bool is_over_network(const std::string& url) {
  return std::ranges::any_of(parts_of(url), [](const Part& part) {
    if (part.keyword == "hostaddr") return true;
    // A list, each a host's name, a folder or an abstract socket.
    return part.keyword == "host" && !part.value.starts_with('/') && !part.value.starts_with('@');
  });
}

}  // namespace actiond
