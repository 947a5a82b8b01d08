// Lists on a page: the element with data-each, once for each row.
#include <doctest/doctest.h>

#include <algorithm>

#include "page/page.h"

namespace actiond {
namespace {

const Lists two{{"things", {{{"name", "one"}, {"id", "1"}}, {{"name", "two"}, {"id", "2"}}}}};

std::string fill_lists(const std::string& html, const Lists& lists) {
  return Page(html).fill({.action = "things", .lists = &lists});
}

TEST_CASE("an element comes back once for each row, shown and filled") {
  CHECK(fill_lists(
            "<ul>\n<li data-each=\"things\" hidden>A <b data-field=\"name\">x</b>!</li>\n</ul>",
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
  CHECK(fill_lists("<table><tbody>" + row + "</tbody></table>", two) ==
        "<table><tbody>" + with("one", "1") + "\n" + with("two", "2") + "</tbody></table>");
}

TEST_CASE("a list without rows shows none, and one that is not given changes nothing") {
  const std::string hidden = "<p data-each=\"things\" hidden>x</p>";
  CHECK(fill_lists(hidden, {{"things", {}}}) == hidden);
  CHECK(fill_lists("<p data-each=\"things\">x</p>", {{"things", {}}}) ==
        "<p hidden data-each=\"things\">x</p>");
  CHECK(fill_lists(hidden, {{"others", {{}}}}) == hidden);
  CHECK(fill_lists(hidden, {}) == hidden);
}

TEST_CASE("what a row says is text, in content and in attributes") {
  const std::string evil = "\"><script>alert(1)</script>&amp;";
  const Lists lists{{"things", {{{"name", evil}, {"id", evil}}}}};
  const std::string page = fill_lists(
      "<p data-each=things><i data-field=name></i><button name=id>x</button></p>", lists);
  CHECK(page.find("<script") == std::string::npos);
  CHECK(page.find("&amp;amp;") != std::string::npos);
  CHECK(std::count(page.begin(), page.end(), '<') == 6);
}

TEST_CASE("a row leaves alone what it has no value for") {
  const std::string html =
      "<p data-each=things><i data-field=other>as written</i>"
      "<input type=text name=more><input type=hidden name=other value=kept>"
      "<input type=password name=id></p>";
  CHECK(fill_lists(html, {{"things", {{{"id", "1"}}}}}) == html);
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

ListRow with_lists(ListRow row, Lists lists) {
  row.lists = std::move(lists);
  return row;
}

TEST_CASE("a list in a row is the row's own, else the page's") {
  const std::string html =
      "<div data-each=things><i data-field=name></i><p data-each=inner data-field=name></p></div>";
  const auto page = [](const std::string& first, const std::string& second) {
    return "<div data-each=things><i data-field=name>one</i>" + first +
           "</div>\n<div data-each=things><i data-field=name>two</i>" + second + "</div>";
  };
  const std::string none = "<p hidden data-each=inner data-field=name></p>";
  const auto inner = [](const std::string& name) {
    return "<p data-each=inner data-field=name>" + name + "</p>";
  };
  const List rows{with_lists({{"name", "one"}}, {{"inner", {{{"name", "a"}}, {{"name", "b"}}}}}),
                  {{"name", "two"}}};
  CHECK(fill_lists(html, {{"things", rows}}) == page(inner("a") + "\n" + inner("b"), none));
  CHECK(fill_lists(html, {{"things", rows}, {"inner", {{{"name", "c"}}}}}) ==
        page(inner("a") + "\n" + inner("b"), inner("c")));
}

TEST_CASE("a tree shows each branch once") {
  const std::string html =
      "<ul><li data-each=notes><b data-field=t></b><ul><li data-each=answers>"
      "<b data-field=t></b><ul><li data-each=answers data-field=t></li></ul></li></ul></li></ul>";
  const ListRow note = with_lists(
      {{"t", "1"}},
      {{"answers",
        {with_lists({{"t", "2"}}, {}), with_lists({{"t", "3"}}, {{"answers", {{{"t", "4"}}}}})}}});
  const std::string page = fill_lists(html, {{"notes", {note}}});
  for (const std::string text : {">1<", ">2<", ">3<", ">4<"}) {
    CAPTURE(text);
    CHECK(page.find(text) != std::string::npos);
    CHECK(page.find(text) == page.rfind(text));
  }
}

TEST_CASE("a list inside itself is not repeated without end") {
  std::string html = "x";
  for (int depth = 0; depth < 100; ++depth) html = "<div data-each=things>" + html + "</div>";
  CHECK(fill_lists(html, two).size() < 3 * html.size());
}

TEST_CASE("a row fills attributes, on its own element as well, then from the page") {
  const std::map<std::string, std::string> data{{"base", "B"}, {"id", "never"}};
  const Lists lists{{"things", {{{"id", "1"}, {"done", "1"}}, {{"id", "2"}, {"done", ""}}}}};
  CHECK(Page("<p data-each=things id=\"t-{id}\" title={base}><input type=checkbox checked={done}>"
             "<a href=\"/t?id={id}\">x</a></p>")
            .fill({.action = "x", .data = &data, .lists = &lists}) ==
        "<p data-each=things id=\"t-1\" title=\"B\"><input type=checkbox checked=\"\">"
        "<a href=\"/t?id=1\">x</a></p>\n"
        "<p data-each=things id=\"t-2\" title=\"B\"><input type=checkbox>"
        "<a href=\"/t?id=2\">x</a></p>");
}

TEST_CASE("no browser asks for a picture of a row that is not there") {
  const std::string html = "<p data-each=things hidden><img src=\"{picture}\"></p>";
  CHECK(fill_lists(html, {{"things", {}}}) == "<p data-each=things hidden><img></p>");
  CHECK(fill_lists(html, {}) == "<p data-each=things hidden><img></p>");
  CHECK(Page(html).fill({.action = "x"}) == html);
}

TEST_CASE("data-if leaves a part of a row out, or the row") {
  const std::string html =
      "<p data-each=things data-if=id><b data-if=name data-field=name></b></p>";
  CHECK(fill_lists(html,
                   {{"things", {{{"id", "1"}, {"name", "a"}}, {{"id", "2"}}, {{"name", "c"}}}}}) ==
        "<p data-each=things data-if=id><b data-if=name data-field=name>a</b></p>\n"
        "<p data-each=things data-if=id></p>");
}

TEST_CASE("the controls of a row get the values of their names") {
  const auto row = [&](const std::string& html, ListRow values) {
    const std::string page =
        fill_lists("<p data-each=things>" + html + "</p>", {{"things", {values}}});
    return page.substr(20, page.size() - 24);
  };
  CHECK(row("<input name=a>", {{"a", "1"}}) == "<input value=\"1\" name=a>");
  CHECK(row("<input name=a value={b}>", {{"a", "1"}, {"b", "2"}}) == "<input name=a value=\"2\">");
  CHECK(row("<textarea name=a></textarea>", {{"a", "<1"}}) == "<textarea name=a>&lt;1</textarea>");
  CHECK(row("<input type=checkbox name=a value=x>", {{"a", "true"}}) ==
        "<input checked type=checkbox name=a value=x>");
  CHECK(row("<input type=checkbox name=a value=x checked>", {{"a", ""}}) ==
        "<input type=checkbox name=a value=x>");
  CHECK(row("<input type=radio name=a value=x><input type=radio name=a value=y>", {{"a", "y"}}) ==
        "<input type=radio name=a value=x><input checked type=radio name=a value=y>");
  CHECK(row("<select name=a><option>x</option><option>y</option></select>", {{"a", "y"}}) ==
        "<select name=a><option>x</option><option selected>y</option></select>");
}

TEST_CASE("a select is made of a list, and keeps what was chosen") {
  const std::string html =
      "<form method=post action=/actions/things><select name=kind><option value=\"\">Choose"
      "</option><option data-each=kinds value=\"{id}\" data-field=name></option></select></form>";
  const Lists lists{{"kinds", {{{"id", "1"}, {"name", "A"}}, {{"id", "2"}, {"name", "B"}}}}};
  const FieldValues chosen{{"kind", "2"}};
  const std::string page =
      Page(html).fill({.action = "things", .values = &chosen, .lists = &lists});
  CHECK(page.find("<option data-each=kinds value=\"1\" data-field=name>A</option>") != page.npos);
  CHECK(page.find("<option selected data-each=kinds value=\"2\" data-field=name>B</option>") !=
        page.npos);
  // A hidden option would be the one that is chosen.
  CHECK(fill_lists(html, {{"kinds", {}}}).find("data-each") == page.npos);
}

TEST_CASE("a select in a row is made of the page's list, and the row says which is chosen") {
  const Lists lists{{"kinds", {{{"id", "1"}}, {{"id", "2"}}}},
                    {"things", {{{"kind", "2"}}, {{"kind", "1"}}}}};
  const std::string page = fill_lists(
      "<p data-each=things><select name=kind><option data-each=kinds value={id} data-field=id>"
      "</option></select></p>",
      lists);
  const auto option = [](const std::string& selected, const std::string& id) {
    return "<option " + selected + "data-each=kinds value=\"" + id + "\" data-field=id>" + id +
           "</option>";
  };
  const auto thing = [](const std::string& options) {
    return "<p data-each=things><select name=kind>" + options + "</select></p>";
  };
  CHECK(page == thing(option("", "1") + "\n" + option("selected ", "2")) + "\n" +
                    thing(option("selected ", "1") + "\n" + option("", "2")));
}

TEST_CASE("the parts of a row that the parser moves elsewhere are left alone") {
  for (const std::string html :
       {"<table data-each=things><tr><td><p data-each=inner title={id}>a</td></tr></p></table>",
        "<b data-each=things title={id}><p data-if=x>a</b>b</p>"}) {
    CAPTURE(html);
    const std::string page = fill_lists(html, two);
    CHECK(page.find("{id}") == page.npos);
  }
}

TEST_CASE("an element without an end of its own is not repeated") {
  for (const std::string html :
       {"<ul><li data-each=things data-field=name>x</ul>", "<input data-each=things name=id>",
        "<b data-each=things><p>x</b>y</p>", "<template><p data-each=things>x</p></template>"}) {
    CAPTURE(html);
    const std::string page = fill_lists(html, two);
    CHECK(page.find("two") == std::string::npos);
  }
}

}  // namespace
}  // namespace actiond
