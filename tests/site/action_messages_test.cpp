// An action in C++ with the facet Inbox leaves a message of what it was sent: at every level, once,
// and only if it did its work.
#include "inbox/action_messages.h"

#include <doctest/doctest.h>

#include "action/declare.h"
#include "inbox/inbox_pages.h"
#include "personal.h"
#include "site_under_test.h"
#include "store/held.h"
#include "store/outbox.h"
#include "store/sweep.h"

namespace actiond {
namespace {

using test::Fields;
using test::SiteUnderTest;

struct Offer {
  std::string title, pin, note;
  std::vector<std::string> days;
};

const Form<Offer> offer{"",
                        {{"title", &Offer::title, {.required = true}},
                         {"pin", &Offer::pin, {.format = Format::Password}},
                         {"note", &Offer::note},
                         {"days", &Offer::days}}};
// Nothing that must not be held.
const Form<Offer> question{"",
                           {{"title", &Offer::title, {.required = true}}, {"note", &Offer::note}}};

Result put(const Offer& sent, Transaction& tx) {
  tx.run("INSERT INTO comments (email, message) VALUES ('', ?)", sent.title);
  if (sent.title == "refused") return offer.error(&Offer::title, "It is taken.");
  if (sent.title == "fails") throw std::runtime_error("it fails");
  if (sent.title == "is nowhere") return NotFound{};
  return Redirect{"/"};
}
Result put_by_user(const User&, const Offer& sent, Transaction& tx) { return put(sent, tx); }
Result put_by_payer(const PaidUser&, const Offer& sent, Transaction& tx) { return put(sent, tx); }
Result put_by_owner(const With<Owner>&, const Offer& sent, Transaction& tx) {
  return put(sent, tx);
}

std::vector<Action> offering() {
  const auto check = [](const Offer&, Reader&) -> std::variant<std::string, FieldErrors> {
    return "checked";
  };
  const auto put_checked = [](const Offer& sent, const std::string&, Transaction& tx) {
    return put(sent, tx);
  };
  const auto put_known = [](const Visitor&, const Offer& sent, Transaction& tx) {
    return put(sent, tx);
  };
  return {public_action("for-all", offer, put, Inbox{}),
          public_action("checked", offer, put_checked, Inbox{}, Before{check}, Audited{}),
          public_action("known", offer, put_known, Inbox{}),
          protected_action("for-users", offer, put_by_user, Inbox{}, Isolation::ReadCommitted),
          paid_action("for-payers", offer, put_by_payer, Inbox{}, LimitByOwnAccount{}),
          permitted_action<Owner>("for-owners", offer, put_by_owner, Inbox{}),
          public_action("trapped", question, put, SpamTrap{"homepage"}, Inbox{.notifies = true}),
          public_action("quiet", question, put,
                        Inbox{.is_searched = false, .kept_for = std::chrono::days(7)})};
}

Site offering_site() {
  Site site = test::tested_site();
  site.actions = offering;
  site.inbox_forms.has_pages = true;
  site.inbox_forms.owners = {*Address::parse("owner@example.com")};
  return site;
}

struct Offering : SiteUnderTest {
  std::string owner;

  Offering() : SiteUnderTest(actions()) {
    owner = sign_up("owner@example.com");
    permit("owner@example.com", "owner", forever);
    grant("owner@example.com", forever);
  }
  static std::vector<Action> actions() {
    static const test::TemporaryFolder folder;
    static const PasswordHasher unused(folder / "lock");
    return actions_of(offering_site(), unused);
  }

