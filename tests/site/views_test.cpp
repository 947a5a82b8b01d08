// Views: what reads, in the form that was asked for, for whom it is.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "access/token.h"
#include "action/declare.h"
#include "site_under_test.h"

namespace actiond {
namespace {

using nlohmann::json;
using test::SiteUnderTest;

// With the rest of a long body.
std::string whole_body(const Response& response) {
  std::string body = response.body;
  if (!response.rest) return body;
  for (std::string piece = response.rest(); !piece.empty(); piece = response.rest()) body += piece;
  return body;
}

struct Reviews {
  SiteUnderTest site;
  std::string ada = site.sign_up("ada@example.com");

  explicit Reviews(int count, const std::string& topic = "owls") {
    site.change([&](Transaction& tx) {
      for (int number = 1; number <= count; ++number)
        tx.run("INSERT INTO reviews (user_id, topic, pages, created_at) VALUES (1, ?, 1, ?)",
               topic + " " + std::to_string(number), site.now);
    });
  }
  Response get(const std::string& path, const std::string& accept = "application/json") {
    return site.get(path, ada, accept);
  }
  json list(const std::string& path) {
    return json::parse(get(path).body)["data"]["lists"]["reviews"];
  }
};

TEST_CASE("a view shows a page of its list, the newest first, and the way to the next one") {
  Reviews reviews(45);
  const json first = json::parse(reviews.get("/actions/reviews").body);
  CHECK(first["ok"] == true);
  CHECK(first["data"]["lists"]["reviews"].size() == 20);
  CHECK(first["data"]["lists"]["reviews"][0] ==
        json{{"id", "45"}, {"topic", "owls 45"}, {"pages", "1"}, {"made", "2027-01-15T08:00:00Z"}});
  CHECK(first["data"]["values"] == json{{"next-page", "/actions/reviews?page=2"}});
  const json last = json::parse(reviews.get("/actions/reviews?page=3").body);
  CHECK(last["data"]["lists"]["reviews"].size() == 5);
  CHECK(last["data"]["values"] == json{{"previous-page", "/actions/reviews?page=2"}});
  for (const std::string page : {"4", "9223372036854775807"}) {
    const json beyond = json::parse(reviews.get("/actions/reviews?page=" + page).body);
    CHECK(beyond["data"]["lists"]["reviews"].empty());
    CHECK(beyond["data"]["values"] == json{{"previous-page", "/actions/reviews?page=1"}});
  }
}

TEST_CASE("a view finds words, and takes none of them for a pattern") {
  Reviews reviews(3);
  CHECK(reviews.list("/actions/reviews?q=owls+2").size() == 1);
  for (const std::string words : {"%25", "_", "%5C", "'"})
    CHECK(reviews.list("/actions/reviews?q=" + words).empty());
  const json found = json::parse(reviews.get("/actions/reviews?q=OWLS&other=1").body);
  CHECK(found["data"]["lists"]["reviews"].size() == 3);
}

TEST_CASE("the link to the CSV of a list asks for the words that were looked for") {
  Reviews reviews(45);
  const std::string found = reviews.get("/actions/reviews?q=owls+2&page=1", "text/html").body;
  const std::string address = "/actions/reviews?q=owls%202&_format=csv";
  CHECK(found.find(R"(href="/actions/reviews?q=owls%202&amp;_format=csv")") != std::string::npos);
  CHECK(whole_body(reviews.get(address)).find("owls 20") != std::string::npos);
  CHECK(whole_body(reviews.get(address)).find("owls 10") == std::string::npos);
}

TEST_CASE("a view shows one's own rows alone, and a row of others is as one that is not there") {
  Reviews reviews(2);
  const std::string bo = reviews.site.sign_up("bo@example.com");
  CHECK(json::parse(reviews.site.get("/actions/reviews", bo).body)["data"]["lists"]["reviews"]
            .empty());
  CHECK(json::parse(reviews.get("/actions/review?id=2").body)["data"]["values"]["topic"] ==
        "owls 2");
  const auto without_id = [](std::string body) {
    return body.replace(body.find("requestId"), std::string::npos, "");
  };
  const Response others = reviews.site.get("/actions/review?id=2", bo);
  const Response none = reviews.site.get("/actions/review?id=99", bo);
  CHECK(others.status() == 404);
  CHECK(none.status() == 404);
  CHECK(without_id(others.body) == without_id(none.body));
}

TEST_CASE("a query is read as a form is") {
  Reviews reviews(1);
  struct Row {
    std::string query;
    int status;
  };
  const std::vector<Row> rows{{"page=0", 422},
                              {"page=x", 422},
                              {"page=1&page=2", 400},
                              {"q=a&q=b", 400},
                              {"other=1&other=2", 200},
                              {"utm_source=%E4", 200},
                              {"x=100%&%=1&%00=1", 200},
                              {std::string(257, 'n') + "=1", 200},
                              {"other=%&page=x", 422},
                              {"q=%", 400},
                              {"q=%FF", 400},
                              {"q=%00", 422},
                              {"page=", 200},
                              {"&&", 200},
                              {"q=" + std::string(81, 'x'), 422},
                              {"q=" + std::string(2046, 'x'), 422},
                              {"q=" + std::string(2047, 'x'), 414},
                              {"_format=xml", 406},
                              {"_format=json&_format=json", 400},
                              {"_format=csv", 200}};
  for (const auto& [query, status] : rows)
    for (const std::string accept : {"application/json", "text/html", "text/plain"}) {
      CAPTURE(query);
      CAPTURE(accept);
      CHECK(reviews.get("/actions/reviews?" + query, accept).status() == status);
    }
  CHECK(reviews.get("/actions/review").status() == 422);
}

TEST_CASE("what is built in takes no longer query than others, and looks into none") {
  SiteUnderTest site;
  for (const std::string path : {"me", "", "openapi.json"}) {
    CAPTURE(path);
    CHECK(site.get("/actions/" + path + "?a=%&a=1&_format=x&_format=y").status() == 200);
    CHECK(site.get("/actions/" + path + "?" + std::string(2048, 'x')).status() == 200);
    CHECK(site.get("/actions/" + path + "?" + std::string(2049, 'x')).status() == 414);
  }
}

TEST_CASE("a view takes no POST, and says so") {
  Reviews reviews(1);
  const Response response = reviews.site.post("reviews", {}, reviews.ada);
  CHECK(response.status() == 405);
  CHECK(test::header(response, "Allow") == "GET, HEAD");
}

TEST_CASE("each form of a list has the same rows") {
  Reviews reviews(2, "a\tb, \"c\"");
  CHECK(reviews.get("/actions/reviews?_format=text").body ==
        "2\ta\uFFFDb, \"c\" 2\t1\t2027-01-15T08:00:00Z\n"
        "1\ta\uFFFDb, \"c\" 1\t1\t2027-01-15T08:00:00Z\n");
  const Response csv = reviews.get("/actions/reviews", "text/csv");
  CHECK(test::header(csv, "Content-Type") == "text/csv; charset=utf-8");
  CHECK(test::header(csv, "Content-Disposition") == "attachment; filename=\"reviews.csv\"");
  CHECK(whole_body(csv) ==
        "\xEF\xBB\xBFid,topic,pages,made\r\n"
        "2,\"a\tb, \"\"c\"\" 2\",1,2027-01-15T08:00:00Z\r\n"
        "1,\"a\tb, \"\"c\"\" 1\",1,2027-01-15T08:00:00Z\r\n");
  CHECK(reviews.get("/actions/reviews", "text/html, text/csv;q=0.9").body.find("<h1") !=
        std::string::npos);
}

TEST_CASE("where there is no list, whoever would rather have CSV gets what else is taken") {
  Reviews reviews(1);
  for (const std::string accept : {"text/csv", "text/csv, application/json;q=0.5"}) {
    CAPTURE(accept);
    const Response response = reviews.get("/actions/review?id=1", accept);
    CHECK(response.status() == 200);
    CHECK(test::header(response, "Content-Type") == "application/json");
  }
  CHECK(reviews.get("/actions/review?id=1", "text/csv, text/plain;q=0.5")
            .body.starts_with("pages=1"));
  CHECK(reviews.get("/actions/review?id=1&_format=csv", "text/csv").status() == 406);
}

TEST_CASE("a cell that a spreadsheet would compute begins with a tab") {
  for (const std::string cell :
       {"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "|calc", "%0A=1", "\uFF1D1",
        "\uFF0B1", "\uFF0D1", "\uFF201", "\u22121"}) {
    CAPTURE(cell);
    Reviews reviews(0);
    reviews.site.change([&](Transaction& tx) {
      tx.run("INSERT INTO reviews (user_id, topic, pages) VALUES (1, ?, 1)", cell);
    });
    const std::string csv = whole_body(reviews.get("/actions/reviews?_format=csv"));
    CHECK(csv.find(",\"\t" + cell) != std::string::npos);
  }
}

TEST_CASE("an export has every row once, in order, whatever is added meanwhile") {
  Reviews reviews(1234);
  const Response csv = reviews.get("/actions/reviews?_format=csv&page=7");
  reviews.site.change([](Transaction& tx) {
    tx.run("INSERT INTO reviews (user_id, topic, pages) VALUES (1, 'late', 1)");
    tx.run("DELETE FROM reviews WHERE id = 1000");
  });
  std::string expected = "\xEF\xBB\xBFid,topic,pages,made\r\n";
  for (int id = 1234; id >= 1; --id)
    if (id > 734 || id != 1000)
      expected +=
          std::to_string(id) + ",owls " + std::to_string(id) + ",1,2027-01-15T08:00:00Z\r\n";
  CHECK(whole_body(csv) == expected);
  CHECK_FALSE(csv.has_ended_early());
}

TEST_CASE("an export ends when its visitor may see no more, and says so") {
  Reviews reviews(1200);
  SiteUnderTest& site = reviews.site;
  const Response csv = reviews.get("/actions/reviews?_format=csv");
  site.change([](Transaction& tx) { end_sessions(tx, 1); });
  const std::string body = whole_body(csv);
  CHECK(body.ends_with("\r\nThis export ended early: it is not complete.\r\n"));
  CHECK(csv.has_ended_early());
  CHECK(std::ranges::count(body, '\n') == 1 + 500 + 1);
}

TEST_CASE("a HEAD of an export has no body to send") {
  Reviews reviews(1200);
  const Response head = reviews.site.send(
      test::make_request("HEAD", "/actions/reviews?_format=csv", {{"cookie", reviews.ada}}));
  CHECK(head.status() == 200);
  CHECK_FALSE(head.rest);
}

TEST_CASE("what an action's page shows is shown to programs as well") {
  SiteUnderTest site;
  const std::string ada = site.sign_up("ada@example.com");
  CHECK(
      json::parse(site.get("/actions/author", ada).body) ==
      json::parse(R"({"ok":true,"data":{"values":{"name":"Somebody","website":""},"lists":{}}})"));
  CHECK(site.get("/actions/author", ada, "text/plain").body == "name=Somebody\nwebsite=\n");
  const json sessions = json::parse(site.get("/actions/sessions", ada).body);
  CHECK(sessions["data"]["lists"]["sessions"].size() == 1);
}

// == permissions ==================================================================================

struct Treasurer {
  static constexpr std::string_view name = "treasurer";
  static constexpr Level at_least = Level::Paid;
};
struct Keeper {
  static constexpr std::string_view name = "keeper";
  static constexpr Level at_least = Level::Protected;
};

struct Sum {
  std::string sum;
};
const Form<Sum> sum_form{"", {{"sum", &Sum::sum, {.required = true}}}};

Result pay(const With<Treasurer, Keeper>&, const Sum&, Transaction&) { return Redirect{"/paid"}; }
Shown show_sums(const With<Treasurer>&, Reader&) { return Content{.values = {{"sum", "7"}}}; }

std::vector<Action> actions_with_sums() {
  static const test::TemporaryFolder folder;
  static const PasswordHasher hasher(folder / "lock");
  auto actions = actions_of(test::tested_site(), hasher);
  actions.push_back(permitted_action<Treasurer, Keeper>("pay", sum_form, pay));
  actions.push_back(permitted_view<Treasurer>("sums", "", no_query, show_sums));
  return actions;
}

TEST_CASE("permissions are asked for one after the other, in actions and in views") {
  SiteUnderTest site(actions_with_sums());
  const std::string ada = site.sign_up("ada@example.com");
  const auto statuses = [&] {
    return std::vector<int>{site.post("pay", {{"sum", "1"}}, ada).status(),
                            site.get("/actions/sums", ada).status()};
  };
  CHECK(site.post("pay", {{"sum", "1"}}).status() == 401);
  CHECK(statuses() == std::vector{402, 402});
  site.grant("ada@example.com", forever);
  CHECK(statuses() == std::vector{403, 403});
  site.permit("ada@example.com", "treasurer", forever);
  CHECK(statuses() == std::vector{403, 200});
  site.permit("ada@example.com", "keeper", site.now + std::chrono::hours(1));
  CHECK(statuses() == std::vector{200, 200});
  site.now += std::chrono::hours(1);
  CHECK(statuses() == std::vector{403, 200});
  site.grant("ada@example.com", std::nullopt);
  CHECK(statuses() == std::vector{402, 402});
}

TEST_CASE("a browser without a permission gets a page that says so") {
  SiteUnderTest site;
  const std::string ada = site.sign_up("ada@example.com");
  const Response response = site.get("/actions/comment-count", ada, "text/html");
  CHECK(response.status() == 403);
  CHECK(test::header(response, "Content-Type") == "text/html; charset=utf-8");
  CHECK(response.body.find("permission") != std::string::npos);
}

TEST_CASE("the page of a refusal says to whoever is signed in that they are") {
  SiteUnderTest site;
  const std::string ada = site.sign_up("ada@example.com");
  const auto offers_sign_in = [&](const std::string& path, const std::string& cookie) {
    const std::string page = site.get(path, cookie, "text/html").body;
    const std::string item = "data-show=\"signed-out\"><a href=\"/sign-in.html\">";
    REQUIRE(page.find(item) != std::string::npos);
    return page.find("<li " + item) != std::string::npos;
  };
  CHECK_FALSE(offers_sign_in("/actions/comment-count", ada));
  CHECK_FALSE(offers_sign_in("/actions/review?id=7", ada));
  // Asked before anybody knows who it is.
  CHECK(offers_sign_in("/actions/none", ada));
}

TEST_CASE("the catalogue shows what its visitor may call") {
  SiteUnderTest site;
  const std::string ada = site.sign_up("ada@example.com");
  const auto names = [&](const std::string& cookie) {
    std::string names;
    const json catalogue = json::parse(site.get("/actions/", cookie).body);
    for (const json& action : catalogue["actions"])
      names += action["name"].get<std::string>() + " ";
    return names;
  };
  CHECK(names("") ==
        "comments sign-up sign-in forgot-password reset-password sign-in-by-mail mailed-sign-in ");
  CHECK(names(ada) ==
        "comments author reviews review proposal sign-up sign-in sign-out sessions "
        "change-password forgot-password reset-password verify-email change-email delete-account "
        "tokens "
        "sign-in-by-mail mailed-sign-in upgrade billing portal to-stripe ");
  site.permit("ada@example.com", "editor", forever);
  CHECK(names(ada).find("comment-count") != std::string::npos);
  CHECK(names(ada).find("order") == std::string::npos);
}

// == notes ========================================================================================

TEST_CASE("a note stands once on the page that a redirect leads to") {
  SiteUnderTest site;
  const std::string ada = site.sign_up("ada@example.com");
  const Response saved = site.post("author", {{"name", "Ada"}}, ada, "text/html");
  CHECK(saved.status() == 303);
  const std::string cookie = test::header(saved, "Set-Cookie");
  CHECK(cookie.starts_with("note=v1."));
  CHECK(cookie.ends_with("; Path=/; Max-Age=60; HttpOnly; SameSite=Lax"));
  const std::string note = cookie.substr(0, cookie.find(';'));
  const Response page = site.get("/actions/author", ada + "; " + note, "text/html");
  CHECK(page.body.find(">Saved.</output>") != std::string::npos);
  CHECK(test::header(page, "Set-Cookie").starts_with("note=; Path=/; Max-Age=0"));
  const Response again = site.get("/actions/author", ada, "text/html");
  CHECK(again.body.find("Saved.") == std::string::npos);
  CHECK(json::parse(site.post("author", {{"name", "Ada"}}, ada).body) ==
        json{{"ok", true}, {"location", "/actions/author"}, {"note", "Saved."}});
}

TEST_CASE("nobody else writes a note") {
  SiteUnderTest site;
  const std::string ada = site.sign_up("ada@example.com");
  // A session is signed for another purpose.
  for (const std::string& value :
       std::vector<std::string>{"Saved.", "v1.x.U2F2ZWQu.x", ada.substr(ada.find('=') + 1)}) {
    const Response page = site.get("/actions/author", ada + "; note=" + value, "text/html");
    CHECK(page.status() == 200);
    CHECK(test::header(page, "Set-Cookie") == "");
  }
}

TEST_CASE("a note is carried to a static page too, and nothing else is served of the static root") {
  SiteUnderTest site;
  const std::string note = "note=" + sign_token("note.", "Sent.", site.keys);
  CHECK(site.get("/index.html", note, "text/html").body.find("</html>") != std::string::npos);
  CHECK(site.get("/", note, "text/html").status() == 200);
  for (const std::string path :
       {"/style.css", "/../conf/actiond.toml", "/../CHANGELOG.html", "/no.html",
        "/frame/header.html", "/.hidden.html", "//etc/passwd", "index.html"})
    CHECK(site.get(path, note, "text/html").status() == 404);
  // nginx serves those: no file is looked for.
  for (const std::string other : {"", "note=v1.x", "note=v1.x.U2VudC4.x"})
    CHECK(site.get("/index.html", other, "text/html").status() == 404);
}

}  // namespace
}  // namespace actiond
