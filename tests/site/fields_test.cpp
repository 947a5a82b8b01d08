// Declared fields reach the data, others never do.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "action/declare.h"
#include "site_under_test.h"

namespace actiond {
namespace {

using nlohmann::json;
using test::changed_tables;
using test::SiteUnderTest;

TEST_CASE("fields that a form does not declare reach nobody") {
  SiteUnderTest site;
  const std::string cookie = site.sign_up("ada@example.com");
  site.sign_up("bob@example.com");
  const test::Fields smuggled{{"hasAccess", "1"},     {"permissions", "paid"},
                              {"user_id", "2"},       {"id", "2"},
                              {"role", "admin"},      {"disabled_at", "1"},
                              {"password_hash", "x"}, {"email", "eve@example.com"},
                              {"created_at", "0"}};
  test::Fields fields = smuggled;
  fields.insert(fields.end(), {{"name", "Ada"}, {"website", ""}});
  CHECK(site.post("author", fields, cookie).status() == 200);
  CHECK(site.database.reader().rows<std::string, std::string, std::optional<Time>>(
            "SELECT email, name, disabled_at FROM users ORDER BY id") ==
        std::vector{
            std::tuple(std::string("ada@example.com"), std::string("Ada"), std::optional<Time>()),
            std::tuple(std::string("bob@example.com"), std::string("Somebody"),
                       std::optional<Time>())});
  CHECK(site.database.reader().row<int>("SELECT count(*) FROM grants") == std::tuple(0));
}

TEST_CASE("a paid action writes in the name of who paid, whatever was sent") {
  SiteUnderTest site;
  site.sign_up("bob@example.com");
  const std::string cookie = site.sign_up("ada@example.com");
  site.grant("ada@example.com", forever);
  CHECK(site.post("order", {{"topic", "owls"}, {"user_id", "1"}}, cookie).body ==
        "{\"ok\":true,\"data\":{\"review\":\"1\"}}\n");
  CHECK(site.database.reader().row<int, std::string, int>(
            "SELECT user_id, topic, pages FROM reviews") == std::tuple(2, std::string("owls"), 1));
}

enum class Seat { Window, Aisle };
constexpr auto names(Seat) {
  return std::to_array<Named<Seat>>({{"window", Seat::Window}, {"aisle", Seat::Aisle}});
}
struct Trip {
  int people = 1;
  Date day;
  Seat seat = Seat::Aisle;
  std::optional<Date> back;
  std::optional<std::int64_t> card;
  std::optional<Seat> meal_at;
};
const Form<Trip> trip_form{"",
                           {{"people", &Trip::people},
                            {"day", &Trip::day},
                            {"seat", &Trip::seat},
                            {"back", &Trip::back},
                            {"card", &Trip::card},
                            {"meal-at", &Trip::meal_at}}};

Result book(const Trip& trip, Transaction& tx) {
  tx.run("INSERT INTO trips (people, day, seat, back, card, meal_at) VALUES (?, ?, ?, ?, ?, ?)",
         trip.people, trip.day, trip.seat, trip.back, trip.card, trip.meal_at);
  return Redirect{"/"};
}
Trip last_trip(Reader& db) {
  const auto row = db.row<int, Date, Seat, std::optional<Date>, std::optional<std::int64_t>,
                          std::optional<Seat>>(
      "SELECT people, day, seat, back, card, meal_at FROM trips ORDER BY id DESC");
  return row ? std::make_from_tuple<Trip>(*row) : Trip{};
}

TEST_CASE("numbers, dates and options go from a form to a row and back as they are") {
  SiteUnderTest site(
      {public_action("trip", trip_form, book, Load{last_trip})},
      "CREATE TABLE trips (id INTEGER PRIMARY KEY, people INTEGER NOT NULL, day TEXT "
      "NOT NULL, seat TEXT NOT NULL, back TEXT, card INTEGER, meal_at TEXT) STRICT");
  const auto shown = [&] { return json::parse(site.get("/actions/trip").body)["data"]["values"]; };
  const auto nulls = [&] {
    return std::get<0>(*site.database.reader().row<int>(
        "SELECT CASE WHEN back IS NULL THEN 1 ELSE 0 END + CASE WHEN card IS NULL THEN 1 ELSE 0 "
        "END + CASE WHEN meal_at IS NULL THEN 1 ELSE 0 END FROM trips ORDER BY id DESC"));
  };
  CHECK(shown()["day"] == "");
  CHECK(site.post("trip", {{"people", "2"}, {"day", "2024-02-29"}, {"seat", "window"}}).status() ==
        200);
  CHECK(nulls() == 3);
  CHECK(shown() == json{{"people", "2"},
                        {"day", "2024-02-29"},
                        {"seat", "window"},
                        {"back", ""},
                        {"card", ""},
                        {"meal-at", ""}});
  CHECK(site.post("trip", {{"day", "2024-02-29"},
                           {"back", "2024-03-01"},
                           {"card", "4294967297"},
                           {"meal-at", "aisle"}})
            .status() == 200);
  CHECK(nulls() == 0);
  CHECK(shown() == json{{"people", "1"},
                        {"day", "2024-02-29"},
                        {"seat", "aisle"},
                        {"back", "2024-03-01"},
                        {"card", "4294967297"},
                        {"meal-at", "aisle"}});
  const Response wrong = site.post("trip", {{"people", "2147483648"},
                                            {"day", "2023-02-29"},
                                            {"seat", "Window"},
                                            {"back", "tomorrow"},
                                            {"card", "9223372036854775808"},
                                            {"meal-at", "1"}});
  CHECK(wrong.status() == 422);
  CHECK(json::parse(wrong.body)["errors"].size() == 6);
  CHECK(site.database.reader().row<int>("SELECT count(*) FROM trips") == std::tuple(2));
}

TEST_CASE("a field sent twice is 400 and has no effect, declared or not") {
  SiteUnderTest site;
  for (const std::string name : {"message", "email", "unknown"}) {
    CAPTURE(name);
    const Response response = site.post("comments", {{"message", "x"}, {name, ""}, {name, ""}});
    CHECK(response.status() == 400);
  }
  CHECK(site.all_rows().empty());
}

TEST_CASE("a body that says it is packed is 415 and has no effect") {
  SiteUnderTest site;
  for (const std::string coding : {"gzip", "identity", "", "x"}) {
    CAPTURE(coding);
    CHECK(site.send(test::make_request("POST", "/actions/comments",
                                       {{"sec-fetch-site", "same-origin"},
                                        {"content-type", "application/x-www-form-urlencoded"},
                                        {"content-encoding", coding}},
                                       "message=hi"))
              .status() == 415);
  }
  CHECK(site.all_rows().empty());
}

TEST_CASE("wrong fields are reported in each form, and nothing is written") {
  SiteUnderTest site;
  const test::Fields wrong{{"message", " "}, {"email", "<b>"}};
  const Response program = site.post("comments", wrong);
  CHECK(program.status() == 422);
  CHECK(json::parse(program.body)["errors"].size() == 2);
  CHECK(site.post("comments", wrong, "", "text/plain").body ==
        "error email: Enter an email address, such as ada@example.com.\nerror message: This field "
        "is required.\n");
  const Response page = site.post("comments", wrong, "", "text/html");
  CHECK(page.status() == 422);
  CHECK(page.body.find("This field is required.") != std::string::npos);
  CHECK(page.body.find("&lt;b") != std::string::npos);
  CHECK(page.body.find("<b>") == std::string::npos);
  CHECK(site.all_rows().empty());
}

TEST_CASE("a field takes what its form declares, and not one more") {
  SiteUnderTest site;
  const std::string cookie = site.sign_up("ada@example.com");
  site.grant("ada@example.com", forever);
  struct Row {
    std::string action;
    test::Fields fields;
    int status;
  };
  const auto text = [](std::size_t length) { return test::repeat("\xC3\xA9", length); };
  for (const Row& row :
       {Row{"comments", {{"message", text(2000)}}, 200},
        Row{"comments", {{"message", text(2001)}}, 422},
        Row{"comments", {{"message", "x"}, {"email", "x"}}, 422},
        Row{"author", {{"name", text(60)}}, 200}, Row{"author", {{"name", text(61)}}, 422},
        Row{"author", {{"name", "x"}, {"website", "ftp://x"}}, 422},
        Row{"order", {{"topic", text(120)}}, 200}, Row{"order", {{"topic", text(121)}}, 422},
        Row{"order", {{"topic", "x"}, {"pages", "20"}}, 200},
        Row{"order", {{"topic", "x"}, {"pages", "21"}}, 422},
        Row{"order", {{"topic", "x"}, {"pages", "0"}}, 422}, Row{"order", {{"pages", "1"}}, 422}}) {
    CAPTURE(row.action);
    const auto before = site.all_rows();
    CHECK(site.post(row.action, row.fields, cookie).status() == row.status);
    CHECK((changed_tables(before, site.all_rows()) != "") == (row.status == 200));
  }
}

TEST_CASE("what looks like SQL or markup is kept as text, and shown as text") {
  SiteUnderTest site;
  const std::string cookie = site.sign_up("ada@example.com");
  const std::string name = "'); DROP TABLE users; --<script>\"'&";
  CHECK(site.post("author", {{"name", name}}, cookie).status() == 200);
  CHECK(find_account(site.database.reader(), "ada@example.com")->name == name);
  CHECK(json::parse(site.get("/actions/me", cookie).body)["user"]["name"] == name);
  const Response page = site.get("/actions/author", cookie, "text/html");
  CHECK(page.status() == 200);
  CHECK(page.body.find("DROP TABLE") != std::string::npos);
  CHECK(page.body.find("--<script>") == std::string::npos);
}

TEST_CASE("a page opens with what is stored, and a private one only for its owner") {
  SiteUnderTest site;
  const std::string ada = site.sign_up("ada@example.com"), bob = site.sign_up("bob@example.com");
  site.post("author", {{"name", "Ada Lovelace"}, {"website", "https://ada.example"}}, ada);
  const Response page = site.get("/actions/author", ada, "text/html");
  CHECK(page.body.find("Ada Lovelace") != std::string::npos);
  CHECK(page.body.find("https://ada.example") != std::string::npos);
  CHECK(site.get("/actions/author", bob, "text/html").body.find("Ada Lovelace") ==
        std::string::npos);
  CHECK(site.get("/actions/author", "", "text/html").status() == 303);
}

}  // namespace
}  // namespace actiond
