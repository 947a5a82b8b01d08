// Judges signed events for tests/browser/webhooks.mjs: reads a JSON array of
// {"scheme", "secret", "headers": {}, "body", "now"}, and prints one of whether each is taken.
#include <iostream>
#include <nlohmann/json.hpp>

#include "action/webhook.h"

namespace actiond {
namespace {

const SignatureScheme& scheme_named(const std::string& name) {
  if (name == "stripe") return stripe_signature;
  return name == "paddle" ? paddle_signature : standard_signature;
}

bool is_taken(const nlohmann::json& event) {
  const std::string body = event["body"];
  Request request{.id = "", .method = "POST", .path = "", .headers = {}, .read_body = nullptr};
  for (const auto& [name, value] : event["headers"].items())
    request.headers.push_back({name, value});
  request.content_length = body.size();
  std::size_t read = 0;
  request.read_body = [&](char* into, std::size_t size) {
    const std::size_t count = body.copy(into, size, read);
    read += count;
    return count;
  };
  const Time now(std::chrono::seconds(event["now"].get<std::int64_t>()));
  const Signing signing{scheme_named(event["scheme"]), {event["secret"].get<std::string>()}};
  return std::holds_alternative<std::string>(read_signed(request, signing, now)) &&
         !malformed(body);
}

}  // namespace
}  // namespace actiond

int main() {
  const auto events = nlohmann::json::parse(std::cin);
  nlohmann::json taken = nlohmann::json::array();
  for (const auto& event : events) taken.push_back(actiond::is_taken(event));
  std::cout << taken << '\n';
}
