// An application whose hashes are counted, and tries at its accounts.
#pragma once

#include <atomic>
#include <chrono>
#include <string>
#include <vector>

#include "site_under_test.h"

namespace actiond::test {

using namespace std::chrono_literals;

// Takes no time, and tells how often it was asked.
class CountingHasher final : public PasswordHasher {
 public:
  CountingHasher() : PasswordHasher("") {}

  std::string hash(std::string_view password) const override {
    ++calls;
    return unmatchable_hash().append(password);
  }
  bool verify(std::string_view password, const std::string& hash) const override {
    ++calls;
    return hash == unmatchable_hash().append(password);
  }

  mutable std::atomic<int> calls = 0;
};

inline const std::string right = "correct horse";
inline const std::string office = "192.0.2.1";

// The value of the cookie `name` that `response` sets, as it is sent back; "" when it sets none.
inline std::string cookie_of(const Response& response, const std::string& name) {
  for (const auto& [header, value] : response.headers())
    if (header == "Set-Cookie" && value.starts_with(name + "="))
      return value.substr(0, value.find(';'));
  return "";
}

struct Guessing {
  CountingHasher hasher;
  SiteUnderTest site{actions_of(tested_site(), hasher)};

  Guessing() {
    sign_up("ada@example.com");
    site.change([](Transaction& tx) { tx.run("DELETE FROM attempts"); });
  }

  struct Sender {
    std::string address = office;
    std::string cookie = "";
    std::string accept = "application/json";
    bool https = false;
  };

  Response post(const std::string& action, const Fields& fields, const Sender& sender) {
    std::vector<Header> headers{{"accept", sender.accept},
                                {"sec-fetch-site", "same-origin"},
                                {"content-type", "application/x-www-form-urlencoded"}};
    if (!sender.cookie.empty()) headers.push_back({"cookie", sender.cookie});
    Request request = make_request("POST", "/actions/" + action, headers, urlencoded(fields));
    request.address = sender.address;
    request.https = sender.https;
    return site.send(request);
  }
  Response sign_in(const std::string& email, const std::string& password, const Sender& sender) {
    return post("sign-in", {{"email", email}, {"password", password}}, sender);
  }
  Response sign_in(const std::string& email, const std::string& password) {
    return sign_in(email, password, Sender{});
  }
  Response sign_up(const std::string& email, const Sender& sender) {
    return post("sign-up", {{"email", email}, {"password", right}, {"name", "A"}}, sender);
  }
  Response sign_up(const std::string& email) { return sign_up(email, Sender{}); }

  int wait(const Response& response) {
    const std::string header = test::header(response, "Retry-After");
    return header.empty() ? 0 : std::stoi(header);
  }
  std::int64_t attempts() {
    return std::get<0>(*site.database.reader().row<std::int64_t>("SELECT count(*) FROM attempts"));
  }
  // Until the next try is refused; how many were not.
  int guess(const std::string& email, const Sender& sender) {
    int guesses = 0;
    while (guesses < 1000 && sign_in(email, "wrong horse", sender).status() == 422) ++guesses;
    return guesses;
  }
};

}  // namespace actiond::test
