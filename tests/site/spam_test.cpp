// A submission that looks like spam is held, not run and not dropped.
#include "action/spam.h"

#include <doctest/doctest.h>

#include <chrono>

#include "action/declare.h"
#include "site_under_test.h"
#include "store/held.h"

namespace actiond {
namespace {

using test::changed_tables;
using test::SiteUnderTest;

TEST_CASE(
    "S36 what fills the trap is held, but only what the form declares, and the visitor is told") {
  SiteUnderTest site;
  const auto before = site.all_rows();
  const Response response = site.post(
      "comments",
      {{"message", "Buy\nnow \"ä\""}, {"email", "a@b.example"}, {"homepage", "x"}, {"more", "y"}});
  CHECK(response.status() == 200);
  CHECK(response.body.find("\"held\":\"Thank you.") != std::string::npos);
  CHECK(changed_tables(before, site.all_rows()) == "inbox");
  const auto all = held(site.database.reader());
  REQUIRE(all.size() == 1);
  CHECK(all[0].form == "comments");
  CHECK(all[0].state == MessageState::Spam);
  std::string fields;
  for (const FieldValue& field : values_of(all[0])) fields += field.name + "=" + field.value + ";";
  CHECK(fields == "message=Buy\nnow \"ä\";email=a@b.example;");
}

TEST_CASE("a browser sees it in the page") {
  SiteUnderTest site;
  const Response response =
      site.post("comments", {{"message", "x"}, {"homepage", "x"}}, "", "text/html");
  CHECK(response.status() == 200);
  CHECK(response.body.find("<output name=\"held\">Thank you.") != std::string::npos);
}

TEST_CASE("an empty trap, and none, hold nothing") {
  SiteUnderTest site;
  const auto before = site.all_rows();
  CHECK(site.post("comments", {{"message", "x"}, {"homepage", ""}}).status() == 200);
  CHECK(site.post("comments", {{"message", "x"}}).status() == 200);
  CHECK(changed_tables(before, site.all_rows()) == "comments");
}

TEST_CASE("two seconds after its page are too quick, as is a time that nginx never notes") {
  constexpr std::chrono::duration<double> now(1764075600);
  for (const char* shown : {"1764075600.000", "1764075598.100", "1764079200.000", "soon", "nan",
                            "1764075000 ", "1.5e400", "-"}) {
    CAPTURE(shown);
    CHECK(is_too_quick(shown, now));
  }
  for (const char* shown : {"1764075598.000", "1764075000.123", "1761000000.000", ""}) {
    CAPTURE(shown);
    CHECK_FALSE(is_too_quick(shown, now));
  }
}

TEST_CASE("what comes too quickly is held, without its time") {
  SiteUnderTest site;
  const auto post = [&site](const std::string& shown) {
    const auto before = site.all_rows();
    CHECK(site.post("comments", {{"message", "x"}, {"homepage", ""}, {"_shown", shown}}).status() ==
          200);
    return changed_tables(before, site.all_rows());
  };
  const auto seconds = site.now.time_since_epoch().count();
  CHECK(post(std::to_string(seconds - 1) + ".000") == "inbox");
  CHECK(post(std::to_string(seconds - 2) + ".000") == "comments");
  CHECK(post("99999999999.000") == "inbox");
  CHECK(held(site.database.reader()).front().fields.size() == 1);
  CHECK(post("1764075600.123") == "comments");
}

TEST_CASE("a page that comes back for a mistake keeps the time when it was first shown") {
  SiteUnderTest site;
  const Response response =
      site.post("comments", {{"message", ""}, {"_shown", "1764075600.123"}}, "", "text/html");
  CHECK(response.status() == 422);
  CHECK(response.body.find("name=\"_shown\" value=\"1764075600.123\"") != std::string::npos);
}

TEST_CASE("what is wrong is not held, and what comes again is held once") {
  SiteUnderTest site;
  const auto before = site.all_rows();
  CHECK(site.post("comments", {{"message", ""}, {"homepage", "x"}}).status() == 422);
  CHECK(changed_tables(before, site.all_rows()) == "");
  for (int times = 0; times < 2; ++times)
    CHECK(site.post("comments", {{"message", "x"}, {"homepage", "x"}, {"_once", "k"}}).status() ==
          200);
  CHECK(held(site.database.reader()).size() == 1);
}

TEST_CASE("what an action in code holds is spam of the inbox, and runs when it is released, once") {
  SiteUnderTest site;
  const std::string owner = site.sign_up("owner@example.com");
  site.permit("owner@example.com", "owner", forever);
  site.post("comments", {{"message", "Hello"}, {"homepage", "x"}});
  const std::string listed = site.get("/actions/inbox?state=spam&q=hello", owner).body;
  CHECK(listed.find("\"form\":\"comments\"") != std::string::npos);
  const auto before = site.all_rows();
  for (int time = 0; time < 2; ++time)
    CHECK(site.post("inbox-sort", {{"message", "1"}, {"to", "new"}}, owner).status() == 200);
  CHECK(changed_tables(before, site.all_rows()).find("comments inbox") != std::string::npos);
  CHECK(site.database.reader().rows<std::string>("SELECT message FROM comments") ==
        std::vector{std::tuple(std::string("Hello"))});
  CHECK_FALSE(find_message(site.database.reader(), 1));
}

TEST_CASE("what is dropped is gone, and its number is not given again") {
  SiteUnderTest site;
  const auto hold = [&] {
    site.post("comments", {{"message", "x"}, {"homepage", "x"}});
    return held(site.database.reader()).back().id;
  };
  const auto first = hold();
  bool dropped = false, again = true;
  site.change([&](Transaction& tx) { dropped = drop_held(tx, first); });
  site.change([&](Transaction& tx) { again = drop_held(tx, first); });
  CHECK(dropped);
  CHECK_FALSE(again);
  CHECK_FALSE(find_held(site.database.reader(), first));
  CHECK(hold() > first);
}

struct Secret {
  std::string text;
  std::optional<File> file = {};
};

TEST_CASE("an action that takes a password or a file, or the trap as a field, cannot hold spam") {
  const auto anyone = [](const Secret&, Transaction&) -> Result { return Redirect{"/"}; };
  const auto declared = [&anyone](Field<Secret> field) {
    return public_action("a", Form<Secret>{"", {std::move(field)}}, anyone, SpamTrap{"trap"});
  };
  CHECK_THROWS_AS(declared({"text", &Secret::text, {.format = Format::Password}}),
                  std::logic_error);
  CHECK_THROWS_AS(declared({"file", &Secret::file}), std::logic_error);
  CHECK_THROWS_AS(declared({"trap", &Secret::text}), std::logic_error);
  CHECK_NOTHROW(declared({"text", &Secret::text}));
}

}  // namespace
}  // namespace actiond
