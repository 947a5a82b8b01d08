// The audit has a row exactly when there was an effect.
#include "store/audit.h"

#include <doctest/doctest.h>

#include <stdexcept>

#include "action/declare.h"
#include "site_under_test.h"

namespace actiond {
namespace {

using test::changed_tables;
using test::SiteUnderTest;

// "ACTION USER OUTCOME REQUEST" of every row, a line each.
std::string rows(SiteUnderTest& site) {
  std::string all;
  read_audit(site.database.reader(), Time(), std::nullopt, [&all](const AuditedAction& row) {
    all += row.action + " " + row.email.value_or("-") + " " + row.outcome + " " + row.request_id +
           "\n";
  });
  return all;
}

TEST_CASE("a paid action leaves one row, with its request id") {
  SiteUnderTest site;
  const std::string cookie = site.sign_up("ada@example.com");
  site.grant("ada@example.com", forever);
  Request request = test::make_request("POST", "/actions/order",
                                       {{"sec-fetch-site", "same-origin"},
                                        {"cookie", cookie},
                                        {"content-type", "application/x-www-form-urlencoded"}},
                                       "topic=owls");
  request.id = "f00d";
  CHECK(test::header(site.send(request), "X-Request-Id") == "f00d");
  CHECK(rows(site) == "order ada@example.com data f00d\n");
  CHECK(site.database.reader().row<Time>("SELECT at FROM audit") == std::tuple(site.now));
}

TEST_CASE("what has no effect leaves no row") {
  SiteUnderTest site;
  const std::string cookie = site.sign_up("ada@example.com");
  const auto before = site.all_rows();
  CHECK(site.post("order", {{"topic", "owls"}}, cookie).status() == 402);
  CHECK(site.post("author", {{"name", "Eve"}}).status() == 401);
  CHECK(site.post("author", {{"name", ""}}, cookie).status() == 422);
  // Allowed at first, refused inside the transaction.
  site.grant("ada@example.com", forever);
  site.store.just_before_write = [](Transaction& tx) {
    test::set_access(tx, find_account(tx, "ada@example.com")->id, std::nullopt);
  };
  CHECK(site.post("order", {{"topic", "owls"}}, cookie).status() == 402);
  CHECK(changed_tables(before, site.all_rows()) == "");
}

TEST_CASE("an answer that is given again leaves no second row") {
  SiteUnderTest site;
  const std::string cookie = site.sign_up("ada@example.com");
  site.grant("ada@example.com", forever);
  const test::Fields fields{{"topic", "owls"}, {"_once", "k"}};
  const Response first = site.post("order", fields, cookie);
  const std::string once = rows(site);
  const Response again = site.post("order", fields, cookie);
  CHECK(test::header(again, "Idempotent-Replayed") == "true");
  CHECK(once == "order ada@example.com data 0123456789abcdef\n");
  CHECK(rows(site) == once);
}

TEST_CASE("signing out leaves a row of who it was") {
  SiteUnderTest site;
  const std::string cookie = site.sign_up("ada@example.com");
  CHECK(site.post("sign-out", {}, cookie).status() == 200);
  CHECK(rows(site) == "sign-out ada@example.com session ended 0123456789abcdef\n");
}

struct Nothing {};
const Form<Nothing> no_fields{};

template <class... Facets>
Action made(std::string_view name, std::function<Result(Transaction&)> run, Facets... facets) {
  return public_action(
      name, no_fields, [run](const Nothing&, Transaction& tx) { return run(tx); }, facets...);
}

TEST_CASE("a public action leaves a row when it says so, a protected one unless it says not") {
  SiteUnderTest site({
      made("quiet", [](Transaction&) -> Result { return Redirect{"/"}; }),
      made(
          "loud", [](Transaction&) -> Result { return Redirect{"/"}; }, Audited{}),
      made(
          "enter",
          [](Transaction& tx) -> Result {
            return StartSession{*add_account(tx, "ada@example.com", "Ada", "hash"), "/"};
          },
          Audited{}),
      protected_action("seen", no_fields,
                       [](const User&, const Nothing&, Transaction&) -> Result {
                         return Data{{{"a", "1"}}};
                       }),
      protected_action(
          "unseen", no_fields,
          [](const User&, const Nothing&, Transaction&) -> Result { return Redirect{"/"}; },
          Audited{false}),
  });
  CHECK(site.post("quiet", {}).status() == 200);
  CHECK(site.post("loud", {}).status() == 200);
  const std::string cookie = test::session_of(site.post("enter", {}));
  CHECK(site.post("seen", {}, cookie).status() == 200);
  CHECK(site.post("unseen", {}, cookie).status() == 200);
  CHECK(rows(site) ==
        "loud - redirect 0123456789abcdef\n"
        "enter ada@example.com session started 0123456789abcdef\n"
        "seen ada@example.com data 0123456789abcdef\n");
}

TEST_CASE("an action that is undone leaves no row, whatever undid it") {
  SiteUnderTest site(
      {
          made(
              "throws", [](Transaction&) -> Result { throw std::runtime_error("no"); }, Audited{}),
          made(
              "wrong",
              [](Transaction&) -> Result {
                return FieldErrors{{{"", "No."}}};
              },
              Audited{}),
          made(
              "leaves-the-site", [](Transaction&) -> Result { return Redirect{"//evil.example/"}; },
              Audited{}),
          made(
              "breaks-a-key",
              [](Transaction& tx) -> Result {
                tx.run("INSERT INTO late VALUES (7)");
                return Redirect{"/"};
              },
              Audited{}),
          made(
              "unavailable", [](Transaction&) -> Result { throw Unavailable("disk on fire"); },
              Audited{}),
      },
      "CREATE TABLE late (user_id INTEGER REFERENCES users (id) DEFERRABLE INITIALLY DEFERRED)");
  for (const Action& action : site.catalogue.actions()) {
    CAPTURE(action.name);
    CHECK(site.post(action.name, {}).status() >= 400);
  }
  CHECK(rows(site) == "");
  CHECK(site.all_rows().empty());
}

}  // namespace
}  // namespace actiond
