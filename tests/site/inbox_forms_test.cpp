// A form without code is an action like any other: its message lies in the inbox, once.
#include "inbox/inbox_forms.h"

#include <doctest/doctest.h>

#include "site_under_test.h"
#include "store/held.h"
#include "store/outbox.h"
#include "store/sweep.h"

namespace actiond {
namespace {

using test::Fields;
using test::SiteUnderTest;

InboxForms forms_of(const std::string& attributes, const std::string& in = "comments.html") {
  const std::string page = R"(<form method="post" action="/actions/contact" data-inbox )" +
                           attributes + R"(><input name="homepage" data-trap>
<input name="name" required maxlength="60"><input type="email" name="email">
<input type="checkbox" name="days" value="mon">
<input type="checkbox" name="days" value="tue"><input name="zip" pattern="(a+)+"></form>)";
  return find_inbox_forms({{in, page}, {"thanks.html", ""}}, {"localhost:8080"}, Catalogue({}),
                          {{*Address::parse("owner@example.com")}, 4096, {"thanks"}});
}

struct SiteWithForm : SiteUnderTest {
  explicit SiteWithForm(const std::string& attributes = "data-thanks=\"/thanks.html\"",
                        const std::string& page = "comments.html")
      : SiteUnderTest(actions_with(attributes, page)) {}

  static std::vector<Action> actions_with(const std::string& attributes, const std::string& page) {
    static const test::TemporaryFolder folder;
    static const PasswordHasher hasher(folder / "lock");
    Site site = test::tested_site();
    site.inbox_forms = forms_of(attributes, page);
    site.inbox_forms.has_pages = true;
    return actions_of(site, hasher);
  }

