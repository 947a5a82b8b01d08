#include "files/pages.h"

#include <doctest/doctest.h>

#include <stdexcept>

#include "support.h"

namespace actiond {
namespace {

struct PageFolder {
  test::TemporaryFolder folder;
  Pages::Clock::time_point now = {};
  std::chrono::milliseconds between_finds{1000};
  Pages pages{folder / "", {}, {}, {}, [this] { return now += between_finds; }};

  void write(const char* name, const std::string& html) { test::write_file(folder / name, html); }
  std::string text(const char* name) { return pages.find(name)->fill({}); }
};

TEST_CASE("a page is parsed once") {
  PageFolder site;
  site.write("a.html", "<p>one");
  site.write("b.html", "<p>other");
  const auto page = site.pages.find("a.html");
  CHECK(page == site.pages.find("a.html"));
  CHECK(page != site.pages.find("b.html"));
  CHECK(site.text("b.html") == "<p>other");
}

TEST_CASE("a page that was edited is read again, and who holds the old one keeps it") {
  PageFolder site;
  site.write("a.html", "<p>one");
  const auto old = site.pages.find("a.html");
  site.write("a.html", "<p>one more");
  CHECK(site.text("a.html") == "<p>one more");
  CHECK(old->fill({}) == "<p>one");
}

TEST_CASE("an edit is noticed within a tenth of a second, and not looked for more often") {
  PageFolder site;
  site.between_finds = std::chrono::milliseconds(40);
  site.write("a.html", "<p>one");
  CHECK(site.text("a.html") == "<p>one");
  site.write("a.html", "<p>one more");
  CHECK(site.text("a.html") == "<p>one");
  CHECK(site.text("a.html") == "<p>one");
  CHECK(site.text("a.html") == "<p>one more");
}

TEST_CASE("an edit of the same size is noticed by its time") {
  PageFolder site;
  site.write("a.html", "<p>one");
  CHECK(site.text("a.html") == "<p>one");
  site.write("a.html", "<p>two");
  const auto path = site.folder / "a.html";
  std::filesystem::last_write_time(
      path, std::filesystem::last_write_time(path) + std::chrono::nanoseconds(1000));
  CHECK(site.text("a.html") == "<p>two");
}

TEST_CASE("a page deployed by rename is noticed, though size and time are the same") {
  PageFolder site;
  site.write("a.html", "<p>one");
  CHECK(site.text("a.html") == "<p>one");
  site.write("next", "<p>two");
  std::filesystem::last_write_time(site.folder / "next",
                                   std::filesystem::last_write_time(site.folder / "a.html"));
  std::filesystem::rename(site.folder / "next", site.folder / "a.html");
  CHECK(site.text("a.html") == "<p>two");
}

TEST_CASE("a page that is missing is reported by name, also when it was there before") {
  PageFolder site;
  CHECK_THROWS_WITH_AS(site.text("a.html"), doctest::Contains("a.html"), std::runtime_error);
  site.write("a.html", "<p>one");
  CHECK(site.text("a.html") == "<p>one");
  std::filesystem::remove(site.folder / "a.html");
  CHECK_THROWS_AS(site.text("a.html"), std::runtime_error);
}

TEST_CASE("so is one that is too large to be filled") {
  PageFolder site;
  site.write("a.html", "<p>" + std::string(1024 * 1024, 'x'));
  CHECK_THROWS_WITH_AS(site.text("a.html"), doctest::Contains("a.html"), std::runtime_error);
  site.write("a.html", "<p>one");
  CHECK(site.text("a.html") == "<p>one");
}

TEST_CASE("a value leads to another site if the settings name its host") {
  PageFolder site;
  site.write("a.html", "<a href=\"{to}\">");
  Pages pages(site.folder.path(), {"https://club.example"}, {}, {"maps.example"});
  const auto shown = [&](const std::string& to) {
    const std::map<std::string, std::string> data{{"to", to}};
    return pages.find("a.html")->fill({.action = "x", .data = &data});
  };
  CHECK(shown("https://maps.example/?q=1") == "<a href=\"https://maps.example/?q=1\">");
  for (const std::string evil : {"https://evil.example/", "//evil.example/", "http://maps.example/",
                                 "javascript:alert(1)", "data:text/html,x"}) {
    CAPTURE(evil);
    CHECK(shown(evil) == "<a>");
  }
}

TEST_CASE("a folder is no page") {
  PageFolder site;
  std::filesystem::create_directory(site.folder / "a.html");
  CHECK_THROWS_AS(site.text("a.html"), std::runtime_error);
}

TEST_CASE("a page is read again when one of its frames changed, or came") {
  PageFolder site;
  std::filesystem::create_directory(site.folder / "frame");
  site.write("a.html", "<!-- frame: top --><p>a");
  CHECK_THROWS_AS(site.text("a.html"), FrameFault);
  site.write("frame/top.html", "<b>1</b><!-- frame: nav -->\n");
  site.write("frame/nav.html", "<i>1</i>");
  CHECK(site.text("a.html") == "<b>1</b><i>1</i><p>a");
  CHECK(site.pages.find("a.html") == site.pages.find("a.html"));
  site.write("frame/nav.html", "<i>more</i>");
  CHECK(site.text("a.html") == "<b>1</b><i>more</i><p>a");
}

TEST_CASE("a page whose frame is taken away stays as it was read last, until the frame is back") {
  PageFolder site;
  std::filesystem::create_directory(site.folder / "frame");
  site.write("a.html", "<!-- frame: top --><p>a");
  site.write("frame/top.html", "<b>1</b>");
  const auto last = site.pages.find("a.html");
  std::filesystem::remove(site.folder / "frame/top.html");
  CHECK(site.pages.find("a.html") == last);
  site.write("a.html", "<!-- frame: top --><p>other");
  CHECK(site.pages.find("a.html") == last);
  std::filesystem::create_directory(site.folder / "frame/top.html");
  CHECK(site.pages.find("a.html") == last);
  std::filesystem::remove(site.folder / "frame/top.html");
  site.write("frame/top.html", "<b>2</b>");
  CHECK(site.text("a.html") == "<b>2</b><p>other");
}

TEST_CASE("a page that was never read is answered as it was published, while a frame is missing") {
  const test::TemporaryFolder folder;
  std::filesystem::create_directory(folder / "static");
  std::filesystem::create_directory(folder / "site");
  test::write_file(folder / "static/a.html", "<!-- frame: top --><p>a");
  Pages pages(folder / "static", {}, folder / "site");
  CHECK_THROWS_AS(pages.find("a.html"), FrameFault);
  test::write_file(folder / "site/a.html", "<b>1</b><p>a");
  CHECK(pages.find("a.html")->fill({}) == "<b>1</b><p>a");
}

TEST_CASE("all pages are read whole, without the frames and what begins with a dot") {
  PageFolder site;
  for (const char* folder : {"frame", "docs", ".git"})
    std::filesystem::create_directory(site.folder / folder);
  site.write("frame/top.html", "<a href=\"/docs/b.html\">b</a>\n");
  site.write("docs/b.html", "<!-- frame: top -->");
  site.write("c.html", "\n<!-- frame: none -->");
  site.write(".git/d.html", "d");
  const SitePages read = read_pages(site.folder / "");
  REQUIRE(read.pages.size() == 1);
  CHECK(read.pages.at("docs/b.html").html ==
        "<a aria-current=\"page\" href=\"/docs/b.html\">b</a>");
  REQUIRE(read.faults.size() == 1);
  CHECK(read.faults.at("c.html").line == 2);
}

TEST_CASE("a link back to a folder above it is told once, and gone into no further") {
  const test::TemporaryFolder folder;
  std::filesystem::create_directories(folder / "docs");
  std::filesystem::create_directories(folder / "other");
  test::write_file(folder / "a.html", "a");
  test::write_file(folder / "other/b.html", "b");
  std::filesystem::create_directory_symlink("..", folder / "docs/up");
  std::filesystem::create_directory_symlink(".", folder / "self");
  std::filesystem::create_directory_symlink("other", folder / "twin");
  SitePages site = read_pages(folder.path());
  std::set<std::string> pages;
  for (const auto& [name, page] : site.pages) pages.insert(name);
  CHECK(pages == std::set<std::string>{"a.html", "other/b.html", "twin/b.html"});
  std::ranges::sort(site.circles);
  CHECK(site.circles == std::vector<std::string>{"docs/up", "self"});
}

TEST_CASE("a form in a file that nginx serves as a page, and that is none, is told") {
  const test::TemporaryFolder folder;
  const std::string form = "<form method=post action=/actions/contact data-inbox>";
  for (const char* name : {"a.html", "b.htm", "c.HTML", "d.shtml", "e.txt"})
    test::write_file(folder / name, form);
  test::write_file(folder / "old.htm", "<p>No form.");
  SitePages site = read_pages(folder.path());
  std::ranges::sort(site.strays);
  CHECK(site.strays == std::vector<std::string>{"b.htm", "c.HTML", "d.shtml"});
  CHECK(site.pages.size() == 1);
}

TEST_CASE("every page of the site is one") {
  Pages pages(test::project_folder() / "static");
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(test::project_folder() / "static")) {
    if (entry.path().extension() != ".html") continue;
    CAPTURE(entry.path().string());
    CHECK(pages.find(entry.path().filename().string())->fill({}).size() > 100);
    ++count;
  }
  CHECK(count >= 8);
}

}  // namespace
}  // namespace actiond
