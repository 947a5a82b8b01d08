// A form that stands in several pages is answered with the one that it was sent from; one in a page
// that another action fills, with that page as it is filled.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "action/declare.h"
#include "inbox/inbox_forms.h"
#include "program/messages.h"
#include "site_under_test.h"
#include "store/outbox.h"

namespace actiond::form_pages {
namespace {

using test::Fields;
using test::SiteUnderTest;

const std::string origin = "http://localhost:8080";
const std::string note = R"(<output name="note"></output>)";

std::string page_of(const std::string& lang, const std::string& main) {
  return "<!DOCTYPE html><html lang=\"" + lang + "\"><head><title>Page</title></head><body>" +
         main + "</body></html>";
}
std::string form_of(const std::string& name, const std::string& attributes = "") {
  return "<form method=\"post\" action=\"/actions/" + name + "\" data-inbox " + attributes +
         R"(><input type="hidden" name="_once" value="{once}"><input type="email" name="email" )" +
         "required></form>";
}

struct Praise {
  std::string text;
};
struct OneBook {
  std::int64_t book = 0;
};
const Form<Praise> entry{"guestbook.html", {{"text", &Praise::text, {.required = true}}}};
const actiond::Asked<OneBook> one_book{
    {{"book", &OneBook::book, {.required = true, .min = 1, .max = 3}}}};

Result write(const User&, const Praise&, Transaction&) { return Redirect{"/"}; }
Filled<Praise> load_entry(const User&, Reader&) {
  return {.input = Praise{"draft"}, .content = {.lists = {{"entries", {{{"by", "Ada"}}}}}}};
}
Shown show_book(const OneBook& asked, Reader&) {
  return Content{.values = {{"title", "Book " + std::to_string(asked.book)}}};
}
Shown list_adverts(Reader&) { return Content{.lists = {{"adverts", {{{"what", "A boat"}}}}}}; }

// A form in two languages, one in the footer of several pages, and one in each page of an action
// that fills it.
struct Forms {
  test::TemporaryFolder pages;
  SiteUnderTest site;
  PageTexts texts{
      {"404.html", page_of("en", "Not found" + form_of("newsletter"))},
      {"about.html", page_of("en", "About" + note + form_of("newsletter"))},
      {"index.html", page_of("en", "Home" + form_of("newsletter"))},
      {"errors/500.html", page_of("en", "Sorry" + form_of("newsletter"))},
      {"de/kontakt.html",
       page_of("de", "Kontakt" + note + form_of("contact", "data-answer=thanks"))},
      {"en/kontakt.html",
       page_of("en", "Contact" + note + form_of("contact", "data-answer=thanks"))},
      {"adverts.html",
       page_of("en", R"(<p data-each="adverts" data-field="what" hidden></p>)" + form_of("ask"))},
      {"book.html", page_of("en", "<output name=\"title\"></output>" + form_of("order"))},
      {"guestbook.html", page_of("en", R"(<p data-each="entries" data-field="by" hidden></p>
<form method="post" action="/actions/guestbook"><input name="text"></form>)" +
                                           form_of("praise"))}};
  Application application{site.store, site.keys, settings()};

  static std::vector<Action> in_code() {
    return {public_view("adverts", "adverts.html", no_query, list_adverts),
            public_view("book", "book.html", one_book, show_book),
            protected_action("guestbook", entry, write, Load{load_entry})};
  }

  ApplicationSettings settings() {
    for (const auto& [name, html] : texts) {
      std::filesystem::create_directories((pages / name).parent_path());
      test::write_file(pages / name, html);
    }
    const InboxForms forms =
        find_inbox_forms(texts, {"localhost:8080"}, Catalogue(in_code()), {{}, 4096, {"thanks"}});
    CHECK(forms.findings.empty());
    std::vector<Action> actions = in_code();
    for (const auto& form : forms.forms) actions.push_back(action_of(form));
    for (Action& action : actions_of(test::tested_site(), site.hasher))
      if (action.name == "sign-up" || action.name == "sign-in")
        actions.push_back(std::move(action));
    ApplicationSettings made = site.settings(std::move(actions));
    made.static_root = pages.path();
    made.languages = load_languages(test::project_folder() / "conf/messages");
    return made;
  }

