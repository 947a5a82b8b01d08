// Values in attributes, in data-field outside of lists, and what data-if leaves out.
#include <doctest/doctest.h>

#include "page/page.h"

namespace actiond {
namespace {

using Data = std::map<std::string, std::string>;

std::string fill_data(const std::string& html, const Data& data, const Lists& lists = {}) {
  return Page(html).fill({.action = "x", .data = &data, .lists = &lists});
}

TEST_CASE("an attribute gets the values that it names, in every quoting") {
  const Data data{{"a", "1"}, {"long-name", "x"}, {"first_name", "Ada"}};
  struct Row {
    std::string html, filled;
  };
  for (const Row& row :
       {Row{"<p title=\"{a}\">", "<p title=\"1\">"}, Row{"<p title='{a}'>", "<p title=\"1\">"},
        Row{"<p title={a}>", "<p title=\"1\">"}, Row{"<P TITLE = {a}>", "<P TITLE=\"1\">"},
        Row{"<p title=\"a {a} b {long-name}\">", "<p title=\"a 1 b x\">"},
        Row{"<p title='\"{a}\"'>", "<p title=\"&quot;1&quot;\">"},
        Row{"<p title=\"{first_name} &amp; {a}\">", "<p title=\"Ada &amp; 1\">"},
        Row{"<time datetime=\"{a}\">", "<time datetime=\"1\">"},
        Row{"<p class=\"box {a}\" id=\"i-{a}\" data-x={a} aria-label={a}>",
            "<p class=\"box 1\" id=\"i-1\" data-x=\"1\" aria-label=\"1\">"},
        Row{"<meter min={a} max={a} value={a}>", "<meter min=\"1\" max=\"1\" value=\"1\">"}}) {
    CAPTURE(row.html);
    CHECK(fill_data(row.html, data) == row.filled);
  }
}

TEST_CASE("an attribute that no value fills is removed, once values are given") {
  const std::string html = "<img src=\"{picture}\" alt=\"{title}\" width=3>";
  CHECK(fill_data(html, {}) == "<img width=3>");
  CHECK(fill_data(html, {{"title", ""}}) == "<img alt=\"\" width=3>");
  CHECK(Page(html).fill({.action = "x"}) == html);
}

TEST_CASE("a flag is there or not") {
  struct Row {
    std::string value, filled;
  };
  for (const Row& row : {Row{"1", "<input checked=\"\">"}, Row{"true", "<input checked=\"\">"},
                         Row{"yes", "<input checked=\"\">"}, Row{"", "<input>"},
                         Row{"0", "<input>"}, Row{"false", "<input>"}}) {
    CAPTURE(row.value);
    CHECK(fill_data("<input checked=\"{on}\">", {{"on", row.value}}) == row.filled);
  }
  CHECK(fill_data("<input disabled={on}>", {}) == "<input>");
  CHECK(fill_data("<details open={on}></details>", {{"on", "1"}}) ==
        "<details open=\"\"></details>");
}

TEST_CASE("S a value never fills what a script, a style or the parser acts on") {
  for (const std::string html : {"<p onclick=\"f('{a}')\">",
                                 "<p style=\"color:{a}\">",
                                 "<iframe srcdoc=\"{a}\"></iframe>",
                                 "<iframe src=\"{a}\"></iframe>",
                                 "<script src=\"{a}\"></script>",
                                 "<link rel=stylesheet href=\"{a}\">",
                                 "<meta content=\"{a}\">",
                                 "<base href=\"{a}\">",
                                 "<object data=\"{a}\"></object>",
                                 "<embed src=\"{a}\">",
                                 "<img srcset=\"{a}\">",
                                 "<a ping=\"{a}\">",
                                 "<a target=\"{a}\" rel=\"{a}\">",
                                 "<input name=\"{a}\" type=\"{a}\">",
                                 "<input pattern=\"[0-9]{3}{a}\">",
                                 "<form method=\"{a}\">",
                                 "<p is=\"{a}\" slot={a}>",
                                 "<svg><a href=\"{a}\" xlink:href=\"{a}\"></a></svg>",
                                 "<p data-user=\"{a}\">",
                                 "<template><p title=\"{a}\"></p></template>",
                                 "<script>\"{a}\"</script>",
                                 "<style>.{a} {}</style>",
                                 "<textarea>{a}</textarea>",
                                 "<p>{a}</p>",
                                 "<!-- title={a} -->",
                                 "<p title=\"{A} {3} {} { a} {a\">",
                                 "<p title=\"&#123;a}\">"}) {
    CAPTURE(html);
    CHECK(fill_data(html, {{"a", "evil"}}) == html);
  }
}

TEST_CASE("S a value ends no attribute") {
  const std::string evil = "\"'><script>alert(1)</script>&quot;`= x";
  for (const std::string html : {"<p title=\"{a}\">", "<p title='{a}'>", "<p title={a}>",
                                 "<p title={a}{a} class={a}>", "<a href=\"/?q={a}\">"}) {
    CAPTURE(html);
    const std::string page = fill_data(html, {{"a", evil}});
    CHECK(page.find("<script") == std::string::npos);
    CHECK(page.find("&amp;quot;") != page.find("%26quot"));
    CHECK(page.find('>') == page.size() - 1);
  }
}

TEST_CASE("the words of fresh values stay words, whatever is called so") {
  const Data data{{"once", "1"}, {"shown", "2"}, {"next", "3"}};
  const std::string html = "<input name=_once value=\"{once}\"><p title=\"{next} {shown}\">";
  CHECK(fill_data(html, data) == html);
}

TEST_CASE("data-field outside of lists shows the page's own value") {
  CHECK(fill_data("<h1 data-field=title>x</h1>", {{"title", "<b>"}}) ==
        "<h1 data-field=title>&lt;b&gt;</h1>");
  CHECK(fill_data("<h1 data-field=title>as written</h1>", {}) ==
        "<h1 data-field=title>as written</h1>");
}

TEST_CASE("data-if keeps an element or leaves it out") {
  const std::string html = "a<p data-if=\"x\" hidden>yes</p><p data-if=\"!x\" hidden>no</p>b";
  const std::string yes = "a<p data-if=\"x\">yes</p>b";
  const std::string no = "a<p data-if=\"!x\">no</p>b";
  CHECK(fill_data(html, {{"x", "1"}}) == yes);
  CHECK(fill_data(html, {}, {{"x", {{}}}}) == yes);
  CHECK(fill_data(html, {}) == no);
  CHECK(fill_data(html, {{"x", ""}}) == no);
  CHECK(fill_data(html, {{"x", "0"}}) == no);
  CHECK(fill_data(html, {{"x", "false"}}) == no);
  CHECK(fill_data(html, {}, {{"x", {}}}) == no);
  CHECK(Page(html).fill({.action = "x"}) == html);
}

TEST_CASE("what data-if leaves out goes with all that is in it") {
  const Data data{{"url", "/a"}, {"text", "t"}};
  const std::string html =
      "<div data-if=x><a href={url} data-field=text></a><img data-if=url src={url}></div>";
  CHECK(fill_data(html, data) == "");
  CHECK(fill_data("<img data-if=\"!url\" src={url}>", data) == "");
  CHECK(fill_data("<img data-if=url src={url}>", data) == "<img data-if=url src=\"/a\">");
  // Without an end of its own it cannot be taken out.
  CHECK(fill_data("<ul><li data-if=x>a</ul>", {}) == "<ul><li hidden data-if=x>a</ul>");
}

TEST_CASE("data-if does not show what is for others") {
  const std::string html = "<p data-if=x data-show=paid hidden>a</p>";
  CHECK(fill_data(html, {{"x", "1"}}) == html);
}

TEST_CASE("data-show names a permission of the viewer") {
  const std::string html = "<a data-show=editor hidden>a</a><a data-show=\"plan:team\">b</a>";
  const Viewer editor{"Ada", "ada@example.com", {"editor"}}, nobody_special{"Bo", "bo@example.com"};
  CHECK(Page(html).fill({.action = "", .viewer = &editor}) ==
        "<a data-show=editor>a</a><a hidden data-show=\"plan:team\">b</a>");
  CHECK(Page(html).fill({.action = "", .viewer = &nobody_special}) ==
        "<a data-show=editor hidden>a</a><a hidden data-show=\"plan:team\">b</a>");
  CHECK(Page(html).fill({.action = ""}) ==
        "<a data-show=editor hidden>a</a><a hidden data-show=\"plan:team\">b</a>");
}

TEST_CASE("a GET form keeps what was asked") {
  const std::string form =
      "<form method=get action=/actions/reviews><input type=search name=q>"
      "<select name=kind><option value=a>A</option><option value=b>B</option></select></form>";
  const FieldValues asked{{"q", "boats"}, {"kind", "b"}};
  CHECK(Page(form).fill({.action = "reviews", .values = &asked}) ==
        "<form method=get action=/actions/reviews><input value=\"boats\" type=search name=q>"
        "<select name=kind><option value=a>A</option><option selected value=b>B</option></select>"
        "</form>");
}

TEST_CASE("a time is read to the minute by people, and to the second by programs") {
  const std::string html =
      "<time datetime=\"{at}\" data-field=\"at\"></time><b data-field=\"at\"></b>";
  CHECK(fill_data(html, {{"at", "2027-01-31T12:34:56Z"}}) ==
        "<time datetime=\"2027-01-31T12:34:56Z\" data-field=\"at\">2027-01-31 12:34</time>"
        "<b data-field=\"at\">2027-01-31T12:34:56Z</b>");
  for (const std::string other : {"soon", "2027-01-31", "2027-13-31T12:34:56Z"})
    CHECK(fill_data("<time data-field=\"at\"></time>", {{"at", other}}) ==
          "<time data-field=\"at\">" + other + "</time>");
}

TEST_CASE("a part that is left out leaves no white space at the end of a line") {
  CHECK(fill_data("<div>\n  <p data-if=\"a\">x</p>\n\t<img data-if=\"a\">\r\n b <i "
                  "data-if=\"a\">x</i>\n</div>",
                  {}) == "<div>\n\n\r\n b \n</div>");
  CHECK(fill_data("<p data-if=\"a\">x</p>\n<b>y</b>", {}) == "\n<b>y</b>");
}

}  // namespace
}  // namespace actiond
