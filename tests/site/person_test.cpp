// Personal data: found, exported and erased by an address.
#include "store/person.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <filesystem>
#include <set>

#include "personal.h"
#include "site_under_test.h"
#include "store/held.h"
#include "store/inbox_index.h"
#include "store/mail_links.h"
#include "store/outbox.h"

namespace actiond {
namespace {

using test::SiteUnderTest;

TEST_CASE("a text of a table tells of people or of nobody, and somebody has said which") {
  test::check_personal_columns();
}

TEST_CASE("a text names an address only where the address is whole") {
  const std::string_view address = "Anna@example.com";
  for (const char* text :
       {"anna@example.com", "Write to <ANNA@example.com>.", "anna@example.com.",
        "a,anna@example.com", "johanna@example.com, anna@example.com", "mailto:anna@example.com?x",
        "\xC3\xA9\n"
        "anna@example.com\n"}) {
    CAPTURE(text);
    CHECK(names_address(text, address));
  }
  for (const char* text :
       {"johanna@example.com", "jo.anna@example.com", "jo+anna@example.com", "anna@example.com.au",
        "anna@example.community", "anna@example.com-x.de", "anna at example.com", ""}) {
    CAPTURE(text);
    CHECK_FALSE(names_address(text, address));
  }
}

const std::string address = "ada.unmistakable@example.com";

struct People {
  SiteUnderTest site;
  std::string ada = site.sign_up(address), jo = site.sign_up("jo." + address);
  const std::vector<PersonalColumn> columns = test::personal_columns();

