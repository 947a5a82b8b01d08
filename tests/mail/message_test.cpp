#include "mail/message.h"

#include <doctest/doctest.h>

#include "support.h"

namespace actiond {
namespace {

MailMessage message(const std::string& subject, const std::string& body) {
  return {.from = *Mailbox::parse("Example <hello@example.com>"),
          .to = *Address::parse("ada@example.com"),
          .reply_to = std::nullopt,
          .date = Time(std::chrono::seconds(1'800'000'000)),
          .id = "17.AAECAwQFBgcICQoLDA0ODw@example.com",
          .text = {*HeaderText::parse(subject), body}};
}

// Byte by byte, as the golden file has it.
void check_golden(const std::string& name, const MailMessage& message) {
  const auto file = test::project_folder() / "tests/mail/golden" / (name + ".eml");
  CHECK(to_rfc5322(message) == test::read_file(file));
}

TEST_CASE("a mail in ASCII is sent as it is") {
  check_golden("plain", message("Reset your password",
                                "Hello,\n\nhttps://example.com/actions/reset-password?token=AA_-x\n"
                                "\n.\nFrom here\n"));
}

TEST_CASE("a mail in another alphabet is encoded, and answered where it says") {
  MailMessage letter = message(
      "Grüße von Jürgen: ein Betreff, der länger ist "
      "als eine Zeile, mit €",
      "Schöne Grüße, 100 % = alles.\nEin langer Absatz mit Umlauten: "
      "äöü äöü äöü äöü äöü äöü äöü äöü.\nam Ende ein Leerzeichen \n\n日本語\n");
  letter.from = *Mailbox::parse("Müller & Söhne <hello@example.com>");
  letter.reply_to = Address::parse("juergen@example.com");
  check_golden("german", letter);
}

TEST_CASE(
    "RFC 3834: a mail that answers by itself says so, and any other that a program wrote it") {
  MailMessage answer = message("s", "b");
  CHECK(to_rfc5322(answer).find("\r\nAuto-Submitted: auto-generated\r\n") != std::string::npos);
  answer.is_answer = true;
  CHECK(to_rfc5322(answer).find("\r\nAuto-Submitted: auto-replied\r\n") != std::string::npos);
}

TEST_CASE("every line ends in CRLF, and none has more than 998 bytes") {
  const std::string sent = to_rfc5322(message(
      std::string(500, 's'), "one\r\ntwo\rthree\nfour" + std::string(5000, 'x') + "\n\x01\xff\n"));
  std::size_t start = 0;
  while (start < sent.size()) {
    const std::size_t end = sent.find("\r\n", start);
    REQUIRE(end != sent.npos);
    CHECK(end - start <= 78);
    CHECK(sent.substr(start, end - start).find_first_of("\r\n") == sent.npos);
    start = end + 2;
  }
  CHECK(sent.find("\r\none\r\ntwo\r\nthree\r\nfour") != sent.npos);
}

TEST_CASE("a long line and one that is no text are quoted") {
  const auto encoding = [](const std::string& body) {
    const std::string sent = to_rfc5322(message("s", body));
    return sent.substr(sent.find("Encoding: ") + 10, 4);
  };
  CHECK(encoding(std::string(998, 'x')) == "7bit");
  CHECK(encoding(std::string(999, 'x')) == "quot");
  CHECK(encoding("\x01") == "quot");
}

}  // namespace
}  // namespace actiond
