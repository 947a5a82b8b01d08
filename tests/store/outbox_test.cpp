#include "store/outbox.h"

#include <doctest/doctest.h>

#include "store/tables.h"

namespace actiond {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using test::moment;
using test::now;

struct Outbox : test::Tables {
  std::int64_t order(const std::string& to, std::optional<Time> expires_at = {}) {
    std::int64_t id = 0;
    write([&](Transaction& tx) {
      id = order_mail(tx, {.to = *Address::parse(to),
                           .text = "reset",
                           .values = {{"link", "secret"}},
                           .reply_to = Address::parse("eve@example.com"),
                           .expires_at = expires_at});
    });
    return id;
  }
  std::vector<OutgoingMail> take(Time at, int most = 10) {
    std::vector<OutgoingMail> taken;
    write([&](Transaction& tx) { taken = take_mails(tx, at, most); });
    return taken;
  }
  OutboxEntry entry(std::int64_t id) { return *find_mail(database.reader(), id); }
  std::string said(std::int64_t id) {
    const auto row = database.reader().row<std::optional<std::string>, std::optional<std::string>>(
        "SELECT fields, reply_to FROM outbox WHERE id = ?", id);
    return std::get<0>(*row).value_or("") + std::get<1>(*row).value_or("");
  }
};

TEST_CASE("a mail is there when its action commits, and is not when it is undone") {
  Outbox rows;
  rows.database.write([](Transaction& tx) {
    order_mail(tx, {.to = *Address::parse("ada@example.com"), .text = "reset"});
    return Verdict::Undo;
  });
  CHECK(rows.take(now).empty());
  rows.order("ada@example.com");
  const auto taken = rows.take(now);
  REQUIRE(taken.size() == 1);
  CHECK(taken[0].mail.to.text() == "ada@example.com");
  CHECK(taken[0].mail.text == "reset");
  CHECK(taken[0].mail.values == MailValues{{"link", "secret"}});
  CHECK(taken[0].mail.reply_to->text() == "eve@example.com");
  CHECK(taken[0].token.size() == 22);
}

TEST_CASE("a mail is of one courier until its lease ends, and then has the same token") {
  Outbox rows;
  rows.order("ada@example.com");
  rows.order("bob@example.com");
  const auto first = rows.take(now, 1);
  const auto second = rows.take(now, 10);
  REQUIRE(first.size() == 1);
  REQUIRE(second.size() == 1);
  CHECK(first[0].id != second[0].id);
  CHECK(rows.take(now + mail_lease - moment).empty());
  const auto again = rows.take(now + mail_lease);
  REQUIRE(again.size() == 2);
  CHECK(again[0].token == first[0].token);

  // The first one comes back from a long sleep.
  rows.write([&](Transaction& tx) { mark_refused(tx, first[0], "550", now); });
  rows.write([&](Transaction& tx) { mark_failed(tx, first[0], "421", now); });
  rows.write([&](Transaction& tx) { give_back(tx, first[0]); });
  CHECK(rows.entry(first[0].id).state == MailState::Waiting);
  CHECK(rows.entry(first[0].id).failures == 0);
  CHECK(rows.take(now + mail_lease).empty());
}

TEST_CASE("what a mail said is wiped when it is done") {
  Outbox rows;
  const auto sent = rows.order("ada@example.com");
  const auto mails = rows.take(now);
  CHECK(rows.said(sent) == R"({"link":"secret"}eve@example.com)");
  rows.write([&](Transaction& tx) { mark_sent(tx, mails.at(0), now); });
  CHECK(rows.entry(sent).state == MailState::Sent);
  CHECK(rows.said(sent).empty());

  const auto dropped = rows.order("ada@example.com");
  rows.write([&](Transaction& tx) { CHECK(drop_mail(tx, dropped, now)); });
  CHECK(rows.said(dropped).empty());
  rows.write([&](Transaction& tx) { CHECK_FALSE(drop_mail(tx, dropped, now)); });
}

TEST_CASE(
    "a mail that fails waits 1, 5 and 15 minutes, 1, 4, 12 and 24 hours, and is dead after three "
    "days") {
  Outbox rows;
  const auto id = rows.order("ada@example.com");
  Time at = now;
  for (const std::chrono::seconds wait :
       {std::chrono::seconds(minutes(1)), std::chrono::seconds(minutes(5)),
        std::chrono::seconds(minutes(15)), std::chrono::seconds(hours(1)),
        std::chrono::seconds(hours(4)), std::chrono::seconds(hours(12)),
        std::chrono::seconds(hours(24)), std::chrono::seconds(hours(24))}) {
    const auto mails = rows.take(at);
    REQUIRE(mails.size() == 1);
    rows.write([&](Transaction& tx) { mark_failed(tx, mails[0], "451 later", at); });
    CHECK(rows.take(at + wait - moment).empty());
    at += wait;
  }
  const auto mails = rows.take(at + hours(24));
  REQUIRE(mails.size() == 1);
  rows.write([&](Transaction& tx) { mark_failed(tx, mails[0], "451 later", at + hours(24)); });
  CHECK(rows.entry(id).state == MailState::Dead);
  CHECK(rows.entry(id).reason == "451 later");
  CHECK(rows.take(at + mail_fails_for).empty());

  rows.write([&](Transaction& tx) { CHECK(retry_mail(tx, id)); });
  CHECK(rows.take(at).at(0).mail.values.at("link") == "secret");
}

TEST_CASE("a clock that was set back delays no mail for longer than it would wait") {
  Outbox rows;
  rows.order("ada@example.com");
  const auto mails = rows.take(now + hours(1000));
  rows.write([&](Transaction& tx) { mark_failed(tx, mails.at(0), "451", now + hours(1000)); });
  CHECK(rows.take(now).size() == 1);
}

TEST_CASE("a mail is not sent once it has expired, and says nothing any more, sent or dead") {
  Outbox rows;
  const auto id = rows.order("ada@example.com", now);
  const auto dead = rows.order("bob@example.com", now + moment);
  const auto mails = rows.take(now);
  REQUIRE(mails.size() == 1);
  CHECK(rows.entry(id).state == MailState::Expired);
  CHECK(rows.said(id).empty());
  rows.write([&](Transaction& tx) { mark_refused(tx, mails[0], "550", now); });
  rows.take(now + moment);
  CHECK(rows.entry(dead).state == MailState::Expired);
  CHECK(rows.said(dead).empty());
}

TEST_CASE("mails that expire go before all others, the soonest first") {
  Outbox rows;
  for (int n = 0; n < 20; ++n) rows.order("many@example.com");
  rows.order("later@example.com", now + hours(24));
  rows.order("soon@example.com", now + minutes(10));
  const auto first = rows.take(now, 3);
  REQUIRE(first.size() == 3);
  CHECK(first[0].mail.to.text() == "soon@example.com");
  CHECK(first[1].mail.to.text() == "later@example.com");
  CHECK(first[2].mail.to.text() == "many@example.com");
  // One that failed waits as it would, and holds up nobody.
  rows.write([&](Transaction& tx) { mark_failed(tx, first[0], "451 later", now); });
  CHECK(rows.take(now, 30).size() == 19);
  CHECK(rows.take(now + minutes(1), 1).at(0).id == first[0].id);
}

TEST_CASE("a mail that came back with a backup waits until it is released") {
  Outbox rows;
  const auto id = rows.order("ada@example.com");
  rows.write([&](Transaction& tx) { CHECK(park_mails(tx) == 1); });
  CHECK(rows.take(now).empty());
  CHECK(count_mails(rows.database.reader()).parked == 1);
  rows.write([&](Transaction& tx) { CHECK_FALSE(retry_mail(tx, id)); });
  rows.write([&](Transaction& tx) { CHECK(release_mail(tx, id)); });
  CHECK(rows.take(now).size() == 1);
}

TEST_CASE("rows of mails that are done go after a month") {
  Outbox rows;
  rows.order("ada@example.com");
  const auto mails = rows.take(now);
  rows.write([&](Transaction& tx) { mark_sent(tx, mails.at(0), now); });
  rows.take(now + mail_kept_for - moment);
  CHECK(outbox(rows.database.reader()).size() == 1);
  rows.take(now + mail_kept_for);
  CHECK(outbox(rows.database.reader()).empty());
}

TEST_CASE("the count of the outbox tells since when the oldest mail waits") {
  Outbox rows;
  CHECK_FALSE(count_mails(rows.database.reader()).oldest);
  rows.order("ada@example.com");
  rows.order("bob@example.com");
  rows.write([](Transaction& tx) { tx.run("UPDATE outbox SET made_at = ? WHERE id = 1", now); });
  const OutboxCount count = count_mails(rows.database.reader());
  CHECK(count.waiting == 2);
  CHECK(count.oldest == now);
}

}  // namespace
}  // namespace actiond
