// A message stands where the visitor looks.
#include <doctest/doctest.h>

#include <string>

#include "page/page.h"

namespace actiond {
namespace {

const std::string message = "<span class=\"field-error\" id=\"a-error\">Wrong.</span>";

std::string with_error(const std::string& html) {
  const FieldErrors errors{{{"a", "Wrong."}}};
  return Page(html).fill({.action = "x", .errors = &errors});
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE("P11 what hides a wrong field is opened") {
  const std::string form = "<form action=/actions/x><input name=a></form>";
  CHECK(contains(with_error("<details><summary>S</summary>" + form + "</details>"),
                 "<details open>"));
  CHECK(contains(with_error("<dialog id=d>" + form + "</dialog>"), "<dialog open id=d>"));
  CHECK(contains(with_error("<section hidden>" + form + "</section>"), "<section>"));
  CHECK(contains(with_error("<details><dialog><div hidden>" + form + "</div></dialog></details>"),
                 "<details open><dialog open><div>"));
  CHECK(contains(with_error("<form action=/actions/x><details><input name=a></details>"
                            "<details><input name=b></details></form>"),
                 "<details><input name=b>"));
  // Inside an open one nothing changes.
  CHECK(contains(with_error("<details open=\"\">" + form + "</details>"), "<details open=\"\">"));
}

TEST_CASE("P11 of details that close each other, the one with the wrong field stays open") {
  CHECK(contains(with_error("<form action=/actions/x><details name=n open><input name=b></details>"
                            "<details name=n><input name=a></details></form>"),
                 "<details open><input"));
}

TEST_CASE("P11 a field outside its form, and the place of its message, are opened too") {
  const std::string page = with_error(
      "<form id=f action=/actions/x></form><details><input name=a form=f></details>"
      "<dialog><p data-error-for=a hidden></p></dialog>");
  CHECK(contains(page, "<details open><input"));
  CHECK(contains(page, "<dialog open><p id=\"a-error\" data-error-for=a>Wrong.</p>"));
}

TEST_CASE("P11 what is shown to some viewers alone is not opened, nor is a page without errors") {
  const std::string form = "<form action=/actions/x><input name=a></form>";
  CHECK(contains(with_error("<div data-show=signed-in hidden>" + form + "</div>"),
                 "signed-in hidden>"));
  const std::string closed = "<details><dialog>" + form + "</dialog></details>";
  CHECK(Page(closed).fill({.action = "x"}) == closed);
}

TEST_CASE("P11 the summary of a form in a popover stands outside it") {
  const std::string page = with_error(
      "<main><div popover id=p><section popover><form action=/actions/x><input name=a></form>"
      "</section></div></main>");
  CHECK(page.starts_with("<main><div class=\"error-summary\""));
  CHECK(page.find("</ul></div>") < page.find("<div popover"));
}

TEST_CASE("P12 the message stands behind the label that belongs to the control") {
  struct Row {
    std::string before, after;
  };
  for (const Row& row : {Row{"<input type=checkbox id=a name=a><label for=a>I agree</label>", ""},
                         Row{"<div><input id=a name=a><label for=a>A</label>", "</div>"},
                         Row{"<label for=a>A</label><input id=a name=a>", ""},
                         Row{"<label>A <input id=a name=a></label>", ""},
                         Row{"<input id=a name=a> <span>x</span> <label for=a>A</label>",
                             "<label for=a>again</label>"},
                         Row{"<input id=a type=radio name=a value=1><label for=a>1</label>"
                             "<input id=b type=radio name=a value=2><label for=b>2</label>",
                             ""},
                         Row{"<select id=a name=a><option>1</select><label for=a>A</label>",
                             "<label for=z>Z</label>"},
                         Row{"<textarea id=a name=a></textarea><label for=a>A</label>", ""}}) {
    CAPTURE(row.before);
    const std::string page =
        with_error("<form action=/actions/x>" + row.before + row.after + "</form>");
    const std::string end = row.before.substr(row.before.rfind('<'));
    const std::size_t at = page.find(message);
    REQUIRE(at != std::string::npos);
    CHECK(page.substr(at + message.size()) == row.after + "</form>");
  }
}

TEST_CASE("P12 a label in another form is not waited for") {
  CHECK(contains(with_error("<form action=/actions/x><p><input id=a name=a></p></form>"
                            "<form><label for=a>A</label></form>"),
                 message + "</p></form>"));
}

TEST_CASE("P13 without a main, the summary stands behind the real body tag") {
  for (const std::string head :
       {"<noscript><img src=/pixel.png></noscript>",
        "<noscript><iframe src=/x></iframe></noscript>",
        "<noscript><div>Turn scripts on</div></noscript>", "<noscript><p>a</noscript>",
        "<!-- <body> --><script>'<body>'</script><noscript><img alt='<body>'></noscript>"}) {
    CAPTURE(head);
    const std::string page = with_error("<html><head><title>t</title>" + head +
                                        "</head><body class=b>\n<p>Text</p></body></html>");
    CHECK(contains(page, "</head><body class=b><div class=\"error-summary\""));
  }
}

TEST_CASE("P13 the summary does not lead a main that is hidden") {
  CHECK(contains(with_error("<body><main hidden>1</main><main>2</main>"),
                 "<main><div class=\"error-summary\""));
}

TEST_CASE("P10 a control character comes back as one that can be seen") {
  const FieldValues values{{"a", std::string("1\0"
                                             "2\x01"
                                             "3\v4",
                                             7)}};
  CHECK(Page("<form action=/actions/x><textarea name=a></textarea></form>")
            .fill({.action = "x", .values = &values}) ==
        "<form action=/actions/x><textarea name=a>1\xEF\xBF\xBD"
        "2\xEF\xBF\xBD"
        "3\n4</textarea></form>");
}

}  // namespace
}  // namespace actiond