  // "contact new {…} nobody", a message a line.
  std::string inbox() {
    std::string lines;
    for (const auto& [form, state, fields, user] :
         database.reader().rows<std::string, std::string, std::string, std::optional<std::int64_t>>(
             "SELECT form, state, fields, user_id FROM inbox ORDER BY id"))
      lines += form + " " + state + " " + fields + " " + (user ? std::to_string(*user) : "nobody");
    return lines;
  }
};

const Fields good{{"name", "Ada"}, {"days", "mon"}, {"days", "tue"}, {"_once", "k"}};

TEST_CASE("a message of a form without code lies in the inbox, once") {
  SiteWithForm site;
  for (int time = 0; time < 2; ++time) {
    const Response response = site.post("contact", good);
    CHECK(response.status() == 200);
    CHECK(response.body == "{\"ok\":true,\"location\":\"/thanks.html\"}\n");
  }
  CHECK(site.inbox() == R"(contact new {"name":"Ada","days":["mon","tue"]} nobody)");
}

TEST_CASE("the inbox knows who was signed in") {
  SiteWithForm site;
  const std::string cookie = site.sign_up("ada@example.com");
  site.post("contact", {{"name", "Ada"}}, cookie);
  CHECK(site.inbox() == R"(contact new {"name":"Ada","days":[]} 1)");
}

TEST_CASE("without a page for thanks the form's own page thanks") {
  SiteWithForm site("");
  const Response response = site.post("contact", good);
  CHECK(response.body.find("\"location\":\"/comments.html\"") != response.body.npos);
  CHECK(response.body.find("Thank you. Your message has arrived.") != response.body.npos);
}

TEST_CASE("a form without code is in a page of any name that an address may have") {
  for (const auto& [page, location] :
       std::vector<std::pair<std::string, std::string>>{{"über.html", "/%C3%BCber.html"},
                                                        {"sp ace.html", "/sp%20ace.html"},
                                                        {"a#b.html", "/a%23b.html"}}) {
    CAPTURE(page);
    SiteWithForm site("", page);
    const Response response = site.post("contact", good);
    CHECK(response.status() == 200);
    CHECK(response.body.find("\"location\":\"" + location + "\"") != response.body.npos);
    CHECK(site.inbox() != "");
  }
}

TEST_CASE("a form without code refuses what its controls do not allow, and keeps nothing of it") {
  SiteWithForm site;
  for (const Fields& fields :
       {Fields{{"name", ""}}, Fields{}, Fields{{"name", std::string(61, 'x')}},
        Fields{{"name", "Ada"}, {"days", "wed"}}, Fields{{"name", "Ada"}, {"days", "mon, tue"}},
        Fields{{"name", "Ada"}, {"zip", std::string(900, 'a') + "!"}}, Fields{{"name", "A\x01"}}}) {
    CHECK(site.post("contact", fields).status() == 422);
    CHECK(site.inbox() == "");
  }
}

TEST_CASE("a form without code keeps nothing that it does not ask for") {
  SiteWithForm site;
  Fields fields{{"name", "Ada"}};
  for (int n = 0; n < 500; ++n) fields.emplace_back("field" + std::to_string(n), "x");
  CHECK(site.post("contact", fields).status() == 200);
  CHECK(site.inbox() == R"(contact new {"name":"Ada","days":[]} nobody)");
}

TEST_CASE("the owner is told of messages by mail, of many at once in two") {
  SiteWithForm site("data-notify");
  for (int message = 0; message < 20; ++message)
    CHECK(site.post("contact", {{"name", "ada@example.com"}, {"days", "mon"}}).status() == 200);
  const auto mails = outbox(site.database.reader());
  REQUIRE(mails.size() == 2);
  const auto first = find_unsent_mail(site.database.reader(), mails[0].id)->mail;
  CHECK(first.to.text() == "owner@example.com");
  CHECK(first.text == "inbox-message");
  CHECK(first.reply_to->text() == "ada@example.com");
  CHECK(first.values.at("fields") == "name: ada@example.com\nemail: \ndays: mon\nzip: \n");
  const auto second = find_unsent_mail(site.database.reader(), mails[1].id)->mail;
  CHECK(second.text == "inbox-messages");
  CHECK(second.values.at("form") == "contact");
  CHECK(mails[1].due_at == site.now + std::chrono::minutes(1));
}

TEST_CASE("a message that is refused, held or sent twice tells nobody") {
  SiteWithForm site("data-notify");
  CHECK(site.post("contact", {{"name", ""}}).status() == 422);
  CHECK(site.post("contact", {{"name", "Ada"}, {"homepage", "x"}}).status() == 200);
  CHECK(outbox(site.database.reader()).empty());
  for (int time = 0; time < 2; ++time) CHECK(site.post("contact", good).status() == 200);
  CHECK(outbox(site.database.reader()).size() == 1);
}

TEST_CASE("whoever gave an address is thanked once a day, with nothing that was typed") {
  SiteWithForm site("data-answer=\"thanks\"");
  const auto send = [&](const std::string& email) {
    CHECK(site.post("contact", {{"name", "Buy at spam.example"}, {"email", email}}).status() ==
          200);
    return outbox(site.database.reader()).size();
  };
  CHECK(send("") == 0);
  CHECK(send("ada@example.com") == 1);
  const auto mail =
      find_unsent_mail(site.database.reader(), outbox(site.database.reader())[0].id)->mail;
  CHECK(mail.to.text() == "ada@example.com");
  CHECK(mail.text == "thanks");
  CHECK(mail.is_answer);
  CHECK(mail.values.empty());
  CHECK(mail.language == "en");
  CHECK_FALSE(mail.reply_to);
  CHECK(send("ADA@example.com") == 1);
  CHECK(send("bo@example.com") == 2);
  site.now += std::chrono::hours(24) - std::chrono::seconds(1);
  CHECK(send("ada@example.com") == 2);
  site.now += std::chrono::seconds(1);
  CHECK(send("ada@example.com") == 3);
}

TEST_CASE("a message that is refused, held or sent twice is not answered, nor one without a wish") {
  SiteWithForm silent, site("data-answer=\"thanks\"");
  const Fields typed{{"name", "Ada"}, {"email", "ada@example.com"}, {"_once", "k"}};
  CHECK(silent.post("contact", typed).status() == 200);
  CHECK(outbox(silent.database.reader()).empty());
  CHECK(site.post("contact", {{"name", ""}, {"email", "ada@example.com"}}).status() == 422);
  CHECK(site.post("contact", {{"name", "A"}, {"email", "ada@example.com"}, {"homepage", "x"}})
            .status() == 200);
  CHECK(outbox(site.database.reader()).empty());
  for (int time = 0; time < 2; ++time) CHECK(site.post("contact", typed).status() == 200);
  CHECK(outbox(site.database.reader()).size() == 1);
}

TEST_CASE("a form without code holds what looks like spam") {
  SiteWithForm site;
  CHECK(site.post("contact", {{"name", "Ada"}, {"homepage", "x"}}).status() == 200);
  CHECK(site.inbox() == R"(contact spam {"name":"Ada"} nobody)");
  CHECK(held(site.database.reader()).size() == 1);
}

struct Owned : SiteWithForm {
  std::string owner;

