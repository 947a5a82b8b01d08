// A page in another language than English.
#include <doctest/doctest.h>

#include "account/actions.h"
#include "action/declare.h"
#include "program/messages.h"
#include "sample/sample.h"
#include "site_under_test.h"

namespace actiond {
namespace {

using test::SiteUnderTest;

struct Entry {
  std::string note;
};
const Form<Entry> form{"", {{"note", &Entry::note}}};

Result note(const Entry& entry, Transaction&) { return Redirect{"/actions/noted", entry.note}; }
Result count(const Entry&, Transaction&) { return Data{{{"count", "1"}}}; }
Shown show_nothing(Reader&) { return Content{}; }

std::vector<Action> german_actions() {
  return {sample::comments(), account::forgot_password(), public_action("note", form, note),
          public_action("count", form, count),
          public_view("noted", "noted.html", no_query, show_nothing)};
}

// Pages in German, and a word of the site's own.
struct GermanSite {
  test::TemporaryFolder pages, messages;
  SiteUnderTest site;
  Application application{site.store, site.keys, settings()};

  ApplicationSettings settings() const {
    for (const std::string page : {"comments.html", "forgot-password.html", "404.html"}) {
      std::string html = test::read_file(test::tested_pages() / page);
      html.replace(html.find("lang=\"en\""), 9, "lang=\"de\"");
      test::write_file(pages / page, html);
    }
    std::filesystem::copy(test::tested_pages() / "frame", pages / "frame");
    std::filesystem::create_directory(pages / "frame/de");
    test::write_file(pages / "frame/de/footer.html", "<footer>Auf Deutsch</footer>");
    test::write_file(pages / "noted.html",
                     "<html lang=\"de\"><output name=\"note\"></output><!-- frame: footer -->");
    test::write_file(messages / "de.toml",
                     test::read_file(test::project_folder() / "conf/messages/de.toml") +
                         "\nclub.thanks = \"Danke für den Eintrag.\"\n");
    ApplicationSettings german = site.settings(german_actions());
    german.static_root = pages.path();
    german.languages = load_languages(messages.path());
    return german;
  }

  std::string send(const std::string& action, const std::string& fields, const std::string& accept,
                   const std::string& language) const {
    Request request = test::make_request("POST", "/actions/" + action,
                                         {{"accept", accept},
                                          {"accept-language", language},
                                          {"sec-fetch-site", "same-origin"},
                                          {"content-type", "application/x-www-form-urlencoded"}},
                                         fields);
    return application.dispatcher().answer(request).body;
  }

  // Of the page that a browser is led to, with the note that it carries there.
  std::string noted(const std::string& note) const {
    Request request = test::make_request(
        "POST", "/actions/note",
        {{"accept", "text/html"}, {"content-type", "application/x-www-form-urlencoded"}},
        test::urlencoded({{"note", note}}));
    const Response response = application.dispatcher().answer(request);
    const std::string set = test::header(response, "Set-Cookie");
    Request next =
        test::make_request("GET", test::header(response, "Location"),
                           {{"accept", "text/html"}, {"cookie", set.substr(0, set.find(';'))}});
    return application.dispatcher().answer(next).body;
  }
};

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE("a page in German comes back in German, whatever language its browser prefers") {
  const GermanSite german;
  const std::string page = german.send("comments", "email=x&message=", "text/html", "en");
  CHECK(holds(page, "<title>Fehler: Comments"));
  CHECK(holds(page, "<h2>Etwas stimmt noch nicht</h2>"));
  CHECK(holds(page, ">Message: Dieses Feld muss ausgefüllt werden.</a>"));
  CHECK(holds(page, ">Email: Geben Sie eine E-Mail-Adresse an"));
  CHECK_FALSE(holds(page, "This field is required"));
  CHECK(holds(german.send("comments", "message=x&homepage=x", "text/html", "en"), "Danke. Jemand"));
  CHECK(holds(german.send("none", "", "text/html", "en"), "Diese Aktion gibt es nicht."));
}

TEST_CASE("a mail is in the language of the page that it was asked for on, for programs too") {
  GermanSite german;
  for (const std::string accept : {"text/html", "application/json"})
    german.send("forgot-password", "email=ada@example.com", accept, "en");
  const auto languages =
      german.site.database.reader().rows<std::string>("SELECT language FROM outbox");
  REQUIRE(languages.size() == 2);
  for (const auto& [language] : languages) CHECK(language == "de");
  // A page in English.
  german.site.post("forgot-password", {{"email", "bo@example.com"}});
  CHECK(german.site.database.reader().row<std::string>(
            "SELECT language FROM outbox ORDER BY id DESC LIMIT 1") == std::tuple("en"));
}

TEST_CASE("a note is said in the language of the page to which it leads") {
  const GermanSite german;
  CHECK(holds(german.noted("note.saved"), "<output name=\"note\">Gespeichert.</output>"));
  CHECK(
      holds(german.noted("club.thanks"), "<output name=\"note\">Danke für den Eintrag.</output>"));
  CHECK(holds(german.noted("Servus."), "<output name=\"note\">Servus.</output>"));
  CHECK(holds(german.send("note", "note=note.saved", "application/json", "de"),
              "\"note\":\"Gespeichert.\""));
  CHECK(holds(german.send("note", "note=note.saved", "application/json", "en"),
              "\"note\":\"Saved.\""));
}

TEST_CASE("a page in German has the frames of its language, and the others where there are none") {
  const GermanSite german;
  const std::string page = german.send("comments", "message=", "text/html", "en");
  CHECK(holds(page, "<footer>Auf Deutsch</footer>"));
  CHECK(holds(page, "<header>"));
}

TEST_CASE("the program's own pages are in the language that the browser asks for first") {
  const GermanSite german;
  const std::string done = german.send("count", "", "text/html", "de-CH,en");
  CHECK(holds(done, "<html lang=\"de\">"));
  CHECK(holds(done, "<h1>Erledigt</h1>"));
  CHECK(holds(done, ">Startseite</a>"));
  CHECK(holds(german.send("count", "", "text/html", ""), "<h1>Done</h1>"));
  Request request =
      test::make_request("GET", "/actions/", {{"accept", "text/html"}, {"accept-language", "de"}});
  const std::string catalogue = german.application.dispatcher().answer(request).body;
  CHECK(holds(catalogue, "<h1>Aktionen</h1>"));
  CHECK(holds(catalogue, "<p>Stufe: öffentliche Ansicht. <a href=\"/actions/noted\">Seite öffnen"));
  CHECK(holds(catalogue, "<dd>email, bis zu 254 Zeichen</dd>"));
  CHECK_FALSE(holds(catalogue, "Level"));
}

TEST_CASE("a program gets the language that it asks for, and stable titles") {
  const GermanSite german;
  const auto send = [&](const std::string& fields, const std::string& language) {
    return german.send("comments", fields, "application/json", language);
  };
  CHECK(holds(send("message=", "de"), "\"message\":\"Dieses Feld muss ausgefüllt werden.\""));
  CHECK(holds(send("message=", "de"), "\"title\":\"Unprocessable Content\""));
  CHECK(holds(send("message=", "en-US,de"), "\"message\":\"This field is required.\""));
  CHECK(holds(send("message=x&homepage=x", "de"), "\"held\":\"Danke. Jemand"));
  CHECK(holds(german.send("comments", "message=", "text/plain", ""),
              "error message: This field is required."));
}

}  // namespace
}  // namespace actiond
