// The words {once}, {shown} and {next} as values in a page.
#include <doctest/doctest.h>

#include "page/page.h"
#include "page/parts.h"

namespace actiond {
namespace {

const Fresh fresh{"0123456789abcdef0123456789abcdef", "1764075600"};

// The value of the first control of that name, as a browser would read the filled page.
std::string value_in(const std::string& html, std::string_view name) {
  const PageParts parts = read_parts(html, {});
  for (const PageForm& form : parts.forms)
    for (const Control& control : form.controls)
      if (control.name == name) return control.value;
  return "no such control";
}

std::string fill_fresh(const std::string& html, const FieldValues& sent = {}) {
  return Page(html).fill({.action = "x", .values = &sent, .fresh = &fresh});
}

std::string form(const std::string& controls) {
  return "<form method=post action=/actions/x>" + controls + "</form>";
}

TEST_CASE("P4 a key comes into the page in every legal spelling of its field") {
  for (const std::string control :
       {R"(<input type="hidden" name="key" value="{once}">)",
        R"(<input type=hidden name=key value={once}>)",
        R"(<input type='hidden' name='key' value='{once}'>)",
        R"(<input value="{once}" name="key" type="hidden"/>)",
        R"(<INPUT NAME=key VALUE={ONCE} TYPE=HIDDEN>)", "<input\n  value = '{once}'\n  name=key>",
        R"(<input value=&#123;once&#125; name=key>)"}) {
    CAPTURE(control);
    CHECK(value_in(fill_fresh(form(control)), "key") == fresh.once);
  }
}

TEST_CASE("P5 a value that the author wrote stays") {
  for (const std::string control :
       {R"(<input type="hidden" name="next" value="/members.html">)",
        R"(<button name="next" value="2">)", R"(<input name=_once value="of my own">)",
        R"(<input name=note value="say {once} or {next}">)",
        R"(<textarea name=t>{once}</textarea>)",
        R"(<p title="{once}">{once} {shown} {next}</p>)"}) {
    CAPTURE(control);
    CHECK(fill_fresh(form(control)) == form(control));
  }
}

TEST_CASE("what a visitor typed is no word of the page") {
  const std::string page = fill_fresh(form("<input name=a><textarea name=t></textarea>"),
                                      {{"a", "{once}"}, {"t", "{shown}"}});
  CHECK(value_in(page, "a") == "{once}");
  CHECK(page.find(">{shown}</textarea>") != std::string::npos);
}

TEST_CASE("a page that comes back keeps the time and the way on, and gets another key") {
  const std::string one = form(
      "<input type=hidden name=_once value={once}><input type=hidden name=_shown value={shown}>"
      "<input type=hidden name=next value={next}>");
  const FieldValues sent{{"_once", "used"}, {"_shown", "1764075500.25"}, {"next", "/a.html"}};
  // Hidden fields are left alone where two forms post to one action; these are not.
  for (const std::string& html : {one, one + one}) {
    const std::string page = fill_fresh(html, sent);
    CHECK(page.find("{") == std::string::npos);
    CHECK(page.find("used") == std::string::npos);
    CHECK(page.find(fresh.once) != std::string::npos);
    CHECK(value_in(page, "_shown") == "1764075500.25");
    CHECK(value_in(page, "next") == "/a.html");
  }
  CHECK(value_in(fill_fresh(one), "_shown") == fresh.shown);
  CHECK(value_in(fill_fresh(one), "next") == "");
}

TEST_CASE("each row of a list gets the key, and so does a row that was not filled") {
  const std::string html = "<ul><li data-each=things>" +
                           form("<input type=hidden name=_once value={once}>") + "</li></ul>";
  const Lists two{{"things", {{}, {}}}};
  const std::string page = Page(html).fill({.action = "x", .lists = &two, .fresh = &fresh});
  CHECK(page.find("{once}") == std::string::npos);
  CHECK(page.find(fresh.once) != page.rfind(fresh.once));
  CHECK(fill_fresh(html).find("{once}") == std::string::npos);
}

TEST_CASE("a page that is filled without fresh values keeps its words") {
  const std::string html = form("<input type=hidden name=_once value={once}>");
  CHECK(Page(html).fill({.action = "x"}) == html);
}

}  // namespace
}  // namespace actiond
