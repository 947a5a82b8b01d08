#include "stripe/stripe_api.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string_view>

#include "base/encoding.h"
#include "base/log.h"
#include "courier/curl_client.h"
#include "payment/stripe_id.h"
#include "stripe/restricted_key.h"

namespace actiond {
namespace {

using Outcome = StripeAnswer::Outcome;

// Objects look as they do in this version, whatever the account's default is.
constexpr std::string_view version = "Stripe-Version: 2026-10-28.endive";

constexpr std::size_t most_bytes = 2 * 1024 * 1024;
constexpr long longest_connect_seconds = 5;
// The clocks may differ by as much as for an event.
constexpr std::chrono::minutes clock_slack(5);

// Of a name: letters, digits and '_', so that it may stand in the log and in the audit.
std::string as_name(std::string_view said) {
  const bool is_name = said.size() <= 64 && std::ranges::all_of(said, is_of_stripe_id);
  return is_name ? std::string(said) : std::string();
}

struct Refusal {
  std::string code = {};       // or the kind of error
  std::string parameter = {};  // of the request, that it is about
};

// Never the message, which may quote the key.
Refusal refusal_in(const std::string& body) {
  const auto json = nlohmann::json::parse(body, nullptr, false);
  const auto name_at = [&json](const char* pointer) {
    const nlohmann::json::json_pointer at(pointer);
    const bool is_text = json.is_object() && json.contains(at) && json[at].is_string();
    return is_text ? as_name(json[at].get<std::string>()) : std::string();
  };
  std::string code = name_at("/error/code");
  if (code.empty()) code = name_at("/error/type");
  return {std::move(code), name_at("/error/param")};
}

// A refusal may be about that object alone.
Outcome outcome_of(long status) {
  if (status == 200) return Outcome::Found;
  if (status == 404) return Outcome::Missing;
  constexpr std::array<long, 5> of_all{401, 429, 502, 503, 504};
  return std::ranges::find(of_all, status) != of_all.end() ? Outcome::Down : Outcome::Failed;
}

}  // namespace

struct StripeApi::Transfer {
  CURLcode result = CURLE_OK;
  long status = 0;
  std::string body = {}, date = {}, request_id = {};
  std::chrono::microseconds took = {};

  static std::size_t read_body(char* bytes, std::size_t size, std::size_t count, void* context) {
    std::string& body = static_cast<Transfer*>(context)->body;
    if (body.size() + size * count > most_bytes) return 0;
    body.append(bytes, size * count);
    return size * count;
  }
  static std::size_t read_header(char* bytes, std::size_t size, std::size_t count, void* context) {
    auto& transfer = *static_cast<Transfer*>(context);
    const std::string_view line(bytes, size * count);
    const std::size_t colon = line.find(':');
    const std::string name = to_lower(line.substr(0, colon));
    const std::string value(trimmed(colon == line.npos ? "" : line.substr(colon + 1)));
    if (name == "date") transfer.date = value;
    if (name == "request-id") transfer.request_id = as_name(value);
    return line.size();
  }
};

StripeApi::StripeApi(From from, WallClock clock, std::chrono::milliseconds limit)
    : from_(std::move(from)), clock_(std::move(clock)), limit_(limit),
      client_(std::make_unique<CurlClient>()) {}

StripeApi::~StripeApi() = default;

StripeAnswer StripeApi::ask(const StripeRequest& request, Clock::time_point now) {
  StripeAnswer answer = ask(request);
  if (answer.outcome == Outcome::Down) {
    breaker_.trip(now);
    if (trouble_ != answer.text)
      log_event("error", "Stripe cannot be asked", {{"reason", answer.text}});
    trouble_ = answer.text;
    return answer;
  }
  if (breaker_.is_tripped()) log_event("info", "Stripe answers again", {});
  breaker_.reset();
  trouble_.clear();
  return answer;
}

StripeAnswer StripeApi::ask(const StripeRequest& request) {
  std::string key;
  try {
    key = read_restricted_key(from_.key, from_.is_live);
  } catch (const std::runtime_error& error) {
    return {Outcome::Down, to_one_line(error.what()), {}, {}};
  }
  Transfer transfer;
  perform(request, key, transfer);
  return read(transfer);
}

void StripeApi::perform(const StripeRequest& request, const std::string& key, Transfer& transfer) {
  CurlClient& client = *client_;
  client.reset();
  const bool is_tls = from_.origin.starts_with("https://");
  const std::string url = from_.origin + request.path;
  CurlList headers(curl_slist_append(nullptr, std::string(version).c_str()));
  curl_slist_append(headers.get(), fmt::format("Authorization: Bearer {}", key).c_str());
  if (!request.form.empty()) {
    curl_slist_append(headers.get(), fmt::format("Idempotency-Key: {}", request.key).c_str());
    client.set(CURLOPT_POSTFIELDSIZE, static_cast<long>(request.form.size()));
    client.set(CURLOPT_POSTFIELDS, request.form.c_str());
  }
  client.set(CURLOPT_URL, url.c_str());
  client.set(CURLOPT_PROTOCOLS_STR, is_tls ? "https" : "http");
  client.set(CURLOPT_FOLLOWLOCATION, 0L);  // the key goes nowhere else
  client.set(CURLOPT_PROXY, "");           // whatever the environment says
  client.set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  client.set(CURLOPT_HTTPHEADER, headers.get());
  client.set(CURLOPT_USERAGENT, "actiond");
  client.set(CURLOPT_WRITEFUNCTION, &Transfer::read_body);
  client.set(CURLOPT_WRITEDATA, &transfer);
  client.set(CURLOPT_HEADERFUNCTION, &Transfer::read_header);
  client.set(CURLOPT_HEADERDATA, &transfer);
  client.set(CURLOPT_CONNECTTIMEOUT, longest_connect_seconds);
  client.set(CURLOPT_TIMEOUT_MS, static_cast<long>(limit_.count()));
  client.set(CURLOPT_NOSIGNAL, 1L);
  transfer.result = client.perform();
  transfer.status = client.info<long>(CURLINFO_RESPONSE_CODE);
  transfer.took = std::chrono::microseconds(client.info<curl_off_t>(CURLINFO_TOTAL_TIME_T));
}

StripeAnswer StripeApi::read(const Transfer& transfer) const {
  if (transfer.result == CURLE_WRITE_ERROR)
    return {Outcome::Failed, fmt::format("longer than {} bytes", most_bytes), {}, {}};
  if (transfer.result != CURLE_OK)
    return {Outcome::Down, to_one_line(curl_easy_strerror(transfer.result)), {}, {}};
  const Outcome outcome = outcome_of(transfer.status);
  if (outcome != Outcome::Found) {
    const Refusal refusal = refusal_in(transfer.body);
    const std::string reason =
        fmt::format("{} {} {}", transfer.status, refusal.code, refusal.parameter);
    return {outcome,
            std::string(trimmed(reason)),
            transfer.request_id,
            {},
            transfer.status,
            refusal.code == "resource_missing" ? refusal.parameter : std::string()};
  }
  const std::time_t date = curl_getdate(transfer.date.c_str(), nullptr);
  const Time answered{std::chrono::seconds(date)};
  const Time now = clock_();
  if (date < 0 || answered > now + clock_slack || answered < now - clock_slack)
    return {Outcome::Failed, "its clock and ours differ", transfer.request_id, {}, transfer.status};
  const Time asked = answered - std::chrono::ceil<std::chrono::seconds>(transfer.took);
  return {outcome, transfer.body, transfer.request_id, asked, transfer.status};
}

}  // namespace actiond
