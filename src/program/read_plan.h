// Reads a table of [[stripe.plan]].  For settings_reader.h alone.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "base/dashed_name.h"
#include "http/url.h"
#include "program/settings.h"
#include "program/toml.h"

namespace actiond {

[[noreturn]] inline void fail_setting(const toml::source_region& where, const std::string& what) {
  throw WrongSetting(
      fmt::format("{}:{}: {}", where.path ? *where.path : "", where.begin.line, what));
}

inline void require_https(const toml::node& node, std::string_view name, const std::string& value) {
  const auto url = resolve_url(value, "/");
  if (!value.starts_with("https://") || !url || url->host.empty() ||
      value.find_first_of(" @\"'<>\\#") != value.npos)
    fail_setting(node.source(), fmt::format("{} is an address, \"https://…\"", name));
}

// With a key to ask Stripe by, a plan with a price needs no link.
inline Plan read_plan(const toml::table& table, std::string_view where, bool has_key) {
  Plan plan;
  for (const auto& [key, node] : table) {
    const std::string name = fmt::format("{}.{}", where, key.str());
    const auto text = node.value_exact<std::string>();
    if (key == "name") {
      if (!text || !is_dashed_name(*text) || text->size() > 40)
        fail_setting(node.source(), fmt::format("{} is a name of [a-z0-9-]+", name));
      plan.name = *text;
    } else if (key == "link") {
      require_https(node, name, text.value_or(""));
      plan.link = *text;
    } else if (key == "prices") {
      const toml::array* prices = node.as_array();
      for (std::size_t at = 0; prices != nullptr && at < prices->size(); ++at)
        plan.prices.push_back((*prices)[at].value_exact<std::string>().value_or(""));
      if (plan.prices.empty() || std::ranges::count(plan.prices, "") > 0)
        fail_setting(node.source(), fmt::format("{} is a list of ids, such as \"price_1\"", name));
    } else if (key == "days") {
      const auto days = node.value_exact<std::int64_t>();
      if (!days || *days < 0 || *days > 36'500)
        fail_setting(node.source(), fmt::format("{} is a whole number from 0 to 36500", name));
      plan.once = std::chrono::days(*days);
    } else {
      fail_setting(node.source(), fmt::format("unknown setting {}", name));
    }
  }
  const bool has_way = !plan.link.empty() || (has_key && !plan.price_for_checkout().empty());
  if (plan.name.empty() || plan.prices.empty() || !has_way)
    fail_setting(table.source(), fmt::format("{} has a name, prices and a link", where));
  return plan;
}

}  // namespace actiond
