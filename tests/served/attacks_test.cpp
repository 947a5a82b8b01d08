// The rows of attacks that have dimensions, generated whole.  What counts is the effect: which rows
// of which tables are there afterwards.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "served/attack.h"

namespace actiond::http {
namespace {

// An order as it goes over the wire, with `headers` besides the length.
std::string order(const std::string& path, const std::string& headers) {
  return "POST " + path + " HTTP/1.1\r\n" + headers +
         "Content-Length: 10\r\nConnection: close\r\n\r\ntopic=Wool";
}

}  // namespace

TEST_CASE("the attacks know every action of the catalogue, and every field") {
  std::map<std::string, std::vector<std::string>> attacked, real;
  for (const SampleAction& action : every_action())
    for (const auto& [name, value] : action.right()) attacked[action.name].push_back(name);
  attacked["sign-out"];
  // Those that a mail, the account's end or the owner belongs to: tests/site/ways_back_test.cpp,
  // tests/site/{tokens,inbox,payments,to_stripe}_test.cpp attack them.
  const std::set<std::string> attacked_elsewhere{
      "forgot-password", "reset-password", "verify-email", "change-email", "delete-account",
      "tokens",          "inbox-sort",     "upgrade",      "portal"};
  const Outcome catalogue = run({actiond_program(), "actions", "--json"});
  const auto json = nlohmann::json::parse(catalogue.output);
  for (const auto& action : json["actions"]) {
    if (action["kind"] == "view" || attacked_elsewhere.contains(action["name"])) continue;
    auto& fields = real[action["name"]];
    for (const auto& field : action["fields"])
      if (field["type"] != "file") fields.push_back(field["name"]);
  }
  CHECK(attacked == real);
}

TEST_CASE("S3 S4 S5 method x Sec-Fetch-Site x Origin x cookie x content type, by a truth table") {
  Victim victim;
  RunningSite& site = victim.site;
  const std::string port = std::to_string(site.port());
  const std::vector<std::string> origins{"",
                                         site.origin(),
                                         "null",
                                         "http://evil.example",
                                         "https://localhost:" + port,
                                         "http://localhost:1",
                                         "http://127.0.0.1:" + port,
                                         site.origin() + "/"};
  const std::vector<std::string> cookies{"", victim.client.cookie, "session=v1.x.y.z"};
  // A letter an origin of that order, a line for no cookie, a session, a forged session: y may act.
  struct Fetch {
    std::string site;
    std::array<std::string, 3> allowed;
  };
  const std::vector<Fetch> fetches{
      {"", {"yynnnnnn", "nynnnnnn", "nynnnnnn"}},
      {"same-origin", {"yyyyyyyy", "yyyyyyyy", "yyyyyyyy"}},
      {"same-site", {"nnnnnnnn", "nnnnnnnn", "nnnnnnnn"}},
      {"cross-site", {"nnnnnnnn", "nnnnnnnn", "nnnnnnnn"}},
      {"none", {"nynnnnnn", "nynnnnnn", "nynnnnnn"}},
      {"Same-Origin", {"nnnnnnnn", "nnnnnnnn", "nnnnnnnn"}},
      {"same-origin, same-origin", {"nnnnnnnn", "nnnnnnnn", "nnnnnnnn"}},
  };
  // The answer to a permitted visitor for this type; {} is the number of the case.
  struct Type {
    std::string name, body;
    int status;
  };
  const std::vector<Type> types{
      {"application/x-www-form-urlencoded", "message={}", 200},
      {"application/json", R"({{"message":"{}"}})", 200},
      {"multipart/form-data; boundary=b",
       "--b\r\nContent-Disposition: form-data; name=\"message\"\r\n\r\n{}\r\n--b--\r\n", 200},
      {"text/plain", "message={}", 415},
  };
  const Tables before = all_rows(site);
  Client client(site);
  std::vector<std::string> acted;
  int cases = 0;
  for (const std::string method : {"POST", "PUT", "PATCH", "DELETE"})
    for (const Fetch& fetch : fetches)
      for (std::size_t cookie = 0; cookie < cookies.size(); ++cookie)
        for (std::size_t origin = 0; origin < origins.size(); ++origin)
          for (const Type& type : types) {
            const std::string number = std::to_string(++cases);
            const bool allowed = fetch.allowed[cookie].at(origin) == 'y';
            const int wanted = !allowed ? 403 : method == "POST" ? type.status : 405;
            const int status =
                client
                    .send(method, "/actions/comments", fmt::format(fmt::runtime(type.body), number),
                          {{"Sec-Fetch-Site", fetch.site},
                           {"Origin", origins[origin]},
                           {"Cookie", cookies[cookie]},
                           {"Content-Type", type.name}})
                    .status;
            if (wanted == 200) acted.push_back(number);
            if (status == wanted) continue;
            CAPTURE(method);
            CAPTURE(fetch.site);
            CAPTURE(cookies[cookie]);
            CAPTURE(origins[origin]);
            CAPTURE(type.name);
            CHECK(status == wanted);
          }
  CHECK(cases == 2688);
  CHECK(acted.size() == 93);
  // Exactly those have an effect, and on nothing else.
  CHECK(site.query("SELECT message FROM comments ORDER BY id") == acted);
  CHECK(changes(before, all_rows(site)) == "comments +93");
}

TEST_CASE("S12 a byte more, a letter encoded or in another case: the same action, or none") {
  Victim victim;
  RunningSite& site = victim.site;
  const Tables before = all_rows(site);
  const std::string name = "order";
  struct Row {
    std::string path;
    bool same;
  };
  std::vector<Row> rows;
  for (int byte = 0; byte < 256; ++byte) {
    rows.push_back({fmt::format("/actions/order%{:02x}", byte), false});
    rows.push_back({fmt::format("/actions/%{:02X}order", byte), byte == '/'});
    rows.push_back({fmt::format("/actions/pre%{:02x}mium", byte), false});
  }
  for (std::size_t at = 0; at < name.size(); ++at) {
    const auto with = [&](const std::string& letter) {
      return "/actions/" + name.substr(0, at) + letter + name.substr(at + 1);
    };
    rows.push_back({with(fmt::format("%{:02x}", name[at])), true});
    rows.push_back({with(fmt::format("%{:02X}", name[at])), true});
    rows.push_back({with(fmt::format("%25{:02x}", name[at])), false});
    rows.push_back({with(fmt::format("%u00{:02x}", name[at])), false});
    rows.push_back({with(std::string(1, static_cast<char>(name[at] - 32))), false});
    rows.push_back({with(fmt::format("%{:02x}", name[at] - 32)), false});
  }
  std::size_t acted = 0;
  for (const Row& row : rows) {
    const int status = victim.client.send("POST", row.path, "topic=Wool").status;
    acted += status == 200;
    if (row.same ? status == 200 : status == 404 || status == 400) continue;
    CAPTURE(row.path);
    CHECK(status == (row.same ? 200 : 404));
  }
  CHECK(acted == 2 * name.size() + 1);
  CHECK(changes(before, all_rows(site)) == fmt::format("audit +{0}, reviews +{0}", acted));
}

TEST_CASE("S5 S13 a header that decides, sent twice, is refused whatever the two say") {
  Victim victim;
  RunningSite& site = victim.site;
  const std::string own = "Origin: " + site.origin();
  const std::string cookie = "Cookie: " + victim.client.cookie;
  const std::string type = "Content-Type: application/x-www-form-urlencoded";
  const std::string host = "Host: localhost";
  const Tables before = all_rows(site);
  struct Row {
    std::string right, other;
    int joined = 400;  // the answer to both in one field
  };
  // A cookie in a field of its own is a cookie.
  const std::vector<Row> rows{{own, "Origin: http://evil.example", 403},
                              {own, "Origin: null", 403},
                              {own, "origin: " + site.origin(), 403},
                              {cookie, "Cookie: session=x", 401},
                              {cookie, "Cookie: a=b", 200},
                              {cookie, cookie, 401},
                              {type, "Content-Type: text/plain", 415},
                              {type, type, 415},
                              {host, "Host: evil.example"},
                              {host, host},
                              {"Sec-Fetch-Site: same-origin", "Sec-Fetch-Site: cross-site", 403},
                              {"Sec-Fetch-Site: same-origin", "Sec-Fetch-Site: same-origin", 403},
                              {"Idempotency-Key: a", "Idempotency-Key: b"},
                              {"Authorization: Bearer a", "Authorization: Basic eDp5"},
                              {"Content-Length: 10", "Content-Length: 9"},
                              {"Content-Length: 10", "Transfer-Encoding: chunked"}};
  const bool joins = nginx_joins_fields();
  int cases = 0;
  for (const Row& row : rows)
    for (const bool right_first : {true, false}) {
      CAPTURE(row.right);
      CAPTURE(row.other);
      std::string headers;
      for (const std::string& header : {own, cookie, type, host})
        if (header != row.right) headers += header + "\r\n";
      // The length that every request has is the first of two.
      const bool length = row.right.starts_with("Content-Length");
      if (!length) headers += (right_first ? row.right : row.other) + "\r\n";
      headers += (right_first || length ? row.other : row.right) + "\r\n";
      CHECK(status_of(talk(site, order("/actions/order", headers))) == (joins ? row.joined : 400));
      ++cases;
    }
  CHECK(cases == 32);
  CHECK(changes(before, all_rows(site)) == (joins ? "audit +2, reviews +2" : ""));
  const Tables now = all_rows(site);
  const std::string once = host + "\r\n" + own + "\r\n" + cookie + "\r\n" + type + "\r\n";
  CHECK(status_of(talk(site, order("/actions/order", once))) == 200);
  CHECK(changes(now, all_rows(site)) == "audit +1, reviews +1");
}

TEST_CASE("S19 a line end in any field or cookie starts no header") {
  Victim victim;
  const Tables before = all_rows(victim.site);
  std::map<std::string, int> done;
  int cases = 0;
  const auto attack = [&](const SampleAction& action, const std::string& field) {
    for (const std::string end :
         {"\r\n", "\n", "\r", "%0d%0a", "%0D%0A%20", "\xE5\x98\x8D\xE5\x98\x8A"})
      for (const std::string header :
           {"X-Injected: 1", "Set-Cookie: session=x", "X-Accel-Redirect: /",
            "Location: http://evil.example/", "Status: 200"})
        for (const std::string& accept : {as_browser, as_json, as_text}) {
          CAPTURE(action.name);
          CAPTURE(field);
          CAPTURE(header);
          // Signing in sets a cookie: it is only asked for what comes back.
          Fields fields = action.takes_password() ? action.wrong() : action.right();
          std::erase_if(fields, [&](const auto& other) { return other.first == field; });
          fields.push_back({field, "a" + end + header + end + end + "<b>"});
          const Answer answer = victim.client.post(action.name, fields, {{"Accept", accept}});
          const bool acted = answer.status == 200 || answer.status == 303;
          // Of no session that is there, `sessions` says so.
          CHECK((acted || answer.status == 400 || answer.status == 422 ||
                 (answer.status == 404 && action.name == "sessions")));
          done[action.name] += acted;
          for (const char* name : {"X-Injected", "X-Accel-Redirect"})
            CHECK(answer.header(name) == "");
          const std::string cookie = answer.header("Set-Cookie");
          CHECK((cookie.empty() || cookie.starts_with("note=v1.")));
          CHECK(answer.header("Location").find("evil") == std::string::npos);
          ++cases;
        }
  };
  for (const SampleAction& action : every_action()) {
    for (const SampleField& field : action.fields) attack(action, field.name);
    attack(action, "_once");
  }
  CHECK(cases == 2430);
  CHECK(done["sign-up"] + done["sign-in"] + done["sign-out"] + done["change-password"] == 0);
  CHECK(done["comments"] * done["author"] * done["order"] > 0);
  CHECK(changes(before, all_rows(victim.site)) ==
        fmt::format("audit +{}, comments +{}, inbox +{}, reviews +{}, users -1 +1",
                    done["author"] + done["order"] + done["proposal"] + done["sessions"],
                    done["comments"], done["proposal"], done["order"]));
}

TEST_CASE("S33 what is sent never becomes SQL: it is stored as it is, and nothing else changes") {
  Victim victim;
  RunningSite& site = victim.site;
  const std::vector<std::string> payloads{"'); DROP TABLE users; --",
                                          "' OR '1'='1",
                                          "1; UPDATE grants SET until = 9999999999",
                                          "' UNION SELECT password_hash FROM users --",
                                          "\" OR 1=1 --",
                                          "x'||(SELECT load_extension('/tmp/evil.so'))||'",
                                          "'; ATTACH DATABASE '/tmp/actiond-canary.db' AS x; --",
                                          "'; PRAGMA writable_schema = 1; --",
                                          "?1 :a @b $c",
                                          "%' ESCAPE '%"};
  const std::string schema = site.is_on_postgres()
                                 ? "SELECT string_agg(column_name, ';' ORDER BY column_name) FROM "
                                   "information_schema.columns"
                                 : "SELECT group_concat(sql, ';') FROM sqlite_schema";
  const auto schema_before = site.query(schema);
  const Tables before = all_rows(site);
  const auto users =
      site.query("SELECT email || password_hash || until FROM users JOIN grants ON user_id = id");
  for (const std::string& payload : payloads) {
    CAPTURE(payload);
    CHECK(victim.client.post("comments", {{"message", payload}}).status == 200);
    CHECK(victim.client.post("author", {{"name", payload}}).status == 200);
    CHECK(site.query("SELECT name FROM users") == std::vector<std::string>{payload});
    CHECK(victim.client.post("order", {{"topic", payload}}).status == 200);
    CHECK(site.query("SELECT topic FROM reviews ORDER BY id DESC LIMIT 1") ==
          std::vector<std::string>{payload});
    // No address, and so nobody's: neither signed in nor up.
    for (const std::string action : {"sign-in", "sign-up"})
      CHECK(victim.client
                .post(action,
                      {{"email", payload}, {"password", payload + payload}, {"name", payload}})
                .status == 422);
  }
  CHECK(site.query(schema) == schema_before);
  CHECK(
      site.query("SELECT email || password_hash || until FROM users JOIN grants ON user_id = id") ==
      users);
  CHECK(changes(before, all_rows(site)) ==
        fmt::format("audit +{}, comments +{}, reviews +{}, users -1 +1", 2 * payloads.size(),
                    payloads.size(), payloads.size()));
  CHECK_FALSE(std::filesystem::exists("/tmp/actiond-canary.db"));
}

TEST_CASE("S34 every answer under /actions/ forbids caches to keep it, whoever asks and for what") {
  Victim victim;
  Client stranger(victim.site);
  std::vector<std::string> names{"", "me", "openapi.json", "no-such"};
  for (const SampleAction& action : every_action()) names.push_back(action.name);
  int cases = 0;
  for (Client* client : {&victim.client, &stranger})
    for (const std::string& name : names)
      for (const std::string method : {"GET", "HEAD", "POST", "PUT"})
        for (const std::string& accept : {as_browser, as_json, as_text}) {
          CAPTURE(method);
          CAPTURE(name);
          const Answer answer = client->send(method, "/actions/" + name, "", {{"Accept", accept}});
          CHECK(answer.status >= 200);
          CHECK(answer.header("Cache-Control") == "no-store");
          CHECK(answer.header("Vary") == "Accept, Cookie");
          CHECK(answer.header("Etag").empty());
          CHECK(answer.header("Last-Modified").empty());
          ++cases;
        }
  CHECK(cases == 312);
}

}  // namespace actiond::http
