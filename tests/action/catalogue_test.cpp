#include "action/catalogue.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "action/declare.h"

namespace actiond {
namespace {

using nlohmann::json;

enum class Plan { Free, Team };
constexpr auto names(Plan) {
  return std::to_array<Named<Plan>>({{"free", Plan::Free}, {"<team>", Plan::Team}});
}

struct Input {
  std::string email;
  std::string secret;
  std::string site;
  std::string colour;
  std::int64_t count = 0;
  bool gift = false;
  std::vector<std::string> tags;
  Date day;
  std::optional<Date> until;
  std::optional<Plan> plan;
};

const Form<Input> input_form{
    "form.html",
    {{"email", &Input::email, {.required = true, .max = 254, .format = Format::Email}},
     {"secret", &Input::secret, {.min = 8, .max = 1024, .format = Format::Password}},
     {"site", &Input::site, {.format = Format::Url}},
     {"colour", &Input::colour, {.one_of = {"<red>", "green"}}},
     {"count", &Input::count, {.min = 1, .max = 20}},
     {"gift", &Input::gift},
     {"tags", &Input::tags},
     {"day", &Input::day},
     {"until", &Input::until},
     {"plan", &Input::plan}}};

Action public_one(std::string_view name) {
  return public_action(name, input_form,
                       [](const Input&, Transaction&) -> Result { return Redirect{"/"}; });
}
Action paid_one(std::string_view name) {
  return paid_action(
      name, Form<Input>{},
      [](const PaidUser&, const Input&, Transaction&) -> Result { return Redirect{"/"}; });
}

TEST_CASE("an action is found by its exact name only") {
  const Catalogue catalogue({public_one("a-1"), public_one("b")});
  REQUIRE(catalogue.find("a-1"));
  CHECK(catalogue.find("a-1")->name == "a-1");
  for (const std::string name :
       {"", "a", "a-", "A-1", "a-1/", "a-1 ", "/a-1", "a_1", "%61-1", "a-1;x", "a-1?", "c"}) {
    CAPTURE(name);
    CHECK(catalogue.find(name) == nullptr);
  }
  CHECK(catalogue.find(std::string_view("b\0", 2)) == nullptr);
}

TEST_CASE("a name that is not [a-z0-9-]+ is forbidden") {
  for (const std::string name :
       {"", "A", "a_b", "a.b", "a/b", "a b", "\xC3\xA9", "a\n", "*", "..", "a?"}) {
    CAPTURE(name);
    CHECK_THROWS_AS(Catalogue({public_one(name)}), std::logic_error);
  }
}

TEST_CASE("a name that is taken, or is the site's own, is forbidden") {
  CHECK_THROWS_AS(Catalogue({public_one("a"), paid_one("a")}), std::logic_error);
  CHECK_THROWS_AS(Catalogue({public_one("me")}), std::logic_error);
}

TEST_CASE("the catalogue tells a program every action, level, field and rule") {
  const json catalogue =
      json::parse(catalogue_json(Catalogue({public_one("open"), paid_one("closed")})));
  CHECK(catalogue["actions"].size() == 2);
  const json& open = catalogue["actions"][0];
  CHECK(open["name"] == "open");
  CHECK(open["level"] == "public");
  CHECK(open["path"] == "/actions/open");
  CHECK(open["page"] == "/form.html");
  CHECK(open["fields"] ==
        json::array(
            {{{"name", "email"}, {"type", "email"}, {"required", true}, {"min", 0}, {"max", 254}},
             {{"name", "secret"},
              {"type", "password"},
              {"required", false},
              {"min", 8},
              {"max", 1024}},
             {{"name", "site"}, {"type", "url"}, {"required", false}, {"min", 0}, {"max", 200}},
             {{"name", "colour"},
              {"type", "text"},
              {"required", false},
              {"min", 0},
              {"max", 200},
              {"options", {"<red>", "green"}}},
             {{"name", "count"}, {"type", "number"}, {"required", false}, {"min", 1}, {"max", 20}},
             {{"name", "gift"}, {"type", "checkbox"}, {"required", false}},
             {{"name", "tags"}, {"type", "list"}, {"required", false}, {"min", 0}, {"max", 200}},
             {{"name", "day"}, {"type", "date"}, {"required", true}},
             {{"name", "until"}, {"type", "date"}, {"required", false}},
             {{"name", "plan"},
              {"type", "text"},
              {"required", false},
              {"min", 0},
              {"max", 200},
              {"options", {"free", "<team>"}}}}));
  const json& closed = catalogue["actions"][1];
  CHECK(closed["level"] == "paid");
  CHECK(closed["page"] == nullptr);
  CHECK(closed["fields"] == json::array());
}

TEST_CASE("the catalogue shows people the same, escaped, and links only to pages there are") {
  const Catalogue catalogue({public_one("open"), paid_one("closed")});
  const std::string html = catalogue_page(catalogue, "https://example.com");
  for (const std::string part :
       {"<h2 id=\"open\">", "<h2 id=\"closed\">", "Level: public.", "Level: paid.",
        "href=\"/actions/open\"", "email, required, up to 254 long", "password, 8 to 1024 long",
        "number, 1 to 20", "checkbox", "date, required", "one of free, &lt;team&gt;",
        "one of &lt;red&gt;, green", "https://example.com/actions/open"}) {
    CAPTURE(part);
    CHECK(html.find(part) != std::string::npos);
  }
  CHECK(html.find("<red>") == std::string::npos);
  CHECK(html.find("href=\"/actions/closed\"") == std::string::npos);
}

TEST_CASE("the catalogue is a line an action for a terminal") {
  const std::string text = catalogue_text(Catalogue({public_one("open"), paid_one("closed")}));
  CHECK(std::count(text.begin(), text.end(), '\n') == 2);
  CHECK(text.starts_with("open (public): email (email, required, up to 254 long); secret ("));
  CHECK(text.ends_with("\nclosed (paid)\n"));
}

TEST_CASE("the form to copy has a control for each field, with its limits and the submission key") {
  const std::string html = form_skeleton(public_one("open"));
  for (const std::string part :
       {"<form method=\"post\" action=\"/actions/open\">",
        "<input type=\"hidden\" name=\"_once\" value=\"{once}\">",
        "<label for=\"email\">Email</label>",
        "<input type=\"email\" id=\"email\" name=\"email\" required maxlength=\"254\">",
        "<input type=\"password\" id=\"secret\" name=\"secret\" minlength=\"8\" "
        "maxlength=\"1024\">",
        "<input type=\"number\" id=\"count\" name=\"count\" min=\"1\" max=\"20\">",
        "<input type=\"checkbox\" id=\"gift\" name=\"gift\">",
        "<input type=\"date\" id=\"day\" name=\"day\" required>",
        "<input type=\"date\" id=\"until\" name=\"until\">", "<select id=\"plan\" name=\"plan\">",
        "<option>&lt;team&gt;</option>", "<select id=\"colour\" name=\"colour\">",
        "<option>&lt;red&gt;</option>"}) {
    CAPTURE(part);
    CHECK(html.find(part) != std::string::npos);
  }
}

TEST_CASE("OpenAPI tells the address, the fields and what is required of every action") {
  const Catalogue catalogue({public_one("open"), paid_one("closed")});
  const json api = json::parse(catalogue_openapi(catalogue, "https://example.com"));
  CHECK(api["openapi"].get<std::string>().starts_with("3.1"));
  CHECK(api["servers"][0]["url"] == "https://example.com");
  CHECK(api["paths"].contains("/actions/open"));
  CHECK(api["paths"]["/actions/closed"].contains("post"));
  CHECK(api.dump().find("\"email\"") != std::string::npos);
  const json& schema =
      api["paths"]["/actions/open"]["post"]["requestBody"]["content"]["application/json"]["schema"];
  CHECK(schema["properties"]["until"] == json{{"type", "string"}, {"format", "date"}});
  CHECK(schema["properties"]["plan"]["enum"] == json{"free", "<team>"});
  CHECK(schema["required"] == json{"email", "day"});
}

TEST_CASE("OpenAPI tells how a caller is known: by the cookie of that origin, or by a token") {
  const Catalogue catalogue({public_one("open"), paid_one("closed")});
  for (const auto& [origin, name] :
       {std::pair("https://example.com", "__Host-session"), std::pair("http://x", "session")}) {
    const json api = json::parse(catalogue_openapi(catalogue, origin));
    const json& schemes = api["components"]["securitySchemes"];
    CHECK(schemes["session"]["name"] == name);
    CHECK(schemes["token"]["scheme"] == "bearer");
    const json& security = api["paths"]["/actions/closed"]["post"]["security"];
    CHECK(security == json::parse(R"([{"session": []}, {"token": []}])"));
    CHECK_FALSE(api["paths"]["/actions/open"]["post"].contains("security"));
  }
}

struct Photos {
  std::optional<File> photo;
};

Catalogue with_file() {
  return Catalogue({public_action(
      "photos",
      Form<Photos>{"",
                   {{"photo",
                     &Photos::photo,
                     {.max = 2 * 1024 * 1024, .types = {"image/png", "image/jpeg"}}}}},
      [](const Photos&, Transaction&) -> Result { return Redirect{"/"}; })});
}

TEST_CASE("the catalogue shows a file field") {
  const Catalogue catalogue = with_file();
  const std::string input_form = form_skeleton(catalogue.actions()[0]);
  CHECK(input_form.find("enctype=\"multipart/form-data\"") != input_form.npos);
  CHECK(input_form.find(
            "<input type=\"file\" id=\"photo\" name=\"photo\" accept=\"image/png,image/jpeg\">") !=
        input_form.npos);
  CHECK(catalogue_text(catalogue).find("photo (file, up to 2 MiB, image/png, image/jpeg)") !=
        std::string::npos);
  CHECK(catalogue_openapi(catalogue, "http://x").find("\"binary\"") != std::string::npos);
}

TEST_CASE("nginx has a limit of its own for each action that takes files, and one for the others") {
  const std::string nginx = catalogue_nginx(with_file());
  // 2 MiB, 66 KiB for the rest of the body, and 256 KiB.
  CHECK(nginx.find("location = /actions/photos {\n    error_log /dev/null;\n    "
                   "client_max_body_size 2370k;") != nginx.npos);
  CHECK(catalogue_nginx(Catalogue({public_one("a")})).find("location") == std::string::npos);
}

Action cached_view(std::chrono::seconds time) {
  return public_view(
      "list", "", no_query, [](Reader&) -> Shown { return NotFound{}; }, Cached{time});
}

TEST_CASE("a view that is cached says for how long, to people, programs and nginx") {
  const Catalogue catalogue({cached_view(std::chrono::minutes(1)), public_one("a")});
  CHECK(catalogue_text(catalogue).starts_with("list (public view, cached for 60 s)\n"));
  CHECK(catalogue_page(catalogue, "http://x").find("public view, cached for 60 s.") !=
        std::string::npos);
  const json described = json::parse(catalogue_json(catalogue))["actions"];
  CHECK(described[0]["cachedSeconds"] == 60);
  CHECK_FALSE(described[1].contains("cachedSeconds"));
  const json openapi = json::parse(catalogue_openapi(catalogue, "http://x"));
  CHECK(openapi["paths"]["/actions/list"]["get"]["responses"]["200"]["description"] ==
        "Shown, as it was up to 60 seconds ago");
  CHECK(catalogue_nginx(catalogue).find("location = /actions/list {\n    error_log /dev/null;\n"
                                        "    include actiond/cached.conf;\n"
                                        "    fastcgi_pass $actiond_pool;\n}\n") !=
        std::string::npos);
}

TEST_CASE("a view is cached for a second to a day") {
  using namespace std::chrono_literals;
  for (const std::chrono::seconds time : {0s, -1s, std::chrono::seconds(24h + 1s)})
    CHECK_THROWS_AS(Catalogue({cached_view(time)}), std::logic_error);
  for (const std::chrono::seconds time : {1s, std::chrono::seconds(24h)})
    CHECK_NOTHROW(Catalogue({cached_view(time)}));
}

struct Counted {
  std::int64_t count = 0;
};

TEST_CASE("the catalogue shows no bound where a number has none") {
  const Catalogue catalogue(
      {public_action("count", Form<Counted>{"", {{"count", &Counted::count}}},
                     [](const Counted&, Transaction&) -> Result { return Redirect{"/"}; })});
  CHECK(form_skeleton(catalogue.actions()[0]).find("min=\"0\">") != std::string::npos);
  CHECK(catalogue_text(catalogue).find("count (number, 0 or more)") != std::string::npos);
  CHECK(catalogue_openapi(catalogue, "http://x").find("maximum") == std::string::npos);
}

}  // namespace
}  // namespace actiond
