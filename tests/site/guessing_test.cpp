// S25, S26: guessing at accounts, with a clock to set and every hash counted.
#include "guessing.h"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include "access/device.h"

namespace actiond {
namespace {

using namespace std::chrono_literals;
using namespace actiond::test;

TEST_CASE("S25 ten tries in any fifteen minutes reach the hasher, whoever waits as told") {
  for (const std::string email : {"ada@example.com", "nobody@example.com"}) {
    CAPTURE(email);
    Guessing guessing;
    const int before = guessing.hasher.calls;
    std::vector<Time> hashed;
    std::vector<int> waits;
    while (hashed.size() < 60) {
      const int calls = guessing.hasher.calls;
      const Response response = guessing.sign_in(email, "wrong horse");
      const bool reached = guessing.hasher.calls > calls;
      CHECK(response.status() == (reached ? 422 : 429));
      CHECK(reached == (guessing.wait(response) == 0));
      if (reached) {
        hashed.push_back(guessing.site.now);
        continue;
      }
      waits.push_back(guessing.wait(response));
      // A second earlier is too early, and costs nothing more.
      guessing.site.now += std::chrono::seconds(waits.back() - 1);
      CHECK(guessing.wait(guessing.sign_in(email, "wrong horse")) == 1);
      guessing.site.now += 1s;
    }
    CHECK(guessing.hasher.calls - before == 60);
    for (std::size_t at = 10; at < hashed.size(); ++at)
      CHECK(hashed[at] - hashed[at - 10] >= 15min);
    CHECK(std::vector<int>(waits.begin(), waits.begin() + 6) ==
          std::vector<int>{10, 20, 40, 80, 160, 590});
  }
}

TEST_CASE("S25 what is refused is not counted, and the right password is refused as well") {
  Guessing guessing;
  CHECK(guessing.guess("ada@example.com", {}) == 5);
  const auto before = guessing.site.all_rows();
  const int calls = guessing.hasher.calls;
  for (int at = 0; at < 50; ++at) {
    const Response response = guessing.sign_in("ada@example.com", right);
    CHECK(response.status() == 429);
    CHECK(test::header(response, "Set-Cookie") == "");
  }
  CHECK(guessing.hasher.calls == calls);
  CHECK(changed_tables(before, guessing.site.all_rows()) == "");
  guessing.site.now += 10s;
  CHECK(guessing.sign_in("ada@example.com", right).status() == 200);
}

TEST_CASE("S25 tries from many addresses, spelt in many ways, are tries at one account") {
  Guessing guessing;
  int hashed = 0;
  for (int at = 0; at < 40; ++at) {
    const std::string email = at % 2 == 0 ? "ada@example.com" : "ADA@Example.COM";
    const int status =
        guessing.sign_in(email, "wrong horse", {.address = "198.51.100." + std::to_string(at)})
            .status();
    hashed += status == 422;
  }
  CHECK(hashed == 5);
}

TEST_CASE("S25 a hundred failures of one network, at as many accounts, stop it and no other") {
  struct Row {
    std::string what;
    std::function<std::string(int)> address;  // of the n-th try
    std::string same, other;
  };
  for (const Row& row : std::vector<Row>{
           {"IPv4 is counted whole", [](int) { return "192.0.2.7"; }, "192.0.2.7", "192.0.2.8"},
           {"IPv6 by its first 64 bits", [](int n) { return "2001:db8:1:2::" + std::to_string(n); },
            "2001:db8:1:2:ffff::", "2001:db8:1:3::1"},
           {"IPv4 in IPv6 is IPv4",
            [](int n) { return n % 2 == 0 ? "::ffff:192.0.2.7" : "192.0.2.7"; }, "::ffff:192.0.2.7",
            "::ffff:192.0.2.8"}}) {
    CAPTURE(row.what);
    Guessing guessing;
    const int calls = guessing.hasher.calls;
    for (int at = 0; at < 100; ++at) {
      const std::string email = "user" + std::to_string(at) + "@example.com";
      CHECK(guessing.sign_in(email, "wrong horse", {.address = row.address(at)}).status() == 422);
      guessing.site.now += 1s;
    }
    const Response refused =
        guessing.sign_in("new@example.com", "wrong horse", {.address = row.same});
    CHECK(refused.status() == 429);
    CHECK(guessing.wait(refused) == 15 * 60 - 100);
    CHECK(guessing.sign_up("new@example.com", {.address = row.same}).status() == 429);
    CHECK(guessing.hasher.calls - calls == 100);
    CHECK(guessing.sign_in("ada@example.com", right, {.address = row.other}).status() == 200);
    guessing.site.now += std::chrono::seconds(guessing.wait(refused));
    CHECK(guessing.sign_in("ada@example.com", right, {.address = row.same}).status() == 200);
  }
}

TEST_CASE("S25 tries all at once find each other counted") {
  Guessing guessing;
  std::atomic<int> hashed = 0, refused = 0;
  std::vector<std::thread> guessers;
  for (int at = 0; at < 8; ++at)
    guessers.emplace_back([&] {
      for (int n = 0; n < 10; ++n) {
        const int status = guessing.sign_in("ada@example.com", "wrong horse").status();
        hashed += status == 422;
        refused += status == 429;
      }
    });
  for (std::thread& guesser : guessers) guesser.join();
  CHECK(hashed == 5);
  CHECK(refused == 75);
  CHECK(guessing.attempts() == 5);
}

TEST_CASE("S25 a try is counted before its hash runs") {
  struct Failing final : PasswordHasher {
    Failing() : PasswordHasher("") {}
    bool verify(std::string_view, const std::string&) const override {
      throw std::runtime_error("out of memory");
    }
  } failing;
  SiteUnderTest site{actions_of(test::tested_site(), failing)};
  for (int at = 0; at < 7; ++at)
    CHECK(site.post("sign-in", {{"email", "a@b.example"}, {"password", "wrong horse"}}).status() ==
          (at < 5 ? 500 : 429));
}

TEST_CASE(
    "S25 the owner's browser is not locked out by others' tries, nor by those of its network") {
  for (const bool https : {false, true}) {
    CAPTURE(https);
    Guessing guessing;
    const std::string name = https ? "__Host-device" : "device";
    const Response first = guessing.sign_in("ada@example.com", right, {.https = https});
    const std::string device = cookie_of(first, name);
    CHECK(device.starts_with(name + "=v1."));
    CHECK(guessing.guess("ada@example.com", {.address = "203.0.113.9"}) == 5);
    CHECK(guessing.sign_in("ada@example.com", right, {.https = https}).status() == 429);
    const Response again =
        guessing.sign_in("Ada@example.com", right, {.cookie = device, .https = https});
    CHECK(again.status() == 200);
    // It stays the same device, and what others tried stays counted.
    CHECK(cookie_of(again, name) == device);
    CHECK(guessing.sign_in("ada@example.com", right).status() == 429);
    // The other scheme's name is no device.
    const std::string value = device.substr(device.find('='));
    CHECK(guessing
              .sign_in("ada@example.com", right,
                       {.cookie = (https ? "device" : "__Host-device") + value, .https = https})
              .status() == 429);
    // Everybody else in the same office guesses at other accounts.
    guessing.site.now += std::chrono::minutes(16);
    for (int at = 0; at < 100; ++at)
      guessing.sign_in("user" + std::to_string(at) + "@example.com", "wrong horse");
    CHECK(guessing.sign_in("ada@example.com", right, {.https = https}).status() == 429);
    const Guessing::Sender known{.cookie = device, .https = https};
    CHECK(guessing.sign_in("ada@example.com", right, known).status() == 200);
    // That holds for the account that it signed in to, and for nothing else.
    CHECK(guessing.sign_in("user@example.com", right, known).status() == 429);
    CHECK(guessing.sign_up("ada@example.com", known).status() == 429);
    CHECK(guessing.guess("ada@example.com", known) == 5);
  }
}

TEST_CASE("S25 a device cookie is for this host and no script, and lives longer than a session") {
  Guessing guessing;
  for (const bool https : {false, true})
    for (const std::string email : {"ada@example.com", "new@example.com"}) {
      const Response response =
          email[0] == 'a' ? guessing.sign_in(email, right, {.https = https})
                          : guessing.sign_up((https ? "s" : "p") + email, {.https = https});
      CHECK(response.status() == 200);
      std::vector<std::string> set;
      for (const auto& [header, value] : response.headers())
        if (header == "Set-Cookie") set.push_back(value);
      REQUIRE(set.size() == 2);
      CHECK(set[0].starts_with(https ? "__Host-session=v1." : "session=v1."));
      CHECK(set[1].starts_with(https ? "__Host-device=v1." : "device=v1."));
      CHECK(set[1].substr(set[1].find(';')) ==
            std::string("; Path=/; Max-Age=34560000; HttpOnly; SameSite=Lax") +
                (https ? "; Secure" : ""));
    }
}

TEST_CASE("S25 a known device has ten tries of its own, and a success clears them") {
  Guessing guessing;
  const std::string device = cookie_of(guessing.sign_in("ada@example.com", right), "device");
  const auto known = Guessing::Sender{.cookie = device};
  for (int round = 0; round < 3; ++round) {
    for (int at = 0; at < 4; ++at)
      CHECK(guessing.sign_in("ada@example.com", "wrong horse", known).status() == 422);
    CHECK(guessing.sign_in("ada@example.com", right, known).status() == 200);
    CHECK(guessing.attempts() == 0);
  }
  CHECK(guessing.guess("ada@example.com", known) == 5);
  CHECK(guessing.sign_in("ada@example.com", right, known).status() == 429);
  // Its tries are nobody else's.
  CHECK(guessing.sign_in("ada@example.com", right).status() == 200);
}

TEST_CASE("S25 a success takes back its own try alone, where others try too") {
  Guessing guessing;
  for (int at = 0; at < 4; ++at)
    CHECK(guessing.sign_in("ada@example.com", "wrong horse").status() == 422);
  for (int at = 0; at < 20; ++at) CHECK(guessing.sign_in("ada@example.com", right).status() == 200);
  CHECK(guessing.attempts() == 4);
  CHECK(guessing.guess("ada@example.com", {}) == 1);
}

TEST_CASE("S8 what was signed for another account or purpose is no device") {
  Guessing guessing;
  const Response mallory = guessing.sign_up("mallory@example.com");
  const std::string device = cookie_of(mallory, "device");
  const std::string session = cookie_of(mallory, "session");
  CHECK(guessing.guess("ada@example.com", {}) == 5);
  const std::string own = cookie_of(guessing.sign_in("mallory@example.com", right), "device");
  const std::string ada = "device=" + sign(DeviceId::make(), "ada@example.com", guessing.site.keys);
  for (const std::string& cookie :
       {device, own, "device" + session.substr(session.find('=')),
        "device=" + sign(SessionId::make(), guessing.site.keys),
        "device=" + sign(DeviceId::make(), "ada@example.co", guessing.site.keys),
        "device=" + sign(DeviceId::make(), "ada@example.com", KeyRing({KeyRing::new_key()})),
        ada + "x", ada.substr(0, ada.size() - 1), ada + "; " + ada, std::string("device="),
        std::string("device=v1...")}) {
    CAPTURE(cookie);
    CHECK(guessing.sign_in("ada@example.com", right, {.cookie = cookie}).status() == 429);
  }
  CHECK(guessing.sign_in("ada@example.com", right, {.cookie = ada}).status() == 200);
  // Nor does a device sign anybody in.
  CHECK_FALSE(guessing.site.is_signed_in("session" + device.substr(device.find('='))));
  CHECK_FALSE(guessing.site.is_signed_in(device));
}

TEST_CASE(
    "S26 a known and an unknown address are answered alike, byte for byte and hash for hash") {
  for (const std::string accept : {"application/json", "text/html", "text/plain"}) {
    CAPTURE(accept);
    Guessing guessing;
    guessing.sign_up("eve@example.com");
    guessing.site.change([&](Transaction& tx) {
      disable_account(tx, find_account(tx, "eve@example.com")->id, guessing.site.now);
    });
    const auto answers = [&](const std::string& email, const std::string& password) {
      std::string all;
      const int calls = guessing.hasher.calls;
      for (int at = 0; at < 12; ++at) {
        const Response response = guessing.sign_in(email, password, {.accept = accept});
        all += std::to_string(response.status()) + "\n";
        for (const auto& [name, value] : response.headers()) all += name + ": " + value + "\n";
        all += response.body + response.record.reason;
      }
      for (std::size_t at = all.find(email); at != all.npos; at = all.find(email))
        all.replace(at, email.size(), "___@example.com");
      return all + std::to_string(guessing.hasher.calls - calls) + " hashes";
    };
    const std::string known = answers("ada@example.com", "wrong horse");
    CHECK(known.find("Retry-After: 10\n") != known.npos);
    CHECK(known.ends_with("5 hashes"));
    CHECK(answers("bob@example.com", "wrong horse") == known);
    CHECK(answers("eve@example.com", right) == known);
  }
}

TEST_CASE("S26 signing up costs one hash whether the address is taken or not") {
  Guessing guessing;
  for (const auto& [email, status] :
       {std::pair("ada@example.com", 422), std::pair("new@example.com", 200)}) {
    const int calls = guessing.hasher.calls;
    CHECK(guessing.sign_up(email).status() == status);
    CHECK(guessing.hasher.calls - calls == 1);
  }
}

TEST_CASE("S26 a network may ask a hundred times which addresses are taken") {
  Guessing guessing;
  const int calls = guessing.hasher.calls;
  int told = 0;
  for (int at = 0; at < 130; ++at) told += guessing.sign_up("ADA@example.com").status() == 422;
  CHECK(told == 100);
  CHECK(guessing.hasher.calls - calls == 100);
}

TEST_CASE("S25 too many tries are told in the form asked for, and the page keeps what was typed") {
  Guessing guessing;
  CHECK(guessing.guess("ada@example.com", {}) == 5);
  const auto refused = [&](const std::string& accept) {
    const Response response = guessing.post(
        "sign-in", {{"email", "ada@example.com"}, {"password", "wrong horse"}, {"next", "/x.html"}},
        {.accept = accept});
    CHECK(response.status() == 429);
    CHECK(test::header(response, "Retry-After") == "10");
    CHECK(test::header(response, "Cache-Control") == "no-store");
    CHECK(response.record.reason == "too many tries");
    CHECK(response.body.find("Too many tries. Try again in 10 seconds.") != std::string::npos);
    CHECK(response.body.find("wrong horse") == std::string::npos);
    return response;
  };
  const Response json = refused("application/json");
  CHECK(test::header(json, "Content-Type") == "application/problem+json");
  CHECK(json.body.find("\"status\":429") != std::string::npos);
  CHECK(json.body.find("\"title\":\"Too Many Requests\"") != std::string::npos);
  CHECK(refused("text/plain").body.starts_with("error Too many tries."));
  const Response page = refused("text/html");
  CHECK(page.body.find("role=\"alert\"") != std::string::npos);
  CHECK(page.body.find("value=\"ada@example.com\"") != std::string::npos);
  CHECK(page.body.find("value=\"/x.html\"") != std::string::npos);
  for (int wait = 0; wait < 160;) {
    guessing.site.now += std::chrono::seconds(wait);
    wait = guessing.wait(guessing.sign_in("ada@example.com", "wrong horse"));
  }
  CHECK(guessing.sign_in("ada@example.com", right).body.find("Try again in 3 minutes.") !=
        std::string::npos);
}

TEST_CASE("S25 wrong fields are no try") {
  Guessing guessing;
  for (int at = 0; at < 20; ++at) {
    CHECK(guessing.sign_in("ada@example.com", "").status() == 422);
    CHECK(guessing.sign_in("ada", "wrong horse").status() == 422);
  }
  CHECK(guessing.attempts() == 0);
  CHECK(guessing.sign_in("ada@example.com", right).status() == 200);
}

TEST_CASE(
    "S25 the present password is guessed no faster than at sign-in, and what is right is "
    "forgiven") {
  Guessing guessing;
  const Response entered = guessing.sign_in("ada@example.com", right);
  const auto change = [&](const std::string& present, const std::string& cookie) {
    return guessing.post("change-password",
                         {{"present", present}, {"password", "battery staple horse"}},
                         {.cookie = cookie});
  };
  const std::string stolen = cookie_of(entered, "session");
  for (int at = 0; at < 5; ++at) CHECK(change("wrong horse", stolen).status() == 422);
  const int calls = guessing.hasher.calls;
  const auto before = guessing.site.all_rows();
  const Response refused = change(right, stolen);
  CHECK(refused.status() == 429);
  CHECK(guessing.wait(refused) == 10);
  CHECK(guessing.hasher.calls == calls);
  CHECK(changed_tables(before, guessing.site.all_rows()) == "");
  CHECK(guessing.attempts() == 5);
  // Neither signing in nor the owner's own browser waits for it.
  CHECK(guessing.sign_in("ada@example.com", right).status() == 200);
  const std::string owner = stolen + "; " + cookie_of(entered, "device");
  CHECK(change("", owner).status() == 422);
  CHECK(guessing.attempts() == 5);
  CHECK(change(right, owner).status() == 200);
  CHECK(guessing.attempts() == 5);
  // A stranger is no try at anybody's account.
  CHECK(change("wrong horse", "").status() == 401);
  CHECK(guessing.attempts() == 5);
}

TEST_CASE("S25 the table names nobody, and tries that count no longer are swept away") {
  Guessing guessing;
  guessing.site.now += 1h;
  for (int at = 0; at < 200; ++at) {
    guessing.sign_in("user" + std::to_string(at) + "@example.com", "wrong horse",
                     {.address = "198.51.100." + std::to_string(at)});
    if (at == 99) guessing.site.now += 61min;
  }
  CHECK(guessing.attempts() == 200);
  guessing.site.upkeep.run();
  CHECK(guessing.attempts() == 100);
  const std::string rows = guessing.site.all_rows()["attempts"];
  for (const std::string name : {"user150", "example", "198.51"}) {
    std::string hex;
    for (const char c : name) {
      constexpr std::string_view digits = "0123456789ABCDEF";
      hex += digits[static_cast<unsigned char>(c) >> 4];
      hex += digits[static_cast<unsigned char>(c) & 15];
    }
    CHECK(rows.find(name) == std::string::npos);
    CHECK(rows.find(hex) == std::string::npos);
  }
}

TEST_CASE("S25 a clock that is set back locks nobody out for longer than the window") {
  Guessing guessing;
  CHECK(guessing.guess("ada@example.com", {}) == 5);
  guessing.site.now -= 24h;
  CHECK(guessing.wait(guessing.sign_in("ada@example.com", right)) == 15 * 60);
}

}  // namespace
}  // namespace actiond
