// The way of a request, with actions made for it.
#include "action/dispatch.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "action/declare.h"
#include "site_under_test.h"

namespace actiond {
namespace {

using nlohmann::json;
using test::changed_tables;
using test::SiteUnderTest;

struct Note {
  std::string text;
};

const Form<Note> note_form{"", {{"text", &Note::text, {.required = true}}}};
const Form<Note> on_a_page{"comments.html", {{"text", &Note::text}}};
const Form<Note> on_a_missing_page{"missing.html", {{"text", &Note::text}}};

void keep(const Note& input, Transaction& tx) {
  tx.run("INSERT INTO comments (email, message) VALUES ('', ?)", input.text);
}

template <class Last>
Action writes_then(std::string_view name, Last last, const Form<Note>& its_form = note_form) {
  return public_action(name, its_form, [last](const Note& input, Transaction& tx) -> Result {
    keep(input, tx);
    return last();
  });
}

struct NoError {};

// Each writes first, and then ends in its own way.
std::vector<Action> actions() {
  return {
      writes_then("done", []() -> Result { return Redirect{"/"}; }),
      writes_then("invalid", []() -> Result { return note_form.error(&Note::text, "Taken."); }),
      writes_then("throws", []() -> Result { throw std::runtime_error("secret reason"); }),
      writes_then("throws-no-exception", []() -> Result { throw NoError{}; }),
      writes_then("unavailable", []() -> Result { throw Unavailable("disk on fire"); }),
      writes_then("leaves-the-site", []() -> Result { return Redirect{"//evil.example/"}; }),
      writes_then(
          "has-no-page",
          []() -> Result {
            return Data{{{"a", "1"}}};
          },
          on_a_missing_page),
      writes_then(
          "has-a-page",
          []() -> Result {
            return Data{{{"a", "1"}}};
          },
          on_a_page),
      writes_then("splits", []() -> Result { return Redirect{"/a\r\nX-Evil: 1"}; }),
  };
}

TEST_CASE(
    "nothing is written unless the answer is 2xx or 303, whatever went wrong and whoever asks") {
  struct Row {
    std::string action;
    std::string accept;
    int status;
  };
  for (const Row& row :
       {Row{"done", "*/*", 200}, Row{"done", "text/html", 303}, Row{"has-a-page", "text/html", 200},
        Row{"invalid", "*/*", 422}, Row{"invalid", "text/html", 422}, Row{"throws", "*/*", 500},
        Row{"throws", "text/html", 500}, Row{"throws-no-exception", "*/*", 500},
        Row{"unavailable", "*/*", 503}, Row{"unavailable", "text/html", 503},
        Row{"leaves-the-site", "*/*", 500}, Row{"leaves-the-site", "text/html", 500},
        Row{"has-no-page", "text/html", 200}, Row{"splits", "text/html", 500}}) {
    CAPTURE(row.action);
    CAPTURE(row.accept);
    SiteUnderTest site(actions());
    site.database.open();
    const auto before = site.all_rows();
    int status = 0;
    try {
      status = site.post(row.action, {{"text", "x"}}, "", row.accept).status();
    } catch (...) {
      FAIL_CHECK("it threw");
    }
    CHECK(status == row.status);
    CHECK(changed_tables(before, site.all_rows()) ==
          std::string(row.status <= 303 ? "comments" : ""));
  }
}

TEST_CASE("our fault shows its request id and keeps its reason for the log") {
  for (const std::string accept : {"application/json", "text/html", "text/plain"}) {
    CAPTURE(accept);
    SiteUnderTest site(actions());
    const Response response = site.post("throws", {{"text", "x"}}, "", accept);
    CHECK(response.status() == 500);
    CHECK(response.body.find("0123456789abcdef") != std::string::npos);
    CHECK(response.body.find("secret") == std::string::npos);
    CHECK(response.record.reason == "secret reason");
    CHECK(response.record.action == "throws");
    CHECK(response.record.level == "public");
  }
}

TEST_CASE("a page that was removed takes nothing with it that a visitor typed") {
  std::vector<Action> with_error = actions();
  with_error.push_back(writes_then(
      "has-lost-its-page",
      []() -> Result { return on_a_missing_page.error(&Note::text, "Taken."); },
      on_a_missing_page));
  SiteUnderTest site(std::move(with_error));
  const Response response =
      site.post("has-lost-its-page", {{"text", "long & thought over"}}, "", "text/html");
  CHECK(response.status() == 422);
  CHECK(response.body.find("long &amp; thought over") != std::string::npos);
  CHECK(response.body.find("Taken.") != std::string::npos);
  CHECK(response.record.reason.find("missing.html") != std::string::npos);
}

TEST_CASE("unavailable data is 503 and says when to come again") {
  SiteUnderTest site(actions());
  const Response response = site.post("unavailable", {{"text", "x"}});
  CHECK(response.status() == 503);
  CHECK(test::header(response, "Retry-After") == "5");
  CHECK(response.body.find("fire") == std::string::npos);
  CHECK(response.record.reason == "disk on fire");
}

TEST_CASE("a request that nginx gave up waiting for has no effect") {
  for (const int patience : {-1, 0}) {
    CAPTURE(patience);
    SiteUnderTest site;
    const auto before = site.all_rows();
    Request request =
        test::make_request("POST", "/actions/comments",
                           {{"content-type", "application/x-www-form-urlencoded"}}, "message=x");
    request.deadline = site.now + std::chrono::seconds(patience);
    const Response response = site.send(std::move(request));
    CHECK(response.status() == (patience < 0 ? 503 : 200));
    CHECK(changed_tables(before, site.all_rows()) == std::string(patience < 0 ? "" : "comments"));
  }
}

TEST_CASE("every answer has its request id and is kept out of caches") {
  SiteUnderTest site;
  for (const Response& response :
       {site.get("/actions/"), site.get("/actions/me"), site.get("/actions/nothing"),
        site.get("/actions/author"), site.get("/actions/comments", "", "text/html"),
        site.post("comments", {}), site.post("comments", {{"message", "x"}}),
        site.send(
            test::make_request("POST", "/actions/comments", {{"origin", "https://evil.example"}})),
        site.send(test::make_request("DELETE", "/actions/comments"))}) {
    CAPTURE(response.status());
    CHECK(test::header(response, "X-Request-Id") == "0123456789abcdef");
    CHECK(test::header(response, "Cache-Control") == "no-store");
    CHECK(test::header(response, "Vary") == "Accept, Cookie");
  }
}

TEST_CASE("only the exact name of an action finds it") {
  SiteUnderTest site;
  for (const std::string_view path :
       {std::string_view("/actions/nothing"), std::string_view("/actions/Comments"),
        std::string_view("/actions/comments/"), std::string_view("/actions//comments"),
        std::string_view("/actions/./comments"), std::string_view("/actions/x/../comments"),
        std::string_view("/actions/comments;x"), std::string_view("/actions/%63omments"),
        std::string_view("/actions/comments\0", 18), std::string_view("/actions/comments\n"),
        std::string_view("/actions/comments.html"), std::string_view("/actions/ comments"),
        std::string_view("/actions"), std::string_view("/comments"),
        std::string_view("/Actions/comments"), std::string_view("/"), std::string_view(""),
        std::string_view("/actions/me/"), std::string_view("/actions/me?x")}) {
    CAPTURE(path);
    Request request = test::make_request(
        "POST", "",
        {{"content-type", "application/x-www-form-urlencoded"}, {"sec-fetch-site", "same-origin"}},
        "message=x");
    request.path = path;
    CHECK(site.send(request).status() == 404);
  }
  CHECK(site.all_rows().empty());
}

TEST_CASE("a method that an action does not have is 405 with those it has, and has no effect") {
  SiteUnderTest site;
  struct Row {
    std::string method;
    std::string path;
    std::string allow;
  };
  for (const Row& row :
       {Row{"PUT", "/actions/comments", "GET, HEAD, POST"},
        Row{"DELETE", "/actions/comments", "GET, HEAD, POST"},
        Row{"post", "/actions/comments", "GET, HEAD, POST"},
        Row{"OPTIONS", "/actions/order", "GET, HEAD, POST"},
        Row{"GET", "/actions/sign-out", "POST"}, Row{"HEAD", "/actions/sign-out", "POST"},
        Row{"POST", "/actions/me", "GET, HEAD"}, Row{"POST", "/actions/", "GET, HEAD"}}) {
    CAPTURE(row.method);
    CAPTURE(row.path);
    const Response response =
        site.send(test::make_request(row.method, row.path,
                                     {{"sec-fetch-site", "same-origin"},
                                      {"x-http-method-override", "POST"},
                                      {"content-type", "application/x-www-form-urlencoded"}},
                                     "message=x&_method=POST"));
    CHECK(response.status() == 405);
    CHECK(test::header(response, "Allow") == row.allow);
  }
  CHECK(site.all_rows().empty());
}

TEST_CASE(
    "S3 S4 a request from another site is 403 before its body is looked at, whatever its type") {
  SiteUnderTest site;
  const std::string cookie = site.sign_up("ada@example.com");
  const auto before = site.all_rows();
  for (const std::string type :
       {"application/x-www-form-urlencoded", "multipart/form-data; boundary=B", "text/plain",
        "APPLICATION/X-WWW-FORM-URLENCODED; x", "application/json", ""})
    for (const std::string method : {"POST", "PUT", "PATCH", "DELETE"})
      for (const std::string action : {"comments", "author", "sign-in", "sign-out", "sign-up"}) {
        CAPTURE(type);
        CAPTURE(method);
        CAPTURE(action);
        Request request = test::make_request(
            method, std::string("/actions/") + action,
            {{"origin", "https://evil.example"}, {"cookie", cookie}, {"content-type", type}},
            "message=x&name=x");
        request.read_body = [](char*, std::size_t) -> std::size_t {
          throw std::logic_error("the body was read");
        };
        CHECK(site.send(request).status() == 403);
      }
  CHECK(changed_tables(before, site.all_rows()) == "");
}

TEST_CASE("S2 a visitor without access is refused before the body is read") {
  SiteUnderTest site;
  Request request =
      test::make_request("POST", "/actions/order", {{"sec-fetch-site", "same-origin"}});
  request.content_length = 10'000'000;
  request.read_body = [](char*, std::size_t) -> std::size_t {
    throw std::logic_error("the body was read");
  };
  CHECK(site.send(request).status() == 401);
}

TEST_CASE("a header that decides something is 400 when it comes twice") {
  SiteUnderTest site;
  for (const std::string name : {"authorization", "content-type", "cookie", "host", "origin",
                                 "sec-fetch-site", "idempotency-key"}) {
    CAPTURE(name);
    const Response response =
        site.send(test::make_request("GET", "/actions/me", {{name, "x"}, {name, "x"}}));
    CHECK(response.status() == 400);
    CHECK(response.body.find(name) != std::string::npos);
  }
}

TEST_CASE("the catalogue has the form that was asked for") {
  SiteUnderTest site;
  CHECK(json::parse(site.get("/actions/").body)["actions"].size() == 7);  // those that are public
  CHECK(site.get("/actions/", "", "text/html").body.starts_with("<!DOCTYPE html>"));
  CHECK(site.get("/actions/", "", "text/plain").body.starts_with("comments (public)"));
  CHECK(json::parse(site.get("/actions/openapi.json").body).contains("paths"));
}

TEST_CASE("without a database everything is 503, and the reason is in no answer" *
          doctest::skip(test::is_on_postgres())) {
  SiteUnderTest site;
  test::write_file(site.folder / "site.db", test::repeat("not a database. ", 512));
  for (const Response& response : {site.get("/actions/me"), site.get("/actions/comments"),
                                   site.post("comments", {{"message", "x"}})}) {
    CHECK(response.status() == 503);
    CHECK(test::header(response, "Retry-After") == "5");
    CHECK(response.body.find("database") == std::string::npos);
    CHECK(response.record.reason.find("not a database") != std::string::npos);
  }
}

// The phases that were told, as words.
struct Told final : Progress {
  void found(std::string_view action) override { said += std::string(action) + ":"; }
  void enter(Phase phase) override { said += " " + std::string(to_text(phase)); }
  void rest() override {}

