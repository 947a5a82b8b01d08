// Lists on a page: the element with data-each, once for each row.
#include <doctest/doctest.h>

#include <algorithm>

#include "page/page.h"

namespace actiond {
namespace {

const Lists two{{"things", {{{"name", "one"}, {"id", "1"}}, {{"name", "two"}, {"id", "2"}}}}};

std::string fill(const std::string& html, const Lists& lists) {
  return Page(html).fill({.action = "things", .lists = &lists});
}

TEST_CASE("an element comes back once for each row, shown and filled") {
  CHECK(fill("<ul>\n<li data-each=\"things\" hidden>A <b data-field=\"name\">x</b>!</li>\n</ul>",
             two) ==
        "<ul>\n<li data-each=\"things\">A <b data-field=\"name\">one</b>!</li>\n"
        "<li data-each=\"things\">A <b data-field=\"name\">two</b>!</li>\n</ul>");
}

TEST_CASE("a table's row comes back with its cells and its form") {
  const std::string row =
      "<tr data-each=things><td data-field=name></td><td><form method=post "
      "action=/actions/things><input type=hidden name=_once><button name=id "
      "data-field=name>x</button></form></td></tr>";
  const auto with = [](const std::string& name, const std::string& id) {
    return "<tr data-each=things><td data-field=name>" + name +
           "</td><td><form method=post action=/actions/things><input type=hidden "
           "name=_once><button value=\"" +
           id + "\" name=id data-field=name>" + name + "</button></form></td></tr>";
  };
  CHECK(fill("<table><tbody>" + row + "</tbody></table>", two) ==
        "<table><tbody>" + with("one", "1") + "\n" + with("two", "2") + "</tbody></table>");
}

TEST_CASE("a list without rows shows none, and one that is not given changes nothing") {
  const std::string hidden = "<p data-each=\"things\" hidden>x</p>";
  CHECK(fill(hidden, {{"things", {}}}) == hidden);
  CHECK(fill("<p data-each=\"things\">x</p>", {{"things", {}}}) ==
        "<p hidden data-each=\"things\">x</p>");
  CHECK(fill(hidden, {{"others", {{}}}}) == hidden);
  CHECK(fill(hidden, {}) == hidden);
}

TEST_CASE("what a row says is text, in content and in attributes") {
  const std::string evil = "\"><script>alert(1)</script>&amp;";
  const Lists lists{{"things", {{{"name", evil}, {"id", evil}}}}};
  const std::string page =
      fill("<p data-each=things><i data-field=name></i><button name=id>x</button></p>", lists);
  CHECK(page.find("<script") == std::string::npos);
  CHECK(page.find("&amp;amp;") != std::string::npos);
  CHECK(std::count(page.begin(), page.end(), '<') == 6);
}

TEST_CASE("a row leaves alone what it has no value for") {
  const std::string html =
      "<p data-each=things><i data-field=other>as written</i>"
      "<input type=text name=id><input type=hidden name=other value=kept></p>";
  CHECK(fill(html, {{"things", {{{"id", "1"}}}}}) == html);
}

TEST_CASE("no message, value or result lands in an element that is repeated") {
  const std::string html =
      "<main><p data-each=things hidden><output name=r></output></p>"
      "<div data-each=others hidden><form action=/actions/things><input name=id></form></div>"
      "</main>";
  const FieldErrors errors{{{"id", "Wrong."}}};
  const FieldValues values{{"id", "typed"}};
  const std::map<std::string, std::string> data{{"r", "result"}};
  const std::string page =
      Page(html).fill({.action = "things", .values = &values, .errors = &errors, .data = &data});
  // The summary leads <main>, where it is seen.
  CHECK(page.starts_with("<main><div"));
  CHECK(page.find("Wrong.") < page.find("data-each"));
  CHECK(page.find("typed") == std::string::npos);
  CHECK(page.find("result") == std::string::npos);
}

TEST_CASE("an element in an element that is repeated is a part of it") {
  const Lists lists{{"things", {{{"name", "one"}}}}, {"inner", {{{"name", "two"}}}}};
  CHECK(fill("<div data-each=things><p data-each=inner data-field=name></p></div>", lists) ==
        "<div data-each=things><p data-each=inner data-field=name>one</p></div>");
}

TEST_CASE("an element without an end of its own is not repeated") {
  for (const std::string html :
       {"<ul><li data-each=things data-field=name>x</ul>", "<input data-each=things name=id>",
        "<b data-each=things><p>x</b>y</p>", "<template><p data-each=things>x</p></template>"}) {
    CAPTURE(html);
    const std::string page = fill(html, two);
    CHECK(page.find("two") == std::string::npos);
  }
}

}  // namespace
}  // namespace actiond
