#include "postgres/address.h"

#include <libpq-fe.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "base/crypto.h"
#include "base/encoding.h"

namespace actiond {
namespace {

using Parts = std::map<std::string, std::string>;

// Those of `url` alone, and nothing of the environment.
Parts parts_of(const std::string& url) {
  char* said = nullptr;
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(
      PQconninfoParse(url.c_str(), &said), PQconninfoFree);
  if (!options) {
    const std::unique_ptr<char, decltype(&PQfreemem)> owned(said, PQfreemem);
    const std::string_view words = said != nullptr ? said : "out of memory";
    // Behind that it quotes what may be a part of the password.
    throw std::runtime_error("no address of a PostgreSQL server: " +
                             std::string(words.substr(0, words.find_first_of(":\""))));
  }
  Parts parts;
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option)
    if (option->val != nullptr) parts[option->keyword] = option->val;
  const auto refuse = [](const char* why) {
    throw std::runtime_error(std::string("no address of a PostgreSQL server: ") + why);
  };
  if (parts["port"].find_first_not_of("0123456789,") != std::string::npos)
    refuse("a port is no number; is a letter of the password not percent-encoded?");
  if (parts["dbname"].find('@') != std::string::npos)
    refuse("an '@' in the database's name; is a letter of the password not percent-encoded?");
  if (!parts["service"].empty()) refuse("services are not read: name the server");
  return parts;
}

std::vector<std::string> split(std::string_view list) {
  std::vector<std::string> all;
  while (true) {
    const std::size_t end = std::min(list.find(','), list.size());
    all.emplace_back(list.substr(0, end));
    if (end == list.size()) return all;
    list.remove_prefix(end + 1);
  }
}

}  // namespace

std::vector<PostgresHost> hosts_of(const std::string& url) {
  Parts parts = parts_of(url);
  const auto names = split(parts["host"]), addresses = split(parts["hostaddr"]),
             ports = split(parts["port"]);
  const std::size_t count = std::max(names.size(), addresses.size());
  // One port is for all of them.
  const auto of = [](const std::vector<std::string>& all, std::size_t at) {
    return all.size() == 1 ? all.front() : at < all.size() ? all[at] : "";
  };
  std::vector<PostgresHost> hosts;
  for (std::size_t at = 0; at < count; ++at)
    hosts.push_back({of(names, at), of(addresses, at), of(ports, at)});
  return hosts;
}

std::string shown_postgres(const std::string& url) {
  Parts parts = parts_of(url);
  std::string shown;
  for (const char* keyword : {"user", "dbname", "host", "hostaddr", "port"})
    if (const std::string& value = parts[keyword]; !value.empty())
      shown.append(shown.empty() ? "" : " ").append(keyword).append("=").append(value);
  return shown;
}

std::string user_of(const std::string& url) { return parts_of(url)["user"]; }

std::string file_name_of(const std::string& url) {
  Sha256 digest;
  digest.add(shown_postgres(url));
  return "postgres-" + to_base64url(std::move(digest).finish()).substr(0, 8);
}

bool is_over_network(const std::string& url) {
  return std::ranges::any_of(hosts_of(url), [](const PostgresHost& host) {
    const bool is_folder = host.name.empty() || host.name[0] == '/' || host.name[0] == '@';
    return !host.address.empty() || !is_folder;
  });
}

}  // namespace actiond