  std::string said = {};
};

TEST_CASE("a request tells its action, and the phases that it comes to") {
  SiteUnderTest site;
  const auto told = [&site](const std::string& action, const std::string& body) {
    Told progress;
    Request request =
        test::make_request("POST", "/actions/" + action,
                           {{"content-type", "application/x-www-form-urlencoded"}}, body);
    request.progress = &progress;
    site.send(std::move(request));
    return progress.said;
  };
  CHECK(told("comments", "message=hi") == "comments: body queue write commit answer");
  CHECK(told("comments", "message=") == "comments: body answer");
  CHECK(told("author", "name=Ada") == "author:");
  CHECK(told("sign-in", "email=a@example.com&password=wrong+horse") == "sign-in: body work answer");
  CHECK(told("no-such", "") == "");
}

TEST_CASE("who is turned away gets a 503 that the log has under its action, and nothing is done") {
  SiteUnderTest site;
  Request request =
      test::make_request("POST", "/actions/comments",
                         {{"content-type", "application/x-www-form-urlencoded"}}, "message=hi");
  std::optional<Response> answer;
  site.dispatcher.turn_away(request, [&](Response response) { answer = std::move(response); });
  REQUIRE(answer);
  CHECK(answer->status() == 503);
  CHECK(test::header(*answer, "Retry-After") == "5");
  CHECK(answer->record.action == "comments");
  CHECK(answer->record.reason == "too many wait for their turn");
  CHECK(answer->body.find("too many") == std::string::npos);
}

}  // namespace
}  // namespace actiond
