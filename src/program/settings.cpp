#include "program/settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>
#include <string_view>

#include "program/toml.h"

namespace actiond {
namespace {

[[noreturn]] void fail(const toml::source_region& where, const std::string& what) {
  throw WrongSetting(
      fmt::format("{}:{}: {}", where.path ? *where.path : "", where.begin.line, what));
}

// Reads settings one by one, each with its default, and tells in `finish` what is there that nobody
// asked for.
class SettingsReader {
 public:
  explicit SettingsReader(const std::filesystem::path& file) try
      : table_(toml::parse_file(file.string())),
        folder_(std::filesystem::absolute(file).parent_path()) {
  } catch (const toml::parse_error& error) {
    if (!error.source().path || error.source().begin.line == 0)
      throw WrongSetting(fmt::format("{}: {}", file.string(), error.description()));
    fail(error.source(), std::string(error.description()));
  }

  std::string text(std::string_view name, std::string_view missing) {
    const toml::node* node = find(name);
    if (node == nullptr) return std::string(missing);
    const auto value = node->value_exact<std::string>();
    if (!value) fail(node->source(), fmt::format("{} is a text in quotes", name));
    return *value;
  }

  std::filesystem::path path(std::string_view name, const std::filesystem::path& missing) {
    const std::string value = text(name, missing.native());
    const toml::node* node = find(name);
    if (node != nullptr && value.empty()) fail(node->source(), fmt::format("{} is empty", name));
    return (folder_ / value).lexically_normal();
  }

  // "" is a path too: none.
  std::filesystem::path optional_path(std::string_view name) {
    const std::string value = text(name, "");
    return value.empty() ? std::filesystem::path() : path(name, "");
  }

  LogFormat log_format(std::string_view name) {
    const std::string value = text(name, "logfmt");
    if (value == "logfmt") return LogFormat::Logfmt;
    if (value == "json") return LogFormat::Json;
    fail(find(name)->source(), fmt::format("{} is \"logfmt\" or \"json\"", name));
  }

  CatalogueShows catalogue_shows(std::string_view name) {
    const std::string value = text(name, "own");
    if (value == "own") return CatalogueShows::Own;
    if (value == "all") return CatalogueShows::All;
    if (value == "off") return CatalogueShows::Off;
    fail(find(name)->source(), fmt::format("{} is \"own\", \"all\" or \"off\"", name));
  }

  int number(std::string_view name, int min, int max, int missing) {
    const toml::node* node = find(name);
    if (node == nullptr) return missing;
    const auto value = node->value_exact<std::int64_t>();
    if (!value || *value < min || *value > max)
      fail(node->source(), fmt::format("{} is a whole number from {} to {}", name, min, max));
    return static_cast<int>(*value);
  }

  std::vector<std::string> origins(std::string_view name) {
    const toml::node* node = find(name);
    if (node == nullptr) return {"http://localhost:8080"};
    const toml::array* list = node->as_array();
    if (list == nullptr || list->empty())
      fail(node->source(), fmt::format("{} is a list of origins", name));
    std::vector<std::string> origins;
    for (const toml::node& element : *list) {
      const auto origin = element.value_exact<std::string>();
      if (!origin || !is_origin(*origin))
        fail(element.source(),
             fmt::format("{} holds something that is no origin, such as \"https://example.com\"",
                         name));
      origins.push_back(*origin);
    }
    return origins;
  }

  void finish() const {
    for (const auto& [section, node] : table_) {
      const toml::table* settings = node.as_table();
      const std::string start = fmt::format("{}.", section.str());
      const auto first = known_.lower_bound(start);
      const bool is_known = first != known_.end() && first->starts_with(start);
      if (settings == nullptr && is_known)
        fail(node.source(), fmt::format("{0} is a section, [{0}]", section.str()));
      if (!is_known) fail(node.source(), fmt::format("unknown setting {}", section.str()));
      for (const auto& [name, value] : *settings) {
        const std::string full = fmt::format("{}.{}", section.str(), name.str());
        if (!known_.contains(full)) fail(value.source(), fmt::format("unknown setting {}", full));
      }
    }
  }

 private:
  // Scheme, host and port as a browser writes them in `Origin`: no upper case, nothing behind, and
  // no port that the scheme has by itself.
  static bool is_origin(std::string_view text) {
    const bool https = text.starts_with("https://");
    if (!https && !text.starts_with("http://")) return false;
    text.remove_prefix(https ? 8 : 7);
    const std::size_t host_end =
        std::min(text.find(':', text.starts_with('[') ? text.find(']') : 0), text.size());
    const std::string_view host = text.substr(0, host_end);
    const bool bracketed = host.starts_with('[') && host.ends_with(']') && host.size() > 2;
    const std::string_view allowed =
        bracketed ? "[]:0123456789abcdef" : "abcdefghijklmnopqrstuvwxyz0123456789.-";
    if (host.empty() || host.find_first_not_of(allowed) != host.npos) return false;
    if (host_end == text.size()) return true;
    const std::string_view port = text.substr(host_end + 1);
    int number = 0;
    const auto read = std::from_chars(port.data(), port.data() + port.size(), number);
    return read.ec == std::errc() && read.ptr == port.data() + port.size() && port[0] != '0' &&
           number > 0 && number <= 65535 && number != (https ? 443 : 80);
  }

  const toml::node* find(std::string_view name) {
    known_.emplace(name);
    return table_.at_path(name).node();
  }

  toml::table table_;
  std::filesystem::path folder_;
  std::set<std::string> known_;
};

}  // namespace

Settings load_settings(const std::filesystem::path& file, const Site& site) {
  SettingsReader reader(file);
  // Their defaults lie beside each other, wherever the operator put the first.
  const auto database = reader.path("store.database", "../var/site.db");
  const auto data = database.parent_path();
  const auto socket = reader.path("pool.socket", data / "actiond.sock");
  Settings settings{
      .site = site,
      .origins = reader.origins("site.origins"),
      .static_root = reader.path("site.static", "../static"),
      .published = reader.path("site.published", data / "site"),
      .messages = reader.path("site.messages", "messages"),
      .session_days = reader.number("site.session_days", 1, 400, 30),
      .session_idle_days = reader.number("site.session_idle_days", 1, 400, 14),
      .catalogue_shows = reader.catalogue_shows("site.catalogue"),
      .database = database,
      .key_ring = reader.path("store.keys", data / "keys"),
      .uploads = reader.path("store.uploads", data / "uploads"),
      .backups = reader.path("store.backups", data / "backups"),
      .pool = {.socket = socket,
               .socket_group = reader.text("pool.socket_group", ""),
               .workers = reader.number("pool.workers", 1, 64, 2),
               .threads = reader.number("pool.threads", 1, 256, 16),
               .status_socket =
                   reader.path("pool.status_socket", socket.parent_path() / "status.sock"),
               .max_requests = static_cast<std::uint64_t>(
                   reader.number("pool.max_requests", 0, 1'000'000'000, 0)),
               .request_timeout =
                   std::chrono::seconds(reader.number("pool.request_timeout", 1, 25, 20))},
      .log = {.file = reader.optional_path("log.file"),
              .format = reader.log_format("log.format"),
              .slow = std::chrono::milliseconds(reader.number("log.slow_ms", 1, 60'000, 1000))},
  };
  reader.finish();
  return settings;
}

}  // namespace actiond
