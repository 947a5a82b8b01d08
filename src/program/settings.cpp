#include "program/settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <functional>
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

  Mailbox mailbox(std::string_view name, std::string_view missing) {
    const auto value = Mailbox::parse(text(name, missing));
    if (!value)
      fail(find(name)->source(),
           fmt::format("{} is an address, such as \"Example <hello@example.com>\"", name));
    return *value;
  }

  std::optional<Relay> relay(std::string_view name) {
    const std::string value = text(name, "");
    const auto relay = Relay::parse(value);
    if (!relay && !value.empty())
      fail(find(name)->source(),
           fmt::format("{} is empty, or such as \"smtp://mail.example.com:587\"", name));
    return relay;
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
    if (find(name) == nullptr) return {"http://localhost:8080"};
    auto origins = texts(name, "origin", "https://example.com", is_origin);
    if (origins.empty()) fail(find(name)->source(), fmt::format("{} is a list of origins", name));
    return origins;
  }

  // As browsers write them in the address of a page that is reached over https.
  std::vector<std::string> hosts(std::string_view name) {
    if (find(name) == nullptr) return {};
    return texts(name, "host", "maps.example.com",
                 [](std::string_view host) { return is_origin(fmt::format("https://{}", host)); });
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

  // A list of KINDs, each of which `is_good`.
  std::vector<std::string> texts(std::string_view name, std::string_view kind,
                                 std::string_view example,
                                 const std::function<bool(std::string_view)>& is_good) {
    const toml::node* node = find(name);
    const toml::array* list = node->as_array();
    if (list == nullptr) fail(node->source(), fmt::format("{} is a list of {}s", name, kind));
    std::vector<std::string> texts;
    for (const toml::node& element : *list) {
      const auto text = element.value_exact<std::string>();
      if (!text || !is_good(*text))
        fail(element.source(),
             fmt::format("{} holds something that is no {}, such as \"{}\"", name, kind, example));
      texts.push_back(*text);
    }
    return texts;
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
      .linked_hosts = reader.hosts("site.linked_hosts"),
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
      .courier = {.from = reader.mailbox("courier.from", "noreply@localhost"),
                  .relay = reader.relay("courier.relay"),
                  .relay_user = reader.text("courier.relay_user", ""),
                  .relay_password = reader.optional_path("courier.relay_password"),
                  .texts = reader.path("courier.texts", "mail"),
                  .files = reader.path("courier.files", data / "mail")},
  };
  reader.finish();
  return settings;
}

bool Settings::is_for_this_machine() const {
  return std::ranges::all_of(origins, [](std::string_view origin) {
    origin.remove_prefix(origin.find("//") + 2);
    const std::string_view host =
        origin.substr(0, origin.starts_with('[') ? origin.find(']') + 1 : origin.find(':'));
    return host == "localhost" || host == "[::1]" ||
           (host.starts_with("127.") && host.find_first_not_of("0123456789.") == host.npos);
  });
}

}  // namespace actiond
