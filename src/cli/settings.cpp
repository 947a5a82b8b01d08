#include "cli/settings.h"

#include <fmt/format.h>

// What the parser asserts a file can break ("[" before a line break); it tells that as an error too.
#define TOML_ASSERT(expression) static_cast<void>(0)
#define TOML_HEADER_ONLY 1
#include <toml++/toml.h>

#include <algorithm>
#include <charconv>
#include <set>
#include <string_view>

namespace actiond {
namespace {

[[noreturn]] void fail(const toml::source_region& where, const std::string& what) {
  throw WrongSetting(
      fmt::format("{}:{}: {}", where.path ? *where.path : "", where.begin.line, what));
}

// Reads settings one by one, and knows afterwards which ones nobody asked for.
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

  std::string text(std::string_view name) {
    const toml::node& node = require(name);
    const auto value = node.value_exact<std::string>();
    if (!value) fail(node.source(), fmt::format("{} is a text in quotes", name));
    return *value;
  }

  std::filesystem::path path(std::string_view name) {
    const std::string value = text(name);
    if (value.empty()) fail(require(name).source(), fmt::format("{} is empty", name));
    return (folder_ / value).lexically_normal();
  }

  // "" is a path too: none.
  std::filesystem::path optional_path(std::string_view name) {
    const std::string value = text(name);
    return value.empty() ? std::filesystem::path() : path(name);
  }

  LogFormat log_format(std::string_view name) {
    const std::string value = text(name);
    if (value == "logfmt") return LogFormat::Logfmt;
    if (value == "json") return LogFormat::Json;
    fail(require(name).source(), fmt::format("{} is \"logfmt\" or \"json\"", name));
  }

  int number(std::string_view name, int min, int max) {
    const toml::node& node = require(name);
    const auto value = node.value_exact<std::int64_t>();
    if (!value || *value < min || *value > max)
      fail(node.source(), fmt::format("{} is a whole number from {} to {}", name, min, max));
    return static_cast<int>(*value);
  }

  std::vector<std::string> origins(std::string_view name) {
    const toml::node& node = require(name);
    const toml::array* list = node.as_array();
    if (list == nullptr || list->empty())
      fail(node.source(), fmt::format("{} is a list of origins", name));
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

  void refuse_others() const {
    for (const auto& [section, node] : table_) {
      const toml::table* settings = node.as_table();
      if (settings == nullptr)
        fail(node.source(), fmt::format("unknown setting {}", section.str()));
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

  const toml::node& require(std::string_view name) {
    known_.emplace(name);
    const auto node = table_.at_path(name);
    if (!node) fail(table_.source(), fmt::format("the setting {} is missing", name));
    return *node.node();
  }

  toml::table table_;
  std::filesystem::path folder_;
  std::set<std::string> known_;
};

}  // namespace

Settings load_settings(const std::filesystem::path& file) {
  SettingsReader reader(file);
  Settings settings{
      .origins = reader.origins("site.origins"),
      .static_root = reader.path("site.static"),
      .session_days = reader.number("site.session_days", 1, 400),
      .session_idle_days = reader.number("site.session_idle_days", 1, 400),
      .database = reader.path("store.database"),
      .key_ring = reader.path("store.keys"),
      .uploads = reader.path("store.uploads"),
      .backups = reader.path("store.backups"),
      .pool = {.socket = reader.path("pool.socket"),
               .socket_group = reader.text("pool.socket_group"),
               .workers = reader.number("pool.workers", 1, 64),
               .threads = reader.number("pool.threads", 1, 256),
               .status_socket = reader.path("pool.status_socket"),
               .max_requests =
                   static_cast<std::uint64_t>(reader.number("pool.max_requests", 0, 1'000'000'000)),
               .request_timeout =
                   std::chrono::seconds(reader.number("pool.request_timeout", 1, 25))},
      .log = {.file = reader.optional_path("log.file"),
              .format = reader.log_format("log.format"),
              .slow = std::chrono::milliseconds(reader.number("log.slow_ms", 1, 60'000))},
  };
  reader.refuse_others();
  return settings;
}

}  // namespace actiond