  explicit Owned(const std::string& attributes) : SiteWithForm(attributes) {
    owner = sign_up("owner@example.com");
    permit("owner@example.com", "owner", forever);
  }
  Response sort(const std::string& id, const std::string& to) {
    return post("inbox-sort", {{"message", id}, {"to", to}, {"from", "spam"}}, owner);
  }
  bool finds(const std::string& query) {
    return get("/actions/inbox?" + query, owner).body.find("\"id\":") != std::string::npos;
  }
};

TEST_CASE("what is held is spam of the inbox, and released it is a message that was never held") {
  Owned site("data-notify data-thanks=\"/thanks.html\"");
  Fields spam = good;
  spam.emplace_back("homepage", "x");
  CHECK(site.post("contact", spam, site.owner).status() == 200);
  CHECK(site.finds("state=spam"));
  CHECK(site.finds("state=spam&q=ada&form=contact"));
  CHECK_FALSE(site.finds("state=new"));
  CHECK(site.get("/actions/inbox-message?id=1", site.owner).body.find("owner@example.com") !=
        std::string::npos);
  const auto mails = outbox(site.database.reader()).size();
  for (int time = 0; time < 2; ++time) CHECK(site.sort("1", "new").status() == 200);
  CHECK(site.inbox() == R"(contact new {"name":"Ada","days":["mon","tue"]} 1)");
  CHECK(outbox(site.database.reader()).size() == mails + 1);
  CHECK(outbox(site.database.reader()).back().text == "inbox-message");
  CHECK(held(site.database.reader()).empty());
  CHECK(site.finds("state=new&q=ada"));
}

TEST_CASE("held spam goes to the trash unread, and what its form refuses by now stays held") {
  Owned site("");
  for (const char* name : {"Ada", "Bo"})
    CHECK(site.post("contact", {{"name", name}, {"homepage", "x"}}).status() == 200);
  CHECK(site.sort("1", "trash").status() == 200);
  CHECK(held(site.database.reader()).size() == 1);
  CHECK(site.sort("1", "deleted").status() == 200);
  site.change(
      [](Transaction& tx) { tx.run("UPDATE inbox SET fields = '{\"name\":\"\"}' WHERE id = 2"); });
  const Response refused = site.sort("2", "archived");
  CHECK(refused.status() == 422);
  CHECK(refused.body.find("held as spam") != std::string::npos);
  CHECK(find_held(site.database.reader(), 2)->state == MessageState::Spam);
}

TEST_CASE("the messages of a form that says so are no part of a search, and go when it says") {
  Owned site("data-search=\"off\" data-keep-days=\"7\"");
  CHECK(site.post("contact", good).status() == 200);
  CHECK(site.post("contact", {{"name", "Ada"}, {"homepage", "x"}}).status() == 200);
  CHECK(site.finds("state=new"));
  CHECK_FALSE(site.finds("state=new&q=ada"));
  CHECK_FALSE(site.finds("state=spam&q=ada"));
  const std::vector<FormLife> lives{{"contact", std::chrono::days(7)}};
  CHECK(to_text(*forms_of("data-search=\"off\" data-keep-days=\"7\"").forms[0]) ==
        "form contact in comments.html: 4 fields, public, kept 7 days, not searched");
  sweep(site.database, site.now + std::chrono::days(7), lives);
  CHECK(site.inbox() == "");
}

TEST_CASE("S37 a network sends three hundred messages, held ones included, and then waits") {
  SiteWithForm site;
  const auto send = [&](const std::string& address, const std::string& name, int at) {
    Request request = test::make_request(
        "POST", "/actions/contact",
        {{"accept", "application/json"}, {"content-type", "application/x-www-form-urlencoded"}},
        test::urlencoded({{"name", name}, {"homepage", at % 2 ? "x" : ""}}));
    request.address = address;
    return site.send(std::move(request)).status();
  };
  const std::string flood = "192.0.2.1", other = "198.51.100.7";
  for (int at = 0; at < 300; ++at) {
    CHECK(send(flood, "", at) == 422);  // costs nothing
    CHECK(send(flood, "Ada", at) == 200);
  }
  CHECK(send(flood, "Ada", 0) == 429);
  CHECK(send(other, "Ada", 0) == 200);
  CHECK(site.database.reader().row<int>("SELECT count(*) FROM inbox") == std::tuple(301));
  site.now += std::chrono::minutes(15);
  CHECK(send(flood, "Ada", 0) == 200);
}

TEST_CASE("the level of a form without code is asked for, also in its transaction") {
  SiteWithForm site("data-level=\"paid\"");
  CHECK(site.post("contact", good).status() == 401);
  const std::string cookie = site.sign_up("ada@example.com");
  CHECK(site.post("contact", good, cookie).status() == 402);
  site.grant("ada@example.com", forever);
  site.store.just_before_write = [&](Transaction& tx) {
    test::set_access(tx, find_account(tx, "ada@example.com")->id, std::nullopt);
  };
  CHECK(site.post("contact", good, cookie).status() == 402);
  CHECK(site.inbox() == "");
  site.grant("ada@example.com", forever);
  CHECK(site.post("contact", good, cookie).status() == 200);
}

TEST_CASE("the catalogue and OpenAPI show a form without code") {
  SiteWithForm site;
  CHECK(site.get("/actions/").body.find("\"contact\"") != std::string::npos);
  CHECK(site.get("/actions/openapi.json").body.find("\"/actions/contact\"") != std::string::npos);
  CHECK(site.get("/actions/", "", "text/html").body.find("contact") != std::string::npos);
}

}  // namespace
}  // namespace actiond
