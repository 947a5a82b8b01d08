// The lines of the logs, and the secrets that they never hold.
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <atomic>
#include <csignal>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "served/client.h"
#include "served/site.h"

namespace actiond::http {
namespace {

std::vector<std::string> request_lines(const std::filesystem::path& folder) {
  std::vector<std::string> lines;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (!entry.path().filename().string().starts_with("actiond.log")) continue;
    std::ifstream file(entry.path());
    for (std::string line; std::getline(file, line);)
      if (line.find("msg=request ") != std::string::npos) lines.push_back(line);
  }
  return lines;
}

// The log goes to the file that standard error goes to as well.
void log_to_file(RunningSite& site) {
  site.edit("actiond.toml", "file = \"\"", "file = \"log/actiond.log\"");
}

// Each is found by no accident.
std::string canary(const std::string& where) { return "canary-" + where + "-7h3x"; }

// Headers and a query that hold secrets, besides what `more` says.
Answer send(Client& client, const std::string& name, const std::string& body,
            const std::string& type, Headers more = {}) {
  Headers headers{{"Content-Type", type},
                  {"User-Agent", canary("user-agent")},
                  {"Referer", "http://localhost/?" + canary("referer")},
                  {"X-Secret", canary("header")},
                  {"Idempotency-Key", canary("idempotency")},
                  {"X-Forwarded-For", canary("forwarded")}};
  headers.insert(headers.end(), more.begin(), more.end());
  return client.send("POST", "/actions/" + name + "?q=" + canary("query"), body, headers);
}

const std::string form_type = "application/x-www-form-urlencoded";

std::string secret_fields(const std::string& fields) {
  return fields + "&password=" + canary("password") + "&" + canary("name") + "=" + canary("value");
}

std::string multipart(const std::string& fields) {
  return "--b\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\n" + fields +
         "\r\n--b\r\nContent-Disposition: form-data; name=\"avatar\"; filename=\"" +
         canary("filename") + ".png\"\r\nContent-Type: image/png\r\nX-Part: " + canary("part") +
         "\r\n\r\n" + canary("content") + "\r\n--b--\r\n";
}

}  // namespace

TEST_CASE("the id that the visitor sees is in the line of the request, once") {
  const RunningSite site;
  Client client(site);
  std::set<std::string> ids;
  for (const Answer& answer :
       {client.post("comments", {{"message", "hi"}}), client.post("comments", {{"message", ""}}),
        client.post("author", {}), client.get("/actions/nope"), client.get("/actions/me")})
    ids.insert(answer.header("X-Request-Id"));
  CHECK(ids.size() == 5);
  CHECK(eventually([&] { return request_lines(site.folder() / "log").size() == 5; }));
  const std::string log = site.log();
  for (const std::string& id : ids) {
    const std::size_t at = log.find(" id=" + id + " ");
    CHECK(at != log.npos);
    CHECK(log.find(" id=" + id + " ", at + 1) == log.npos);
  }
}

