#include "files/published_pages.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support.h"

namespace actiond {
namespace {

namespace fs = std::filesystem;

struct PublishedSite {
  test::TemporaryFolder folder;
  fs::path root = folder / "static", published = folder / "published/site";
  PublishedPages pages{root, published};

  PublishedSite() {
    fs::create_directories(root / "frame");
    fs::create_directories(root / "docs");
    write("frame/top.html", "<b>top</b>\n");
    write("a.html", "<!-- frame: top -->a");
    write("docs/b.html", "<!-- frame: top -->b");
    write("plain.html", "plain");
    pages.bring_up_to_date();
  }
  void write(const char* name, std::string_view html) const { test::write_file(root / name, html); }
  std::string published_page(const char* name) const { return test::read_file(published / name); }
  std::set<std::string> files() const {
    std::set<std::string> found;
    for (const auto& entry : fs::recursive_directory_iterator(published))
      found.insert(entry.path().lexically_relative(published));
    return found;
  }
  unsigned mode(const char* name) const {
    struct stat status {};
    stat((published / name).c_str(), &status);
    return status.st_mode & 07777;
  }
};

TEST_CASE("pages that have frames are published whole, for everybody to read, and no others") {
  const mode_t before = umask(077);
  const PublishedSite site;
  umask(before);
  CHECK(site.published_page("a.html") == "<b>top</b>a");
  CHECK(site.published_page("docs/b.html") == "<b>top</b>b");
  CHECK(site.files() == std::set<std::string>{".actiond", "a.html", "docs", "docs/b.html"});
  CHECK(site.mode("a.html") == 0644);
  CHECK(site.mode("") == 0755);
  CHECK(site.mode("docs") == 0755);
}

TEST_CASE("what changed is published again, and what did not is not written") {
  PublishedSite site;
  const auto written = fs::last_write_time(site.published / "a.html");
  struct stat before {};
  stat((site.published / "a.html").c_str(), &before);
  site.write("docs/b.html", "<!-- frame: top -->other");
  site.pages.bring_up_to_date();
  PublishedPages(site.root, site.published).bring_up_to_date();
  CHECK(site.published_page("docs/b.html") == "<b>top</b>other");
  struct stat after {};
  stat((site.published / "a.html").c_str(), &after);
  CHECK(fs::last_write_time(site.published / "a.html") == written);
  CHECK(after.st_ino == before.st_ino);
  site.write("frame/top.html", "<b>new</b>");
  site.pages.bring_up_to_date();
  CHECK(site.published_page("a.html") == "<b>new</b>a");
  CHECK(site.published_page("docs/b.html") == "<b>new</b>other");
}

TEST_CASE("a page that has lost its frames or is gone is removed, and what lies in its way") {
  PublishedSite site;
  site.write("a.html", "alone");
  fs::remove(site.root / "docs/b.html");
  test::write_file(site.published / "stray.html.new", "x");
  site.pages.bring_up_to_date();
  CHECK(site.files() == std::set<std::string>{".actiond"});
  fs::create_directory(site.published / "a.html");
  site.write("a.html", "<!-- frame: top -->again");
  site.pages.bring_up_to_date();
  CHECK(site.published_page("a.html") == "<b>top</b>again");
}

TEST_CASE("a page whose frame is missing stays as it was, and the others go on") {
  PublishedSite site;
  site.write("a.html", "<!-- frame: none -->");
  site.write("docs/b.html", "<!-- frame: top -->other");
  site.pages.bring_up_to_date();
  CHECK(site.published_page("a.html") == "<b>top</b>a");
  CHECK(site.published_page("docs/b.html") == "<b>top</b>other");
  site.write("frame/none.html", "none");
  site.pages.bring_up_to_date();
  CHECK(site.published_page("a.html") == "none");
}

TEST_CASE("while the static root is away all stays") {
  PublishedSite site;
  fs::rename(site.root, site.folder / "aside");
  site.pages.bring_up_to_date();
  CHECK(site.published_page("a.html") == "<b>top</b>a");
}

TEST_CASE(
    "a folder that cannot be made is tried again, and one with files of others is left alone") {
  const test::TemporaryFolder folder;
  fs::create_directories(folder / "static/frame");
  test::write_file(folder / "static/frame/top.html", "top");
  test::write_file(folder / "static/a.html", "<!-- frame: top -->");
  test::write_file(folder / "site", "in the way");
  PublishedPages pages(folder / "static", folder / "site");
  pages.bring_up_to_date();
  CHECK(test::read_file(folder / "site") == "in the way");
  fs::remove(folder / "site");
  pages.bring_up_to_date();
  CHECK(test::read_file(folder / "site/a.html") == "top");

  fs::create_directory(folder / "www");
  test::write_file(folder / "www/precious.html", "mine");
  PublishedPages(folder / "static", folder / "www").bring_up_to_date();
  CHECK(test::read_file(folder / "www/precious.html") == "mine");
  CHECK_FALSE(fs::exists(folder / "www/a.html"));
}

TEST_CASE("pages are published into no folder that holds something else") {
  const PublishedSite site;
  CHECK_FALSE(unpublishable(site.published));
  CHECK_FALSE(unpublishable(site.folder / "new"));
  CHECK(unpublishable(site.root).value().ends_with("holds what actiond did not put there"));
  // To be tried again: it may be taken out of the way.
  CHECK_FALSE(unpublishable(site.root / "a.html"));
}

TEST_CASE("a site without frames gets no folder") {
  const test::TemporaryFolder folder;
  fs::create_directory(folder / "static");
  test::write_file(folder / "static/a.html", "a");
  PublishedPages(folder / "static", folder / "site").bring_up_to_date();
  CHECK_FALSE(fs::exists(folder / "site"));
}

}  // namespace
}  // namespace actiond
