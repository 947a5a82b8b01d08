#include "store/mail_links.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <set>

#include "store/tables.h"

namespace actiond {
namespace {

// Each question is another moment, as outside of a transaction; behind the first the accounts go.
class Forgetful final : public Reader {
 public:
  explicit Forgetful(test::Tables& tables) : tables_(tables) {}

 protected:
  void query(std::string_view sql, std::span<const Value> values,
             const std::function<bool(Row)>& visit) override {
    tables_.database.reader().each_row(sql, values, visit);
    tables_.write([](Transaction& tx) { tx.run("DELETE FROM users"); });
  }

 private:
  test::Tables& tables_;
};

TEST_CASE("a link whose account is deleted between two questions opens nothing") {
  const std::string address = "ada@example.com";
  for (const LinkPurpose purpose : {LinkPurpose::ResetPassword, LinkPurpose::SignIn}) {
    test::Tables tables;
    MailLink link;
    SignInLink sign_in;
    tables.write([&](Transaction& tx) {
      add_account(tx, address, "Ada", "");
      const auto account = find_account(tx, address);
      if (purpose == LinkPurpose::SignIn)
        sign_in = make_sign_in_link(tx, address, account, "", test::now);
      else
        link = make_mail_link(tx, purpose, address, account, "", test::now);
    });
    const auto opened = [&](Reader& db) {
      return purpose == LinkPurpose::SignIn
                 ? find_sign_in_link(db, sign_in.ticket, sign_in.link.token, "", test::now)
                 : find_mail_link(db, purpose, link.token, test::now);
    };
    CHECK(opened(tables.database.reader()));
    Forgetful forgetful(tables);
    CHECK_FALSE(opened(forgetful));
  }
}

TEST_CASE("digits are six, and any of them") {
  test::Tables tables;
  std::set<std::string> codes;
  std::array<std::array<int, 10>, 6> seen{};
  tables.write([&](Transaction& tx) {
    for (int at = 0; at < 400; ++at) {
      const SignInLink made = make_sign_in_link(tx, "ada@example.com", std::nullopt, "", test::now);
      REQUIRE(made.code.size() == 6);
      CHECK(std::ranges::all_of(made.code, [](char c) { return c >= '0' && c <= '9'; }));
      codes.insert(made.code);
      for (std::size_t place = 0; place < 6; ++place)
        ++seen.at(place).at(static_cast<std::size_t>(made.code[place] - '0'));
    }
  });
  CHECK(codes.size() > 395);
  for (const auto& place : seen) CHECK(*std::ranges::min_element(place) > 0);
}

}  // namespace
}  // namespace actiond
