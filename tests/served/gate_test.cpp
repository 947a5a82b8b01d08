// Static pages and files behind the levels: whoever may not see one does not, in whatever spelling.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "served/client.h"
#include "served/site.h"

namespace actiond::http {
namespace {

const std::string secret = "what members alone may read";

// Three folders, each behind a level of its own, and one beside them that is open.
RunningSite::Options with_folders() {
  return {.prepare = [](RunningSite& prepared) {
    const auto pages = prepared.own_pages();
    for (const std::string folder : {"signed", "paid", "editors", "paidness"}) {
      std::filesystem::create_directories(pages / folder / "deep");
      write_file(pages / folder / "a.html", "<!DOCTYPE html><html lang=\"en\"><title>A</title><p>" +
                                                secret + " {once}</p></html>");
      write_file(pages / folder / "index.html", "<!DOCTYPE html><title>Index</title>" + secret);
      write_file(pages / folder / "deep" / "file.pdf", secret);
      for (const char* hidden : {".git", "deep/.git", ".well-known"}) {
        std::filesystem::create_directory(pages / folder / hidden);
        write_file(pages / folder / hidden / "config", secret);
      }
    }
    write_file(
        pages / "signed" / "framed.html",
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<!-- frame: head -->\n<title>F</title></head>"
        "<body>\n<!-- frame: header -->\n<main></main>\n<!-- frame: footer -->\n</body></html>\n");
    std::filesystem::create_directories(pages / "paid" / "empty");
    prepared.edit("nginx.conf", "include site.conf;",
                  "include site.conf;\n"
                  "location ^~ /signed/ { include signed-in.conf; }\n"
                  "location ^~ /paid/ { include paid.conf; }\n"
                  "location ^~ /editors/ { include needs-editor.conf; }\n");
  }};
}

struct Gated {
  RunningSite site{with_folders()};
  Client nobody{site}, browser{site, as_browser}, user{site, as_browser};

