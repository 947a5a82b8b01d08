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
  CHECK(contains(with_error("<section inert>" + form + "</section>"), "<section>"));
  CHECK(contains(with_error("<details><dialog><div hidden>" + form + "</div></dialog></details>"),
                 "<details open><dialog open><div>"));
  CHECK(contains(with_error("<form action=/actions/x><details><input name=a></details>"
                            "<details><input name=b></details></form>"),
                 "<details><input name=b>"));
  // Inside an open one nothing changes.
  CHECK(contains(with_error("<details open=\"\">" + form + "</details>"), "<details open=\"\">"));
}

TEST_CASE("a form in a shadow root that the page declares is one of the page, in a template not") {
  const std::string form = "<form action=/actions/x><input name=a></form>";
  for (const std::string mode : {"open", "CLOSED"}) {
    const std::string page =
        with_error("<x-y><template shadowrootmode=" + mode + ">" + form + "</template></x-y>");
    CHECK(contains(page, message + "</form></template></x-y>"));
  }
  for (const std::string of_none : {"", " shadowrootmode", " shadowrootmode=x"})
    CHECK_FALSE(contains(with_error("<template" + of_none + ">" + form + "</template>"), message));
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

TEST_CASE("a page that comes back says so first in its title, in the page's language") {
  const Languages languages({{"de", {{"summary.title_start", "Fehler: "}}}});
  const FieldErrors errors{{{"email", "Bad."}}};
  const auto title_of = [&](std::string_view html_tag) {
    const std::string html =
        Page(std::string(html_tag) + "<title>Contact</title><form action=/actions/x>")
            .fill({.action = "x", .errors = &errors, .languages = &languages});
    const std::size_t begin = html.find("<title>") + 7;
    return html.substr(begin, html.find("</title>") - begin);
  };
  CHECK(title_of("<html lang=de>") == "Fehler: Contact");
  CHECK(title_of("<html LANG='de-CH'>") == "Fehler: Contact");
  CHECK(title_of("<html lang=en>") == "Error: Contact");
  CHECK(title_of("") == "Error: Contact");
}

TEST_CASE("the messages and the summary are in the page's language") {
  const Languages languages({{"de",
                              {{"field.required", "Das fehlt & muss sein."},
                               {"summary.heading", "Da stimmt <etwas> nicht"}}}});
  const FieldErrors errors{{{"email", "field.required"}, {"", "Zu spät."}}};
  const std::string html =
      Page("<html lang=de><body><form action=/actions/x><input name=email></form>")
          .fill({.action = "x", .errors = &errors, .languages = &languages});
  CHECK(html.find("<h2>Da stimmt &lt;etwas&gt; nicht</h2>") != html.npos);
  CHECK(html.find("id=\"email-error\">Das fehlt &amp; muss sein.</span>") != html.npos);
  CHECK(html.find("<li>Zu spät.</li>") != html.npos);
}

TEST_CASE("the summary names a field by its label without what is in brackets at its end") {
  const FieldErrors errors{{{"email", "Bad."}}};
  const auto summary_of = [&](const std::string& label) {
    const std::string html =
        Page("<form action=/actions/x><label>" + label + "<input name=email></label></form>")
            .fill({.action = "x", .errors = &errors});
    const std::size_t begin = html.find("<a href=\"#email\">") + 17;
    return html.substr(begin, html.find("</a>") - begin);
  };
  CHECK(summary_of("Email <small>(optional)</small>") == "Email: Bad.");
  CHECK(summary_of("E-Mail\n (freiwillig) ") == "E-Mail: Bad.");
  CHECK(summary_of("Email (yours) or phone") == "Email (yours) or phone: Bad.");
  CHECK(summary_of("(optional)") == "(optional): Bad.");
}

}  // namespace
}  // namespace actiond
