// Pages as generators, frameworks and minifiers write them (tests/action/real_pages), compared with
// their action and filled in.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "action/declare.h"
#include "action/page_check.h"
#include "page/page.h"
#include "page/parts.h"
#include "support.h"

namespace actiond {
namespace {

struct Contact {
  std::string name;
  std::string email;
  std::string topic;
  std::string plan;
  std::string message;
  bool agree = false;
};

const Form<Contact> contact{
    "page.html",
    {{"name", &Contact::name, {.required = true}},
     {"email", &Contact::email, {.required = true, .format = Format::Email}},
     {"topic", &Contact::topic, {.one_of = {"sing", "listen"}}},
     {"plan", &Contact::plan, {.one_of = {"weekly", "monthly"}}},
     {"message", &Contact::message, {.required = true, .max = 2000}},
     {"agree", &Contact::agree}}};

Catalogue contact_catalogue() {
  const auto send = [](const Contact&, Transaction&) -> Result { return Redirect{"/"}; };
  return Catalogue({public_action("contact", contact, send, SpamTrap{"website"})});
}

std::map<std::string, std::string> real_pages() {
  std::map<std::string, std::string> pages;
  for (const auto& entry :
       std::filesystem::directory_iterator(test::project_folder() / "tests/action/real_pages")) {
    std::ifstream file(entry.path());
    pages[entry.path().stem()] = {std::istreambuf_iterator<char>(file), {}};
  }
  return pages;
}

const PageForm& contact_form(const PageParts& parts) {
  return parts.forms.at(*parts.forms_by_action.at("contact").begin());
}

// The values that the form would send as it comes: of its text controls and the choices that are
// on.
std::map<std::string, std::string> shown_in(const PageForm& form, const std::string& html) {
  std::map<std::string, std::string> shown;
  for (const Control& control : form.controls) {
    if (control.kind == ControlKind::Text || control.kind == ControlKind::Hidden)
      shown.insert_or_assign(control.name, control.value);
    if (control.kind == ControlKind::Area)
      shown[control.name] =
          html.substr(control.content->begin, control.content->end - control.content->begin);
    if (control.kind == ControlKind::Check && control.tag.has("checked"))
      shown[control.name] = control.value;
    for (const Option& option : control.options)
      if (option.tag.has("selected")) shown[control.name] = option.value;
  }
  return shown;
}

TEST_CASE("real pages fit their action") {
  const auto pages = real_pages();
  CHECK(pages.size() >= 10);
  for (const auto& [name, html] : pages) {
    CAPTURE(name);
    for (const PageFinding& finding : check_pages({{"page.html", html}}, contact_catalogue(), {}))
      FAIL_CHECK(finding.line, ": ", finding.what);
  }
}

TEST_CASE("real pages come back with what was sent, a message at each field and a fresh key") {
  const FieldValues sent{
      {"name", "Ada \"L\" <b>"}, {"email", "no address"}, {"topic", "listen"}, {"plan", "monthly"},
      {"message", "two\nlines"}, {"agree", "on"},         {"website", ""}};
  const FieldErrors wrong{{{"email", "Enter an address."}, {"agree", "Agree first."}}};
  const Fresh fresh{"0123456789abcdef0123456789abcdef", "1764075600"};
  for (const auto& [name, html] : real_pages()) {
    CAPTURE(name);
    const std::string filled =
        Page(html, {"/page.html", {}})
            .fill({.action = "contact", .values = &sent, .errors = &wrong, .fresh = &fresh});
    const PageParts parts = read_parts(filled, {});
    auto shown = shown_in(contact_form(parts), filled);
    CHECK(shown["name"] == "Ada \"L\" <b>");
    CHECK(shown["email"] == "no address");
    CHECK(shown["topic"] == "listen");
    CHECK(shown["plan"] == "monthly");
    CHECK(shown["message"] == "two\nlines");
    CHECK(shown.contains("agree"));
    CHECK(filled.find(fresh.once) != std::string::npos);
    CHECK(filled.find("{once}") == std::string::npos);
    CHECK(filled.find("{shown}") == std::string::npos);
    // In the summary and at the field.
    for (const std::string message : {"Enter an address.", "Agree first."})
      CHECK(filled.find(message) != filled.rfind(message));
    CHECK(filled.find("aria-invalid") != std::string::npos);
    // Nothing that was sent became markup.
    CHECK(read_parts(html, {}).forms.size() == parts.forms.size());
    CHECK(filled.find("<b>") == html.find("<b>"));
  }
}

}  // namespace
}  // namespace actiond
