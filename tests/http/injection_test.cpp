// What a visitor sends stays data: in pages, headers, redirects, files and logs.
#include <doctest/doctest.h>

#include <set>

#include "http/client.h"
#include "http/site.h"

namespace actiond::http {
namespace {

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++found;
  return found;
}

std::set<std::string> files_below(const std::filesystem::path& folder) {
  std::set<std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) files.insert(entry.path());
  return files;
}

}  // namespace

TEST_CASE("S19 S21 sign-in leads to this site and nowhere else") {
  RunningSite site;
  Client client(site);
  client.sign_up("ada@example.org");
  const std::vector<std::pair<std::string, std::string>> rows{
      {"/actions/profile", "/actions/profile"},
      {"/feedback.html", "/feedback.html"},
      {"", "/"},
      {"//e", "/"},
      {"///e", "/"},
      {"/\\e", "/"},
      {"\\\\e", "/"},
      {"/\t/e", "/"},
      {"/%09/e", "/"},
      {"https:e", "/"},
      {"https://e", "/"},
      {"javascript:alert(1)", "/"},
      {"e", "/"},
      {"@e", "/"},
      {"/a\r\nX-Injected: 1", "/"},
      {"/a\r\n\r\n<script>", "/"},
      {"/a\nX-Accel-Redirect: /errors/503.html", "/"}};
  for (const auto& [next, location] : rows) {
    CAPTURE(next);
    const Answer answer = client.post(
        "sign-in", {{"email", "ada@example.org"}, {"password", Client::password}, {"next", next}},
        {{"Accept", as_browser}});
    CHECK(answer.status == 303);
    CHECK(answer.header("Location") == location);
    CHECK(answer.header("X-Injected").empty());
  }
}

TEST_CASE("S21 the sign-in page passes on only a page or an action of this site") {
  RunningSite site;
  Client client(site, as_browser);
  const std::vector<std::pair<std::string, std::string>> rows{
      {"/actions/profile", "/actions/profile"},
      {"%2Factions%2Fpremium", "/actions/premium"},
      {"/feedback.html", "/feedback.html"},
      {"//evil.example", ""},
      {"/%5Cevil.example", ""},
      {"https://evil.example", ""},
      {"javascript:alert(1)", ""},
      {"%22%3E%3Cscript%3E", ""},
      {"\"><script>alert(1)</script>", ""},
      {"/x.html\"onfocus=\"alert(1)", ""},
      {"/x.html%0A", ""}};
  for (const auto& [next, value] : rows) {
    CAPTURE(next);
    CHECK(client.get("/sign-in.html?next=" + next).holds("name=\"next\" value=\"" + value + "\""));
  }
}

TEST_CASE("S32 what was sent is escaped wherever it comes back") {
  RunningSite site;
  Client client(site, as_browser);
  client.sign_up("ada@example.org");
  REQUIRE(site.actiond({"grant", "ada@example.org"}).exit_code == 0);
  const std::vector<std::string> payloads{
      "\"><script>alert(1)</script>",         "'><img src=x onerror=alert(1)>",
      "</textarea><script>alert(1)</script>", "<!--<script>",
      "&lt;script&gt;&#60;script>",           "\" autofocus onfocus=\"alert(1)",
      "\r\n<script>alert(1)</script>"};
  struct Form {
    std::string action;
    std::vector<std::string> fields;
    Fields wrong;  // makes it a 422 whatever the rest says
  };
  const std::vector<Form> forms{{"feedback", {"email", "message"}, {{"email", "no"}}},
                                {"sign-up", {"email", "name"}, {{"password", "short"}}},
                                {"sign-in", {"email", "next"}, {{"password", ""}}},
                                {"profile", {"name", "website"}, {{"website", "no"}}},
                                {"premium", {"topic", "pages"}, {{"pages", "no"}}}};
  for (const Form& form : forms) {
    const std::string plain = client.post(form.action, form.wrong).body;
    for (const std::string& field : form.fields)
      for (const std::string& payload : payloads) {
        CAPTURE(form.action);
        CAPTURE(field);
        CAPTURE(payload);
        Fields fields{{field, payload}};
        for (const auto& other : form.wrong)
          if (other.first != field) fields.push_back(other);
        const Answer answer = client.post(form.action, fields);
        CHECK(answer.status == 422);
        for (const std::string tag :
             {"<script", "<img", "</textarea", "<!--", "onfocus=\"", "onerror=alert(1)>"})
          CHECK_MESSAGE(count(answer.body, tag) == count(plain, tag), tag);
        const Answer broken = client.post(form.action, {{field, payload + "\xff"}});
        CHECK(broken.status == 400);
        CHECK_FALSE(broken.holds("<script>"));
      }
  }
  // A value that was stored comes back in the page, and in its header.
  const std::string name = "\"><script>alert(1)</script>";
  CHECK(client.post("profile", {{"name", name}}).status == 303);
  for (const std::string path : {"/actions/profile", "/actions/feedback", "/actions/premium"})
    CHECK_FALSE_MESSAGE(client.get(path).holds("<script>alert"), path);
  CHECK(site.query("SELECT name FROM users") == std::vector<std::string>{name});
}

