// Being taken for somebody else: by headers, by paths, by a cookie that nobody signed.
#include <doctest/doctest.h>

#include <sstream>

#include "access/key_ring.h"
#include "base/crypto.h"
#include "base/encoding.h"
#include "served/client.h"
#include "served/site.h"

namespace actiond::http {
namespace {

const char* const nobody = "{\"user\":null}\n";

struct Token {
  std::string version, key_id, payload, mac;

  explicit Token(const std::string& cookie) {
    std::istringstream parts(cookie.substr(cookie.find('=') + 1));
    for (std::string* part : {&version, &key_id, &payload, &mac}) std::getline(parts, *part, '.');
  }
  std::string signed_part() const { return version + "." + key_id + "." + payload; }
  std::string cookie() const { return "session=" + signed_part() + "." + mac; }
};

}  // namespace

TEST_CASE("S1 S13 no header makes a visitor somebody, or another action of a request") {
  RunningSite site;
  Client(site).sign_up("ada@example.org");
  const std::vector<std::pair<std::string, std::string>> rows{
      {"X-Middleware-Subrequest", "middleware:middleware:middleware"},
      {"X-User-Id", "1"},
      {"X_User_Id", "1"},
      {"User-Id", "1"},
      {"Remote-User", "ada@example.org"},
      {"Remote_User", "ada@example.org"},
      {"X-Forwarded-User", "ada@example.org"},
      {"X-Original-URL", "/actions/comments"},
      {"X-Rewrite-URL", "/actions/comments"},
      {"Document-Uri", "/actions/comments"},
      {"Document_Uri", "/actions/comments"},
      {"Request-Method", "GET"},
      {"Https", "on"},
      {"Request-Id", "1"},
      {"Proxy", "http://evil.example"},
      {"Authorization", "Basic YWRhQGV4YW1wbGUub3JnOng="},
      {"Cookie", "user=1; user_id=1; session="},
      {"X-Accel-Redirect", "/actions/comments"}};
  const RowCounts before = site.row_counts();
  for (const auto& [name, value] : rows) {
    CAPTURE(name);
    Client client(site);
    CHECK(client.post("order", {{"topic", "Wool"}, {"message", "hi"}}, {{name, value}}).status ==
          401);
    CHECK(client.post("author", {{"name", "Eve"}}, {{name, value}}).status == 401);
    CHECK(client.get("/actions/me", {{name, value}}).body == nobody);
  }
  CHECK(site.row_counts() == before);
  CHECK(site.query("SELECT name FROM users") == std::vector<std::string>{"Ada"});
}

TEST_CASE("S12 a path spelt differently meets the same rule, or nothing") {
  RunningSite site;
  Client user(site);
  user.sign_up("ada@example.org");
  const RowCounts before = site.row_counts();
  for (const std::string path : {"/actions/%70remium",
                                 "//actions/order",
                                 "/actions//order",
                                 "/actions/./order",
                                 "/actions/x/../order",
                                 "/./actions/order",
                                 "/x/../actions/order",
                                 "/actions/order/",
                                 "/actions/order;x",
                                 "/actions/order;",
                                 "/actions/order%3bx",
                                 "/actions/order%00",
                                 "/actions/%00order",
                                 "/actions/order%0a",
                                 "/actions/order%0d%0aX:y",
                                 "/actions/order%20",
                                 "/actions/PREMIUM",
                                 "/Actions/order",
                                 "/actions/%2570remium",
                                 "/actions/order%2f",
                                 "/actions%2forder",
                                 "/actions/..%2factions/order",
                                 "/actions/comments/../order",
                                 "/actions/comments%2f..%2forder",
                                 "/actions/order?x=/actions/comments",
                                 "/actions/order#x",
                                 "/actions\\order",
                                 "/actions/order%ef%bc%8f",
                                 "/actions/order.html",
                                 "/actions/order/comments"})
    for (const std::string& cookie : {std::string(), user.cookie}) {
      CAPTURE(path);
      CAPTURE(cookie.empty());
      const std::string answer = talk(
          site, "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nOrigin: " + site.origin() +
                    (cookie.empty() ? "" : "\r\nCookie: " + cookie) +
                    "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 10\r\n"
                    "Connection: close\r\n\r\ntopic=Wool");
      const int status = status_of(answer);
      CHECK((status == (cookie.empty() ? 401 : 402) || status == 404 || status == 400 ||
             status == 405));
    }
  CHECK(site.row_counts() == before);
}

TEST_CASE("S10 every flipped bit of a session cookie signs out") {
  RunningSite site;
  Client client(site);
  client.sign_up("ada@example.org");
  const std::string whole = client.cookie;
  Client other(site);
  for (std::size_t bit = std::string("session=").size() * 8; bit < whole.size() * 8; ++bit) {
    std::string flipped = whole;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
    const std::string answer = other.get("/actions/me", {{"Cookie", flipped}}).body;
    if (answer == nobody) continue;
    CAPTURE(flipped);
    CHECK(answer.find("could not be understood") != answer.npos);  // nginx: no byte for a header
  }
  CHECK(client.signed_in());
}

TEST_CASE("S10 a cookie that is cut, extended, doubled or rearranged signs out") {
  RunningSite site;
  Client client(site);
  client.sign_up("ada@example.org");
  const std::string whole = client.cookie;
  const Token token(whole);
  const std::string bare = whole.substr(whole.find('=') + 1);
  std::vector<std::string> cookies{
      whole + "; " + whole,
      whole + "; session=",
      "session=; " + whole,
      whole + ";session=x",
      "session=x; a=b; " + whole,
      "Session=" + bare,
      "session =" + bare,
      "session= \"" + bare + "\"",
      "session=\"" + bare + "\"",
      "__Host-session=" + bare,
      "xsession=" + bare,
      whole + ".",
      whole + "A",
      whole + "=",
      "session=." + bare,
      "session=v1...",
      "session=" + token.signed_part() + ".",
      "session=" + token.signed_part(),
      "session=v2." + bare.substr(3),
      "session=V1." + bare.substr(3),
      "session=v1.none." + token.payload + "." + token.mac,
      "session=v1.." + token.payload + "." + token.mac,
      "session=v1." + token.key_id + ".." + token.mac,
      "session=v1." + token.key_id + "." + token.mac + "." + token.payload,
      "session=v1." + token.key_id + "." + token.payload + "." + token.mac + "." + token.mac,
      "session=" + std::string(3000, 'A')};
  for (std::size_t size = 1; size < bare.size(); ++size)
    cookies.push_back("session=" + bare.substr(0, size));
  Client other(site);
  for (const std::string& cookie : cookies) {
    CAPTURE(cookie);
    CHECK(other.get("/actions/me", {{"Cookie", cookie}}).body == nobody);
  }
  CHECK(other.get("/actions/me", {{"Cookie", "a=b; " + whole + "; c=d"}}).body != nobody);
  const Answer two_lines = other.get("/actions/me", {{"Cookie", whole}, {"Cookie", whole}});
  CHECK((two_lines.status == 400 || two_lines.body == nobody));
}

TEST_CASE("S8 what the key signed for another purpose is no session") {
  RunningSite site;
  Client client(site);
  client.sign_up("ada@example.org");
  const KeyRing keys = KeyRing::parse(read_file(site.folder() / "keys"));
  Token token(client.cookie);
  const auto sign_for = [&](const std::string& purpose) {
    token.mac = to_base64url(hmac_sha256(keys.signing().secret, purpose + token.signed_part()));
    return token.cookie();
  };
  Client other(site);
  CHECK(other.get("/actions/me", {{"Cookie", sign_for("session.")}}).body != nobody);
  for (const std::string purpose :
       {"", "reset.", "once.", "session", "Session.", "csrf.", "session.\n"}) {
    CAPTURE(purpose);
    CHECK(other.get("/actions/me", {{"Cookie", sign_for(purpose)}}).body == nobody);
  }
  // A session that was signed here but never made, or whose id is of another length.
  for (const std::size_t size : {16, 0, 15, 17, 32}) {
    token.payload = to_base64url(std::string(size, '\x01'));
    CHECK(other.get("/actions/me", {{"Cookie", sign_for("session.")}}).body == nobody);
  }
}

TEST_CASE(
    "S10 what a dropped key signed ends with the next start; an older key still verifies, and what "
    "it "
    "signed is signed again on use") {
  RunningSite site;
  Client client(site);
  client.sign_up("ada@example.org");
  const std::string id = Token(client.cookie).key_id;
  Client unused(site);
  unused.cookie = client.cookie;
  const auto restart_after = [&](const std::vector<std::string>& command) {
    CHECK(site.actiond(command).exit_code == 0);
    site.stop_pool();
    site.start_pool();
  };
  restart_after({"key", "new"});
  CHECK(client.signed_in());
  CHECK(Token(client.cookie).key_id != id);
  Client newer(site);
  CHECK(newer.sign_in("ada@example.org").status == 200);
  CHECK(Token(newer.cookie).key_id != id);
  restart_after({"key", "drop", id});
  CHECK_FALSE(unused.signed_in());
  CHECK(client.signed_in());
  CHECK(newer.signed_in());
}

TEST_CASE("S2 S23 fields that no form declares change nothing") {
  RunningSite site;
  Client eve(site), ada(site);
  ada.sign_up("ada@example.org");
  const Fields more{{"hasAccess", "1"},      {"permissions", "paid"},
                    {"until", "9999999999"}, {"accessUntil", "2999-01-01"},
                    {"user_id", "1"},        {"id", "1"},
                    {"role", "admin"},       {"level", "paid"},
                    {"disabled_at", "1"},    {"password_hash", "x"},
                    {"user.id", "1"},        {"user[id]", "1"},
                    {"__proto__", "1"}};
  const auto with = [&more](Fields fields) {
    fields.insert(fields.end(), more.begin(), more.end());
    return fields;
  };
  CHECK(eve.post("sign-up", with({{"email", "eve@example.org"},
                                  {"password", Client::password},
                                  {"name", "Eve"}}))
            .status == 200);
  CHECK(eve.get("/actions/me")
            .holds(R"("id":2,"email":"eve@example.org","name":"Eve","hasAccess":false)"));
  CHECK(eve.post("author", with({{"name", "Mallory"}, {"email", "ada@example.org"}})).status ==
        200);
  CHECK(eve.post("order", with({{"topic", "Wool"}})).status == 402);
  REQUIRE(site.actiond({"grant", "eve@example.org"}).exit_code == 0);
  CHECK(eve.post("order", with({{"topic", "Wool"}})).status == 200);
  CHECK(site.query("SELECT user_id FROM reviews") == std::vector<std::string>{"2"});
  CHECK(site.query("SELECT name || email FROM users WHERE id = 1") ==
        std::vector<std::string>{"Adaada@example.org"});
  CHECK(site.query("SELECT user_id || name || source FROM grants") ==
        std::vector<std::string>{"2paidoperator"});
  // Nor does a body that is more than flat fields.
  for (const std::string body :
       {R"({"message":{"a":"b"}})", R"([{"message":"hi"}])", R"({"message":[["hi"]]})",
        R"("message")", R"({"message":"a","message":"b"})", "{", "null",
        R"({"message":"hi"} {})"}) {
    CAPTURE(body);
    CHECK(eve.send("POST", "/actions/comments", body, {{"Content-Type", "application/json"}})
              .status == 400);
  }
  CHECK(site.row_counts() == RowCounts{.users = 2, .sessions = 2, .reviews = 1});
}

TEST_CASE("S46 beside a Bearer no cookie is looked at: without such a token it is 401") {
  const RunningSite site;
  Client ada(site);
  ada.sign_up("ada@example.com");
  const RowCounts before = site.row_counts();
  for (const std::string bearer :
       {"Bearer x", "bearer x", "BEARER  x", "Bearer", "Bearer actd_0123456789", "Bearer a b"}) {
    CAPTURE(bearer);
    const Headers headers{{"Authorization", bearer}};
    CHECK(ada.post("author", {{"name", "Eve"}}, headers).status == 401);
    CHECK(ada.post("comments", {{"message", "public"}}, headers).status == 401);
    CHECK(ada.post("sign-out", {}, headers).status == 401);
    for (const std::string path : {"me", "", "author", "sessions", "sign-in"})
      CHECK(ada.get("/actions/" + path, headers).status == 401);
  }
  CHECK(site.row_counts() == before);
  CHECK(site.query("SELECT name FROM users").front() == "Ada");
  // Another scheme is none of ours: a proxy's password, say.
  CHECK(ada.post("author", {{"name", "Ada L."}}, {{"Authorization", "Basic eDp5"}}).status == 200);
  CHECK(ada.post("author", {{"name", "Ada L."}}, {{"Authorization", "Bearerx"}}).status == 200);
}

}  // namespace actiond::http
