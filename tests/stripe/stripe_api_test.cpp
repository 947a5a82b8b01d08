// The answers of Stripe, and of whoever else may stand in its place.
#include "stripe/stripe_api.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <atomic>
#include <cstdlib>

#include "store/tables.h"
#include "stripe/restricted_key.h"
#include "stripe/stripe_server.h"

namespace actiond {
namespace {

using Outcome = StripeAnswer::Outcome;
using test::now;
using test::StripeServer;

struct Asking {
  test::TemporaryFolder folder;
  StripeServer server{now};
  std::filesystem::path key = folder / "key";
  StripeApi::Clock::time_point steady{};

  Asking() { write_key("rk_test_1\n"); }

  void write_key(const std::string& text, mode_t mode = 0600) const {
    test::write_file(key, text);
    chmod(key.c_str(), mode);
  }
  StripeApi api_at(const std::string& origin,
                   std::chrono::milliseconds limit = std::chrono::seconds(10)) const {
    return {{origin, key, false}, [] { return now; }, limit};
  }
  StripeAnswer ask() {
    StripeApi api = api_at(server.origin());
    return api.ask({"/v1/subscriptions/sub_1"}, steady);
  }
};

TEST_CASE("Stripe is asked with the key in a header, in one version, and its clock counts") {
  Asking asking;
  asking.server.wall = now - std::chrono::minutes(2);
  asking.server.say(200, "{}");
  const StripeAnswer answer = asking.ask();
  CHECK(answer.outcome == Outcome::Found);
  CHECK(answer.text == "{}");
  CHECK(answer.by == "req_1");
  CHECK(answer.at <= asking.server.wall);
  CHECK(answer.at >= asking.server.wall - std::chrono::seconds(2));
  REQUIRE(asking.server.requests.size() == 1);
  const httplib::Request& request = asking.server.requests[0];
  CHECK(request.path == "/v1/subscriptions/sub_1");
  CHECK(request.params.empty());
  CHECK(request.get_header_value("Authorization") == "Bearer rk_test_1");
  CHECK(request.get_header_value("Stripe-Version") == "2026-10-28.endive");
}

TEST_CASE("the status of an answer says whether the object, the request or Stripe is at fault") {
  struct Row {
    int status;
    std::string body;
    Outcome outcome;
    std::string reason;
    std::string missing_parameter = {};
  };
  for (const Row& row : {
           Row{404, R"({"error":{"code":"resource_missing"}})", Outcome::Missing,
               "404 resource_missing"},
           Row{400, "{}", Outcome::Failed, "400"},
           Row{400, R"({"error":{"code":"resource_missing","param":"customer"}})", Outcome::Failed,
               "400 resource_missing customer", "customer"},
           Row{400, R"({"error":{"code":"resource_missing","param":"a[0]"}})", Outcome::Failed,
               "400 resource_missing"},
           Row{400, R"({"error":{"code":"parameter_unknown","param":"customer"}})", Outcome::Failed,
               "400 parameter_unknown customer"},
           Row{402, R"({"error":{"type":"card_error"}})", Outcome::Failed, "402 card_error"},
           Row{403, R"({"error":{"message":"rk_test_1 may not"}})", Outcome::Failed, "403"},
           Row{500, "<html>", Outcome::Failed, "500"},
           Row{302, "", Outcome::Failed, "302"},
           Row{401, R"({"error":{"type":"x\n y","message":"rk_test_1"}})", Outcome::Down, "401"},
           Row{429, R"({"error":{"code":"rate_limit"}})", Outcome::Down, "429 rate_limit"},
           Row{503, R"({"error":[]})", Outcome::Down, "503"},
           Row{204, "", Outcome::Failed, "204"},
       }) {
    CAPTURE(row.status);
    Asking asking;
    asking.server.say(row.status, row.body);
    const StripeAnswer answer = asking.ask();
    CHECK(answer.outcome == row.outcome);
    CHECK(answer.text == row.reason);
    CHECK(answer.missing_parameter == row.missing_parameter);
  }
}

TEST_CASE("the key follows no redirect") {
  Asking asking;
  StripeServer other(now);
  asking.server.say([&](const httplib::Request&) {
    return StripeServer::Answer{307, "", {{"Location", other.origin() + "/v1"}}};
  });
  CHECK(asking.ask().outcome == Outcome::Failed);
  CHECK(other.asked() == 0);
}

TEST_CASE("an answer that is too long, or of another time, is none") {
  Asking asking;
  asking.server.say(200, std::string(3 * 1024 * 1024, ' '));
  CHECK(asking.ask().text == "longer than 2097152 bytes");
  asking.server.say(200, "{}");
  for (const auto& off : {std::chrono::minutes(6), std::chrono::minutes(-6)}) {
    asking.server.wall = now + off;
    CHECK(asking.ask().text == "its clock and ours differ");
  }
  for (const std::string date : {"", "yesterday", "Fri, 99 Foo 0000"}) {
    asking.server.say([date](const httplib::Request&) {
      return StripeServer::Answer{200, "{}", {{"Date", date}}};
    });
    CHECK(asking.ask().text == "its clock and ours differ");
  }
}

TEST_CASE("whoever shows no certificate that is trusted never sees the key") {
  Asking asking;
  const std::string cert = asking.folder / "cert", key = asking.folder / "cert.key";
  const std::string make = fmt::format(
      "openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=127.0.0.1 -addext "
      "subjectAltName=IP:127.0.0.1 -out {} -keyout {} 2>/dev/null",
      cert, key);
  REQUIRE(std::system(make.c_str()) == 0);
  httplib::SSLServer server(cert.c_str(), key.c_str());
  std::atomic<int> asked = 0;
  server.Get(".*", [&](const httplib::Request&, httplib::Response&) { ++asked; });
  const int port = server.bind_to_any_port("127.0.0.1");
  std::thread thread([&] { server.listen_after_bind(); });
  while (!server.is_running()) std::this_thread::yield();
  StripeApi api = asking.api_at(fmt::format("https://127.0.0.1:{}", port));
  const StripeAnswer answer = api.ask({"/v1"}, asking.steady);
  CHECK(answer.outcome == Outcome::Down);
  CHECK(answer.text.find("certificate") != std::string::npos);
  server.stop();
  thread.join();
  CHECK(asked == 0);
}

TEST_CASE("whoever is not there, hangs, or speaks no TLS is down") {
  Asking asking;
  StripeApi untrusted = asking.api_at(fmt::format("https://127.0.0.1:{}", asking.server.port));
  CHECK(untrusted.ask({"/v1"}, asking.steady).outcome == Outcome::Down);
  CHECK(asking.server.asked() == 0);
  asking.server.say([](const httplib::Request&) {
    std::this_thread::sleep_for(std::chrono::milliseconds(600));
    return StripeServer::Answer{200, "{}"};
  });
  StripeApi hurried = asking.api_at(asking.server.origin(), std::chrono::milliseconds(200));
  CHECK(hurried.ask({"/v1"}, asking.steady).outcome == Outcome::Down);
  asking.server.server.stop();
  StripeApi late = asking.api_at(asking.server.origin());
  CHECK(late.ask({"/v1"}, asking.steady).outcome == Outcome::Down);
}

TEST_CASE("while it is down one request now and then finds out, and a new key counts at once") {
  Asking asking;
  asking.server.say([](const httplib::Request& request) {
    return StripeServer::Answer{
        request.get_header_value("Authorization") == "Bearer rk_test_2" ? 200 : 401, "{}"};
  });
  StripeApi api = asking.api_at(asking.server.origin());
  CHECK(api.ask({"/v1"}, asking.steady).text == "401");
  CHECK(api.is_down(asking.steady + std::chrono::seconds(4)));
  CHECK_FALSE(api.is_down(asking.steady + std::chrono::seconds(5)));
  asking.write_key("rk_test_2");
  CHECK(api.ask({"/v1"}, asking.steady + std::chrono::seconds(5)).outcome == Outcome::Found);
  CHECK_FALSE(api.is_down(asking.steady + std::chrono::seconds(5)));
}

TEST_CASE("a key that is for others, of another mode or may do everything is never sent") {
  Asking asking;
  asking.server.say(200, "{}");
  const auto refusal = [&] { return asking.ask().text.substr(asking.key.string().size() + 1); };
  asking.write_key("rk_test_1", 0640);
  CHECK(refusal() == "is for others too: chmod 600 it");
  asking.write_key("sk_test_1");
  CHECK(refusal() == "holds a key that is not restricted: make one, rk_…");
  asking.write_key("rk_live_1");
  CHECK(refusal() == "holds no key of test mode, rk_test_…");
  CHECK_THROWS_WITH(read_restricted_key((asking.write_key("rk_test_1"), asking.key), true),
                    doctest::Contains("holds no key of live mode"));
  for (const char* text : {"rk_test_1\nrk_test_2\n", "rk_test_1 x", "rk_test_1\x01"}) {
    asking.write_key(text);
    CHECK(refusal() == "is one line, a key");
  }
  asking.write_key("");
  CHECK(refusal() == "holds no secret");
  unlink(asking.key.c_str());
  CHECK(refusal() == "cannot be read");
  CHECK(asking.server.asked() == 0);
}

}  // namespace
}  // namespace actiond
