#include "courier/courier.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <deque>

#include "base/log.h"
#include "courier/file_carrier.h"
#include "courier/relay_server.h"
#include "courier/smtp_carrier.h"
#include "store/tables.h"

namespace actiond {
namespace {

using std::chrono::seconds;
using test::moment;
using test::now;
using Outcome = Delivery::Outcome;

// Does as it is told, and delivers when nothing is said.
struct ToldCarrier final : Carrier {
  std::deque<Outcome> told;
  std::vector<std::string> messages;
  std::function<void()> meanwhile = [] {};

  Delivery deliver(const Parcel& parcel) override {
    messages.emplace_back(parcel.message);
    meanwhile();
    if (told.empty()) return {Outcome::Delivered};
    const Outcome outcome = told.front();
    told.pop_front();
    return {outcome, outcome == Outcome::Delivered ? "" : "as told"};
  }
};

struct Post : test::Tables {
  ToldCarrier carrier;
  Time wall = now;
  Breaker::Clock::time_point steady{};
  MailTemplates templates = [] {
    const test::TemporaryFolder texts;
    test::write_file(texts / "reset.txt", "Subject: Reset\n\n{origin}/reset?token={token}\n");
    return MailTemplates(texts.path());
  }();

  Courier courier_with(Carrier& other) {
    return {database,
            templates,
            other,
            {*Mailbox::parse("Example <hello@example.com>"), "https://example.com:8443"},
            [this] { return wall; }};
  }
  Courier courier = courier_with(carrier);

