// Signatures of webhooks, of the three schemes: what is taken, and what is not.
#include "action/webhook.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "base/crypto.h"
#include "base/encoding.h"

namespace actiond {
namespace {

const Time now(std::chrono::seconds(1'800'000'000));
const std::string body = R"({"id":"evt_1"})";

std::string to_hex(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  return text;
}

std::string mac(const std::string& text, const std::string& key = "whsec_a") {
  return hmac_sha256(key, text);
}

std::string stripe_header(Time at, const std::string& key = "whsec_a") {
  const auto seconds = at.time_since_epoch().count();
  return fmt::format("t={},v1={}", seconds, to_hex(mac(fmt::format("{}.{}", seconds, body), key)));
}

// "taken" if `sent` is with these headers, or status and message of the refusal.
std::string outcome(const SignatureScheme& scheme, std::vector<Header> headers,
                    const std::string& sent = body, std::optional<std::size_t> length = {}) {
  Request request{
      .id = "", .method = "POST", .path = "", .headers = std::move(headers), .read_body = nullptr};
  request.content_length = length.value_or(sent.size());
  std::size_t read = 0;
  request.read_body = [&](char* into, std::size_t size) {
    const std::size_t count = sent.copy(into, size, read);
    read += count;
    return count;
  };
  auto result = read_signed(request, {scheme, {"whsec_a", "whsec_b"}}, now);
  if (const auto* problem = std::get_if<Problem>(&result))
    return fmt::format("{} {} {}", problem->status, problem->detail.name, read);
  if (const auto problem = malformed(sent))
    return fmt::format("{} {} {}", problem->status, problem->detail.name, read);
  return std::get<std::string>(result) == sent ? "taken" : "changed";
}

std::string stripe_outcome(const std::string& header) {
  return outcome(stripe_signature, {{"stripe-signature", header}});
}

TEST_CASE("an event that Stripe signed with one of the secrets is taken") {
  CHECK(stripe_outcome(stripe_header(now)) == "taken");
  CHECK(stripe_outcome(stripe_header(now, "whsec_b")) == "taken");
  CHECK(stripe_outcome(stripe_header(now - signature_life)) == "taken");
  CHECK(stripe_outcome(stripe_header(now + signature_life)) == "taken");
  // Among others, of which Stripe sends several while a secret is rolled.
  std::string many = stripe_header(now);
  for (int other = 0; other < 50; ++other) many += ",v1=" + to_hex(mac("x"));
  CHECK(stripe_outcome(many) == "taken");
  CHECK(stripe_outcome("v0=00," + stripe_header(now) + ",x") == "taken");
}

TEST_CASE("an event that nobody signed is refused, and its body is not read") {
  const std::string right = stripe_header(now);
  for (const std::string& header :
       {std::string(), std::string("t=1800000000"), right.substr(right.find("v1=")),
        "t=-1,v1=" + to_hex(mac("x")), "t=1800000000000000000,v1=" + to_hex(mac("x")),
        "t= 1800000000," + right.substr(right.find("v1=")), right + ",t=1800000000",
        right + std::string(max_signature_bytes, ','), std::string("t=1800000000,v0=00")})
    CHECK(stripe_outcome(header) == "400 webhook.unsigned 0");
  CHECK(outcome(stripe_signature, {}) == "400 webhook.unsigned 0");
  CHECK(outcome(stripe_signature, {{"stripe-signature", right}, {"stripe-signature", right}}) ==
        "400 webhook.unsigned 0");
  for (const auto by : {signature_life + std::chrono::seconds(1), std::chrono::seconds(3600)}) {
    CHECK(stripe_outcome(stripe_header(now - by)) == "400 webhook.time 0");
    CHECK(stripe_outcome(stripe_header(now + by)) == "400 webhook.time 0");
  }
}

TEST_CASE("a signature of something else is refused") {
  const std::string right = stripe_header(now);
  const std::string forged = fmt::format("400 webhook.forged {}", body.size());
  CHECK(stripe_outcome(stripe_header(now, "whsec_c")) == forged);
  std::string upper = right;
  for (char& c : upper)
    if (c >= 'a' && c <= 'f') c = static_cast<char>(c - 32);
  CHECK(stripe_outcome(upper) == "400 webhook.unsigned 0");
  for (std::size_t at = right.find("v1=") + 3; at < right.size(); ++at) {
    std::string changed = right;
    changed[at] = changed[at] == '0' ? '1' : '0';
    CHECK(stripe_outcome(changed) == forged);
  }
  CHECK(stripe_outcome(right.substr(0, right.size() - 2)) == forged);
  CHECK(outcome(stripe_signature, {{"stripe-signature", right}}, body + " ") ==
        fmt::format("400 webhook.forged {}", body.size() + 1));
}

TEST_CASE("an event that is too long is not read on, signed or not") {
  const std::vector<Header> headers{{"stripe-signature", stripe_header(now)}};
  CHECK(outcome(stripe_signature, headers, body, max_event_bytes + 1) == "413 webhook.too_long 0");
  const std::string endless(4 * max_event_bytes, ' ');
  const std::string said = outcome(stripe_signature, headers, endless, 0);
  CHECK(said.starts_with("413 webhook.too_long"));
  CHECK(std::stoul(said.substr(said.rfind(' '))) < max_event_bytes + 32 * 1024);
}

TEST_CASE("what is signed and is no JSON is refused") {
  for (const std::string& text : {std::string("{\"id\":NaN}"), std::string("{\"id\":1}\0", 9)}) {
    const std::string header = "t=1800000000,v1=" + to_hex(mac("1800000000." + text));
    CHECK(outcome(stripe_signature, {{"stripe-signature", header}}, text) ==
          fmt::format("400 webhook.malformed {}", text.size()));
  }
}

TEST_CASE("events of Paddle and of Standard Webhooks are taken by their own schemes") {
  const std::string paddle = "ts=1800000000;h1=" + to_hex(mac("1800000000:" + body));
  CHECK(outcome(paddle_signature, {{"paddle-signature", paddle}}) == "taken");
  CHECK(outcome(paddle_signature, {{"paddle-signature", stripe_header(now)}}) ==
        "400 webhook.unsigned 0");

  // The example of https://github.com/standard-webhooks/standard-webhooks, at our moment.
  const Signing signing{standard_signature, {"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}};
  const std::string key = *signing.scheme.key(signing.secrets[0]);
  CHECK(key.size() == 24);
  std::string base64 = to_base64url(mac("msg_1.1800000000." + body, key));
  for (char& c : base64) c = c == '-' ? '+' : c == '_' ? '/' : c;
  const auto take = [&](const std::string& id, const std::string& signature) {
    Request request{.id = "",
                    .method = "POST",
                    .path = "",
                    .headers = {{"webhook-id", id},
                                {"webhook-timestamp", "1800000000"},
                                {"webhook-signature", signature}},
                    .read_body = nullptr};
    request.content_length = body.size();
    bool is_read = false;
    request.read_body = [&](char* into, std::size_t size) {
      return std::exchange(is_read, true) ? 0 : body.copy(into, size);
    };
    return std::holds_alternative<std::string>(read_signed(request, signing, now));
  };
  CHECK(take("msg_1", "v1," + base64 + "="));
  CHECK(take("msg_1", "v1a,xx v1,AAAA v1," + base64 + "="));
  CHECK_FALSE(take("msg_2", "v1," + base64 + "="));
  CHECK_FALSE(take("", "v1," + base64 + "="));
  CHECK_FALSE(take("msg_1", "v2," + base64 + "="));
  CHECK_FALSE(standard_signature.key("whsec_"));
  CHECK_FALSE(standard_signature.key("whsec_a b"));
}

}  // namespace
}  // namespace actiond
