// Forms without code: those of pages that say data-inbox, and what is wrong with them.
#include "inbox/inbox_forms.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "forms/limits.h"

namespace actiond {
namespace {

InboxForms found_in(const PageTexts& pages) {
  Action comments{"comments", {}, {"comments.html", {}}};
  comments.declared = "site/comments.cpp:25";
  return find_inbox_forms(pages, {"localhost:8080"}, Catalogue({comments}),
                          {{*Address::parse("owner@example.com")}, 2048, {"thanks"}});
}

// Of one page, contact.html.
std::string findings_of(const std::string& html) {
  const InboxForms found = found_in({{"contact.html", html}, {"thanks.html", ""}});
  std::string all;
  for (const PageFinding& finding : found.findings) {
    CHECK(finding.stops_start());
    all += fmt::format("{}{} {}", all.empty() ? "" : " | ", finding.line, finding.what);
  }
  CHECK(found.forms.empty() == !all.empty());
  return all;
}

std::string form(const std::string& attributes, const std::string& controls) {
  return fmt::format("<form method=\"post\" {}>\n{}\n</form>", attributes, controls);
}
const std::string contact = "action=\"/actions/contact\" data-inbox";
const std::string with_files = contact + " enctype=\"multipart/form-data\"";
const std::string text_field = "<input name=\"name\">";

TEST_CASE("a form without code is an action with the rules of its controls") {
  const auto found =
      found_in({{"contact.html", form(contact + " data-thanks=\"/thanks.html?x#y\"", R"(
<input type="hidden" name="_once" value="{once}"><input type="hidden" name="_shown" value="{shown}">
<input name="homepage" data-trap>
<input type="email" name="email" required maxlength="254">
<textarea name="message" required minlength="10"></textarea>
<select name="topic"><option value="">None</option><option>Sales</option>
  <optgroup disabled><option>Old</option></optgroup><option disabled>Older</option></select>
<input type="checkbox" name="days" value="mon"><input type="checkbox" name="days" value="tue">
<input type="number" name="count" min="1" max="9">
<input name="off" disabled> <button>Send</button>)")},
                {"thanks.html", ""}});
  CHECK(found.findings.empty());
  REQUIRE(found.forms.size() == 1);
  CHECK(to_text(*found.forms[0]) == "form contact in contact.html: 5 fields, public");
  const Action action = action_of(found.forms[0]);
  CHECK(action.spam_trap == "homepage");
  CHECK(action.form.page == "contact.html");
  CHECK(action.declared == "contact.html:1");
  CHECK(catalogue_text(Catalogue({action})) ==
        "contact (public): email (email, required, up to 254 long); message (text, required, 10 to "
        "10000 long); topic (text, one of , Sales); days (list, one of mon, tue); count (number, 1 "
        "to 9)\n");
}

TEST_CASE("the names of attributes have no case") {
  CHECK(found_in({{"a.html", form("ACTION=\"/actions/contact\" DATA-INBOX", text_field)}})
            .forms.size() == 1);
}

TEST_CASE("a form without code has the level that it says") {
  for (const auto& [said, level] : std::initializer_list<std::pair<const char*, Level>>{
           {"", Level::Public},
           {"data-level=\"public\"", Level::Public},
           {"data-level=\"protected\"", Level::Protected},
           {"data-level=\" paid \"", Level::Paid}}) {
    const auto found =
        found_in({{"contact.html", form(fmt::format("{} {}", contact, said), text_field)}});
    REQUIRE(found.forms.size() == 1);
    CHECK(action_of(found.forms[0]).level() == level);
  }
}

TEST_CASE("a form without code takes files, of the size and the kinds that are said") {
  const auto found = found_in(
      {{"contact.html",
        form(with_files, "<input type=\"file\" name=\"cv\" accept=\".PDF, image/png\">")}});
  REQUIRE(found.forms.size() == 1);
  CHECK(catalogue_text(Catalogue({action_of(found.forms[0])})) ==
        "contact (public): cv (file, up to 2 KiB, application/pdf, image/png)\n");
}

TEST_CASE("check says whom a form mails") {
  const auto found = found_in({{"contact.html", form(contact + " data-notify", text_field)}});
  REQUIRE(found.forms.size() == 1);
  CHECK(to_text(*found.forms[0]) ==
        "form contact in contact.html: 1 field, public, mails owner@example.com");
}

TEST_CASE("a form that can be no action is found with its line") {
  for (const auto& [html, finding] : std::initializer_list<std::pair<std::string, const char*>>{
           {form(contact + " data-level=\"admin\"", text_field), "1 There is no level \"admin\"."},
           {form(contact + " data-level", text_field), "1 There is no level \"\"."},
           {form(contact + " data-answer=\"none\"", "<input type=\"email\" name=\"email\">"),
            "1 There is no text for data-answer=\"none\"."},
           {form(contact + " data-answer=\"thanks\"", text_field),
            "1 The form answers by mail, and asks for no address."},
           {form(contact + " data-thanks=\"//evil\"", text_field),
            "1 data-thanks=\"//evil\" is no path on this site."},
           {form(contact + " data-thanks=\"https://evil/\"", text_field),
            "1 data-thanks=\"https://evil/\" is no path on this site."},
           {form(contact + " data-thanks=\"/\\evil\"", text_field),
            "1 data-thanks=\"/\\evil\" is no path on this site."},
           {form(contact + " data-search=\"no\"", text_field),
            "1 data-search=\"no\" says nothing."},
           {form(contact + " data-keep-days", text_field),
            "1 data-keep-days=\"\" is no number of days."},
           {form(contact + " data-keep-days=\"0\"", text_field),
            "1 data-keep-days=\"0\" is no number of days."},
           {form(contact + " data-keep-days=\"36501\"", text_field),
            "1 data-keep-days=\"36501\" is no number of days."},
           {form(contact + " data-keep-days=\"7 days\"", text_field),
            "1 data-keep-days=\"7 days\" is no number of days."},
           {form(contact + " data-thanks=\"/no.html\"", text_field),
            "1 There is no page for data-thanks=\"/no.html\"."},
           {form("action=\"/actions/comments\" data-inbox", text_field),
            "1 The action comments is in C++ already: site/comments.cpp:25."},
           {form("action=\"/actions/Contact\" data-inbox", text_field),
            "1 The form for the inbox names no action of its own."},
           {form("action=\"/actions/me\" data-inbox", text_field),
            "1 The form for the inbox names no action of its own."},
           {form("action=\"https://evil/actions/contact\" data-inbox", text_field),
            "1 The form for the inbox names no action of its own."},
           {form(contact, "<input name=\"x\"><button formaction=\"/actions/comments\">Go</button>"),
            "1 The form for the inbox names no action of its own."},
           {"<form action=\"/actions/contact\" data-inbox><input name=\"x\"></form>",
            "1 The form for the inbox is not posted."},
           {form(contact, ""), "1 The form for the inbox asks for nothing."},
           {form(contact, text_field + "<input>"),
            "2 A control has no name: what is typed into it is not sent."},
           {form(contact, text_field + "\n<input name=\"name\">"),
            "3 The field \"name\" is there twice."},
           {form(contact, text_field + "\n<input name=\"zip\" pattern=\"(?=x)y\">"),
            "3 The pattern of \"zip\" looks ahead or back, or changes flags, which cannot be "
            "judged in linear time."},
           {form(contact, text_field + "\n<input type=\"file\" name=\"cv\">"),
            "1 Of the file \"cv\" the form sends the name alone."},
           {form(with_files, "<input type=\"file\" name=\"cv\" multiple>"),
            "2 The field \"cv\" takes several files."},
           {form(contact, "<input name=\"x\" data-trap><input name=\"x\">"),
            "1 The spam trap \"x\" is a field as well."},
           {form(contact, text_field) + form(contact, "<input name=\"other\">"),
            "3 Another form has the name contact, and other rules: contact.html:1."},
       }) {
    CAPTURE(html);
    const InboxForms found = found_in({{"contact.html", html}, {"thanks.html", ""}});
    REQUIRE(found.findings.size() == 1);
    CHECK(fmt::format("{} {}", found.findings[0].line, found.findings[0].what) == finding);
    CHECK(found.findings[0].stops_start());
  }
}

TEST_CASE("a form of five hundred fields is refused") {
  std::string controls;
  for (int n = 0; n < 500; ++n) controls += fmt::format("<input name=\"f{}\">", n);
  CHECK(findings_of(form(contact, controls)) == "1 The form asks for 500 fields.");
}

TEST_CASE("the same form in several pages, as a frame puts it there, is one") {
  const std::string html = form(contact, text_field);
  const InboxForms found = found_in({{"a.html", html}, {"b.html", "\n" + html}});
  CHECK(found.findings.empty());
  REQUIRE(found.forms.size() == 1);
  CHECK(found.forms[0]->page == "a.html");
}

TEST_CASE("a page that cannot be read takes no form away in silence") {
  const std::string html = form(contact, text_field) + std::string(2 * 1024 * 1024, ' ');
  CHECK(findings_of(html).starts_with("1 The page cannot be filled in"));
}

}  // namespace
}  // namespace actiond