  std::int64_t order(const std::string& text = "reset") {
    std::int64_t id = 0;
    write([&](Transaction& tx) {
      id = order_mail(tx, {.to = *Address::parse("ada@example.com"),
                           .text = text,
                           .values = {{"token", "secret"}}});
    });
    return id;
  }
  MailState state(std::int64_t id) { return find_mail(database.reader(), id)->state; }
  std::string reason(std::int64_t id) { return find_mail(database.reader(), id)->reason; }
};

TEST_CASE("a mail that is due is sent once") {
  Post post;
  const auto id = post.order();
  CHECK_FALSE(post.courier.round(post.steady));
  CHECK_FALSE(post.courier.round(post.steady));
  REQUIRE(post.carrier.messages.size() == 1);
  CHECK(post.carrier.messages[0].find("https://example.com:8443/reset?token=secret\r\n") !=
        std::string::npos);
  CHECK(post.state(id) == MailState::Sent);
}

TEST_CASE("a link begins with the origin, whatever a handler says") {
  Post post;
  post.write([](Transaction& tx) {
    order_mail(tx, {.to = *Address::parse("ada@example.com"),
                    .text = "reset",
                    .values = {{"token", "t"}, {"origin", "https://evil.example"}}});
  });
  post.courier.round(post.steady);
  CHECK(post.carrier.messages.at(0).find("evil.example") == std::string::npos);
}

TEST_CASE("a mail that was not marked as sent is sent again with the same bytes") {
  Post post;
  post.order();
  post.carrier.meanwhile = [] { throw std::logic_error("the courier is killed"); };
  CHECK_THROWS_AS(post.courier.round(post.steady), std::logic_error);
  post.carrier.meanwhile = [] {};
  post.courier.round(post.steady);
  CHECK(post.carrier.messages.size() == 1);
  post.wall += mail_lease;
  post.courier.round(post.steady);
  REQUIRE(post.carrier.messages.size() == 2);
  CHECK(post.carrier.messages[0] == post.carrier.messages[1]);
  CHECK(post.carrier.messages[0].find("@example.com>\r\nAuto-Submitted") != std::string::npos);
}

TEST_CASE("two couriers send each mail once") {
  Post post;
  for (int n = 0; n < 40; ++n) post.order();
  ToldCarrier other;
  Courier second = post.courier_with(other);
  post.carrier.meanwhile = [&] { second.round(post.steady); };
  while (post.courier.round(post.steady)) {
  }
  CHECK(post.carrier.messages.size() + other.messages.size() == 40);
  CHECK(other.messages.size() > 0);
}

TEST_CASE("a mail that is refused for good is dead at once, the others go on") {
  Post post;
  const auto refused = post.order();
  const auto sent = post.order();
  post.carrier.told = {Outcome::Refused};
  post.courier.round(post.steady);
  CHECK(post.state(refused) == MailState::Dead);
  CHECK(post.reason(refused) == "as told");
  CHECK(post.state(sent) == MailState::Sent);
}

TEST_CASE("a mail that fails waits, and so does one whose text is missing") {
  Post post;
  const auto failed = post.order();
  const auto missing = post.order("missing");
  post.carrier.told = {Outcome::Failed};
  post.courier.round(post.steady);
  CHECK(post.carrier.messages.size() == 1);
  CHECK(post.reason(missing) == "there is no text missing.txt");
  post.courier.round(post.steady);
  CHECK(post.carrier.messages.size() == 1);
  post.wall += std::chrono::minutes(1);
  post.courier.round(post.steady);
  CHECK(post.state(failed) == MailState::Sent);
}

TEST_CASE("a relay that is down costs one try at a time, and no mail any of its own") {
  Post post;
  for (int n = 0; n < 40; ++n) post.order();
  post.carrier.told = {Outcome::Unreachable, Outcome::Unreachable, Outcome::Delivered};
  CHECK_FALSE(post.courier.round(post.steady));
  CHECK(post.carrier.messages.size() == 1);
  CHECK_FALSE(post.courier.round(post.steady + seconds(5) - moment));
  CHECK(post.carrier.messages.size() == 1);
  CHECK_FALSE(post.courier.round(post.steady + seconds(5)));
  CHECK(post.carrier.messages.size() == 2);
  CHECK_FALSE(post.courier.round(post.steady + seconds(15) - moment));
  CHECK(post.carrier.messages.size() == 2);
  const auto back = post.steady + seconds(15);
  while (post.courier.round(back)) {
  }
  CHECK(post.carrier.messages.size() == 42);
  CHECK(count_mails(post.database.reader()).waiting == 0);
  const auto tried = post.database.reader().row<std::int64_t>("SELECT sum(failures) FROM outbox");
  CHECK(std::get<0>(*tried) == 0);
}

TEST_CASE("the log has a relay's codes, and its words are for the operator alone") {
  struct Row {
    test::RelayServer::Answers answers;
    std::string logged;
  };
  const std::string words = " 5.1.1 <ada@example.com>: no such mailbox";
  for (const Row& row :
       {Row{{{"RCPT", "550" + words}}, "reason=\"550 5.1.1\""},
        Row{{{"RCPT", "550-5.1.1 <ada@example.com>\r\n550" + words}}, "reason=\"550 5.1.1\""},
        Row{{{"RCPT", "550 ada@example.com is nobody"}}, "reason=550\n"},
        Row{{{"RCPT", "550 5.1.ada@example.com"}}, "reason=550\n"},
        Row{{{"RCPT", "421 4.7.0 <ada@example.com>: too many"}}, "reason=\"421 4.7.0\""}}) {
    CAPTURE(row.logged);
    Post post;
    const test::TemporaryFolder folder;
    test::RelayServer relay(row.answers);
    SmtpCarrier smtp(*Relay::parse("smtp://127.0.0.1:" + std::to_string(relay.port())), {},
                     "example.com", longest_delivery);
    Courier courier = post.courier_with(smtp);
    const auto id = post.order();
    set_up_log({.file = folder / "log"});
    courier.round(post.steady);
    set_up_log({});
    const std::string log = test::read_file(folder / "log");
    CHECK(log.find("ada") == log.npos);
    CHECK(log.find(row.logged) != log.npos);
    if (post.state(id) == MailState::Dead)
      CHECK(post.reason(id).find("ada@example.com") != std::string::npos);
  }
}

TEST_CASE("a breaker never waits for longer than five minutes") {
  Breaker breaker;
  const Breaker::Clock::time_point start{};
  for (int n = 0; n < 100; ++n) breaker.trip(start);
  CHECK(breaker.is_open(start + std::chrono::minutes(5) - moment));
  CHECK_FALSE(breaker.is_open(start + std::chrono::minutes(5)));
}

TEST_CASE("a mail whose lease has no time left for a try is given back") {
  Post post;
  post.order();
  post.order();
  post.carrier.meanwhile = [&] { post.wall += mail_lease - longest_delivery + moment; };
  post.courier.round(post.steady);
  CHECK(post.carrier.messages.size() == 1);
  post.courier.round(post.steady);
  CHECK(post.carrier.messages.size() == 2);
}

TEST_CASE("without a relay each mail is a file that its owner alone reads") {
  Post post;
  const test::TemporaryFolder folder;
  FileCarrier files(folder / "mail");
  Courier courier = post.courier_with(files);
  const auto id = post.order();
  courier.round(post.steady);
  const auto path = folder / "mail" / "0001.eml";
  CHECK(test::read_file(path).find("To: ada@example.com\r\n") != std::string::npos);
  struct stat status {};
  REQUIRE(stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  REQUIRE(stat((folder / "mail").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0700);
  CHECK(post.state(id) == MailState::Sent);
}

TEST_CASE("a folder that takes no files delays all mails, and loses none") {
  Post post;
  const test::TemporaryFolder folder;
  test::write_file(folder / "mail", "a file, and no folder");
  FileCarrier files(folder / "mail");
  Courier courier = post.courier_with(files);
  const auto id = post.order();
  courier.round(post.steady);
  CHECK(post.state(id) == MailState::Waiting);
}

}  // namespace
}  // namespace actiond