TEST_CASE("signing in and each refusal are told with their action, status and reason") {
  const RunningSite site;
  Client client(site);
  client.sign_up("ada@example.com");
  const auto told = [&](const Answer& answer) {
    const std::string id = " id=" + answer.header("X-Request-Id") + " ";
    std::string line;
    CHECK(eventually([&] {
      for (const std::string& each : request_lines(site.folder() / "log"))
        if (each.find(id) != each.npos) line = each;
      return !line.empty();
    }));
    return line.substr(0, line.find(" ms=")) + " ";
  };
  struct Row {
    Answer answer;
    std::string action, user, status_and_reason;
  };
  Client guest(site);
  const Fields wrong{{"email", "ada@example.com"}, {"password", "wrong horse battery"}};
  for (const Row& row : {
           Row{client.sign_in("ada@example.com"), "sign-in", "user=1", "status=200"},
           Row{guest.post("sign-in", wrong), "sign-in", "", "status=422 reason=\"invalid fields\""},
           Row{guest.post("author", {}), "author", "", "status=401 reason=\"not signed in\""},
           Row{client.post("order", {}), "order", "user=1", "status=402 reason=\"no access\""},
           Row{client.get("/actions/inbox"), "inbox", "user=1",
               "status=403 reason=\"not permitted\""},
           Row{guest.post("comments", {}, {{"Origin", "http://evil.example"}}), "comments", "",
               "status=403 reason=cross-site "},
           Row{guest.post("comments", {{"a", "1"}, {"a", "2"}}), "comments", "",
               "status=400 reason=\"repeated field\""},
           Row{guest.post("author", {}, {{"Authorization", "Bearer x"}}), "author", "",
               "status=401 reason=\"bearer token\""},
       }) {
    const std::string line = told(row.answer);
    CAPTURE(line);
    CHECK(line.find(" action=" + row.action + " ") != line.npos);
    CHECK(line.find(row.user.empty() ? " access=" : " " + row.user + " ") != line.npos);
    CHECK(line.find(" " + row.status_and_reason) != line.npos);
  }
}

TEST_CASE("a slow request is a warning that names the phase") {
  RunningSite site({.prepare = [](RunningSite& prepared) {
    prepared.edit("actiond.toml", "slow_ms = 1000", "slow_ms = 5");
  }});
  Client(site).sign_up("ada@example.com");
  CHECK(eventually([&] { return site.log().find(" slow=work ") != std::string::npos; }));
  CHECK(site.log().find("level=warning msg=request ") != std::string::npos);
}

TEST_CASE("a log in JSON is JSON in each line") {
  RunningSite site({.prepare = [](RunningSite& prepared) {
    prepared.edit("actiond.toml", "format = \"logfmt\"", "format = \"json\"");
  }});
  CHECK(Client(site).post("comments", {{"message", "hi"}}).status == 200);
  CHECK(eventually([&] { return site.log().find("\"comments\"") != std::string::npos; }));
  std::istringstream lines(site.log());
  for (std::string line; std::getline(lines, line);) CHECK(nlohmann::json::parse(line).is_object());
}

TEST_CASE("a log that is rotated again and again under load loses no line") {
  RunningSite site({.prepare = log_to_file});
  constexpr int visitors = 3;
  std::atomic<bool> stop = false;
  std::atomic<std::size_t> sent = 0;
  std::vector<std::thread> threads;
  for (int visitor = 0; visitor < visitors; ++visitor)
    threads.emplace_back([&] {
      Client client(site);
      for (; !stop; ++sent) CHECK(client.get("/actions/me").status == 200);
    });
  const std::filesystem::path log = site.folder() / "log/actiond.log";
  for (int at = 0; at < 12; ++at) {
    std::filesystem::rename(log, log.string() + "." + std::to_string(at));
    site.pool().signal(SIGUSR1);
    CHECK(eventually(
        [&] { return std::filesystem::exists(log) && std::filesystem::file_size(log) > 0; }));
  }
  stop = true;
  for (std::thread& thread : threads) thread.join();
  // The answer leaves before its line is written.
  CHECK(eventually([&] { return request_lines(site.folder() / "log").size() >= sent; }));
  const auto lines = request_lines(site.folder() / "log");
  CHECK(lines.size() == sent);
  CHECK(std::set<std::string>(lines.begin(), lines.end()).size() == sent);
}