  // "FORM STATE FIELDS SENDER" of each message, a line each.
  std::string messages() {
    std::string lines;
    for (const auto& [form, state, fields, user] :
         database.reader().rows<std::string, std::string, std::string, std::optional<int>>(
             "SELECT form, state, fields, user_id FROM inbox ORDER BY id"))
      lines += form + " " + state + " " + fields + " " + (user ? std::to_string(*user) : "nobody");
    return lines;
  }
  std::size_t comments() {
    return database.reader().rows<std::string>("SELECT message FROM comments").size();
  }
  std::string found(const std::string& query) { return get("/actions/inbox?" + query, owner).body; }
  bool finds(const std::string& query) { return found(query).find("\"id\":") != std::string::npos; }
  std::vector<std::string> mails() {
    std::vector<std::string> texts;
    for (const OutboxEntry& mail : outbox(database.reader()))
      if (mail.text.starts_with("inbox")) texts.push_back(mail.text);
    return texts;
  }
};

TEST_CASE("what an action of any level was sent lies in the inbox, with who sent it, once") {
  for (const auto& row : {std::pair<std::string, std::string>{"for-all", "nobody"},
                          {"checked", "nobody"},
                          {"known", "1"},
                          {"for-users", "1"},
                          {"for-payers", "1"},
                          {"for-owners", "1"}}) {
    const std::string &action = row.first, &sender = row.second;
    CAPTURE(action);
    Offering site;
    for (int time = 0; time < 2; ++time)
      CHECK(site.post(action,
                      {{"title", "Oars"},
                       {"note", "a\r\nb"},
                       {"days", "mon"},
                       {"days", "tue"},
                       {"pin", "canary"},
                       {"more", "x"},
                       {"_once", "k"}},
                      site.owner)
                .status() == 200);
    CHECK(site.messages() ==
          action + R"( new {"title":"Oars","note":"a\nb","days":["mon","tue"]} )" + sender);
    CHECK(site.comments() == 1);
    CHECK(site.finds("form=" + action));
    CHECK(site.finds("q=oars"));
    CHECK_FALSE(site.finds("q=canary"));
  }
}

TEST_CASE("what an action refuses, or fails at, is no message") {
  Offering site;
  const auto before = site.all_rows();
  for (const auto& [title, status] : {std::pair<std::string, int>{"", 422},
                                      {"refused", 422},
                                      {"fails", 500},
                                      {"is nowhere", 404}})
    CHECK(site.post("for-users", {{"title", title}}, site.owner).status() == status);
  CHECK(site.post("for-users", {{"title", "Oars"}}).status() == 401);
  site.store.just_before_write = [](Transaction& tx) { tx.run("DELETE FROM sessions"); };
  CHECK(site.post("for-users", {{"title", "Oars"}}, site.owner).status() == 401);
  CHECK(test::changed_tables(before, site.all_rows()) == "sessions");
}

TEST_CASE("the owner is told of what an action was sent as of what a form without code was") {
  Offering site;
  for (int message = 0; message < 5; ++message)
    CHECK(site.post("trapped", {{"title", "Oars"}, {"note", "ada@example.com"}}).status() == 200);
  CHECK(site.mails() == std::vector<std::string>{"inbox-message", "inbox-messages"});
  const auto mail =
      find_unsent_mail(site.database.reader(), outbox(site.database.reader()).at(1).id)->mail;
  CHECK(mail.to.text() == "owner@example.com");
  CHECK(mail.reply_to->text() == "ada@example.com");
  CHECK(mail.values.at("fields") == "title: Oars\nnote: ada@example.com\n");
  CHECK(site.post("quiet", {{"title", "Oars"}}).status() == 200);
  CHECK(site.mails().size() == 2);
}

TEST_CASE("what is held is a message once it runs, and its owner is told then") {
  Offering site;
  CHECK(site.post("trapped", {{"title", "Oars"}, {"homepage", "x"}}).status() == 200);
  CHECK(site.messages() == R"(trapped spam {"title":"Oars"} nobody)");
  CHECK(site.mails().empty());
  CHECK(site.comments() == 0);
  for (int time = 0; time < 2; ++time)
    CHECK(site.post("inbox-sort", {{"message", "1"}, {"to", "new"}}, site.owner).status() == 200);
  CHECK(site.messages() == R"(trapped new {"title":"Oars"} nobody)");
  CHECK(site.comments() == 1);
  CHECK(site.mails() == std::vector<std::string>{"inbox-message"});
  CHECK(held(site.database.reader()).empty());
  CHECK(site.finds("state=new&q=oars"));
}

TEST_CASE("an action's messages have a column for each field, and go when its declaration says") {
  Offering site;
  CHECK(site.post("quiet", {{"title", "Oars"}, {"note", "blue"}}).status() == 200);
  CHECK(site.post("for-all", {{"title", "Sails"}}).status() == 200);
  CHECK(site.found("").find("{\"form\":\"quiet\"}") != std::string::npos);
  const std::string csv = site.found("form=quiet&_format=csv");
  CHECK(csv.find("text,fields,title,note\r\n") != std::string::npos);
  CHECK(csv.find(",Oars,blue\r\n") != std::string::npos);
  CHECK_FALSE(site.finds("q=oars"));
  sweep(site.database, site.now + std::chrono::days(7), form_lives_of(offering_site()));
  CHECK(site.messages().starts_with("for-all new"));
}

TEST_CASE("what is erased about a person is gone from the messages of actions") {
  Offering site;
  CHECK(site.post("for-all", {{"title", "from ada@example.com"}}).status() == 200);
  CHECK(site.post("for-all", {{"title", "from bo@example.com"}}).status() == 200);
  site.change([&](Transaction& tx) {
    erase_person(tx, test::personal_columns(), person_of(tx, "ada@example.com"));
  });
  CHECK(site.messages().find("ada@") == std::string::npos);
  CHECK(site.messages().find("bo@") != std::string::npos);
}

TEST_CASE("a declaration keeps messages for a day or more") {
  CHECK_THROWS_AS(public_action("x", offer, put, Inbox{.kept_for = std::chrono::days(0)}),
                  std::logic_error);
}

}  // namespace
}  // namespace actiond
