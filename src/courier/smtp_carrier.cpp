#include "courier/smtp_carrier.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "base/encoding.h"
#include "courier/curl_client.h"

namespace actiond {
namespace {

constexpr long longest_connect_seconds = 10;
constexpr std::size_t most_reason_bytes = 300;

// A mail on its way.
struct Transfer {
  std::string_view left;    // of the message
  bool is_welcome = false;  // the relay has greeted us
  bool is_read = false;     // the relay has asked for the message
  std::string complaint;    // its last line that is one
};

std::size_t read_message(char* to, std::size_t size, std::size_t count, void* context) {
  auto& transfer = *static_cast<Transfer*>(context);
  transfer.is_read = true;
  const std::size_t bytes = std::min(size * count, transfer.left.size());
  std::memcpy(to, transfer.left.data(), bytes);
  transfer.left.remove_prefix(bytes);
  return bytes;
}

std::size_t note_line(char* bytes, std::size_t size, std::size_t count, void* context) {
  auto& transfer = *static_cast<Transfer*>(context);
  const std::string_view line(bytes, size * count);
  if (line.starts_with('2')) transfer.is_welcome = true;
  if (line.starts_with('4') || line.starts_with('5')) transfer.complaint = line;
  return line.size();
}

// The reply code, and the enhanced status code if there is one, of "550 5.1.1 …".
std::string codes_of(std::string_view line) {
  const std::string_view code = line.substr(0, 3);
  if (code.size() < 3 || !std::ranges::all_of(code, is_digit)) return "";
  const std::string_view text = line.substr(std::min<std::size_t>(line.size(), 4));
  const std::string_view status = text.substr(0, text.find(' '));
  const bool is_status =
      status.size() <= 9 && std::ranges::count(status, '.') == 2 &&
      std::ranges::all_of(status, [](char c) { return is_digit(c) || c == '.'; });
  return is_status ? fmt::format("{} {}", code, status) : std::string(code);
}

// Codes that are about us and not about the mail: authentication, or a service that ends.
bool is_about_connection(long code) {
  return code == 421 || code == 530 || code == 534 || code == 535 || code == 538;
}

Delivery::Outcome outcome_of(CURLcode result, long code, const Transfer& transfer) {
  using Outcome = Delivery::Outcome;
  if (result == CURLE_OK) return Outcome::Delivered;
  const bool is_answer = result == CURLE_SEND_ERROR || result == CURLE_WEIRD_SERVER_REPLY ||
                         result == CURLE_RECV_ERROR;
  if (is_answer && transfer.is_welcome && code >= 400 && code < 600 && !is_about_connection(code))
    return code < 500 ? Outcome::Failed : Outcome::Refused;
  // Nobody else's mail waits for one at which a relay hangs or breaks off.
  return transfer.is_read ? Outcome::Failed : Outcome::Unreachable;
}

}  // namespace

SmtpCarrier::SmtpCarrier(Relay relay, Credentials credentials, std::string name,
                         std::chrono::milliseconds limit)
    : relay_(std::move(relay)), credentials_(std::move(credentials)), name_(std::move(name)),
      limit_(limit), client_(std::make_unique<CurlClient>()) {}

SmtpCarrier::~SmtpCarrier() = default;

Delivery SmtpCarrier::deliver(const Parcel& parcel) {
  CurlClient& client = *client_;
  client.reset();
  Transfer transfer{parcel.message, false, false, {}};
  const CurlList to(curl_slist_append(nullptr, fmt::format("<{}>", parcel.to.text()).c_str()));
  const std::string url = fmt::format("{}/{}", relay_.url(), name_);
  const std::string from = fmt::format("<{}>", parcel.from.text());
  client.set(CURLOPT_URL, url.c_str());
  client.set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  client.set(CURLOPT_PROXY, "");  // whatever the environment says
  client.set(CURLOPT_MAIL_FROM, from.c_str());
  client.set(CURLOPT_MAIL_RCPT, to.get());
  client.set(CURLOPT_UPLOAD, 1L);
  client.set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(parcel.message.size()));
  client.set(CURLOPT_READFUNCTION, &read_message);
  client.set(CURLOPT_READDATA, &transfer);
  client.set(CURLOPT_HEADERFUNCTION, &note_line);
  client.set(CURLOPT_HEADERDATA, &transfer);
  client.set(CURLOPT_USE_SSL,
             static_cast<long>(relay_.is_loopback() ? CURLUSESSL_NONE : CURLUSESSL_ALL));
  client.set(CURLOPT_CONNECTTIMEOUT, longest_connect_seconds);
  client.set(CURLOPT_TIMEOUT_MS, static_cast<long>(limit_.count()));
  client.set(CURLOPT_NOSIGNAL, 1L);
  if (!credentials_.user.empty()) {
    client.set(CURLOPT_USERNAME, credentials_.user.c_str());
    client.set(CURLOPT_PASSWORD, credentials_.password.c_str());
  }
  const CURLcode result = client.perform();
  const long code = client.info<long>(CURLINFO_RESPONSE_CODE);
  // The connection was there.
  if (client.info<long>(CURLINFO_NUM_CONNECTS) == 0) transfer.is_welcome = true;
  const auto outcome = outcome_of(result, code, transfer);
  if (outcome == Delivery::Outcome::Delivered) return {outcome};
  const std::string_view complaint = trimmed(transfer.complaint);
  Delivery delivery{outcome, to_one_line(fmt::format("{}: {}", curl_easy_strerror(result),
                                                     complaint.substr(0, most_reason_bytes)))};
  if (!complaint.empty()) delivery.codes = codes_of(complaint);
  return delivery;
}

}  // namespace actiond
