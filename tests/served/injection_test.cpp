// Input stays data: in pages, headers, redirects, files and logs.
#include <doctest/doctest.h>

#include <set>

#include "count_of.h"
#include "served/attack.h"

namespace actiond::http {
namespace {

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
      {"/actions/author", "/actions/author"},
      {"/comments.html", "/comments.html"},
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
      {"/actions/author", "/actions/author"},
      {"%2Factions%2Forder", "/actions/order"},
      {"/comments.html", "/comments.html"},
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
  Victim victim;
  Client client(victim.site, as_browser);
  client.cookie = victim.client.cookie;
  const std::vector<std::string> payloads{
      "\"><script>alert(1)</script>",         "'><img src=x onerror=alert(1)>",
      "</textarea><script>alert(1)</script>", "<!--<script>",
      "&lt;script&gt;&#60;script>",           "\" autofocus onfocus=\"alert(1)",
      "\r\n<script>alert(1)</script>"};
  const Tables before = all_rows(victim.site);
  for (const SampleAction& action : every_action()) {
    if (!action.has_page()) continue;  // nor a field
    const std::string plain = client.post(action.name, action.wrong()).body;
    for (const SampleField& field : action.fields)
      for (const std::string& payload : payloads) {
        CAPTURE(action.name);
        CAPTURE(field.name);
        CAPTURE(payload);
        Fields fields = action.wrong();
        for (auto& [name, value] : fields)
          // The only field of its form is too long then.
          if (name == field.name) value = payload + std::string(fields.size() == 1 ? 40 : 0, 'x');
        const Answer answer = client.post(action.name, fields);
        CHECK(answer.status == 422);
        for (const std::string tag :
             {"<script", "<img", "</textarea", "<!--", "onfocus=\"", "onerror=alert(1)>"})
          CHECK_MESSAGE(test::count_of(answer.body, tag) == test::count_of(plain, tag), tag);
        const Answer broken = client.post(action.name, {{field.name, payload + "\xff"}});
        CHECK(broken.status == 400);
        CHECK_FALSE(broken.holds("<script>"));
      }
  }
  CHECK(changes(before, all_rows(victim.site)) == "");
  // A value that was stored comes back in the page, and in its header.
  const std::string name = "\"><script>alert(1)</script>";
  CHECK(client.post("author", {{"name", name}}).status == 303);
  for (const SampleAction& action : every_action())
    CHECK_FALSE_MESSAGE(client.get("/actions/" + action.name).holds("<script>alert"), action.name);
  CHECK(victim.site.query("SELECT name FROM users") == std::vector<std::string>{name});
}

TEST_CASE("S32 what a refusal quotes is escaped") {
  RunningSite site;
  const std::string payload = "\"><script>alert(1)</script>";
  const std::string part =
      "--b\r\nContent-Disposition: form-data; name=\"<script>\"; "
      "filename=\"x\"\r\n\r\nhi\r\n--b--\r\n";
  Client client(site, as_browser);
  const std::vector<Answer> answers{
      client.post("comments", {{"message", "hi"}}, {{"Origin", payload}}),
      client.post("comments", {{"message", "hi"}}, {{"Sec-Fetch-Site", payload}}),
      client.post("comments", {{payload, "a"}, {payload, "b"}}),
      client.post("comments", {{payload, "\xff"}}),
      client.send("POST", "/actions/comments", part,
                  {{"Content-Type", "multipart/form-data; boundary=b"}}),
      client.get("/actions/<script>alert(1)</script>"),
      client.send("POST", "/actions/comments", "a", {{"Content-Type", payload}})};
  for (const Answer& answer : answers) {
    CAPTURE(answer.body);
    CHECK(answer.status >= 400);
    CHECK(answer.header("Content-Type").starts_with("text/html"));
    CHECK_FALSE(answer.holds("<script>"));
  }
}

TEST_CASE("S18 a file's name is data only") {
  Victim victim;
  RunningSite& site = victim.site;
  Client& client = victim.client;
  client.post("comments", {{"message", "first"}});  // whatever a request makes is there now
  const std::set<std::string> files = files_below(site.folder());
  const Tables before = all_rows(site);
  const std::string png("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\2\0\0\0", 29);
  const auto send = [&](const std::string& action, const std::string& field,
                        const std::string& name) {
    return client
        .send("POST", "/actions/" + action,
              "--b\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nAda\r\n"
              "--b\r\nContent-Disposition: form-data; name=\"" +
                  field + "\"; filename=\"" + name + "\"\r\nContent-Type: text/plain\r\n\r\n" +
                  png + "\r\n--b--\r\n",
              {{"Content-Type", "multipart/form-data; boundary=b"}})
        .status;
  };
  const std::vector<std::string> names{"../../../tmp/actiond-canary",
                                       "/tmp/actiond-canary",
                                       "actiond.toml",
                                       "..\\..\\actiond-canary",
                                       "a;b",
                                       "x%22y",
                                       "x\\\"y",
                                       "%2e%2e%2fx",
                                       "x.html",
                                       "site.db"};
  // Where no file is asked for, the form is refused, or does what it does without one.
  std::size_t saved = 0;
  for (const std::string& name : names) {
    CAPTURE(name);
    for (const std::string field : {"message", "name", "file", "../x", "_once"}) {
      CHECK(send("comments", field, name) == 400);
      CHECK(send("author", field, name) == (field == "name" ? 400 : 200));
      saved += field != "name";
    }
  }
  CHECK(files_below(site.folder()) == files);
  CHECK(changes(before, all_rows(site)) == "audit +" + std::to_string(saved));
  // Where a file is asked for, it is kept under a name of the site's own, in place of the one
  // before.
  for (const std::string& name : names) {
    CAPTURE(name);
    CHECK(send("author", "avatar", name) == 200);
    const std::string avatar = site.query("SELECT avatar FROM users").front();
    CHECK(avatar.size() == 26);
    CHECK(avatar.find_first_of("/\\% ") == avatar.npos);
    CHECK(avatar.ends_with(".png"));
    std::set<std::string> now = files;
    now.insert(site.folder() / "uploads" / avatar);
    CHECK(eventually([&] { return files_below(site.folder()) == now; }));
  }
  CHECK(changes(before, all_rows(site)) ==
        "audit +" + std::to_string(saved + names.size()) + ", users -1 +1");
  CHECK_FALSE(std::filesystem::exists("/tmp/actiond-canary"));
}

TEST_CASE("S31 no field, cookie, header or query reaches a log") {
  RunningSite site;
  Client client(site);
  client.sign_up("ada@example.org");
  const std::string token = client.cookie.substr(client.cookie.find('=') + 1);
  const std::string canary = "CaNaRy-7f3a";
  const Headers headers{{"X-Secret", canary},
                        {"Referer", "http://localhost/?token=" + canary},
                        {"User-Agent", canary},
                        {"Idempotency-Key", canary}};
  std::vector<SampleAction> actions = every_action();
  actions.push_back({"no-such", {}});
  for (const auto& [action, fields] : actions)
    for (const std::string method : {"POST", "GET", "PUT"}) {
      Fields canaries{{canary, canary}};
      for (const SampleField& field : fields) canaries.push_back({field.name, canary + canary});
      const std::string body = urlencoded(canaries);
      client.send(method, "/actions/" + action + "?password=" + canary, body, headers);
      client.send(method, "/actions/" + action, body + "&" + body, headers);
      client.send(method, "/actions/" + action, body + "%ff", headers);
      client.send(method, "/actions/" + action, canary, {{"Content-Type", canary}});
      client.send(method, "/actions/" + action, body, {{"Origin", "http://" + canary}});
      client.send(method, "/actions/" + action, body, {{"Authorization", "Bearer " + canary}});
      client.send(method, "/actions/" + action, body,
                  {{"Cookie", "session=" + canary}, {"Sec-Fetch-Site", canary}});
    }
  // Where everything is right, as well.
  Client stranger(site);
  stranger.post("sign-up",
                {{"email", canary + "@example.org"}, {"password", canary}, {"name", canary}});
  const std::string other_token = stranger.cookie.substr(stranger.cookie.find('=') + 1);
  CHECK(other_token.size() > 40);
  stranger.post("sign-in", {{"email", canary + "@example.org"}, {"password", canary + "x"}});
  stranger.post("change-password", {{"present", canary}, {"password", canary + canary}});
  client.get("/sign-in.html?next=" + canary);
  client.get("/no-such.html?token=" + canary);
  // Of what nginx refuses, and of a request that finds no pool, its error log would quote the first
  // line and the Referer.
  const std::string link = "/actions/reset-password?token=" + canary;
  const auto from_link = [&](const std::string& method, const std::string& body) {
    client.send(method, link, body, {{"Referer", site.origin() + link}});
  };
  from_link("GET", "");
  client.get("/actions/reset-password%3Ftoken=" + canary);
  from_link("POST", std::string(2 << 20, 'x'));
  site.stop_pool();
  from_link("GET", "");
  from_link("POST", "");
  client.post("comments", {{"message", canary}},
              {{"Authorization", "Bearer " + canary}, {"X-Secret", canary}});
  for (const std::string& file : files_below(site.folder() / "log"))
    for (const std::string& secret : {canary, token, other_token, std::string(Client::password)}) {
      const std::string text = read_file(file);
      const std::size_t at = text.find(secret);
      const std::string line = at == text.npos ? "" : text.substr(text.rfind('\n', at) + 1, 300);
      CHECK_MESSAGE(line.empty(), file << ": " << line);
    }
}

}  // namespace actiond::http
