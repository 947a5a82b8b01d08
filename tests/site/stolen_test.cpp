// S37, S39, S43: many accounts, device cookies or keys of submissions make no more guesses.
#include <doctest/doctest.h>

#include "guessing.h"

namespace actiond {
namespace {

using namespace std::chrono_literals;
using namespace actiond::test;

TEST_CASE(
    "S37 a network signs up three hundred accounts in fifteen minutes, and no other pays for it") {
  Guessing guessing;
  const auto sign_up = [&](int at, const std::string& address) {
    return guessing.sign_up("new" + std::to_string(at) + "@example.com", {.address = address})
        .status();
  };
  for (int at = 0; at < 310; ++at) CHECK(sign_up(at, "192.0.2.2") == (at < 300 ? 200 : 429));
  CHECK(sign_up(400, "192.0.2.3") == 200);
  CHECK(guessing.sign_in("ada@example.com", right, {.address = "192.0.2.3"}).status() == 200);
  guessing.site.now += 15min;
  CHECK(sign_up(401, "192.0.2.2") == 200);
}

TEST_CASE("S37 what anybody may write has a price by network, but for this machine itself") {
  Guessing guessing;
  const auto write = [&](const std::string& address, const std::string& message) {
    return guessing.post("comments", {{"message", message}}, {.address = address}).status();
  };
  for (int at = 0; at < 300; ++at) {
    CHECK(write("192.0.2.2", "") == 422);  // costs nothing
    CHECK(write("192.0.2.2", "Hello") == 200);
  }
  CHECK(write("192.0.2.2", "Hello") == 429);
  CHECK(write("192.0.2.3", "Hello") == 200);
  CHECK(guessing.sign_in("ada@example.com", right, {.address = "192.0.2.2"}).status() == 200);
  for (int at = 0; at < 310; ++at) CHECK(write("127.0.0.1", "Hello") == 200);
  guessing.site.now += 15min;
  CHECK(write("192.0.2.2", "Hello") == 200);
}

// Device cookies of ada, got with the right password.
std::vector<std::string> collect_devices(Guessing& guessing, int count) {
  std::vector<std::string> devices;
  for (int at = 0; at < count; ++at)
    devices.push_back(cookie_of(guessing.sign_in("ada@example.com", right), "device"));
  return devices;
}

TEST_CASE("S39 a new password, ended sessions and disabling end every device cookie") {
  struct Row {
    std::string what;
    std::function<void(Guessing&)> end;
  };
  for (const Row& row : std::vector<Row>{
           {"a new password",
            [](Guessing& guessing) {
              const std::string session =
                  cookie_of(guessing.sign_in("ada@example.com", right), "session");
              CHECK(guessing
                        .post("change-password", {{"present", right}, {"password", "new horse 1"}},
                              {.cookie = session})
                        .status() == 200);
            }},
           {"sessions end",
            [](Guessing& guessing) {
              guessing.site.change([](Transaction& tx) {
                end_sessions(tx, find_account(tx, "ada@example.com")->id);
              });
            }},
           {"user disable", [](Guessing& guessing) {
              guessing.site.change([&guessing](Transaction& tx) {
                disable_account(tx, find_account(tx, "ada@example.com")->id, guessing.site.now);
              });
            }}}) {
    CAPTURE(row.what);
    Guessing guessing;
    const auto devices = collect_devices(guessing, 30);
    row.end(guessing);
    int guesses = 0;
    for (const std::string& device : devices)
      guesses += guessing.guess("ada@example.com", {.cookie = device});
    CHECK(guesses == 5);
  }
}

TEST_CASE("S39 the device that sets a new password stays known") {
  Guessing guessing;
  const Response in = guessing.sign_in("ada@example.com", right);
  const Response changed =
      guessing.post("change-password", {{"present", right}, {"password", "new horse 1"}},
                    {.cookie = cookie_of(in, "session") + "; " + cookie_of(in, "device")});
  REQUIRE(changed.status() == 200);
  CHECK(guessing.guess("ada@example.com", {.address = "203.0.113.9"}) == 5);
  CHECK(guessing.sign_in("ada@example.com", "new horse 1", {.cookie = cookie_of(in, "device")})
            .status() == 429);
  CHECK(guessing.sign_in("ada@example.com", "new horse 1", {.cookie = cookie_of(changed, "device")})
            .status() == 200);
}

TEST_CASE("S39 an account is tried thirty times over all devices, and a network counts those too") {
  Guessing guessing;
  int guesses = 0;
  for (const std::string& device : collect_devices(guessing, 30))
    guesses += guessing.guess("ada@example.com", {.cookie = device});
  CHECK(guesses == 30);
  const Response refused = guessing.sign_in("ada@example.com", right);
  CHECK(guessing.wait(refused) == 15 * 60);
  // Other accounts' devices, from one network.
  Guessing many;
  int tried = 0;
  for (int at = 0; at < 30; ++at) {
    const std::string email = "user" + std::to_string(at) + "@example.com";
    const std::string device =
        cookie_of(many.sign_up(email, {.address = "198.51.100." + std::to_string(at)}), "device");
    tried += many.guess(email, {.cookie = device});
  }
  CHECK(tried == 100);
}

TEST_CASE("S43 the key of somebody's sign-up gives no session and tells no password") {
  for (const bool in_field : {false, true}) {
    CAPTURE(in_field);
    Guessing guessing;
    const auto sign_up = [&](const std::string& password) {
      std::vector<Header> headers{{"accept", "application/json"},
                                  {"sec-fetch-site", "same-origin"},
                                  {"content-type", "application/x-www-form-urlencoded"}};
      test::Fields fields{{"email", "bob@example.com"}, {"password", password}, {"name", "B"}};
      if (in_field)
        fields.push_back({"_once", "known-key"});
      else
        headers.push_back({"idempotency-key", "known-key"});
      Request request =
          test::make_request("POST", "/actions/sign-up", headers, test::urlencoded(fields));
      request.address = office;
      return guessing.site.send(request);
    };
    REQUIRE(cookie_of(sign_up(right), "session") != "");
    std::string told;
    int answered = 0;
    for (int at = 0; at < 150; ++at) {
      const Response response = sign_up(at == 60 ? right : "wrong horse " + std::to_string(at));
      CHECK(cookie_of(response, "session") == "");
      CHECK(cookie_of(response, "device") == "");
      if (response.status() == 429) continue;
      ++answered;
      if (told.empty()) told = response.body;
      CHECK(response.body == told);
      CHECK(response.body.find("/sign-in.html") != std::string::npos);
    }
    CHECK(answered == 100);  // as many as a network may fail
  }
}

TEST_CASE("S43 the key of somebody's sign-in is no key: the password is asked again") {
  Guessing guessing;
  const test::Fields fields{
      {"email", "ada@example.com"}, {"password", right}, {"_once", "known-key"}};
  REQUIRE(guessing.post("sign-in", fields, {}).status() == 200);
  const int calls = guessing.hasher.calls;
  CHECK(cookie_of(guessing.post("sign-in", fields, {}), "session") != "");
  CHECK(guessing.hasher.calls == calls + 1);
}

}  // namespace
}  // namespace actiond