  Gated() { user.sign_up("ada@example.com"); }
};

const std::vector<std::string> gated_files{"a.html", "", "deep/file.pdf"};

}  // namespace

TEST_CASE("a static file behind a level is for whom the level says") {
  Gated gated;
  for (const std::string folder : {"/signed/", "/paid/", "/editors/"})
    for (const std::string& file : gated_files) {
      CAPTURE(folder + file);
      const Answer refused = gated.nobody.get(folder + file);
      CHECK(refused.status == 401);
      CHECK(refused.header("Content-Type").starts_with("application/problem+json"));
      CHECK_FALSE(refused.holds(secret));
      const Answer led = gated.browser.get(folder + file);
      CHECK(led.status == 303);
      CHECK(led.header("Location") == "/sign-in.html?next=" + folder + file);
    }
  const auto led = [&](const std::string& target) {
    const std::string answer = talk(gated.site, "GET " + target +
                                                    " HTTP/1.1\r\nHost: localhost\r\nAccept: "
                                                    "text/html\r\nConnection: close\r\n\r\n");
    const std::size_t at = answer.find("next=");
    return answer.substr(at, answer.find('\r', at) - at);
  };
  for (const std::string path : {"/signed/a%20b.html", "/signed/%C3%A4;c@d,e.html"})
    CHECK(led(path + "?x=1") == "next=" + path);
  for (const std::string path : {"/signed/a%0Ab.html", "/signed/a%5Cb.html"})
    CHECK(led(path) == "next=/");
  const auto seen = [&](const std::string& path) { return gated.user.get(path); };
  CHECK(seen("/signed/a.html").holds(secret));
  CHECK(seen("/signed/deep/file.pdf").body == secret);
  const Answer wrong = gated.user.get("/signed/a.html", {{"Authorization", "Bearer actd_x"}});
  CHECK(wrong.status == 401);
  CHECK_FALSE(wrong.holds(secret));
  CHECK(seen("/paid/a.html").status == 303);
  CHECK(seen("/paid/a.html").header("Location") == "/upgrade.html");
  CHECK(seen("/editors/a.html").status == 403);
  gated.site.actiond({"grant", "ada@example.com"});
  gated.site.actiond({"permit", "ada@example.com", "editor"});
  CHECK(seen("/paid/a.html").holds(secret));
  CHECK(seen("/editors/").holds(secret));
  CHECK(seen("/paid/none.html").status == 404);
  CHECK(seen("/paid/empty/").status == 404);
  CHECK(gated.nobody.get("/paid/none.html").status == 401);
  gated.site.actiond({"block", "ada@example.com"});
  CHECK(seen("/paid/a.html").status == 303);
  CHECK(seen("/editors/").status == 403);
  CHECK(seen("/signed/a.html").holds(secret));
  gated.site.actiond({"unblock", "ada@example.com"});
  CHECK(seen("/paid/a.html").holds(secret));
  gated.site.actiond({"revoke", "ada@example.com"});
  gated.site.actiond({"forbid", "ada@example.com", "editor"});
  CHECK(seen("/paid/a.html").status == 303);
  CHECK(seen("/editors/a.html").status == 403);
  gated.site.actiond({"sessions", "end", "ada@example.com"});
  CHECK(seen("/signed/a.html").status == 303);
}

TEST_CASE("a gate before the page of a public action is the page's: the action has its own level") {
  RunningSite site({.prepare = [](RunningSite& prepared) {
    prepared.edit("nginx.conf", "include site.conf;",
                  "include site.conf;\nlocation = /comments.html { include signed-in.conf; }\n");
  }});
  Client nobody(site, as_browser), user(site, as_browser);
  user.sign_up("ada@example.com");
  CHECK(nobody.get("/comments.html").header("Location") == "/sign-in.html?next=/comments.html");
  const Answer page = user.get("/comments.html");
  CHECK(page.status == 200);
  CHECK(page.holds("action=\"/actions/comments\""));
  CHECK_FALSE(page.holds("{once}"));
  for (Client* visitor : {&user, &nobody}) {
    CHECK(visitor->post("comments", {{"message", "hi"}}).header("Location") ==
          "/comments-thanks.html");
    const Answer wrong = visitor->post("comments", {});
    CHECK(wrong.status == 422);
    CHECK(wrong.holds("action=\"/actions/comments\""));
  }
}

TEST_CASE("a program that has not paid is told so by 402") {
  Gated gated;
  Client program(gated.site);
  program.sign_up("bo@example.com");
  for (const std::string& accept : {as_json, as_text}) {
    const Answer refused = program.get("/paid/a.html", {{"Accept", accept}});
    CHECK(refused.status == 402);
    CHECK(refused.holds("members with access"));
    CHECK(refused.header("Cache-Control") == "no-store");
  }
  CHECK(program.get("/editors/a.html").status == 403);
}

TEST_CASE("behind the gate nothing that starts with a dot is served either") {
  Gated gated;
  for (const std::string path : {"/signed/.git/config", "/signed/deep/.git/config",
                                 "/signed/%2Egit/config", "/signed/.git/", "/signed/.none"}) {
    CAPTURE(path);
    const Answer refused = gated.user.get(path);
    CHECK(refused.status == 404);
    CHECK_FALSE(refused.holds(secret));
  }
  CHECK(gated.user.get("/signed/.well-known/config").body == secret);
  CHECK(gated.nobody.get("/signed/.well-known/config").status == 401);
}

TEST_CASE("a token opens no gate, also of an account that has paid") {
  Gated gated;
  gated.site.actiond({"grant", "ada@example.com"});
  const Outcome made =
      gated.site.actiond({"token", "new", "ada@example.com", "--actions", "author"});
  const std::string token = made.output.substr(made.output.find("actd_"), 41);
  const Headers with{{"Authorization", "Bearer " + token}};
  CHECK(gated.nobody.get("/actions/author", with).status == 200);
  for (const std::string path : {"/paid/a.html", "/signed/a.html", "/editors/a.html"})
    for (const std::string& accept : {as_browser, as_json, as_text}) {
      CAPTURE(path);
      CAPTURE(accept);
      Client program(gated.site, accept);
      const Answer refused = program.get(path, with);
      CHECK(refused.status == 403);
      CHECK(refused.header("Location") == "");
      CHECK(refused.header("Cache-Control") == "no-store");
      CHECK(refused.holds("may not"));
      CHECK_FALSE(refused.holds(secret));
      CHECK(program.get(path, {{"Authorization", "Bearer actd_x"}}).status == 401);
    }
}

TEST_CASE("no spelling of a path gets past the gate") {
  Gated gated;
  const std::vector<std::string> before{
      "/", "//", "/./", "/x/../", "/%2e/", "/paidness/../", "/.//", "/%2E%2e/", "///", "/;/../"};
  const std::vector<std::string> folders{"paid",   "p%61id", "%70%61%69%64", "paid%2e",
                                         "paid/.", "paid/",  "PAID",         "paid%00",
                                         "paid;x", "./paid", "paid//",       "paid%2f"};
  const std::vector<std::string> files{"/a.html", "/%61.html", "/deep/../a.html", "//a.html"};
  int probes = 0;
  for (const std::string& start : before)
    for (const std::string& folder : folders)
      for (const std::string& file : files) {
        const std::string path = start + folder + file;
        CAPTURE(path);
        const std::string answer =
            talk(gated.site,
                 "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        CHECK(answer.find(secret) == std::string::npos);
        ++probes;
      }
  CHECK(probes >= 200);
  for (const std::string& path : {std::string("/-/gate/paid"), std::string("/-/gate/signed-in"),
                                  std::string("/-/gate/needs-editor"), std::string("/-/gate/")})
    CHECK(gated.nobody.get(path).status == 404);
}

TEST_CASE("neither a header, a method nor a forged cookie opens the gate") {
  Gated gated;
  const std::string cookie = gated.user.cookie;
  for (const Headers& headers :
       std::vector<Headers>{{{"X-Original-URI", "/"}},
                            {{"X-Forwarded-Uri", "/"}},
                            {{"X-Accel-Redirect", "/paid/a.html"}},
                            {{"Authorization", "Bearer actd_x"}},
                            {{"Cookie", "session=v1.x.y.z"}},
                            {{"Cookie", cookie.substr(0, cookie.size() - 1)}},
                            {{"Range", "bytes=0-10"}},
                            {{"If-None-Match", "*"}},
                            {{"Cookie", "note=v1.x.y.z"}}})
    for (const std::string method : {"GET", "HEAD", "POST"}) {
      const Answer refused = gated.nobody.send(method, "/signed/a.html", "", headers);
      CHECK((refused.status == 401 || refused.status == 403 || refused.status == 405));
      CHECK_FALSE(refused.holds(secret));
    }
}

TEST_CASE("parts, validators and pages behind the gate are as elsewhere, and nobody keeps them") {
  Gated gated;
  const Answer page = gated.user.get("/signed/a.html");
  CHECK(page.header("Cache-Control") == "private, no-cache");
  CHECK_FALSE(page.holds("{once}"));
  CHECK(page.header("Content-Security-Policy").starts_with("default-src 'none'"));
  const Answer file = gated.user.get("/signed/deep/file.pdf");
  const std::string etag = file.header("ETag");
  REQUIRE_FALSE(etag.empty());
  // As bytes: cpp-httplib reads no 304.
  CHECK(status_of(
            talk(gated.site, "GET /signed/deep/file.pdf HTTP/1.1\r\nHost: localhost\r\nCookie: " +
                                 gated.user.cookie + "\r\nIf-None-Match: " + etag +
                                 "\r\nConnection: close\r\n\r\n")) == 304);
  CHECK(gated.nobody.get("/signed/deep/file.pdf", {{"If-None-Match", etag}}).status == 401);
  const Answer part = gated.user.get("/signed/deep/file.pdf", {{"Range", "bytes=0-3"}});
  CHECK(part.status == 206);
  CHECK(part.body == secret.substr(0, 4));
  CHECK(gated.user.send("HEAD", "/signed/a.html").status == 200);
  const Answer framed = gated.user.get("/signed/framed.html");
  CHECK(framed.holds("<header>"));
  CHECK_FALSE(framed.holds("frame: header"));
}

TEST_CASE("while the pool cannot be reached the gate is closed") {
  Gated gated;
  gated.site.stop_pool();
  for (Client* client : {&gated.nobody, &gated.user}) {
    const Answer refused = client->get("/signed/a.html");
    CHECK(refused.status == 503);
    CHECK_FALSE(refused.holds(secret));
  }
  CHECK(gated.nobody.get("/").status == 200);
  gated.site.start_pool();
}

}  // namespace actiond::http
