// Reads a file of settings, setting by setting.  For settings.cpp alone.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/unix_address.h"
#include "postgres/engine.h"
#include "program/origin.h"
#include "program/read_plan.h"
#include "program/settings.h"

namespace actiond {

// Reads settings one by one, each with its default, and tells in `finish` what is there that nobody
// asked for.
class SettingsReader {
 public:
  explicit SettingsReader(const std::filesystem::path& file) try
      : table_(toml::parse_file(file.string())),
        folder_(std::filesystem::absolute(file).parent_path()) {
  } catch (const toml::parse_error& error) {
    if (!std::filesystem::exists(file))
      throw WrongSetting(
          file.string() +
          ": there are no settings here; --config FILE or ACTIOND_CONFIG names them");
    if (!error.source().path || error.source().begin.line == 0)
      throw WrongSetting(fmt::format("{}: {}", file.string(), error.description()));
    fail_setting(error.source(), std::string(error.description()));
  }

  std::string text(std::string_view name, std::string_view missing) {
    const toml::node* node = find(name);
    if (node == nullptr) return std::string(missing);
    const auto value = node->value_exact<std::string>();
    if (!value) fail_setting(node->source(), fmt::format("{} is a text in quotes", name));
    return *value;
  }

  std::filesystem::path path(std::string_view name, const std::filesystem::path& missing) {
    const std::string value = text(name, missing.native());
    const toml::node* node = find(name);
    if (node != nullptr && value.empty())
      fail_setting(node->source(), fmt::format("{} is empty", name));
    return (folder_ / value).lexically_normal();
  }

  // Neither folder may hold the other: the first is cleared of all that is not put there.
  void require_apart(std::string_view name, const std::filesystem::path& folder,
                     std::string_view other_name, const std::filesystem::path& other) {
    const auto holds = [](const auto& one, const auto& inner) {
      const std::filesystem::path way = inner.lexically_relative(one);
      return !way.empty() && *way.begin() != "..";
    };
    if (!holds(folder, other) && !holds(other, folder)) return;
    const toml::node* node = find(name);
    fail_setting((node != nullptr ? node : find(other_name))->source(),
                 fmt::format("{} and {} are folders apart from each other", name, other_name));
  }

  // Of a Unix socket.
  std::filesystem::path socket(std::string_view name, const std::filesystem::path& missing) {
    std::filesystem::path at = path(name, missing);
    const toml::node* node = find(name);
    if (node != nullptr && at.native().size() > UnixAddress::most_bytes)
      fail_setting(node->source(),
                   fmt::format("{} is longer than {} bytes", name, UnixAddress::most_bytes));
    return at;
  }

  // The address of a server; "" when it is a path.
  std::string postgres(std::string_view name) {
    std::string url = text(name, "");
    if (!is_postgres_url(url)) return "";
    try {
      shown_postgres(url);
    } catch (const std::runtime_error& error) {
      fail_setting(find(name)->source(), fmt::format("{}: {}", name, error.what()));
    }
    return url;
  }

  // SQLite's file.  Where a server has the data this is not made; its lock, beside the key ring, is
  // of that server, so that no reload changes it.
  std::filesystem::path database(std::string_view name, std::string_view keys) {
    const std::string url = postgres(name);
    if (url.empty()) return path(name, "../var/site.db");
    return path(keys, "../var/keys").parent_path() / file_name_of(url);
  }

  // "" is a path too: none.
  std::filesystem::path optional_path(std::string_view name) {
    const std::string value = text(name, "");
    return value.empty() ? std::filesystem::path() : path(name, "");
  }

  Mailbox mailbox(std::string_view name, std::string_view missing) {
    const auto value = Mailbox::parse(text(name, missing));
    if (!value)
      fail_setting(find(name)->source(),
                   fmt::format("{} is an address, such as \"Example <hello@example.com>\"", name));
    return *value;
  }

  // One, or a list of them.
  std::vector<Address> addresses(std::string_view name, std::string_view missing) {
    const toml::node* node = find(name);
    std::vector<std::string> all;
    if (node != nullptr && node->is_array())
      all = texts(name, "address", "me@example.com",
                  [](std::string_view one) { return Address::parse(one).has_value(); });
    else
      all = {text(name, missing)};
    std::vector<Address> addresses;
    for (const std::string& one : all) {
      const auto address = Address::parse(one);
      if (!address)
        fail_setting(node->source(),
                     fmt::format("{} is an address, such as \"me@example.com\"", name));
      addresses.push_back(*address);
    }
    return addresses;
  }

  std::optional<Relay> relay(std::string_view name) {
    const std::string value = text(name, "");
    const auto relay = Relay::parse(value);
    if (!relay && !value.empty())
      fail_setting(find(name)->source(),
                   fmt::format("{} is empty, or such as \"smtp://mail.example.com:587\"", name));
    return relay;
  }

  // False when it is missing.
  bool flag(std::string_view name) {
    const toml::node* node = find(name);
    if (node == nullptr) return false;
    const auto value = node->value_exact<bool>();
    if (!value) fail_setting(node->source(), fmt::format("{} is true or false", name));
    return *value;
  }