  Response post(const std::string& action, Fields fields, const std::string& referer = "",
                const std::string& accept = "text/html", const std::string& cookie = "") const {
    std::vector<Header> headers{{"accept", accept},
                                {"sec-fetch-site", "same-origin"},
                                {"content-type", "application/x-www-form-urlencoded"}};
    if (!referer.empty()) headers.push_back({"referer", referer});
    if (!cookie.empty()) headers.push_back({"cookie", cookie});
    return send(
        test::make_request("POST", "/actions/" + action, headers, test::urlencoded(fields)));
  }
  Response get(const std::string& path, const std::string& accept = "text/html") const {
    return send(test::make_request("GET", path, {{"accept", accept}}));
  }
  Response send(Request request) const {
    request.id = "0123456789abcdef0123456789abcdef";
    return application.dispatcher().answer(request);
  }
  std::string language_of_last_mail() {
    return std::get<0>(*site.database.reader().row<std::string>(
        "SELECT language FROM outbox ORDER BY id DESC LIMIT 1"));
  }
};

bool holds(const Response& response, std::string_view part) {
  return response.body.find(part) != std::string::npos;
}
std::string location(const Response& response) { return test::header(response, "Location"); }

// Of the form in a page that came back, for the action.
std::string key_in(const Response& response, const std::string& action) {
  const std::size_t form = response.body.find("/actions/" + action);
  const std::string before = "name=\"_once\" value=\"";
  const std::size_t at = response.body.find(before, form) + before.size();
  return response.body.substr(at, response.body.find('"', at) - at);
}

TEST_CASE("a form in several pages leads back to the one that it was sent from") {
  const Forms forms;
  for (const std::string page :
       {"/about.html", "/about.html?x=y", "/404.html", "/", "/errors/500.html"}) {
    CAPTURE(page);
    const Response refused = forms.post("newsletter", {{"email", "x"}}, origin + page);
    CHECK(refused.status() == 422);
    // Not in any page that the sender names: nginx may have a gate before it.
    CHECK(holds(refused, ">About"));
    CHECK(holds(refused, "value=\"x\""));
    const Response taken = forms.post("newsletter", {{"email", "ada@example.com"}}, origin + page);
    CHECK(taken.status() == 303);
    const bool is_folder = page.ends_with('/');
    CHECK(location(taken) == (is_folder ? "/index.html" : page.substr(0, page.find('?'))));
  }
}

TEST_CASE(
    "a form in several pages whose post tells of none comes back in the first that is no error") {
  const Forms forms;
  for (const std::string& referer :
       {std::string(), origin, origin + "/comments.html", origin + "/actions/newsletter",
        std::string("https://evil.example/404.html"),
        std::string("http://localhost:8080.evil/404.html"),
        std::string("http://localhost:80801/404.html"), std::string("/404.html"),
        std::string("https://localhost:8080/404.html"),
        std::string("http://localhost:8080/../404.html"), origin + "//404.html",
        origin + "/%zz\x01"
                 "404.html",
        std::string("nonsense")}) {
    CAPTURE(referer);
    CHECK(holds(forms.post("newsletter", {{"email", "x"}}, referer), "About"));
    const Response taken = forms.post("newsletter", {{"email", "ada@example.com"}}, referer);
    CHECK(location(taken) == "/about.html");
  }
  for (const std::string mark :
       {"/comments.html", "/../404.html", "//evil.example", "s/none.html"}) {
    const Response refused = forms.post(
        "newsletter", {{"email", "x"}, {"_once", std::string(32, 'a') + mark}}, origin + "/x");
    CHECK(holds(refused, "About"));
  }
  CHECK(holds(forms.get("/actions/newsletter"), "About"));
}

TEST_CASE("a page that came back is known by its key, however often the form is refused") {
  const Forms forms;
  Response refused = forms.post("contact", {{"email", "x"}}, origin + "/en/kontakt.html");
  for (int time = 0; time < 3; ++time) {
    CHECK(holds(refused, ">Contact"));
    CHECK(holds(refused, "Error: Page"));
    const std::string key = key_in(refused, "contact");
    CHECK(key == "0123456789abcdef0123456789abcdef/en/kontakt.html");
    refused = forms.post("contact", {{"email", "x"}, {"_once", key}}, origin + "/actions/contact");
  }
  const Response taken =
      forms.post("contact", {{"email", "ada@example.com"}, {"_once", key_in(refused, "contact")}},
                 origin + "/actions/contact");
  CHECK(location(taken) == "/en/kontakt.html");
}

TEST_CASE(
    "messages, mail and the way on are in the language of the page that a form was sent from") {
  Forms forms;
  for (const auto& [lang, title, text] : {std::tuple("de", "Fehler: Page", "E-Mail-Adresse"),
                                          std::tuple("en", "Error: Page", "email")}) {
    CAPTURE(lang);
    const std::string page = fmt::format("/{}/kontakt.html", lang);
    const Response refused = forms.post("contact", {{"email", "x"}}, origin + page);
    CHECK(holds(refused, title));
    CHECK(holds(refused, text));
    const std::string email = std::string(lang) + "@example.com";
    const std::string key = key_in(refused, "contact");
    CHECK(location(forms.post("contact", {{"email", email}, {"_once", key}})) == page);
    CHECK(forms.language_of_last_mail() == lang);
  }
}

TEST_CASE("programs are told the page that they come from, or the first") {
  Forms forms;
  for (const auto& [referer, page] : {std::pair(std::string(), "/de/kontakt.html"),
                                      std::pair(origin + "/en/kontakt.html", "/en/kontakt.html")}) {
    const Response taken =
        forms.post("contact", {{"email", "ada@example.com"}}, referer, "application/json");
    CHECK(taken.status() == 200);
    CHECK(holds(taken, fmt::format("\"location\":\"{}\"", page)));
  }
}

TEST_CASE("what was typed stays when the page that it was sent from was removed") {
  const Forms forms;
  std::filesystem::remove(forms.pages / "en/kontakt.html");
  const Response refused = forms.post("contact", {{"email", "x"}}, origin + "/en/kontakt.html");
  CHECK(refused.status() == 422);
  CHECK(holds(refused, "value=\"x\""));
  CHECK(holds(forms.post("contact", {{"email", "x"}}, origin + "/de/kontakt.html"), "Fehler"));
}

TEST_CASE("a form in the page of a view comes back with what the view fills in") {
  const Forms forms;
  Response refused = forms.post("ask", {{"email", "x"}}, origin + "/actions/adverts");
  for (int time = 0; time < 3; ++time) {
    CHECK(refused.status() == 422);
    CHECK(holds(refused, ">A boat</p>"));
    CHECK(holds(refused, "value=\"x\""));
    const std::string key = key_in(refused, "ask");
    refused = forms.post("ask", {{"email", "x"}, {"_once", key}}, origin + "/actions/ask");
  }
  CHECK(location(forms.post("ask", {{"email", "ada@example.com"}})) == "/actions/adverts");
}

TEST_CASE("the page of a view has one address, that of a form in it leads there") {
  const Forms forms;
  const Response shown = forms.get("/actions/ask");
  CHECK(shown.status() == 303);
  CHECK(location(shown) == "/actions/adverts");
  CHECK(forms.get("/actions/ask", "application/json").status() == 200);
  CHECK(forms.get("/actions/contact").status() == 200);
}

TEST_CASE("a view that asks for a query is asked again for the one that was shown") {
  const Forms forms;
  const std::string at = "/actions/book?book=2";
  CHECK(key_in(forms.get(at), "order") == "0123456789abcdef0123456789abcdef" + at);
  Response refused = forms.post("order", {{"email", "x"}}, origin + at);
  for (int time = 0; time < 3; ++time) {
    CHECK(holds(refused, ">Book 2<"));
    const std::string key = key_in(refused, "order");
    CHECK(key == "0123456789abcdef0123456789abcdef" + at);
    refused = forms.post("order", {{"email", "x"}, {"_once", key}}, origin + "/actions/order");
  }
  CHECK(location(forms.post("order", {{"email", "ada@example.com"}}, origin + at)) == at);
  CHECK(location(forms.post("order", {{"email", "bo@example.com"}},
                            origin + at + "&x=\r\n&book=2")) == "/actions/book");
  for (const std::string query : {"", "?book=9", "?book=x", "?book=1&book=2", "?%zz"}) {
    CAPTURE(query);
    const Response unknown =
        forms.post("order", {{"email", "x"}}, origin + "/actions/book" + query);
    CHECK(unknown.status() == 422);
    CHECK(holds(unknown, "value=\"x\""));
    CHECK_FALSE(holds(unknown, ">Book"));
  }
}

TEST_CASE("around a form the page of an action is shown to the visitor that it is for alone") {
  Forms forms;
  const std::string of_page = std::string(32, 'a') + "/actions/guestbook";
  for (const std::string& key : {std::string(), of_page}) {
    const Response stranger = forms.post("praise", {{"email", "x"}, {"_once", key}},
                                         key.empty() ? origin + "/actions/guestbook" : "");
    CHECK(stranger.status() == 422);
    CHECK(holds(stranger, "<form method=\"post\" action=\"/actions/praise\">"));
    CHECK(holds(stranger, "value=\"x\""));
    // The author's own text is shown to nobody else either: nginx never serves it.
    CHECK_FALSE(holds(stranger, "action=\"/actions/guestbook\""));
    CHECK_FALSE(holds(stranger, "Ada"));
    CHECK_FALSE(holds(stranger, "draft"));
    CHECK(key_in(stranger, "praise").ends_with("/actions/guestbook"));
  }
  const std::string cookie = forms.site.sign_up("ada@example.com");
  const Response known =
      forms.post("praise", {{"email", "x"}}, origin + "/actions/guestbook", "text/html", cookie);
  CHECK(known.status() == 422);
  CHECK(holds(known, ">Ada</p>"));
  CHECK(holds(known, "<input value=\"draft\" name=\"text\">"));
  CHECK(holds(known, "value=\"x\""));
}

}  // namespace
}  // namespace actiond::form_pages
