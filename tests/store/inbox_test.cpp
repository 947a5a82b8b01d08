// Messages: their states, the trash that empties, and how often their owner is told.
#include "store/inbox.h"

#include <doctest/doctest.h>

#include "store/tables.h"

namespace actiond {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

struct Inbox : test::Tables {
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
  Notice notice(const std::string& form, Time at) {
    Notice notice = Notice::None;
    write([&](Transaction& tx) { notice = begin_notice(tx, form, at); });
    return notice;
  }
};

TEST_CASE("a message is found with its fields, as they were sent") {
  Inbox inbox;
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
  Inbox inbox;
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
  Inbox inbox;
  inbox.put("contact", "old");
  inbox.put("contact", "thrown away");
  inbox.put("contact", "thrown away later");
  inbox.move(2, MessageState::Trash);
  inbox.move(3, MessageState::Trash, test::now + seconds(1));
  inbox.move(2, MessageState::Trash, test::now + minutes(5));  // is there already
  inbox.put("contact", "new", test::now + trash_kept_for);
  CHECK(inbox.ids(MessageState::Trash) == "3 ");
  CHECK(inbox.ids(MessageState::New) == "1 4 ");
}

TEST_CASE("of many messages in a minute their owner gets two mails") {
  Inbox inbox;
  const Time now = test::now;
  CHECK(inbox.notice("contact", now) == Notice::Now);
  CHECK(inbox.notice("order", now) == Notice::Now);
  CHECK(inbox.notice("contact", now + seconds(59)) == Notice::AfterAMinute);
  for (const seconds later : {seconds(59), seconds(60), seconds(118)})
    CHECK(inbox.notice("contact", now + later) == Notice::None);
  // That mail is on its way: the next one tells of what comes now.
  CHECK(inbox.notice("contact", now + seconds(119)) == Notice::AfterAMinute);
  CHECK(inbox.notice("contact", now + seconds(240)) == Notice::Now);
  CHECK(inbox.notice("contact", now - minutes(10)) == Notice::Now);  // the clock was set back
}

}  // namespace
}  // namespace actiond