TEST_CASE("no secret is in any log, in the status or in the metrics, whatever the outcome (S31)") {
  // The pool's pages are a copy, which goes missing: a failure of ours.
  RunningSite site({.prepare = [](RunningSite& prepared) {
    const std::string shipped = site_folder() / "static", copy = prepared.folder() / "pages";
    std::filesystem::copy(shipped, copy, std::filesystem::copy_options::recursive);
    prepared.edit("actiond.toml", shipped, copy);
  }});
  const std::filesystem::path pages = site.folder() / "pages", aside = site.folder() / "aside";
  std::filesystem::rename(pages, aside);
  std::set<int> statuses;
  const auto note = [&statuses](const Answer& answer) { statuses.insert(answer.status); };
  Client visitor(site), browser(site, as_browser), user(site), paying(site);
  user.sign_up("user@example.com");
  paying.sign_up("paying@example.com");
  REQUIRE(site.actiond({"grant", "paying@example.com"}).exit_code == 0);
  visitor.cookie = "session=v1.a." + canary("cookie") + "; other=" + canary("other-cookie");
  const std::string origin = site.origin();

  for (Client* client : {&visitor, &browser, &user, &paying})
    for (const std::string name :
         {"comments", "author", "order", "sign-in", "sign-up", "change-password", "no-such"}) {
      const std::string good = "message=x&name=x&topic=x&email=" + canary("email") + "@example.com";
      note(send(*client, name, secret_fields(good), form_type));
      note(send(*client, name, secret_fields("message=&name=&topic=&email=" + canary("bad")),
                form_type));
      note(send(*client, name, "message=%" + canary("broken"), form_type));
      note(send(*client, name, secret_fields("message=1&message=2&name=1&name=2"), form_type));
      note(send(*client, name, multipart(canary("multipart")), "multipart/form-data; boundary=b"));
      note(send(*client, name,
                "{\"message\":\"x\",\"name\":\"" + canary("json") + "\",\"topic\":{}}", as_json));
      note(send(*client, name, "{\"" + canary("no-json"), as_json));
      note(send(*client, name, canary("type"), "text/" + canary("type")));
      note(send(*client, name, secret_fields(good), form_type,
                {{"Origin", "http://" + canary("origin")}}));
      note(send(*client, name, secret_fields(good), form_type,
                {{"Authorization", "Bearer " + canary("bearer")}}));
      note(client->send("DELETE", "/actions/" + name + "?" + canary("query"), canary("body")));
    }
  note(browser.get("/actions/comments"));  // whose page is gone
  note(send(visitor, "comments", "message=" + std::string(1 << 20, 'x') + canary("large"),
            form_type));
  sqlite3* db = nullptr;
  REQUIRE(sqlite3_open(site.database().c_str(), &db) == SQLITE_OK);
  CHECK(sqlite3_exec(db, "ALTER TABLE comments RENAME TO elsewhere", nullptr, nullptr, nullptr) ==
        SQLITE_OK);
  sqlite3_close(db);
  note(send(visitor, "sign-in", secret_fields("email=" + canary("lost")), form_type));
  const auto tell = [&site] {
    return site.actiond({"status"}).output + site.actiond({"status", "--json"}).output +
           Client(site).get("/-/metrics").body;
  };
  std::string told = tell();
  site.stop_pool();
  note(visitor.post("comments", {{"message", canary("lost")}}, {{"X-Secret", canary("header")}}));
  write_file(site.database(), std::string(8192, 'x'));
  std::filesystem::rename(aside, pages);
  site.start_pool();
  note(send(visitor, "comments", secret_fields("message=x"), form_type));
  for (const int status : {200, 303, 400, 401, 402, 403, 404, 405, 413, 415, 422, 500, 503})
    CHECK_MESSAGE(statuses.contains(status), status);

  told += tell();
  for (const auto& entry : std::filesystem::directory_iterator(site.folder() / "log"))
    told += read_file(entry.path());
  REQUIRE(told.find("msg=request") != std::string::npos);
  for (const std::string& secret :
       {std::string("canary-"), std::string("-7h3x"), std::string(Client::password),
        user.cookie.substr(user.cookie.find('=') + 1),
        paying.cookie.substr(paying.cookie.find('=') + 1)}) {
    const std::size_t at = told.find(secret);
    CHECK_MESSAGE(at == told.npos, told.substr(at < 200 ? 0 : at - 200, 400));
  }
}

}  // namespace actiond::http
