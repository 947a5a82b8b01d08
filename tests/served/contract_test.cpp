// "One URL, three answers" of contract.md, row by row.
#include <doctest/doctest.h>

#include <array>
#include <nlohmann/json.hpp>

#include "eventually.h"
#include "served/client.h"
#include "served/promises.h"
#include "served/site.h"

namespace actiond::http {
namespace {

enum class Who { Nobody, User, Payer };

struct Expected {
  int status;
  std::string holds;  // in the body, or in Location of a 303
};
using Three = std::array<Expected, 3>;  // to a browser, a program and a shell

Three alike(int status, const std::string& holds) {
  return {{{status, holds}, {status, holds}, {status, holds}}};
}

struct Row {
  std::string what;
  Who who;
  std::string method, path, body;
  Three expected;
  RowCounts effect = {};
  Headers headers = {};
};

// clang-format off
std::vector<Row> rows() {
  using enum Who;
  const std::string over_1_mib = "message=" + std::string(1 << 20, 'x');
  const std::string to_sign_in = "/sign-in.html?next=/actions/author";
  return {
      {"done, with a redirect", Nobody, "POST", "/actions/comments", "message=hi",
       {{{303, "/comments-thanks.html"},
         {200, R"({"ok":true,"location":"/comments-thanks.html"})"},
         {200, "ok\n"}}}, {.comments = 1}},
      {"done, with data", Payer, "POST", "/actions/order", "topic=Wool&pages=3",
       {{{200, "<output name=\"review\""},
         {200, R"({"ok":true,"data":{"review":")"},
         {200, "ok review="}}}, {.reviews = 1}},
      {"a required field is missing", Nobody, "POST", "/actions/comments", "email=a%40b.example",
       {{{422, "value=\"a@b.example\""},
         {422, R"("errors":{"message":"This field is required."})"},
         {422, "error message: This field is required.\n"}}}},
      {"two fields are wrong", Payer, "POST", "/actions/order", "topic=&pages=21",
       {{{422, "value=\"21\""},
         {422, R"("errors":{"pages":"Ask for 1 to 20 pages.","topic":)"},
         {422, "error pages: Ask for 1 to 20 pages.\nerror topic: This field is required.\n"}}}},
      {"not signed in", Nobody, "POST", "/actions/author", "name=Eve",
       {{{303, to_sign_in}, {401, "Sign in first."}, {401, "error Sign in first."}}}},
      {"not signed in, no page to come back to", Nobody, "POST", "/actions/sign-out", "",
       {{{303, "/sign-in.html?next=/"}, {401, "Sign in first."}, {401, "error Sign in first."}}}},
      {"the page of a protected action, not signed in", Nobody, "GET", "/actions/author", "",
       {{{303, to_sign_in}, {401, "Sign in first."}, {401, "error Sign in first."}}}},
      {"signed in, no access", User, "POST", "/actions/order", "topic=Wool",
       {{{303, "/upgrade.html"}, {402, "This needs paid access."}, {402, "error This needs paid"}}}},
      {"from another site", Payer, "POST", "/actions/order", "topic=Wool",
       alike(403, "evil.example"), {}, {{"Origin", "http://evil.example"}}},
      {"no such action", Nobody, "POST", "/actions/no-such", "a=b", alike(404, "no such action")},
      {"a method that no action has", Nobody, "PUT", "/actions/comments", "message=hi",
       alike(405, "GET, HEAD, POST")},
      {"reading an action without a page", User, "GET", "/actions/sign-out", "",
       alike(405, "Allowed here: POST.")},
      {"posting to the catalogue", Nobody, "POST", "/actions/", "", alike(405, "GET, HEAD")},
      {"a malformed body", Nobody, "POST", "/actions/comments", "message=%zz",
       alike(400, "encodes nothing")},
      {"a field sent twice", Nobody, "POST", "/actions/comments", "message=a&message=b",
       alike(400, "more than once")},
      {"text that is not UTF-8", Nobody, "POST", "/actions/comments", "message=%ff",
       alike(400, "UTF-8")},
      {"a control character", Nobody, "POST", "/actions/comments", "message=%07",
       {{{422, "Remove the control characters from this text."},
         {422, R"("errors":{"message":"Remove the control characters from this text."})"},
         {422, "error message: Remove the control characters from this text.\n"}}}},
      {"a body over the limit", Nobody, "POST", "/actions/comments", over_1_mib,
       alike(413, "93 KiB")},
      {"a body of an unknown type", Nobody, "POST", "/actions/comments", "message=hi",
       alike(415, "application/json"), {}, {{"Content-Type", "text/plain"}}},
      // The page is taken away for this row.
      {"a failure of ours", Payer, "GET", "/actions/order", "",
       {{{500, "Something failed on our side"}, {200, R"("ok":true)"}, {200, ""}}}},
  };
}
// clang-format on

// The pool's pages are a copy, so that one can be taken away.
void copy_pages(RunningSite& site) {
  std::filesystem::copy(site_folder() / "static", site.folder() / "pages",
                        std::filesystem::copy_options::recursive);
  site.edit("actiond.toml", "\nstatic = \"" + (site_folder() / "static").string() + "\"",
            "\nstatic = \"pages\"");
}

bool holds(const Answer& answer, const std::string& text) {
  return answer.status == 303 ? answer.header("Location") == text : answer.holds(text);
}

const char* type_of(int status, std::size_t format) {
  constexpr std::array<const char*, 3> types{"text/html; charset=utf-8", "application/json",
                                             "text/plain; charset=utf-8"};
  return format == 1 && status >= 400 ? "application/problem+json" : types[format];
}

}  // namespace

TEST_CASE("every row of the contract answers a browser, a program and a shell") {
  RunningSite site({.prepare = copy_pages});
  Client user(site), payer(site);
  user.sign_up("user@example.org");
  payer.sign_up("payer@example.org");
  REQUIRE(site.actiond({"grant", "payer@example.org"}).exit_code == 0);
  const std::array cookies{std::string(), user.cookie, payer.cookie};
  Client client(site);

  for (const Row& row : rows()) {
    const std::array accepts{as_browser, as_json, as_text};
    if (row.expected[0].status == 500) std::filesystem::remove(site.folder() / "pages/order.html");
    for (std::size_t format = 0; format < accepts.size(); ++format) {
      CAPTURE(row.what);
      CAPTURE(accepts[format]);
      const RowCounts before = site.row_counts();
      Headers headers = row.headers;
      headers.emplace_back("Accept", accepts[format]);
      client.cookie = cookies[static_cast<std::size_t>(row.who)];
      const Answer answer = client.send(row.method, row.path, row.body, headers);
      CAPTURE(answer.body);
      CHECK(answer.status == row.expected[format].status);
      CHECK(holds(answer, row.expected[format].holds));
      if (answer.status != 303)
        CHECK(answer.header("Content-Type") == type_of(answer.status, format));
      CHECK(site.row_counts() == before + row.effect);
      check_promises(site, answer);
    }
  }
}

TEST_CASE("a failure of ours keeps its cause to the log") {
  RunningSite site({.prepare = copy_pages});
  std::filesystem::remove(site.folder() / "pages/comments.html");
  const Answer answer = Client(site, as_browser).get("/actions/comments");
  CHECK(answer.status == 500);
  for (const std::string& cause : {site.folder().string(), std::string("pages/comments.html")})
    CHECK_FALSE(answer.holds(cause));
  // The log is written behind the answer.
  CHECK(test::eventually(
      [&] { return site.log().find("pages/comments.html") != std::string::npos; }));
}

TEST_CASE("the answer's form follows Accept and its weights") {
  RunningSite site;
  const std::string html = "text/html", json = "application/problem+json", text = "text/plain";
  const std::vector<std::pair<std::string, std::string>> rows{
      {"", json},
      {"*/*", json},
      {"image/png", json},
      {"application/json", json},
      {"application/problem+json", json},
      {as_browser, html},
      {"TEXT/HTML", html},
      {"text/html;q=0.5, application/json;q=0.9", json},
      {"application/json;q=0.5, text/html;q=0.9", html},
      {"text/html;q=0.9, text/plain", text},
      {"text/plain;q=0.1, text/html;q=0", text},
      {"text/html;q=0", json},
      {"text/*;q=0.5, text/html;q=0.4", text},
      {"text/html;level=1;q=0.1, text/plain;q=0.2", text},
      {"text/html;q=banana", html},
      {",,;;q,", json},
  };
  for (const auto& [accept, type] : rows) {
    CAPTURE(accept);
    const Answer answer = Client(site, accept).post("comments", {});
    CHECK(answer.status == 422);
    CHECK(answer.header("Content-Type").starts_with(type));
  }
}

TEST_CASE("a wrong field keeps what was typed, and no password is echoed") {
  RunningSite site;
  const char* secret = "Tr0ub4dor&3-canary";
  const std::vector<std::pair<std::string, Fields>> rows{
      {"sign-up", {{"email", "nope"}, {"password", secret}, {"name", "Grace Hopper"}}},
      {"sign-in",
       {{"email", "nobody@example.org"}, {"password", secret}, {"next", "/comments.html"}}},
  };
  for (const auto& [action, fields] : rows)
    for (const std::string& accept : {as_browser, as_json, as_text}) {
      CAPTURE(action);
      CAPTURE(accept);
      const Answer answer = Client(site, accept).post(action, fields);
      CHECK(answer.status == 422);
      CHECK_FALSE(answer.holds("Tr0ub4dor"));
      for (const auto& [name, value] : fields)
        if (accept == as_browser && name != "password")
          CHECK_MESSAGE(answer.holds("value=\"" + value + "\""), name);
    }
  CHECK(site.row_counts() == RowCounts{});
}

TEST_CASE("the catalogue tells a program and a person every action, its level and its rules") {
  const auto show_all = [](RunningSite& site) {
    site.edit("actiond.toml", "catalogue = \"own\"", "catalogue = \"all\"");
  };
  RunningSite site({.prepare = show_all});
  const Answer json = Client(site).get("/actions/");
  REQUIRE(json.status == 200);
  check_promises(site, json);
  std::map<std::string, std::string> levels;
  const auto catalogue = nlohmann::json::parse(json.body);
  for (const auto& action : catalogue["actions"]) levels[action["name"]] = action["level"];
  CHECK(levels == std::map<std::string, std::string>{
                      {"comments", "public"},          {"comment-count", "protected"},
                      {"reviews", "protected"},        {"review", "protected"},
                      {"author", "protected"},         {"order", "paid"},
                      {"proposal", "protected"},       {"sign-up", "public"},
                      {"sign-in", "public"},           {"sign-out", "protected"},
                      {"sessions", "protected"},       {"change-password", "protected"},
                      {"forgot-password", "public"},   {"reset-password", "public"},
                      {"verify-email", "protected"},   {"change-email", "protected"},
                      {"delete-account", "protected"}, {"tokens", "protected"},
                      {"inbox", "protected"},          {"inbox-message", "protected"},
                      {"inbox-sort", "protected"},     {"inbox-file", "protected"},
                      {"upgrade", "protected"},        {"billing", "protected"},
                      {"portal", "protected"},         {"to-stripe", "protected"}});
  const Answer html = Client(site, as_browser).get("/actions/");
  const Answer text = Client(site, as_text).get("/actions/");
  CHECK(html.header("Content-Type").starts_with("text/html"));
  CHECK(text.header("Content-Type").starts_with("text/plain"));
  for (const auto& [name, level] : levels)
    for (const Answer& answer : {html, text}) {
      CHECK_MESSAGE(answer.holds(name), name);
      CHECK_MESSAGE(answer.holds(level), name);
    }
}

TEST_CASE("an action's name is matched exactly") {
  RunningSite site;
  for (const std::string name :
       {"comments/", "Comments", "COMMENTS", "comments.html", "comm", "comments2", "comments;x",
        "me/", "ME", "sign_up", "signup", "no/such"}) {
    CAPTURE(name);
    for (const std::string method : {"GET", "POST"})
      CHECK(Client(site).send(method, std::string("/actions/") + name, "message=hi").status == 404);
  }
  CHECK(site.row_counts() == RowCounts{});
}

TEST_CASE("the three kinds of body mean the same") {
  RunningSite site;
  const std::vector<std::pair<std::string, std::string>> rows{
      {"application/x-www-form-urlencoded", "message=gr%C3%BC%C3%9Fe+%26+co&email="},
      {"Application/X-WWW-Form-Urlencoded; charset=UTF-8", "message=gr%C3%BC%C3%9Fe+%26+co"},
      {"application/json", R"({"message":"gr\u00fc\u00dfe & co","email":null})"},
      {"multipart/form-data; boundary=\"b o\"",
       "--b o\r\nContent-Disposition: form-data; name=\"message\"\r\n\r\ngrüße & co\r\n--b "
       "o--\r\n"},
  };
  for (const auto& [type, body] : rows) {
    CAPTURE(type);
    CHECK(Client(site).send("POST", "/actions/comments", body, {{"Content-Type", type}}).status ==
          200);
  }
  CHECK(site.query("SELECT message FROM comments") ==
        std::vector<std::string>(rows.size(), "grüße & co"));
}

}  // namespace actiond::http
