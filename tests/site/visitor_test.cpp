// A public action that asks who sends it.
#include <doctest/doctest.h>

#include "action/declare.h"
#include "site_under_test.h"

namespace actiond {
namespace {

using test::SiteUnderTest;

struct Words {
  std::string email;
  std::string message;
};
const Form<Words> words_form{"comments.html",
                             {
                                 {"email", &Words::email},
                                 {"message", &Words::message, {.required = true}},
                             }};

Words load_words(const Visitor& visitor, Reader&) {
  return {visitor.user() ? visitor.user()->email() : "nobody", ""};
}

Result keep_words(const Visitor& visitor, const Words& words, Transaction& tx) {
  const User* user = visitor.user();
  tx.run("INSERT INTO comments (email, message) VALUES (?, ?)", user ? user->email() : "nobody",
         words.message);
  return Redirect{"/"};
}

struct OpenSite {
  SiteUnderTest site{with_words()};
  std::string ada = site.sign_up("ada@example.com");

  static std::vector<Action> with_words() {
    static const test::TemporaryFolder folder;
    static PasswordHasher hasher{folder / "lock"};
    auto actions = actions_of(test::tested_site(), hasher);
    actions.push_back(public_action("words", words_form, keep_words, Load{load_words}));
    return actions;
  }
  std::string sender_of(const std::string& cookie) {
    site.change([](Transaction& tx) { tx.run("DELETE FROM comments"); });
    CHECK(site.post("words", {{"message", "hello"}}, cookie).status() == 200);
    return std::get<0>(*site.database.reader().row<std::string>("SELECT email FROM comments"));
  }
};

TEST_CASE("a public action that asks is told who is signed in, and that nobody is") {
  OpenSite open;
  CHECK(open.sender_of(open.ada) == "ada@example.com");
  CHECK(open.sender_of("") == "nobody");
  CHECK(open.sender_of("session=v1.forged.forged.forged") == "nobody");
  CHECK(open.site.get("/actions/words", open.ada).body.find("ada@example.com") !=
        std::string::npos);
  CHECK(open.site.get("/actions/words").body.find("\"email\":\"nobody\"") != std::string::npos);
}

TEST_CASE("one whose session has ended is nobody, and is not turned away") {
  OpenSite open;
  CHECK(open.site.post("sign-out", {}, open.ada).status() == 200);
  CHECK(open.sender_of(open.ada) == "nobody");
}

TEST_CASE("a submission that is sent again after signing out has no second effect") {
  OpenSite open;
  const test::Fields fields{{"message", "hello"}, {"_once", "a-key"}};
  CHECK(open.site.post("words", fields, open.ada).status() == 200);
  CHECK(open.site.post("sign-out", {}, open.ada).status() == 200);
  const auto before = open.site.all_rows();
  CHECK(open.site.post("words", fields, open.ada).status() == 200);
  CHECK(test::changed_tables(before, open.site.all_rows()).empty());
}

}  // namespace
}  // namespace actiond
