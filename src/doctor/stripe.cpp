// The way to Stripe under nginx's policy, the key by which the courier asks Stripe, and what it has
// not fetched.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <sstream>

#include "base/count.h"
#include "base/program_name.h"
#include "doctor/asking.h"
#include "doctor/facts.h"
#include "program/engine.h"
#include "program/program.h"
#include "stripe/restricted_key.h"

namespace actiond::doctor {
namespace {

constexpr std::chrono::minutes longest_fetch(10);
constexpr std::chrono::hours longest_night(26);  // from its beginning to the next one's end

// Of a source in form-action, https://www.w3.org/TR/CSP3/#match-host-source
bool covers(std::string_view source, std::string_view host) {
  constexpr std::string_view scheme = "https://";
  if (source.starts_with(scheme)) source.remove_prefix(scheme.size());
  if (source.starts_with("*.")) return host.ends_with(source.substr(1));
  return source == "*" || source == "https:" || source == host;
}

// Of the courier's user, when that is not the one who asks.
bool is_in_closed_folder(const std::filesystem::path& file) {
  return access(file.c_str(), F_OK) != 0 && errno == EACCES;
}

Findings check_ways(const Patient& patient) {
  constexpr std::string_view path = "/actions/upgrade";
  const auto hosts = patient.settings.stripe.payments.hosts();
  Findings found;
  if (hosts.empty()) return found;
  for (const Origin& origin : answering_origins(patient)) {
    const std::string policy = send(origin, "GET", path).header("content-security-policy");
    for (const std::string& host : unlisted_hosts(policy, hosts))
      found.push_back(
          {fmt::format("{}{}: form-action does not list {}", origin.text, path, host),
           "Without the script a browser stops there on its way to the payment.",
           fmt::format("Add https://{} to form-action in headers.conf, and reload nginx.", host)});
  }
  return found;
}

}  // namespace

std::vector<std::string> unlisted_hosts(const std::string& policy, std::vector<std::string> hosts) {
  const std::size_t at = policy.find("form-action ");
  if (at == policy.npos) return {};  // any is good
  std::istringstream sources(policy.substr(at, policy.find(';', at) - at));
  for (std::string source; sources >> source;)
    std::erase_if(hosts, [&source](const std::string& host) { return covers(source, host); });
  return hosts;
}

Findings judge(const StripeFacts& facts) {
  Findings found;
  const auto& [waiting, oldest] = facts.fetches;
  if (oldest && facts.now - *oldest > longest_fetch)
    found.push_back(
        {fmt::format("{} to fetch from Stripe, the oldest since {}", count(waiting, "object"),
                     to_rfc3339(*oldest)),
         "What somebody paid or cancelled has no effect yet.",
         fmt::format("See the log for the reason, and whether {} runs.", in_shell("courier"))});
  if (const LostSessions& sessions = facts.sessions; sessions.lost > 0)
    found.push_back(
        {fmt::format("{} of checkout or portal never made{}", count(sessions.lost, "session"),
                     sessions.reason.empty() ? "" : fmt::format(": {}", sessions.reason)),
         "Somebody who wanted to pay, or to change a payment, got no further.",
         fmt::format("See whether {} runs, and at Stripe what the key may write.",
                     in_shell("courier"))});
  if (!facts.night || facts.now - facts.night->night > longest_night)
    found.push_back({"no subscription was compared with Stripe in the last night",
                     "What an event told that never came is not mended.",
                     fmt::format("See whether {} runs.", in_shell("courier"))});
  else if (facts.night->report.starts_with("broken off"))
    found.push_back({fmt::format("the comparison with Stripe was {}", facts.night->report),
                     "What an event told that never came is not mended.",
                     "See at Stripe what the key may read."});
  return found;
}

Findings check_stripe(const Patient& patient) {
  const StripeSettings& stripe = patient.settings.stripe;
  Findings found = check_ways(patient);
  if (!stripe.payments.asks) return found;
  try {
    if (!is_in_closed_folder(stripe.restricted_key))
      read_restricted_key(stripe.restricted_key, stripe.payments.is_live);
  } catch (const std::runtime_error& wrong) {
    found.push_back({wrong.what(), "The courier asks Stripe nothing.",
                     "Make a restricted key at Stripe, and put it into that file, mode 0600."});
    return found;
  }
  StripeFacts facts{.fetches = {}, .sessions = {}, .night = {}, .now = current_time()};
  read_data(patient.settings, [&](Reader& db) {
    facts.fetches = count_fetches(db);
    facts.sessions = count_lost_sessions(db, facts.now);
    facts.night = find_last_night(db);
  });
  std::ranges::move(judge(facts), std::back_inserter(found));
  return found;
}

}  // namespace actiond::doctor