  People() {
    site.permit(address, "editor", forever);
    for (const std::string& from : {address, "jo." + address})
      CHECK(site.post("comments", {{"message", "Hello"}, {"email", from}}).status() == 200);
    CHECK(site.post("comments", {{"message", "I am Ada.Unmistakable@Example.com"}}).status() ==
          200);
    CHECK(site.post("comments", {{"message", address}, {"homepage", "x"}}).status() == 200);
    CHECK(site.post("author", {{"name", "Countess Unmistakable"}}, ada).status() == 200);
    site.change([&](Transaction& tx) {
      put_into_inbox(tx, "contact", {{"text", {"from " + address}}}, {}, site.now);
      put_into_inbox(tx, "contact", {{"text", {"Unmistakable, who was signed in"}}}, 1, site.now);
      put_into_inbox(tx, "contact", {{"text", {"from jo." + address}}}, 2, site.now);
      for (const std::string& to : {address, "jo." + address})
        order_mail(tx, {.to = *Address::parse(to), .text = "notice", .values = {{"to", to}}});
      order_mail(tx, {.to = *Address::parse("owner@example.com"),
                      .text = "inbox-message",
                      .values = {{"fields", "from " + address}},
                      .reply_to = Address::parse(address)});
    });
  }
  // "comments 2, users 1", the tables in order.
  std::string held(const std::string& of = address) {
    std::map<std::string_view, int> rows;
    Reader& db = site.database.reader();
    read_person(db, columns, person_of(db, of), [&](const PersonalRow& row) { ++rows[row.table]; });
    return told(rows);
  }
  std::string erase() {
    std::map<std::string_view, std::int64_t> rows;
    site.change([&](Transaction& tx) {
      rows.clear();
      for (const auto& [table, count] : erase_person(tx, columns, person_of(tx, address)))
        rows[table] = count;
    });
    return told(rows);
  }
  template <class Counts>
  static std::string told(const Counts& counts) {
    std::string text;
    for (const auto& [table, count] : counts)
      text += fmt::format("{}{} {}", text.empty() ? "" : ", ", table, count);
    return text;
  }
};

TEST_CASE("everything about an address is found, and nothing about another one") {
  People people;
  const std::string about =
      "audit 1, comments 2, grants 1, inbox 3, mail_links 1, outbox 3, sessions 1, users 1";
  CHECK(people.held() == about);
  CHECK(people.held("ADA.unmistakable@EXAMPLE.com") == about);
  CHECK(people.held("nobody@example.com") == "");
  std::set<std::string_view> names;
  Reader& db = people.site.database.reader();
  read_person(db, people.columns, person_of(db, address), [&](const PersonalRow& row) {
    for (const auto& [column, value] : row.columns) {
      names.insert(column);
      CHECK_FALSE((row.table == "outbox" && column == "fields"));  // it holds links
    }
  });
  CHECK(names.contains("message"));
  for (const char* secret : {"password_hash", "token", "hash"}) CHECK_FALSE(names.contains(secret));
}

TEST_CASE("who is erased is in no row any more, and others stay as they were") {
  People people;
  const std::string before = people.held("jo." + address);
  CHECK(people.erase() ==
        "comments 2, grants 1, inbox 3, mail_links 1, outbox 3, sessions 1, users 1");
  CHECK(people.held("jo." + address) == before);
  CHECK(people.held() == "");
  for (const auto& [table, rows] : people.site.all_rows())
    for (const std::string& word :
         {" " + address, "'" + address, std::string("Countess"), std::string("Unmistakable")}) {
      CAPTURE(table);
      CHECK(rows.find(word) == rows.npos);
    }
  CHECK(people.site.get("/actions/me", people.ada).body.find("null") != std::string::npos);
  // The audit still has its id, which is given to nobody else.
  CHECK(people.site.database.reader().row<int>("SELECT count(*) FROM audit WHERE user_id = 1") ==
        std::tuple(1));
  people.site.sign_up(address);
  CHECK(find_account(people.site.database.reader(), address)->id == 3);
  CHECK(people.erase() == "mail_links 1, outbox 1, sessions 1, users 1");
}

TEST_CASE("what was erased is in no file of the data") {
  const test::TemporaryFolder folder;
  const UploadFolder uploads(folder / "uploads");
  const auto engine = sqlite_engine(folder / "site.db", schema_of(test::tested_site()), &uploads);
  const std::string word = "unmistakable";
  const auto change = [&](const std::function<void(Transaction&)>& work) {
    engine->write([&](Transaction& tx) {
      work(tx);
      return Verdict::Keep;
    });
  };
  const auto files_with_it = [&] {
    std::string names;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder / ""))
      if (entry.is_regular_file() && test::read_file(entry.path()).find(word) != std::string::npos)
        names += entry.path().filename().string() + " ";
    return names;
  };
  const auto file = [&] {
    File made{"cv.pdf", "application/pdf", word.size(), "", uploads.new_file()};
    made.bytes->append(word);
    made.bytes->sync();
    return made;
  };
  for (int message = 0; message < 40; ++message)
    change([&](Transaction& tx) {
      put_into_inbox(tx, "contact", {{"text", {"other " + std::to_string(message)}}}, {}, Time{});
    });
  std::int64_t deleted = 0;
  change([&](Transaction& tx) {
    const auto id = add_account(tx, address, word, "hash");
    tx.run("UPDATE users SET avatar = ? WHERE id = ?", tx.keep(file()), id);
    put_into_inbox(tx, "contact",
                   {{"mail", {address}}, {"cv", {"cv.pdf"}, false, tx.keep(file()), "x"}}, {},
                   Time{});
    deleted = put_into_inbox(tx, "contact", {{"text", {word}}}, {}, Time{});
  });
  // Of earlier, by hand: the index of words still has it.
  index_messages(*engine, 1);
  change([&](Transaction& tx) { delete_message(tx, deleted); });
  // The index does not have this one yet.
  change([&](Transaction& tx) {
    put_into_inbox(tx, "contact", {{"text", {word + " " + address}}}, {}, Time{});
  });
  CHECK(files_with_it() != "");
  change(
      [&](Transaction& tx) { erase_person(tx, test::personal_columns(), person_of(tx, address)); });
  CHECK(engine->leave_no_trace());
  CHECK(files_with_it() == "");
  CHECK(engine->reader().row<int>("SELECT count(*) FROM inbox_words WHERE inbox_words MATCH ?",
                                  std::string("\"other\"")) == std::tuple(40));
}

}  // namespace
}  // namespace actiond
