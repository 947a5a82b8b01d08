// Pages that share frames, as visitors see them: whole, from nginx and from the pool alike.
#include <doctest/doctest.h>

#include "served/client.h"
#include "served/site.h"

namespace actiond::http {
namespace {

namespace fs = std::filesystem;

std::size_t times(const Answer& answer, std::string_view what) {
  std::size_t found = 0;
  for (std::size_t at = answer.body.find(what); at != std::string::npos;
       at = answer.body.find(what, at + 1))
    ++found;
  return found;
}

void use_own_pages(RunningSite& site) { site.own_pages(); }

}  // namespace

TEST_CASE("each page has the frames once, and its own link is the current one") {
  RunningSite site;
  Client visitor(site, as_browser), user(site, as_browser);
  user.sign_up("ada@example.org");
  struct Row {
    const char *path, *current;
  };
  for (const auto& [path, current] : {
           Row{"/", "<a aria-current=\"page\" href=\"/\">"},
           Row{"/index.html", "<a aria-current=\"page\" href=\"/\">"},
           Row{"/comments.html", "<a aria-current=\"page\" href=\"/comments.html\">"},
           Row{"/actions/author", "<a aria-current=\"page\" href=\"/actions/author\">"},
           Row{"/no-such.html", nullptr},
           Row{"/actions/no-such", nullptr},
       }) {
    CAPTURE(path);
    const Answer answer = user.get(path);
    CHECK(times(answer, "<header>") == 1);
    CHECK(times(answer, "<footer>") == 1);
    CHECK(times(answer, "<!-- frame") == 0);
    CHECK(times(answer, "aria-current") == (current == nullptr ? 0 : 1));
    if (current != nullptr) CHECK(answer.holds(current));
  }
  const Answer wrong = visitor.post("comments", {{"message", ""}});
  CHECK(wrong.status == 422);
  CHECK(times(wrong, "<header>") == 1);
  CHECK(wrong.holds("<a aria-current=\"page\" href=\"/comments.html\">"));
  site.stop_pool();
  const Answer down = visitor.get("/actions/author");
  CHECK(down.status == 503);
  CHECK(times(down, "<header>") == 1);
  site.start_pool();
}

TEST_CASE("a frame itself is not served") {
  RunningSite site;
  Client client(site, as_browser);
  for (const char* path : {"/frame/header.html", "/frame/", "/frame/none.html", "/.actiond"}) {
    CAPTURE(path);
    CHECK(client.get(path).status == 404);
    CHECK(client.get(path, {{"Cookie", "note=v1.x"}}).status == 404);
  }
}

TEST_CASE(
    "a frame that is edited is seen without a reload, and one that goes missing leaves the last "
    "pages") {
  RunningSite site({.prepare = use_own_pages});
  const fs::path frame = site.folder() / "static/frame/footer.html";
  Client client(site, as_browser);
  const auto see = [&](std::string_view text) {
    return eventually([&] { return client.get("/comments.html").holds(text); });
  };
  const auto seen_in_422 = [&](std::string_view text) {
    return client.post("comments", {{"message", ""}}).holds(text);
  };
  write_file(frame, "<footer>Opened on Sundays</footer>\n");
  CHECK(see("Opened on Sundays"));
  CHECK(seen_in_422("Opened on Sundays"));
  fs::remove(frame);
  const std::string told = "The frame \\\"footer\\\" is missing.";
  CHECK(eventually([&] { return site.log().find(told) != std::string::npos; }));
  CHECK(client.get("/comments.html").holds("Opened on Sundays"));
  CHECK(seen_in_422("Opened on Sundays"));
  const Outcome reload = site.actiond({"reload"});
  CHECK(reload.exit_code == 1);
  CHECK(reload.output.find("The frame \"footer\" is missing.") != std::string::npos);
  write_file(frame, "<footer>Closed</footer>\n");
  CHECK(see("Closed"));
  CHECK(seen_in_422("Closed"));

  // A page that needs no frame any more is served as it is.
  write_file(site.folder() / "static/comments.html", "<p>Alone</p>");
  CHECK(see("<p>Alone</p>"));
  CHECK(eventually([&] { return !fs::exists(site.folder() / "site/comments.html"); }));
}

TEST_CASE("a frame that is missing stops the start, which names page, line and frame") {
  RunningSite site({.with_pool = false, .with_nginx = false, .prepare = use_own_pages});
  fs::remove(site.folder() / "static/frame/header.html");
  const Outcome outcome = site.actiond({"serve"});
  CHECK(outcome.exit_code == 1);
  CHECK_MESSAGE(outcome.output.find("static/404.html:9: The frame \"header\" is missing.") !=
                    std::string::npos,
                outcome.output);
}

TEST_CASE("a folder that cannot be written is in the log, and the pool starts and answers") {
  RunningSite site({.prepare = [](RunningSite& prepared) {
    write_file(prepared.folder() / "site", "in the way");
  }});
  CHECK(site.log().find("pages cannot be published") != std::string::npos);
  Client client(site, as_browser);
  CHECK(client.get("/comments.html").status == 200);
  CHECK(times(client.post("comments", {{"message", ""}}), "<header>") == 1);
  fs::remove(site.folder() / "site");
  CHECK(eventually([&] { return times(client.get("/comments.html"), "<header>") == 1; }));
}

}  // namespace actiond::http