TEST_CASE("S32 what a refusal quotes is escaped") {
  RunningSite site;
  const std::string payload = "\"><script>alert(1)</script>";
  const std::string part =
      "--b\r\nContent-Disposition: form-data; name=\"<script>\"; "
      "filename=\"x\"\r\n\r\nhi\r\n--b--\r\n";
  Client client(site, as_browser);
  const std::vector<Answer> answers{
      client.post("feedback", {{"message", "hi"}}, {{"Origin", payload}}),
      client.post("feedback", {{"message", "hi"}}, {{"Sec-Fetch-Site", payload}}),
      client.post("feedback", {{payload, "a"}, {payload, "b"}}),
      client.post("feedback", {{payload, "\xff"}}),
      client.send("POST", "/actions/feedback", part,
                  {{"Content-Type", "multipart/form-data; boundary=b"}}),
      client.get("/actions/<script>alert(1)</script>"),
      client.send("POST", "/actions/feedback", "a", {{"Content-Type", payload}})};
  for (const Answer& answer : answers) {
    CAPTURE(answer.body);
    CHECK(answer.status >= 400);
    CHECK(answer.header("Content-Type").starts_with("text/html"));
    CHECK_FALSE(answer.holds("<script>"));
  }
}

TEST_CASE("S18 a file's name is data only") {
  RunningSite site;
  Client client(site);
  client.post("feedback", {{"message", "first"}});  // whatever a request makes is there now
  const std::set<std::string> before = files_below(site.folder());
  for (const std::string name :
       {"../../../tmp/actiond-canary", "/tmp/actiond-canary", "actiond.toml",
        "..\\..\\actiond-canary", "a;b", "x\\\"y", "", "site.db"})
    for (const std::string field : {"message", "file", "../x"}) {
      CAPTURE(name);
      CAPTURE(field);
      const Answer answer =
          client.send("POST", "/actions/feedback",
                      "--b\r\nContent-Disposition: form-data; name=\"" + field + "\"; filename=\"" +
                          name + "\"\r\nContent-Type: text/plain\r\n\r\ncanary\r\n--b--\r\n",
                      {{"Content-Type", "multipart/form-data; boundary=b"}});
      CHECK(answer.status == 400);
    }
  CHECK(files_below(site.folder()) == before);
  CHECK_FALSE(std::filesystem::exists("/tmp/actiond-canary"));
  CHECK(site.row_counts() == RowCounts{.feedback = 1});
}

TEST_CASE("S31 no field, cookie, header or query reaches a log") {
  RunningSite site;
  Client client(site);
  client.sign_up("ada@example.org");
  const std::string token = client.cookie.substr(client.cookie.find('=') + 1);
  const std::string canary = "CaNaRy-7f3a";
  const Headers headers{{"Authorization", "Bearer " + canary},
                        {"X-Secret", canary},
                        {"Referer", "http://localhost/?token=" + canary},
                        {"User-Agent", canary},
                        {"Idempotency-Key", canary}};
  for (const std::string action :
       {"feedback", "profile", "premium", "sign-up", "sign-in", "sign-out", "no-such"})
    for (const std::string method : {"POST", "GET", "PUT"}) {
      const Fields fields{{"message", canary}, {"name", canary},
                          {"topic", canary},   {"password", canary + canary},
                          {"email", canary},   {"website", canary},
                          {"next", canary},    {canary, canary}};
      const std::string body = urlencoded(fields);
      client.send(method, "/actions/" + action + "?password=" + canary, body, headers);
      client.send(method, "/actions/" + action, body + "&" + body, headers);
      client.send(method, "/actions/" + action, body + "%ff", headers);
      client.send(method, "/actions/" + action, canary, {{"Content-Type", canary}});
      client.send(method, "/actions/" + action, body, {{"Origin", "http://" + canary}});
      client.send(method, "/actions/" + action, body,
                  {{"Cookie", "session=" + canary}, {"Sec-Fetch-Site", canary}});
    }
  client.get("/sign-in.html?next=" + canary);
  client.get("/no-such.html?token=" + canary);
  // Of a request that finds no pool nginx logs the whole first line and the Referer: neither has a
  // secret on this site, everything else may.
  site.stop_pool();
  client.post("feedback", {{"message", canary}},
              {{"Authorization", "Bearer " + canary}, {"X-Secret", canary}});
  for (const std::string& file : files_below(site.folder() / "log"))
    for (const std::string& secret : {canary, token, std::string(Client::password)}) {
      const std::string text = read_file(file);
      const std::size_t at = text.find(secret);
      const std::string line = at == text.npos ? "" : text.substr(text.rfind('\n', at) + 1, 300);
      CHECK_MESSAGE(line.empty(), file << ": " << line);
    }
}

}  // namespace actiond::http