  // One of `words`, of which the first is the default.
  std::string word(std::string_view name, const std::vector<std::string_view>& words) {
    const std::string value = text(name, words.front());
    if (std::ranges::find(words, value) != words.end()) return value;
    std::string all;
    for (const std::string_view& one : words)
      all += fmt::format("{}\"{}\"",
                         &one == &words.front()  ? ""
                         : &one == &words.back() ? " or "
                                                 : ", ",
                         one);
    fail_setting(find(name)->source(), fmt::format("{} is {}", name, all));
  }

  LogFormat log_format(std::string_view name) {
    return word(name, {"logfmt", "json"}) == "json" ? LogFormat::Json : LogFormat::Logfmt;
  }

  CatalogueShows catalogue_shows(std::string_view name) {
    const std::string value = word(name, {"own", "all", "off"});
    if (value == "own") return CatalogueShows::Own;
    return value == "all" ? CatalogueShows::All : CatalogueShows::Off;
  }

  PastDue past_due(std::string_view name) {
    const std::string value = word(name, {"grace", "keep", "end"});
    if (value == "grace") return PastDue::Grace;
    return value == "keep" ? PastDue::Keep : PastDue::End;
  }

  std::chrono::days days(std::string_view name, int min, int max, int missing) {
    return std::chrono::days(number(name, min, max, missing));
  }

  // An address of another site; "" is none.
  std::string https(std::string_view name) {
    const std::string value = text(name, "");
    if (!value.empty()) require_https(*find(name), name, value);
    return value;
  }

  // An origin to which a key is sent.
  std::string api(std::string_view name, std::string_view missing) {
    const std::string value = text(name, missing);
    if (!is_origin(value) || !(value.starts_with("https://") || is_loopback_origin(value)))
      fail_setting(find(name)->source(), fmt::format("{} is an https or local origin", name));
    return value;
  }

  // The tables of [[stripe.plan]].
  std::vector<Plan> plans(std::string_view name, bool has_key) {
    const toml::node* node = find(name);
    if (node == nullptr) return {};
    const toml::array* list = node->as_array();
    if (list == nullptr || !list->is_homogeneous<toml::table>())
      fail_setting(node->source(), fmt::format("{0} is a list of tables, [[{0}]]", name));
    std::vector<Plan> plans;
    for (const toml::node& one : *list) {
      Plan plan = read_plan(*one.as_table(), name, has_key);
      if (std::ranges::count(plans, plan.name, &Plan::name) > 0)
        fail_setting(one.source(), fmt::format("{} \"{}\" is there twice", name, plan.name));
      for (const std::string& price : plan.prices)
        for (const Plan& other : plans)
          if (std::ranges::count(other.prices, price) > 0)
            fail_setting(one.source(), fmt::format("the price \"{}\" is of \"{}\" and of \"{}\"",
                                                   price, other.name, plan.name));
      plans.push_back(std::move(plan));
    }
    return plans;
  }

  // Without one nobody could tell whose a payment is.
  void require_secrets(const StripeSettings& stripe) {
    const char* name = stripe.payments.asks ? "stripe.restricted_key" : "stripe.plan";
    if (stripe.secrets.empty() && (stripe.payments.asks || !stripe.payments.plans.empty()))
      fail_setting(find(name)->source(), fmt::format("{} needs stripe.secrets", name));
  }

  int number(std::string_view name, int min, int max, int missing) {
    const toml::node* node = find(name);
    if (node == nullptr) return missing;
    const auto value = node->value_exact<std::int64_t>();
    if (!value || *value < min || *value > max)
      fail_setting(node->source(),
                   fmt::format("{} is a whole number from {} to {}", name, min, max));
    return static_cast<int>(*value);
  }

  std::vector<std::string> origins(std::string_view name) {
    if (find(name) == nullptr) return {"http://localhost:8080"};
    auto origins = texts(name, "origin", "https://example.com", is_origin);
    if (origins.empty())
      fail_setting(find(name)->source(), fmt::format("{} is a list of origins", name));
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
        fail_setting(node.source(), fmt::format("{0} is a section, [{0}]", section.str()));
      if (!is_known) fail_setting(node.source(), fmt::format("unknown setting {}", section.str()));
      for (const auto& [name, value] : *settings) {
        const std::string full = fmt::format("{}.{}", section.str(), name.str());
        if (!known_.contains(full))
          fail_setting(value.source(), fmt::format("unknown setting {}", full));
      }
    }
  }

 private:
  // A list of KINDs, each of which `is_good`.
  std::vector<std::string> texts(std::string_view name, std::string_view kind,
                                 std::string_view example,
                                 const std::function<bool(std::string_view)>& is_good) {
    const toml::node* node = find(name);
    const toml::array* list = node->as_array();
    if (list == nullptr)
      fail_setting(node->source(), fmt::format("{} is a list of {}s", name, kind));
    std::vector<std::string> texts;
    for (const toml::node& element : *list) {
      const auto text = element.value_exact<std::string>();
      if (!text || !is_good(*text))
        fail_setting(
            element.source(),
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

}  // namespace actiond
