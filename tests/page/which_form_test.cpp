// Which of several forms for one action was sent.
#include <doctest/doctest.h>

#include <string>

#include "page/page.h"

namespace actiond {
namespace {

// Two forms, told apart by a hidden field; `more` stands in both.
std::string page_of(const std::string& more) {
  std::string html;
  for (const std::string id : {"1", "2"})
    html += "<form action=/actions/x><input type=hidden name=id value=" + id +
            "><input name=note>" + more + "</form>";
  return html;
}

// In which forms of the page the note "typed" and the message went: "2", "12" …
std::string filled(const std::string& html, FieldValues values) {
  values.push_back({"note", "typed"});
  const FieldErrors errors{{{"note", "Wrong."}}};
  const std::string page = Page(html).fill({.action = "x", .values = &values, .errors = &errors});
  const std::size_t second = page.rfind("<form");
  std::string forms;
  if (page.substr(0, second).find("value=\"typed\"") != std::string::npos) forms += "1";
  if (page.substr(second).find("value=\"typed\"") != std::string::npos) forms += "2";
  const bool is_first = page.find("Wrong.") < second;
  return forms + (is_first ? ", told in 1" : ", told in 2");
}

TEST_CASE("P6 names that no control accounts for tell nothing about which form was sent") {
  struct Row {
    std::string what, more;
    FieldValues added;
  };
  for (const Row& row :
       {Row{"an image button",
            "<input type=image name=go src=/go.png>",
            {{"go.x", "3"}, {"go.y", "4"}}},
        Row{"an image button without a name",
            "<input type=image src=/go.png>",
            {{"x", "3"}, {"y", "4"}}},
        Row{"the direction of a text",
            "<input name=a dirname=a.dir>",
            {{"a", ""}, {"a.dir", "ltr"}}},
        Row{"the encoding", "<input type=hidden name=_charset_>", {{"_charset_", "UTF-8"}}},
        Row{"a captcha's field that a script adds", "", {{"g-recaptcha-response", "token"}}},
        Row{"a captcha's field that a script fills",
            "<input type=hidden name=cf-token>",
            {{"cf-token", "token"}}},
        Row{"a hidden twin",
            "<input type=hidden name=b value=0><input type=checkbox name=b value=1>",
            {{"b", "0"}, {"b", "1"}}},
        Row{"a key", "<input type=hidden name=_once value=k>", {{"_once", "other"}}}}) {
    CAPTURE(row.what);
    for (const std::string id : {"1", "2"}) {
      FieldValues values = row.added;
      values.push_back({"id", id});
      CHECK(filled(page_of(row.more), values) == id + ", told in " + id);
    }
  }
}

TEST_CASE("P6 an image button tells which form was sent when only one has it") {
  const std::string html =
      "<form action=/actions/x><input name=note><input type=image name=a src=/a.png></form>"
      "<form action=/actions/x><input name=note><input type=image name=b src=/b.png></form>";
  CHECK(filled(html, {{"b.x", "1"}, {"b.y", "1"}}) == "2, told in 2");
  CHECK(filled(html, {{"a.x", "1"}, {"a.y", "1"}}) == "1, told in 1");
}

TEST_CASE("P7 one box is ticked by what the form in C++ writes, whatever its value") {
  const FieldValues on{{"agree", "on"}};
  CHECK(Page("<form action=/actions/x><input type=checkbox name=agree value=Y></form>")
            .fill({.action = "x", .values = &on}) ==
        "<form action=/actions/x><input checked type=checkbox name=agree value=Y></form>");
}

TEST_CASE("the form of the action that a page belongs to is filled beside another that was sent") {
  const FieldValues sent{{"name", "typed"}}, own{{"name", "stored"}};
  CHECK(Page("<form action=/actions/own><input name=name></form>"
             "<form action=/actions/x><input name=name></form>")
            .fill({.action = "x", .values = &sent, .own_action = "own", .own_values = &own}) ==
        "<form action=/actions/own><input value=\"stored\" name=name></form>"
        "<form action=/actions/x><input value=\"typed\" name=name></form>");
}

TEST_CASE("P8 a hidden twin keeps its value") {
  const std::string html =
      "<form action=/actions/x><input type=hidden name=a value=0>"
      "<input type=checkbox name=a value=1></form>";
  for (const FieldValues& values :
       {FieldValues{{"a", "on"}}, FieldValues{{"a", "0"}, {"a", "1"}}, FieldValues{{"a", "1"}}})
    CHECK(Page(html).fill({.action = "x", .values = &values}) ==
          "<form action=/actions/x><input type=hidden name=a value=0>"
          "<input checked type=checkbox name=a value=1></form>");
  const FieldValues off{{"a", "0"}};
  CHECK(Page(html).fill({.action = "x", .values = &off}) == html);
}

}  // namespace
}  // namespace actiond
