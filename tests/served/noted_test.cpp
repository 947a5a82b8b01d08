// Static pages that come with a note: actiond puts it into them, and nginx serves all others.
#include <doctest/doctest.h>

#include "served/client.h"
#include "served/site.h"

namespace actiond::http {
namespace {

namespace fs = std::filesystem;

struct Noted {
  RunningSite site{{.prepare = [](RunningSite& prepared) {
    const fs::path pages = prepared.own_pages();
    fs::create_directory(pages / "docs");
    write_file(pages / "docs/index.html", page_of("docs"));
    write_file(pages / "shown.html", page_of("shown"));
    write_file(pages / "big.html", page_of(std::string(1024 * 1024, 'x') + " the end"));
  }}};
  Client client{site, as_browser}, nobody{site, as_browser};
  Headers ours, forged{{"Cookie", "note=v1.x"}};

  static std::string page_of(const std::string& text) {
    return "<!DOCTYPE html><html lang=\"en\"><head><title>A</title></head><body>" + text +
           " <output name=\"note\"></output><a href=\"/\" "
           "title=\"{next}\">{once}</a></body></html>";
  }

  Noted() {
    client.sign_up("ada@example.com");
    const std::string set = client.post("author", {{"name", "Ada"}}).header("Set-Cookie");
    REQUIRE(set.starts_with("note=v1."));
    ours = {{"Cookie", set.substr(0, set.find(';'))}};
  }
};

}  // namespace

TEST_CASE("a note of ours is put into the page, and taken away") {
  Noted noted;
  const Answer page = noted.client.get("/shown.html", noted.ours);
  CHECK(page.status == 200);
  CHECK(page.holds("Saved."));
  CHECK(page.header("Set-Cookie").starts_with("note=;"));
}

TEST_CASE("with another note a page is as without one") {
  Noted noted;
  for (const std::string path :
       {"/shown.html?next=/a.html", "/docs/", "/", "/big.html", "/404.html"}) {
    CAPTURE(path);
    const Answer page = noted.client.get(path, noted.forged);
    CHECK(page.status == 200);
    CHECK_FALSE(page.holds("{once}"));
    CHECK(page.headers.count("Cache-Control") == 1);
    CHECK(page.header("Cache-Control") == "private, no-cache");
    CHECK(page.headers.count("Content-Security-Policy") == 1);
    CHECK(page.header("Set-Cookie") == "");
    CHECK(page.body.size() == noted.nobody.get(path).body.size());
    CHECK(noted.client.send("HEAD", path, "", noted.forged).status == 200);
  }
  CHECK(noted.client.get("/shown.html?next=/a.html", noted.forged).holds("title=\"/a.html\""));
  const Answer none = noted.client.get("/none.html", noted.forged);
  CHECK(none.status == 404);
  CHECK(none.body.size() == noted.nobody.get("/none.html").body.size());
  CHECK(noted.client.send("POST", "/shown.html", "", noted.forged).status == 405);
}

TEST_CASE("nginx serves a page that is too large to be filled, and says what is not there") {
  Noted noted;
  const Answer big = noted.client.get("/big.html", noted.ours);
  CHECK(big.status == 200);
  CHECK(big.holds("the end"));
  CHECK(noted.client.get("/none.html", noted.ours).status == 404);
  // Also where the page of that error is missing.
  for (const char* folder : {"static", "site"})
    fs::remove(noted.site.folder() / folder / "404.html");
  for (const Headers& headers : {Headers(), noted.ours, noted.forged})
    CHECK(noted.client.get("/none.html", headers).status == 404);
}

TEST_CASE("without a pool a page that comes with a note says when to come back") {
  Noted noted;
  noted.site.stop_pool();
  const Answer down = noted.client.get("/shown.html", noted.forged);
  CHECK(down.status == 503);
  CHECK(down.holds("Nothing was saved."));
  CHECK(down.header("Retry-After") == "5");
  noted.site.start_pool();
}

}  // namespace actiond::http
