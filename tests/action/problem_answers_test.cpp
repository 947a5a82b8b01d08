#include "action/problem_answers.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "action/admission.h"
#include "support.h"

namespace actiond {
namespace {

const Languages languages({{"de",
                            {{"answer.busy", "Gerade voll."},
                             {"field.required", "Fehlt."},
                             {"summary.title_start", "Fehler: "}}}});

// A site with these pages.
ProblemAnswers site(const std::map<std::string, std::string>& pages) {
  const auto find = [pages](std::string_view name) {
    const auto page = pages.find(std::string(name));
    if (page == pages.end()) throw std::runtime_error("there is no such page");
    return std::make_shared<const Page>(page->second);
  };
  return {find, languages, [] { return Time(std::chrono::seconds(60)); }};
}

Request request(const std::string& accept_language = "") {
  Request request = test::make_request("POST", "/actions/x", {});
  request.id = "id<1";
  if (!accept_language.empty()) request.headers.push_back({"accept-language", accept_language});
  return request;
}

std::string page_for(const ProblemAnswers& answers, const Problem& problem) {
  return answers.give(problem, Media::Html, request("de")).body;
}

TEST_CASE("a browser gets the site's own page for the status, filled in in the page's language") {
  const ProblemAnswers answers =
      site({{"errors/503.html",
             "<html lang=de><output name=detail>x</output> <output name=status></output> "
             "<output name=request-id></output><input name=_once value=\"{once}\">"}});
  const Response response = answers.give({503, "answer.busy"}, Media::Html, request("en"));
  CHECK(response.status() == 503);
  CHECK(response.body ==
        "<html lang=de><output name=detail>Gerade voll.</output> <output name=status>503</output> "
        "<output name=request-id>id&lt;1</output><input name=_once value=\"id&lt;1\">");
  const auto& headers = response.headers();
  CHECK(std::ranges::count(headers, std::pair<std::string, std::string>("Retry-After", "5")) == 1);
}

TEST_CASE("the page of a problem shows to whom it is shown, as far as that is known") {
  const ProblemAnswers answers =
      site({{"404.html", "<b data-user=name>?</b><a data-show=signed-out>Sign in</a>"}});
  const auto shown = [&](const Viewer* viewer) {
    return answers.give({404, "x"}, Media::Html, request(), viewer).body;
  };
  const Viewer ada{.name = "Ada", .email = "ada@example.com"};
  CHECK(shown(&ada) == "<b data-user=name>Ada</b><a hidden data-show=signed-out>Sign in</a>");
  CHECK(shown(nullptr) == "<b data-user=name>?</b><a data-show=signed-out>Sign in</a>");
}

TEST_CASE("a plain page is in the language that the browser asks for first") {
  const Languages spoken(
      {{"de", {{"title.404", "Nicht gefunden"}, {"page.home", "Start<seite>"}}}});
  const ProblemAnswers answers{
      [](std::string_view) -> std::shared_ptr<const Page> { throw std::runtime_error("none"); },
      spoken, [] { return Time(std::chrono::seconds(60)); }};
  const auto shown = [&](const std::string& language) {
    return answers.give({404, "x"}, Media::Html, request(language)).body;
  };
  CHECK(shown("de-CH,en").find("<html lang=\"de\">") != std::string::npos);
  CHECK(shown("de").find("<h1>Nicht gefunden</h1>") != std::string::npos);
  CHECK(shown("de").find(">Start&lt;seite&gt;</a>") != std::string::npos);
  CHECK(shown("").find("<html lang=\"en\">") != std::string::npos);
  CHECK(shown("").find("<h1>Not Found</h1>") != std::string::npos);
}

TEST_CASE("what is not there is 404.html, and a status without a page has that of its class") {
  const ProblemAnswers answers = site({{"404.html", "missing <output name=status></output>"},
                                       {"errors/400.html", "bad <output name=status></output>"},
                                       {"errors/413.html", "large <output name=status></output>"}});
  CHECK(page_for(answers, {404, "x"}) == "missing <output name=status>404</output>");
  CHECK(page_for(answers, {413, "x"}) == "large <output name=status>413</output>");
  CHECK(page_for(answers, {415, "x"}) == "bad <output name=status>415</output>");
}

TEST_CASE("a site without such pages, or with one that cannot be read, answers all the same") {
  CHECK(page_for(site({}), {500, "answer.failed"}).find("<h1>Internal Server Error</h1>") !=
        std::string::npos);
  const std::string too_long(1024 * 1024 + 1, 'x');
  CHECK(page_for(site({{"errors/500.html", too_long}}), {500, "answer.failed"})
            .find("Something failed on our side") != std::string::npos);
}

TEST_CASE("the messages about fields stand in the page of the problem") {
  const ProblemAnswers answers =
      site({{"errors/400.html",
             "<html lang=de><title>Nein</title><main><output name=detail></output>"}});
  const std::string page = page_for(
      answers,
      {.status = 422, .detail = "answer.invalid", .errors = {{"email", "field.required"}}});
  CHECK(page.find("<title>Fehler: Nein</title>") != std::string::npos);
  CHECK(page.find("<li>Fehlt.</li>") != std::string::npos);
}

TEST_CASE("what was sent makes no markup and no line in the page of a problem") {
  const ProblemAnswers answers = site({{"errors/400.html", "<output name=detail></output>"}});
  const Problem problem{400, {"body.sent_twice", {{"field", "<b>\n{field}"}}}};
  CHECK(
      page_for(answers, problem) ==
      "<output name=detail>The field &quot;&lt;b&gt;\uFFFD{field}&quot; was sent twice.</output>");
}

TEST_CASE("a program gets English, or the language that it prefers") {
  const ProblemAnswers answers = site({});
  const auto detail = [&](const std::string& accept_language) {
    const Response response =
        answers.give({503, "answer.busy"}, Media::Json, request(accept_language));
    const auto json = nlohmann::json::parse(response.body);
    CHECK(json["title"] == "Service Unavailable");
    return json["detail"].get<std::string>();
  };
  const std::string english = "Busy right now; nothing was saved. Try again in a moment.";
  // An empty element of a list is none, RFC 9110 section 5.6.1.
  for (const std::string language : {"de", "de-AT, en;q=0.5", " DE;q=1", "en;q=0.5, de", ",de"})
    CHECK(detail(language) == "Gerade voll.");
  for (const std::string language : {"", "en-US,de;q=0.9", "fr, de", "*", "de;q=0", ";"})
    CHECK(detail(language) == english);
}

TEST_CASE("a viewer outlives the identity that it was made of") {
  const std::string long_name = "a permission whose name is longer than a string holds in itself";
  const Time now{std::chrono::seconds(1'800'000'000)};
  std::optional<Identity> identity(std::in_place);
  identity->name = "Ada";
  identity->grants = {{long_name, now + std::chrono::hours(1)}, {"ended", now}};
  identity->asked_at = now;
  const Viewer viewer = viewer_of(*identity);
  identity.reset();
  CHECK(viewer.name == "Ada");
  CHECK(viewer.permissions.contains(long_name));
  CHECK(viewer.permissions.size() == 1);
}

}  // namespace
}  // namespace actiond
