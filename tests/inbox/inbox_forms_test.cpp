// Forms without code: those of pages that say data-inbox, and what is wrong with them.
#include "inbox/inbox_forms.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <regex>

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

TEST_CASE("OpenAPI says of a form without code what its controls say") {
  const auto found = found_in({{"contact.html", form(contact, R"(
<input name="zip" pattern="[0-9]{5}|x">
<input type="number" name="even" min="0" max="8" step="2">
<input type="number" name="price" min="0.5" step="0.5">
<input type="number" name="odd" min="1" max="9" step="2">
<input type="month" name="month"> <input type="time" name="time"> <input type="week" name="week">
<input type="datetime-local" name="at"> <input type="color" name="color">
<select name="tab"><option>a&#11;b</option></select>)")}});
  REQUIRE(found.forms.size() == 1);
  const Catalogue catalogue({action_of(found.forms[0])});
  const auto api = nlohmann::json::parse(catalogue_openapi(catalogue, "http://x"));
  const auto& fields = api["paths"]["/actions/contact"]["post"]["requestBody"]["content"]
                          ["application/json"]["schema"]["properties"];
  CHECK(fields["zip"]["pattern"] == "^(?:[0-9]{5}|x)$");
  CHECK(fields["even"] ==
        nlohmann::json{{"type", "integer"}, {"minimum", 0}, {"maximum", 8}, {"multipleOf", 2}});
  CHECK(fields["price"] ==
        nlohmann::json{{"type", "number"}, {"minimum", 0.5}, {"multipleOf", 0.5}});
  // Its steps are not counted from 0.
  CHECK_FALSE(fields["odd"].contains("multipleOf"));
  const auto matches = [&fields](const char* name, const char* text) {
    return std::regex_match(text, std::regex(fields[name]["pattern"].get<std::string>()));
  };
  for (const auto& [name, good, bad] :
       std::initializer_list<std::tuple<const char*, const char*, const char*>>{
           {"month", "2027-12", "2027-13"},
           {"time", "09:30:01.5", "24:00"},
           {"week", "2027-W05", "2027-W54"},
           {"at", "2027-01-31T09:30", "2027-01-31"},
           {"color", "#0a7BD1", "red"}}) {
    CAPTURE(name);
    CHECK(matches(name, good));
    CHECK_FALSE(matches(name, bad));
  }
  CHECK(fields["tab"]["enum"][0] == "a\vb");
}

TEST_CASE("the catalogue says of a form without code what its controls say") {
  const auto found = found_in({{"contact.html", form(with_files, R"(
<input type="number" name="price" min="1" max="10" step="0.1">
<input type="number" name="any" max="9.5" step="any">
<input type="range" name="odd" min="1" max="9" step="2">
<input type="time" name="from" min="09:00" max="17:00" step="900">
<input type="date" name="day" min="2027-01-01">
<input type="month" name="month"> <input type="week" name="week" required>
<input type="color" name="color">
<input name="zip" pattern="[0-9]{5}" maxlength="5">
<input type="email" name="to" multiple pattern=".+@b">
<select name="size" required><option value="">Choose</option><option>S</option></select>
<input type="file" name="table" accept="text/csv, .pdf">)")}});
  REQUIRE(found.forms.size() == 1);
  const Catalogue catalogue({action_of(found.forms[0])});
  const std::string text = catalogue_text(catalogue);
  CHECK(text ==
        "contact (public): price (number, 1 to 10, in steps of 0.1); any (number, 9.5 or less); "
        "odd (number, 1 to 9, in steps of 2); from (time, 09:00 to 17:00, in steps of 900); day "
        "(date, 2027-01-01 or more); month (month); week (week, required); color (color); zip "
        "(text, up to 5 long, of the form [0-9]{5}); to (email, several with commas between, up to "
        "1000 long, of the form .+@b); size (text, required, one of S); table (file, up to 2 KiB, "
        "text/csv, .pdf)\n");
  const auto described = nlohmann::json::parse(catalogue_json(catalogue));
  const auto& fields = described["actions"][0]["fields"];
  CHECK(fields[0] == nlohmann::json{{"name", "price"},
                                    {"type", "number"},
                                    {"required", false},
                                    {"min", 1},
                                    {"max", 10},
                                    {"step", 0.1}});
  CHECK(fields[3] == nlohmann::json{{"name", "from"},
                                    {"type", "time"},
                                    {"required", false},
                                    {"min", "09:00"},
                                    {"max", "17:00"},
                                    {"step", 900}});
  CHECK(fields[8]["pattern"] == "[0-9]{5}");
  CHECK(fields[9]["multiple"] == true);
  CHECK(fields[11]["accept"] == "text/csv, .pdf");
  // A form that is made of what the catalogue prints takes the same.
  const auto again =
      found_in({{"contact.html", std::regex_replace(form_skeleton(catalogue.actions()[0]),
                                                    std::regex("<form "), "<form data-inbox ")}});
  REQUIRE(again.forms.size() == 1);
  CHECK(catalogue_text(Catalogue({action_of(again.forms[0])})) == text);
  const auto api = nlohmann::json::parse(catalogue_openapi(catalogue, "http://x"));
  const auto& post = api["paths"]["/actions/contact"]["post"];
  CHECK(post["responses"].contains("429"));
  const auto& schemas = post["requestBody"]["content"]["application/json"]["schema"]["properties"];
  CHECK(schemas["size"]["enum"] == nlohmann::json{"S"});
  CHECK(schemas["to"] == nlohmann::json{{"type", "string"}, {"maxLength", 1000}});
}

TEST_CASE("a page that is not UTF-8 makes no catalogue that cannot be written") {
  const auto found =
      found_in({{"contact.html",
                 form(contact, "<select name=\"gr\xF6\xDF\"><option>\xFC</option></select>")}});
  REQUIRE(found.forms.size() == 1);
  const Catalogue catalogue({action_of(found.forms[0])});
  CHECK(nlohmann::json::accept(catalogue_openapi(catalogue, "http://x")));
  CHECK(nlohmann::json::accept(catalogue_json(catalogue)));
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

// Of the only form of `html`: the names of the fields that are wrong.
std::string wrong_in(const std::string& html, const FieldValues& sent) {
  const auto found = found_in({{"contact.html", html}});
  REQUIRE(found.forms.size() == 1);
  const auto read = found.forms[0]->read(sent);
  std::string names;
  if (const auto* errors = std::get_if<FieldErrors>(&read))
    for (const auto& [name, message] : errors->messages) names += name + ' ';
  return names;
}

TEST_CASE("a <button> without a value sends an empty one, and an <input> its label") {
  const std::string html =
      form(contact, "<input type=\"submit\" name=\"go\"> <button name=\"empty\">Go</button>");
  CHECK(wrong_in(html, {{"go", "Submit"}}) == "");
  CHECK(wrong_in(html, {{"empty", ""}}) == "");
  CHECK(wrong_in(html, {{"empty", "Go"}}) == "empty ");
}

TEST_CASE("the content of a <textarea> is its own value") {
  const std::string html =
      form(contact, "<textarea name=\"a\" maxlength=\"3\" value=\"x\">\na &lt;b\nc</textarea>");
  CHECK(wrong_in(html, {{"a", "a <b\r\nc"}}) == "");
  CHECK(wrong_in(html, {{"a", "a <b\r\nd"}}) == "a ");
}

TEST_CASE("a control in a <noscript> of its form is not required, which scripts take away") {
  const std::string controls =
      "<noscript><p><input name=\"a\" required minlength=\"3\"><select name=\"b\" required>"
      "<option value=\"\">Choose</option><option>c</option></select></noscript>" +
      text_field;
  CHECK(wrong_in(form(contact, controls), {{"name", "Ada"}}) == "");
  CHECK(wrong_in(form(contact, controls), {{"a", "xy"}, {"b", "d"}}) == "a b ");
  // A form that is in it as a whole is there with all its controls, or not at all.
  CHECK(wrong_in("<noscript>" + form(contact, "<input name=\"a\" required>") + "</noscript>", {}) ==
        "a ");
  CHECK(wrong_in(form(contact + " id=\"f\"", text_field) +
                     "<noscript><input name=\"a\" form=\"f\" required></noscript>",
                 {}) == "");
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

TEST_CASE("the page of thanks is named as browsers read an address") {
  for (const auto& [thanks, location] : std::vector<std::pair<std::string, std::string>>{
           {"/über.html", "/%C3%BCber.html"},
           {"/%C3%BCber.html?a=b c#d", "/%C3%BCber.html?a=b%20c#d"}}) {
    CAPTURE(thanks);
    const auto found =
        found_in({{"contact.html", form(contact + " data-thanks=\"" + thanks + "\"", text_field)},
                  {"über.html", ""}});
    CHECK(found.findings.empty());
    REQUIRE(found.forms.size() == 1);
    CHECK(found.forms[0]->thanks == location);
  }
}

TEST_CASE("a form without code in a page whose name no address here may have is found") {
  const auto found = found_in({{"a\\b.html", form(contact, text_field)}});
  CHECK(found.forms.empty());
  REQUIRE(found.findings.size() == 1);
  CHECK(found.findings[0].what.starts_with("The name of the page has a character"));
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
           {form(contact + " data-notify=\"x@y.z\"", text_field),
            "1 data-notify=\"x@y.z\" says nothing."},
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
           {form(fmt::format("action=\"/actions/{}\" data-inbox", std::string(65, 'a')),
                 text_field),
            "1 The name of the form for the inbox is too long."},
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
           {form(contact, text_field + "\n<input name=\"a\nb\">"),
            "3 The name of a control has a tab or a line break."},
           {form(with_files, "<input type=\"file\" name=\"cv\" multiple>"),
            "2 The field \"cv\" takes several files."},
           {form(contact, "<input name=\"x\" data-trap><input name=\"x\">"),
            "1 The spam trap \"x\" is a field as well."},
           {form(contact,
                 text_field + "<input name=\"x\" data-trap>\n<input name=\"y\" data-trap>"),
            "3 The form has a second spam trap."},
           {form(contact, "<select name=\"size\"><option disabled>S</select>"),
            "2 The field \"size\" can have no value: it has no option."},
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
  CHECK(action_of(found.forms[0]).more_pages == std::vector<std::string>{"b.html"});
  CHECK(to_text(*found.forms[0]) == "form contact in a.html and b.html: 1 field, public");
}

TEST_CASE("of several pages the first is none that tells of an error") {
  const std::string html = form(contact, text_field);
  const InboxForms found = found_in({{"404.html", html + html},
                                     {"errors/500.html", html},
                                     {"pages/a.html", "\n" + html + html},
                                     {"pages/b.html", html}});
  CHECK(found.findings.empty());
  REQUIRE(found.forms.size() == 1);
  CHECK(found.forms[0]->page == "pages/a.html");
  CHECK(found.forms[0]->place == "pages/a.html:2");
  CHECK(found.forms[0]->more_pages ==
        std::vector<std::string>{"404.html", "errors/500.html", "pages/b.html"});
  CHECK(to_text(*found.forms[0]) ==
        "form contact in pages/a.html and 3 more pages: 1 field, public");
  const InboxForms errors = found_in({{"404.html", html}, {"errors/500.html", html}});
  REQUIRE(errors.forms.size() == 1);
  CHECK(errors.forms[0]->page == "404.html");
}

TEST_CASE("forms that ask for the same are one, however their markup differs") {
  const std::string thanked = contact + " data-thanks=\"/thanks.html\" data-notify";
  const auto found = [&](const std::string& other) {
    return found_in({{"a.html", form(thanked,
                                     "<input name=\"name\" required>\n<input type=\"hidden\" "
                                     "name=\"from\" value=\"a\">")},
                     {"b.html", other},
                     {"thanks.html", ""}})
        .findings.size();
  };
  const std::string from = "<input type=\"hidden\" name=\"from\" value=\"b\">";
  CHECK(found(form("id=\"x\" class=\"y\" name=\"z\" novalidate " + thanked,
                   from + "<input type=\"text\" id=\"n\" name=\"name\" placeholder=\"Ada\" "
                          "required aria-label=\"l\" size=\"9\" title=\"t\" value=\"v\">")) == 0);
  const std::string name = "<input name=\"name\" required>";
  CHECK(found(form(thanked + " data-level=\"paid\"", name + from)) == 1);
  CHECK(found(form(thanked + " data-keep-days=\"9\"", name + from)) == 1);
  CHECK(found(form(thanked + " data-search=\"off\"", name + from)) == 1);
  CHECK(found(form(contact + " data-thanks=\"/thanks.html\"", name + from)) == 1);
  CHECK(found(form(contact + " data-notify", name + from)) == 1);
  CHECK(found(form(thanked, "<input name=\"name\">" + from)) == 1);
  CHECK(found(form(thanked, name)) == 1);
  CHECK(found(form(thanked, name + from + "<input name=\"b\" data-trap>")) == 1);
}

TEST_CASE("which of two addresses is answered is no matter of markup") {
  const std::string one = "<input type=\"email\" name=\"a\">",
                    other = "<input type=\"email\" name=\"b\">";
  for (const auto& [attributes, findings] :
       {std::pair("", 0U), std::pair(" data-answer=\"thanks\"", 1U)})
    CHECK(found_in({{"a.html", form(contact + attributes, one + other)},
                    {"b.html", form(contact + attributes, other + one)}})
              .findings.size() == findings);
}

TEST_CASE("what a datalist holds in place of itself is no field") {
  const auto found =
      found_in({{"contact.html", form(contact, R"(<input name="animal" list="animals">
<datalist id="animals"><label>or one of <select name="animal"><option value="">Other</option>
<option>Cat</option></select></label><input name="more" required></datalist>)")}});
  CHECK(found.findings.empty());
  REQUIRE(found.forms.size() == 1);
  CHECK(to_text(*found.forms[0]) == "form contact in contact.html: 1 field, public");
}

TEST_CASE("a trap that people leave empty is one") {
  for (const char* trap :
       {"<input name=b data-trap value=\"\">", "<input type=hidden name=b data-trap>",
        "<input type=checkbox name=b data-trap>",
        "<input type=checkbox name=b value=\"\" checked data-trap>",
        "<select name=b data-trap><option value=\"\">No<option>Yes</select>",
        "<select name=b data-trap><option>Yes<option value=\"\" selected>No</select>",
        "<select name=b data-trap multiple><option>Yes</select>",
        "<select name=b data-trap><option disabled>Yes<option value=\"\">No</select>",
        "<textarea name=b data-trap>\n</textarea>"})
    CHECK_MESSAGE(findings_of(form(contact, text_field + trap)).empty(), trap);
  for (const char* trap :
       {"<input name=b value=x data-trap>", "<input type=hidden name=b value=x data-trap>",
        "<input type=checkbox name=b checked data-trap>",
        "<select name=b data-trap><option>Yes</select>",
        "<input type=radio name=b value=x checked data-trap>",
        "<input type=range name=b data-trap>",
        "<select name=b data-trap multiple><option selected>Yes</select>",
        "<select name=b data-trap><option value=\"\">No<option selected>Yes</select>",
        "<textarea name=b data-trap>x</textarea>"})
    CHECK(findings_of(form(contact, text_field + trap)) ==
          "2 The spam trap \"b\" is never empty: it catches everybody.");
}

TEST_CASE("another form is named by the line that was written, not by that of the whole page") {
  const InboxForms found = find_inbox_forms(
      {{"a.html", form(contact, text_field)}, {"b.html", form(contact, "<input name=\"b\">")}}, {},
      Catalogue({}), {{}, 2048, {}, [](const std::string&, std::size_t) {
                        return std::string("frame/f.html:7");
                      }});
  REQUIRE(found.findings.size() == 1);
  CHECK(found.findings[0].what ==
        "Another form has the name contact, and other rules: frame/f.html:7.");
  CHECK(action_of(found.forms[0]).declared == "frame/f.html:7");
}

TEST_CASE("a page that cannot be read takes no form away in silence") {
  const std::string html = form(contact, text_field) + std::string(2 * 1024 * 1024, ' ');
  CHECK(findings_of(html).starts_with("1 The page cannot be filled in"));
}

}  // namespace
}  // namespace actiond
