#include "page/page.h"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "page/markup.h"
#include "pages/cases.h"
#include "support.h"

namespace actiond {
namespace {

using test::repeat;

const std::vector<pages::Case>& corpus() {
  static const std::vector<pages::Case> cases = pages::read_all_cases();
  return cases;
}

std::string fill_values(const std::string& page, const FieldValues& values) {
  return Page(page).fill({.action = "x", .values = &values});
}

// The elements of a page with the names of their attributes: what a value must never add to.
std::vector<std::string> skeleton(const std::string& html) {
  std::vector<std::string> parts;
  for (const Element& element : read_markup(html).elements) {
    parts.push_back(element.tag.name);
    for (const Attribute& attribute : element.tag.attributes) parts.push_back(attribute.name);
  }
  return parts;
}

TEST_CASE("each page of the corpus comes back as expected, byte for byte") {
  CHECK(corpus().size() >= 100);
  for (const pages::Case& one : corpus()) {
    CAPTURE(one.title);
    CHECK(Page(one.page).fill(one.filling()) == one.filled.value_or(one.page));
  }
}

TEST_CASE("a page with nothing to fill in keeps every byte") {
  for (const pages::Case& one : corpus()) {
    if (one.page.find("data-show") != std::string::npos) continue;
    CAPTURE(one.title);
    CHECK(Page(one.page).fill({}) == one.page);
    CHECK(Page(one.page).fill({.action = "unknown", .values = one.sent ? &*one.sent : nullptr}) ==
          one.page);
  }
}

TEST_CASE("a filled page filled with the same values stays the same") {
  for (const pages::Case& one : corpus()) {
    if (!one.sent) continue;
    CAPTURE(one.title);
    const std::string once = fill_values(one.page, *one.sent);
    CHECK(fill_values(once, *one.sent) == once);
  }
}

TEST_CASE("no value adds an element or an attribute, whatever it is and wherever it goes") {
  const std::string page =
      "<title data-user=name></title><form action=/actions/x><input name=f><input name=f value>"
      "<input name=f value=old><input name=f value='old'><input name=f value=\"old\"/>"
      "<textarea name=f></textarea><textarea name=f>old</textarea><input type=hidden name=f>"
      "<noscript><textarea name=f></textarea></noscript><label>A<input name=g></label>"
      "<input id='\"g' name=h><p data-error-for=h>old</p></form>"
      "<output name=f></output><b data-user=email>you</b>";
  const auto filled_with = [&](const std::string& value) {
    const FieldValues values(9, {"f", value});
    const FieldErrors errors{{{"", value}, {"f", value}, {"g", value}, {"h", value}}};
    const std::map<std::string, std::string> data{{"f", value}};
    const Viewer viewer{value, value};
    return Page(page).fill({"x", &values, &errors, &data, &viewer});
  };
  const std::vector<std::string> harmless = skeleton(filled_with("x"));
  for (const std::string hostile : {"\"><script>alert(1)</script>",
                                    "'><script>",
                                    "</textarea><script>",
                                    "</title><script>",
                                    "</noscript><script>",
                                    "</output><img src=x onerror=alert(1)>",
                                    "' onfocus=alert(1) x='",
                                    "\" onfocus=alert(1) x=\"",
                                    " onfocus=alert(1) ",
                                    "` onfocus=alert(1) `",
                                    "--!><script>",
                                    "--><script>",
                                    "<!--",
                                    "]]><script>",
                                    "<![CDATA[",
                                    "&lt;script&gt;",
                                    "&#60;script&#62;",
                                    "&quot; onfocus=1",
                                    "\n<script>",
                                    "\r\n\"><script>",
                                    "/><script>",
                                    "\\\"><script>",
                                    "\xE2\"><script>",
                                    "\xF0\x9F'><script>",
                                    "\xC0\xBCscript\xC0\xBE",
                                    "=\"",
                                    ">",
                                    "<"}) {
    CAPTURE(hostile);
    CHECK(skeleton(filled_with(hostile)) == harmless);
  }
}

TEST_CASE("a value of any bytes goes through, only markup is escaped") {
  const std::string bytes = "\xFF\x80\xC3";
  CHECK(fill_values("<form action=/actions/x><input name=a></form>", {{"a", bytes + "<"}}) ==
        "<form action=/actions/x><input value=\"" + bytes + "&lt;\" name=a></form>");
}

TEST_CASE("a page of any bytes keeps them") {
  const std::string form = "<form action=/actions/x><input name=a></form>";
  const std::string filled = "<form action=/actions/x><input value=\"1\" name=a></form>";
  for (const std::string& before :
       {std::string("\xEF\xBB\xBF"), std::string("\xEF\xBB\xBF<!DOCTYPE html>\r\n"),
        std::string("\0<p\0title='\0'>\0", 15), std::string("\xFF\xFE\xC3"),
        std::string("\r\r\n\n"), std::string("<p\r\ntitle\r=\r\n'a\rb'\r>\r\n"),
        std::string("\t\t<b\ttitle=\t1>"), std::string("&notanentity;&amp&#0;&#x110000;"),
        std::string("</>< <3 <? x ?><!x></ x>")}) {
    CAPTURE(before);
    CHECK(fill_values(before + form + before, {{"a", "1"}}) == before + filled + before);
  }
}

TEST_CASE("carriage returns part attributes like any white space") {
  CHECK(fill_values("<form action=/actions/x>\r\n<input\rname=a\r\nvalue=old\r>", {{"a", "1"}}) ==
        "<form action=/actions/x>\r\n<input\rname=a\r\nvalue=\"1\"\r>");
}

TEST_CASE("an empty page and a page without markup come back") {
  for (const std::string page : {"", "text", "<", "<!", "</", "<input", "<!--"})
    CHECK(fill_values(page, {{"a", "1"}}) == page);
}

TEST_CASE("a page that nests deep is filled without recursion") {
  const std::string open = repeat("<div>", 9'000) + "<form action=/actions/x>";
  CHECK(fill_values(open + "<input name=a>", {{"a", "1"}}) == open + "<input value=\"1\" name=a>");
}

TEST_CASE("a page that nests too deep or is too large is refused by name") {
  CHECK_THROWS_WITH_AS(Page(repeat("<div>", 100'000)),
                       "a page nests at most 10,000 elements, this one more",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(Page(repeat("<b>", 100'000)),
                       "a page nests at most 10,000 elements, this one more",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(Page(repeat("x", 1024 * 1024 + 1)),
                       "a page has at most 1 MiB, this one has 1048577 bytes",
                       std::invalid_argument);
}

TEST_CASE("a page with many elements that need no end tag is not deep") {
  CHECK_NOTHROW(Page("<ul>" + repeat("<li>a<br>b<p>", 20'000)));
}

TEST_CASE("as many values as controls are no trouble") {
  constexpr std::size_t count = 20'000;
  const FieldValues values(count, {"a", "1"});
  CHECK(fill_values("<form action=/actions/x>" + repeat("<input name=a>", count), values) ==
        "<form action=/actions/x>" + repeat("<input value=\"1\" name=a>", count));
  CHECK(fill_values("<form action=/actions/x>" + repeat("<input name=a value=1 type=radio>", count),
                    values) ==
        "<form action=/actions/x>" + repeat("<input checked name=a value=1 type=radio>", count));
}

TEST_CASE("a page is filled by many threads at once") {
  const pages::Case& one = corpus().front();
  const Page page(one.page);
  const std::string expected = page.fill(one.filling());
  std::vector<int> right(8);
  std::vector<std::thread> threads;
  for (int& count : right)
    threads.emplace_back([&] {
      for (int at = 0; at < 100; ++at) count += page.fill(one.filling()) == expected;
    });
  for (std::thread& thread : threads) thread.join();
  CHECK(right == std::vector<int>(8, 100));
}

TEST_CASE("a page reports which results it shows") {
  const Page page("<output name=report></output><template><output name=other></output></template>");
  CHECK(page.shows("report"));
  CHECK_FALSE(page.shows("other"));
  CHECK_FALSE(page.shows(""));
}

}  // namespace
}  // namespace actiond
