// The inbox at which an owner reads, finds and sorts the messages of forms without code.
#include "store/inbox.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "count_of.h"
#include "site_under_test.h"

namespace actiond {
namespace {

using nlohmann::json;
using std::chrono::days;
using test::Fields;
using test::SiteUnderTest;

struct WithInbox {
  SiteUnderTest site;
  std::string owner = site.sign_up("owner@example.com");

  WithInbox() { site.permit("owner@example.com", "owner", forever); }

  std::int64_t put(const std::string& text, const std::string& form = "contact",
                   std::optional<std::int64_t> user = {}) {
    std::int64_t id = 0;
    site.change([&](Transaction& tx) {
      id = put_into_inbox(tx, form, {{"email", {"ada@example.com"}}, {"text", {text}}}, user,
                          site.now);
    });
    return id;
  }
  json shown(const std::string& query = "") {
    return json::parse(site.get("/actions/inbox" + query, owner).body)["data"];
  }
  // "3 1 ", the numbers of a page.
  std::string ids(const std::string& query = "") {
    std::string text;
    const json all = shown(query);
    for (const json& row : all["lists"]["messages"]) text += row["id"].get<std::string>() + " ";
    return text;
  }
  Response sort(Fields fields) { return site.post("inbox-sort", fields, owner); }
  MessageState state(std::int64_t id) { return find_message(site.database.reader(), id)->state; }
};

TEST_CASE("an owner finds messages by state, form, words and day") {
  WithInbox has;
  has.put("Oars and paddles");
  has.put("50% of a_sail", "order");
  has.site.now += days(2);
  has.put("Oars, blue");
  CHECK(has.ids() == "3 2 1 ");
  CHECK(has.ids("?form=order") == "2 ");
  CHECK(has.ids("?form=none") == "");
  CHECK(has.ids("?q=oars") == "3 1 ");
  CHECK(has.ids("?q=50%25") == "2 ");
  CHECK(has.ids("?q=sail+%22NEAR") == "");
  CHECK(has.ids("?q=OARS+blu") == "3 ");
  CHECK(has.ids("?q=oars&form=order") == "");
  CHECK(has.ids("?q=%2A") == "");
  CHECK(has.ids("?q=oars&upto=2") == "1 ");
  const std::string day = to_rfc3339(has.site.now).substr(0, 10);
  CHECK(has.ids("?since=" + day) == "3 ");
  CHECK(has.ids("?until=" + day + "&form=contact") == "3 1 ");
  CHECK(has.ids("?state=read") == "");
  has.sort({{"message", "1"}, {"to", "read"}});
  CHECK(has.ids("?state=read") == "1 ");
  CHECK(has.ids("?state=&form=&q=&since=&until=") == "3 2 ");
  CHECK(has.site.get("/actions/inbox?state=lost", has.owner).status() == 422);
}

TEST_CASE("a search of very many new messages says how many it does not find") {
  WithInbox has;
  has.site.change([&](Transaction& tx) {
    for (int number = 1; number <= 5020; ++number)
      put_into_inbox(tx, "contact", {{"text", {"oars"}}}, {}, has.site.now);
  });
  const bool follows = !test::is_on_postgres();
  const json first = has.shown("?q=oars");
  CHECK(first["lists"]["messages"].front()["id"] == (follows ? "5000" : "5020"));
  CHECK(first["values"]["unsearched"] == (follows ? "20" : ""));
  const json second = has.shown("?q=oars");
  CHECK(second["lists"]["messages"].front()["id"] == "5020");
  CHECK(second["values"]["unsearched"] == "");
}

TEST_CASE("a search of somebody else writes nothing") {
  WithInbox has;
  has.put("oars");
  const auto before = has.site.database.reader().row<int>("SELECT upto FROM inbox_words_upto");
  CHECK(has.site.get("/actions/inbox?q=oars", has.site.sign_up("ada@example.com")).status() == 403);
  CHECK(has.site.database.reader().row<int>("SELECT upto FROM inbox_words_upto") == before);
}

TEST_CASE("a page of the inbox stays as it is while messages arrive") {
  WithInbox has;
  for (int number = 1; number <= 60; ++number) has.put("x");
  const json first = has.shown();
  CHECK(first["lists"]["messages"].size() == 50);
  const std::string next = first["values"]["next-page"];
  CHECK(next == "/actions/inbox?upto=60&page=2");
  for (int number = 1; number <= 5; ++number) has.put("later");
  const json second = json::parse(has.site.get(next, has.owner).body)["data"];
  CHECK(second["lists"]["messages"].front()["id"] == "10");
  CHECK(second["values"]["previous-page"] == "/actions/inbox?upto=60&page=1");
  CHECK(has.shown()["lists"]["messages"].front()["id"] == "65");
}

TEST_CASE("a page of a search stays as it is as well") {
  WithInbox has;
  for (int number = 1; number <= 120; ++number) has.put(number % 2 == 0 ? "oars" : "sails");
  const json first = has.shown("?q=oars");
  CHECK(first["lists"]["messages"].front()["id"] == "120");
  has.put("oars");
  const std::string next = first["values"]["next-page"];
  CHECK(next == "/actions/inbox?q=oars&upto=120&page=2");
  const json second = json::parse(has.site.get(next, has.owner).body)["data"];
  CHECK(second["lists"]["messages"].front()["id"] == "20");
  CHECK(second["lists"]["messages"].size() == 10);
}

TEST_CASE("the inbox comes as CSV, in which nothing is computed") {
  WithInbox has;
  has.put("=1+1");
  const Response csv = has.site.get("/actions/inbox?form=contact&_format=csv", has.owner);
  CHECK(csv.status() == 200);
  CHECK(csv.body.find("id,form,state,made,account,start,text,fields") != std::string::npos);
  CHECK(csv.body.find(",=1") == std::string::npos);
  CHECK(csv.body.find("{\"\"email\"\":\"\"ada@example.com\"\"") != std::string::npos);
}

TEST_CASE("as CSV the messages of one form have a column for each of its fields") {
  WithInbox has;
  has.site.change([&](Transaction& tx) {
    const auto put = [&](const char* text) {
      put_into_inbox(tx, "comments", {{"message", {text}}, {"email", {"ada@example.com"}}}, {},
                     has.site.now);
    };
    put("=1+1");
    for (int number = 1; number <= 1200; ++number) put("many");
  });
  has.put("elsewhere", "gone");
  std::string csv;
  const Response answer = has.site.get("/actions/inbox?form=comments&_format=csv", has.owner);
  csv = answer.body;
  for (std::string more = answer.rest(); !more.empty(); more = answer.rest()) csv += more;
  CHECK(csv.find("text,fields,email,message\r\n") != std::string::npos);
  CHECK(csv.find(",ada@example.com,\"\t=1+1\"\r\n") != std::string::npos);
  CHECK(test::count_of(csv, ",ada@example.com,many\r\n") == 1200);
  for (const char* of : {"", "form=gone&"})
    CHECK(has.site.get(fmt::format("/actions/inbox?{}_format=csv", of), has.owner)
              .body.find("text,fields\r\n") != std::string::npos);
}

TEST_CASE("a message is shown with each field escaped, and is answered by mail") {
  WithInbox has;
  has.put("<script>alert(1)</script>\nsecond line", "contact", 1);
  const std::string page = has.site.get("/actions/inbox-message?id=1", has.owner, "text/html").body;
  CHECK(page.find("&lt;script&gt;alert(1)&lt;/script&gt;\nsecond line") != std::string::npos);
  CHECK(page.find("<script>") == std::string::npos);
  CHECK(page.find("href=\"mailto:ada@example.com\"") != std::string::npos);
  CHECK(page.find("owner@example.com") != std::string::npos);
  CHECK(has.site.get("/actions/inbox-message?id=2", has.owner).status() == 404);
  CHECK(has.state(1) == MessageState::New);  // to be shown changes nothing
}

TEST_CASE("messages are sorted by ticking them, and deleted for good") {
  WithInbox has;
  for (int number = 1; number <= 3; ++number) has.put("x");
  const Response sorted =
      has.sort({{"message", "1"}, {"message", "3"}, {"to", "archived"}, {"from", "new"}});
  CHECK(sorted.body.find("/actions/inbox?state=new") != std::string::npos);
  CHECK(sorted.body.find("The messages were moved.") != std::string::npos);
  CHECK(has.state(1) == MessageState::Archived);
  CHECK(has.state(2) == MessageState::New);
  CHECK(has.state(3) == MessageState::Archived);
  CHECK(has.sort({{"message", "1"}, {"to", "deleted"}}).status() == 200);
  CHECK_FALSE(find_message(has.site.database.reader(), 1));
  // Gone, or none at all: nothing is done, and it says so.
  for (const Fields& none : {Fields{{"message", "1"}, {"to", "read"}}, Fields{{"to", "read"}}})
    CHECK(has.sort(none).body.find("No message was chosen.") != std::string::npos);
  for (const Fields& wrong :
       {Fields{{"message", "1"}, {"to", "lost"}}, Fields{{"message", "1"}},
        Fields{{"message", "one"}, {"to", "read"}}, Fields{{"message", "2 "}, {"to", "read"}}})
    CHECK(has.sort(wrong).status() == 422);
  CHECK(has.state(2) == MessageState::New);
}

TEST_CASE("a permission that is taken counts at once") {
  WithInbox has;
  has.put("x");
  has.site.change([&](Transaction& tx) {
    test::set_grant(tx, find_account(tx, "owner@example.com")->id, "owner", std::nullopt);
  });
  CHECK(has.site.get("/actions/inbox", has.owner).status() == 403);
  CHECK(has.site.get("/actions/inbox-message?id=1", has.owner).status() == 403);
  CHECK(has.sort({{"message", "1"}, {"to", "deleted"}}).status() == 403);
  CHECK(has.state(1) == MessageState::New);
}

}  // namespace
}  // namespace actiond
