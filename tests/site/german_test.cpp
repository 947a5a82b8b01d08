// A page in another language than English.
#include <doctest/doctest.h>

#include "program/messages.h"
#include "site/actions.h"
#include "site_under_test.h"

namespace actiond {
namespace {

using test::SiteUnderTest;

// The feedback page and the page for what is not there, in German.
struct GermanSite {
  test::TemporaryFolder pages;
  SiteUnderTest site;
  Application application{site.store, site.keys, settings()};

  ApplicationSettings settings() const {
    for (const std::string page : {"feedback.html", "404.html"}) {
      std::string html = test::read_file(test::project_folder() / "static" / page);
      html.replace(html.find("lang=\"en\""), 9, "lang=\"de\"");
      test::write_file(pages / page, html);
    }
    std::filesystem::copy(test::project_folder() / "static/frame", pages / "frame");
    ApplicationSettings german = site.settings({site::feedback()});
    german.static_root = pages.path();
    german.languages = load_languages(test::project_folder() / "conf/messages");
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
};

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE("a page in German comes back in German, whatever language its browser prefers") {
  const GermanSite german;
  const std::string page = german.send("feedback", "email=x&message=", "text/html", "en");
  CHECK(holds(page, "<title>Fehler: Feedback"));
  CHECK(holds(page, "<h2>Etwas stimmt noch nicht</h2>"));
  CHECK(holds(page, ">Message: Dieses Feld muss ausgefüllt werden.</a>"));
  CHECK(holds(page, ">Email: Geben Sie eine E-Mail-Adresse an"));
  CHECK_FALSE(holds(page, "This field is required"));
  CHECK(holds(german.send("feedback", "message=x&homepage=x", "text/html", "en"), "Danke. Jemand"));
  CHECK(holds(german.send("none", "", "text/html", "en"), "Diese Aktion gibt es nicht."));
}

TEST_CASE("a program gets the language that it asks for, and stable titles") {
  const GermanSite german;
  const auto send = [&](const std::string& fields, const std::string& language) {
    return german.send("feedback", fields, "application/json", language);
  };
  CHECK(holds(send("message=", "de"), "\"message\":\"Dieses Feld muss ausgefüllt werden.\""));
  CHECK(holds(send("message=", "de"), "\"title\":\"Unprocessable Content\""));
  CHECK(holds(send("message=", "en-US,de"), "\"message\":\"This field is required.\""));
  CHECK(holds(send("message=x&homepage=x", "de"), "\"held\":\"Danke. Jemand"));
  CHECK(holds(german.send("feedback", "message=", "text/plain", ""),
              "error message: This field is required."));
}

}  // namespace
}  // namespace actiond
