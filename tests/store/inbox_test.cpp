// Messages: their states, the trash that empties, and how often their owner is told.
#include "store/inbox.h"

#include <doctest/doctest.h>

#include "data/listing.h"
#include "store/held.h"
#include "store/inbox_index.h"
#include "store/sweep.h"
#include "store/tables.h"

namespace actiond {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

struct InboxRows : test::Tables {
  std::int64_t put(const std::string& form, const std::string& text, Time at = test::now) {
    std::int64_t id = 0;
    write([&](Transaction& tx) {
      id = put_into_inbox(tx, form, {{"text", {text}}, {"days", {"mon", "tue"}, true}}, {}, at);
    });
    return id;
  }
  bool move(std::int64_t id, MessageState to, Time at = test::now) {
    bool moved = false;
    write([&](Transaction& tx) { moved = move_message(tx, id, to, at); });
    return moved;
  }
  bool remove(std::int64_t id) {
    bool removed = false;
    write([&](Transaction& tx) { removed = delete_message(tx, id); });
    return removed;
  }
  std::string ids(MessageState state, const std::string& form = "", std::int64_t after = 0) {
    std::string text;
    for (const InboxMessage& message : messages(database.reader(), state, form, after))
      text += std::to_string(message.id) + " ";
    return text;
  }
  // Those that have the words, the oldest first.
  std::string with(std::string_view words) {
    index_messages(database, 1);
    return indexed_with(words);
  }
  std::string indexed_with(std::string_view words) {
    std::string text;
    for (const auto& [id] : database.reader().rows<std::int64_t>(
             "SELECT rowid FROM inbox_words WHERE inbox_words MATCH ? ORDER BY rowid",
             matching(words)))
      text += std::to_string(id) + " ";
    return text;
  }
  Notice notice(const std::string& form, Time at) {
    Notice notice = Notice::None;
    write([&](Transaction& tx) { notice = begin_notice(tx, form, at); });
    return notice;
  }
};

TEST_CASE("a message is found with its fields, as they were sent") {
  InboxRows inbox;
  const auto id = inbox.put("contact", "a \"b\"\n\xE2\x80\xAE c");
  const auto message = find_message(inbox.database.reader(), id);
  REQUIRE(message);
  CHECK(message->form == "contact");
  CHECK(message->state == MessageState::New);
  CHECK(message->made_at == test::now);
  CHECK_FALSE(message->sender);
  REQUIRE(message->fields.size() == 2);
  CHECK(message->fields[0].text() == "a \"b\"\n\xE2\x80\xAE c");
  CHECK_FALSE(message->fields[0].is_list);
  CHECK(message->fields[1].values == std::vector<std::string>{"mon", "tue"});
  CHECK(message->fields[1].text() == "mon, tue");
  CHECK_FALSE(find_message(inbox.database.reader(), id + 1));
}

TEST_CASE("a message is in one state, and in the list of that one") {
  InboxRows inbox;
  for (const std::string form : {"contact", "order", "contact"}) inbox.put(form, "x");
  CHECK(inbox.ids(MessageState::New) == "1 2 3 ");
  CHECK(inbox.ids(MessageState::New, "contact") == "1 3 ");
  CHECK(inbox.ids(MessageState::New, "", 2) == "3 ");
  CHECK(inbox.move(1, MessageState::Archived));
  CHECK(inbox.ids(MessageState::New) == "2 3 ");
  CHECK(inbox.ids(MessageState::Archived) == "1 ");
  CHECK(newest_message(inbox.database.reader()) == 3);
  CHECK(inbox.remove(3));
  CHECK_FALSE(inbox.remove(3));
  CHECK_FALSE(inbox.move(3, MessageState::New));
  CHECK(inbox.put("contact", "x") == 4);  // a number is used once
}

TEST_CASE("trash is deleted after thirty days in it, and nothing else is") {
  InboxRows inbox;
  inbox.put("contact", "old");
  inbox.put("contact", "thrown away");
  inbox.put("contact", "thrown away later");
  inbox.move(2, MessageState::Trash);
  inbox.move(3, MessageState::Trash, test::now + seconds(1));
  inbox.move(2, MessageState::Trash, test::now + minutes(5));  // is there already
  inbox.put("contact", "new", test::now + trash_kept_for);
  sweep(inbox.database, test::now + trash_kept_for);
  CHECK(inbox.ids(MessageState::Trash) == "3 ");
  CHECK(inbox.ids(MessageState::New) == "1 4 ");
}

TEST_CASE("a search finds messages by their words, whatever signs are typed") {
  InboxRows inbox;
  inbox.put("contact",
            "Gr\xC3\xBC\xC3\x9F"
            "e aus K\xC3\xB6ln, ada@example.com (50% of a_sail)");
  inbox.put("contact", "Ko\xCC\x88ln NEAR the river");  // o and a mark of its own
  inbox.put("contact", "near AND far: \xD0\x96\xD1\x83\xD0\xBA 1e5 \xE2\x9C\x93");
  for (const auto& [words, found] : std::initializer_list<std::pair<const char*, const char*>>{
           {"koln", "1 2 "},
           {"K\xC3\x96LN", "1 2 "},
           {"gru\xC3\x9F"
            "e",
            "1 "},
           {"\xD0\xB6\xD1\x83\xD0\xBA", "3 "},
           {"near", "2 3 "},
           {"NEAR(", "2 3 "},
           {"near far", "3 "},
           {"far and near", "3 "},
           {"ada@example.com", "1 "},
           {"example.ada", ""},
           {"ada sail", "1 "},
           {"a_sail", "1 "},
           {"50%", "1 "},
           {"-near", "2 3 "},
           {"text:near", ""},
           {"1e5", "3 "},
           {"\"near\" OR", ""},
           {"near*", "2 3 "},
           {"k\xC3\xB6l", "1 2 "},
           {"k\xC3\xB6l ", ""},
           {"k\xC3\xB6", ""},
           {"k\xC3\xB6l far", ""},
           {"ada@exa", "1 "},
           {"near \xE2\x9C\x93", "2 3 "},
           {"\xE2\x9C\x93", ""},
           {"*", ""},
           {"\"", ""},
           {"' --", ""},
           {"mon", "1 2 3 "},
           {"days", ""}}) {
    CAPTURE(words);
    CHECK(inbox.with(words) == found);
  }
}

TEST_CASE("a search finds what is there: nothing that was deleted, and nothing of a form without") {
  InboxRows inbox;
  for (const char* text : {"oars", "oars", "oars and sails"}) inbox.put("contact", text);
  inbox.write([](Transaction& tx) {
    put_into_inbox(tx, "secret", {{"text", {"oars"}}}, {}, test::now, false);
    HeldRows().hold(tx, {"secret", {{"text", "oars"}}, {}, false}, test::now);
    HeldRows().hold(tx, {"contact", {{"text", "oars"}}, {}, true}, test::now);
  });
  CHECK(inbox.with("oars") == "1 2 3 6 ");
  inbox.move(1, MessageState::Archived);
  for (const std::int64_t id : {2, 4, 5}) CHECK(inbox.remove(id));
  CHECK(inbox.with("oars") == "1 3 6 ");
  CHECK(inbox.with("sails") == "3 ");
  CHECK(inbox.remove(3));
  CHECK(inbox.with("sails") == "");
}

TEST_CASE("words follow their messages into the index, so many at a time") {
  InboxRows inbox;
  if (test::is_on_postgres()) return;  // there they go with their message
  inbox.write([](Transaction& tx) {
    for (int number = 1; number <= 2500; ++number)
      put_into_inbox(tx, "contact", {{"text", {number % 1000 == 1 ? "oars" : "sails"}}}, {},
                     test::now);
  });
  CHECK(inbox.indexed_with("oars") == "");
  CHECK(count_unindexed(inbox.database.reader()) == 2500);
  index_messages(inbox.database, 1);
  CHECK(inbox.indexed_with("oars") == "1 ");
  CHECK(count_unindexed(inbox.database.reader()) == 1500);
  index_messages(inbox.database, 5);
  CHECK(inbox.indexed_with("oars") == "1 1001 2001 ");
  CHECK(count_unindexed(inbox.database.reader()) == 0);
  inbox.put("contact", std::string(200'000, 'x'));
  inbox.put("contact", "oars");
  index_messages(inbox.database, 1);  // a long message is a step
  CHECK(count_unindexed(inbox.database.reader()) == 1);
}

TEST_CASE("what one process has not indexed when it is killed, the next one does") {
  InboxRows inbox;
  inbox.put("contact", "oars");
  if (test::is_on_postgres()) return;
  const auto next = sqlite_engine(inbox.folder / "site.db", library_migrations());
  index_messages(*next, 1);
  CHECK(inbox.indexed_with("oars") == "1 ");
  CHECK(count_unindexed(inbox.database.reader()) == 0);
}

TEST_CASE("a message may be deleted before its words are in the index") {
  InboxRows inbox;
  for (const char* text : {"oars", "oars and sails", "oars"}) inbox.put("contact", text);
  CHECK(inbox.remove(2));
  CHECK(inbox.with("oars") == "1 3 ");
  CHECK(inbox.with("sails") == "");
  inbox.put("contact", "oars");
  CHECK(inbox.remove(4));
  CHECK(count_unindexed(inbox.database.reader()) == 0);
  CHECK(inbox.put("contact", "oars") == 5);
  CHECK(inbox.with("oars") == "1 3 5 ");
  for (const std::int64_t id : {1, 3, 5}) CHECK(inbox.remove(id));
  CHECK(inbox.with("oars") == "");
  if (!test::is_on_postgres())  // throws what does not fit
    inbox.write([](Transaction& tx) {
      tx.run("INSERT INTO inbox_words (inbox_words, rank) VALUES ('integrity-check', 1)");
    });
}

TEST_CASE("messages of a form are kept as long as it says, in whatever state") {
  InboxRows inbox;
  const std::vector<FormLife> lives{{"contact", std::chrono::days(2)}};
  for (const char* form : {"contact", "order", "contact", "contact"}) inbox.put(form, "x");
  inbox.move(3, MessageState::Archived);
  inbox.move(4, MessageState::Spam);
  for (int number = 0; number < 250; ++number) inbox.put("contact", "y");
  inbox.put("contact", "later", test::now + seconds(1));
  sweep(inbox.database, test::now + std::chrono::days(2) - seconds(1), lives);
  CHECK(inbox.ids(MessageState::New, "contact").starts_with("1 5 "));
  sweep(inbox.database, test::now + std::chrono::days(2), lives);
  CHECK(inbox.ids(MessageState::New) == "2 255 ");
  CHECK(inbox.ids(MessageState::Archived) + inbox.ids(MessageState::Spam) == "");
  CHECK(inbox.with("x") == "2 ");
}

TEST_CASE("of many messages in a minute their owner gets two mails") {
  InboxRows inbox;
  const Time now = test::now;
  CHECK(inbox.notice("contact", now) == Notice::Now);
  CHECK(inbox.notice("order", now) == Notice::Now);
  CHECK(inbox.notice("contact", now + seconds(59)) == Notice::Later);
  for (const seconds later : {seconds(59), seconds(60), seconds(118)})
    CHECK(inbox.notice("contact", now + later) == Notice::None);
  // That mail is on its way: the next one tells of what comes now.
  CHECK(inbox.notice("contact", now + seconds(119)) == Notice::Later);
  CHECK(inbox.notice("contact", now + seconds(240)) == Notice::Now);
  CHECK(inbox.notice("contact", now - minutes(10)) == Notice::Now);  // the clock was set back
}

}  // namespace
}  // namespace actiond
