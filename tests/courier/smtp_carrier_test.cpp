#include "courier/smtp_carrier.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "courier/relay_server.h"

namespace actiond {
namespace {

using Outcome = Delivery::Outcome;
using test::RelayServer;

SmtpCarrier carrier_to(const std::string& host, int port,
                       std::chrono::milliseconds limit = longest_delivery) {
  return {*Relay::parse("smtp://" + host + ":" + std::to_string(port)), {}, "example.com", limit};
}

Delivery send(SmtpCarrier& carrier, const std::string& message = "Subject: s\r\n\r\n.hidden\r\n") {
  const Address from = *Address::parse("hello@example.com");
  const Address to = *Address::parse("ada@example.com");
  return carrier.deliver({1, from, to, message});
}

Delivery send_to(RelayServer& relay) {
  SmtpCarrier carrier = carrier_to("127.0.0.1", relay.port());
  return send(carrier);
}

bool has(const std::vector<std::string>& lines, const std::string& line) {
  return std::ranges::find(lines, line) != lines.end();
}

TEST_CASE("a relay gets envelope and message, and the connection stays for the next mail") {
  RelayServer relay;
  SmtpCarrier carrier = carrier_to("127.0.0.1", relay.port());
  CHECK(send(carrier).outcome == Outcome::Delivered);
  CHECK(send(carrier).outcome == Outcome::Delivered);
  const auto lines = relay.lines();
  CHECK(has(lines, "EHLO example.com"));
  CHECK(std::ranges::count(lines, "RCPT TO:<ada@example.com>") == 2);
  CHECK(std::ranges::any_of(lines, [](const std::string& line) {
    return line.starts_with("MAIL FROM:<hello@example.com>");
  }));
  CHECK(has(lines, "..hidden"));
  CHECK(relay.connections() == 1);
}

TEST_CASE("the answer of a relay says what becomes of a mail") {
  struct Row {
    RelayServer::Answers answers;
    Outcome outcome;
    std::string reason;
  };
  for (const Row& row : {
           Row{{{"RCPT", "550 no such mailbox"}}, Outcome::Refused, "550 no such mailbox"},
           Row{{{"RCPT", "452 mailbox full"}}, Outcome::Failed, "452 mailbox full"},
           Row{{{"MAIL", "451 later"}}, Outcome::Failed, "451 later"},
           Row{{{"MAIL", "421 closing"}}, Outcome::Unreachable, "421 closing"},
           Row{{{"MAIL", "530 authenticate first"}}, Outcome::Unreachable, "530 authenticate"},
           Row{{{"DATA", "554 not today"}}, Outcome::Refused, "554 not today"},
           Row{{{".", "554 looks like spam"}}, Outcome::Refused, "554 looks like spam"},
           Row{{{".", "451 disk full"}}, Outcome::Failed, "451 disk full"},
           Row{{{".", "drop"}}, Outcome::Failed, ""},
           Row{{{"RCPT", "drop"}}, Outcome::Unreachable, ""},
           Row{{{"greeting", "554 go away"}}, Outcome::Unreachable, "554 go away"},
       }) {
    CAPTURE(row.reason);
    RelayServer relay(row.answers);
    const Delivery delivery = send_to(relay);
    CHECK(delivery.outcome == row.outcome);
    CHECK(delivery.reason.find(row.reason) != std::string::npos);
    CHECK(delivery.reason.find('\n') == std::string::npos);
  }
}

TEST_CASE(
    "a relay that hangs behind the message costs that mail a try, one that hangs before it costs "
    "none") {
  RelayServer behind(RelayServer::Answers{{".", "hang"}});
  SmtpCarrier late = carrier_to("127.0.0.1", behind.port(), std::chrono::milliseconds(200));
  CHECK(send(late).outcome == Outcome::Failed);
  RelayServer before(RelayServer::Answers{{"EHLO", "hang"}});
  SmtpCarrier early = carrier_to("127.0.0.1", before.port(), std::chrono::milliseconds(200));
  CHECK(send(early).outcome == Outcome::Unreachable);
}

TEST_CASE("nobody at the port is nobody to reach") {
  int port = 0;
  { port = RelayServer().port(); }
  SmtpCarrier carrier = carrier_to("127.0.0.1", port);
  CHECK(send(carrier).outcome == Outcome::Unreachable);
}

// 0.0.0.0 leads here, but is no address of the loopback interface.
TEST_CASE("off the loopback interface a relay without STARTTLS gets no mail") {
  RelayServer relay;
  SmtpCarrier carrier = carrier_to("0.0.0.0", relay.port());
  const Delivery delivery = send(carrier);
  CHECK(delivery.outcome == Outcome::Unreachable);
  CHECK(std::ranges::none_of(relay.lines(),
                             [](const std::string& line) { return line.starts_with("MAIL"); }));
}

TEST_CASE("a relay is smtp or smtps, a host, and perhaps a port") {
  for (const char* good : {"smtp://mail.example.com", "smtp://mail.example.com:587",
                           "smtps://[::1]:465", "smtp://127.0.0.1:25"})
    CHECK_MESSAGE(Relay::parse(good).has_value(), good);
  for (const char* bad :
       {"", "mail.example.com", "http://mail.example.com", "smtp://", "smtp://:25", "smtp://a:0",
        "smtp://a:65536", "smtp://a:", "smtp://a/b", "smtp://user@a", "smtp://a:25/x",
        "smtp://a\r\nb", "smtp://A b", "file:///etc/passwd"})
    CHECK_MESSAGE(!Relay::parse(bad), bad);
  CHECK(Relay::parse("smtp://localhost:25")->is_loopback());
  CHECK(Relay::parse("smtp://[::1]")->is_loopback());
  CHECK_FALSE(Relay::parse("smtp://127.0.0.1.evil.example")->is_loopback());
  CHECK_FALSE(Relay::parse("smtp://mail.example.com")->is_loopback());
}

}  // namespace
}  // namespace actiond
