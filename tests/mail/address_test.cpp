#include "mail/address.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace actiond {
namespace {

TEST_CASE("an address of a form is an address") {
  for (const std::string text :
       {"ada@example.com", "a.b+c@mail.example.co.uk", "o'neill@example.com", "x@localhost",
        "ada@xn--mller-kva.example", "a..b@docomo.example", "1@2.example"})
    CHECK_MESSAGE(Address::parse(text).has_value(), text);
}

// A line end in an envelope is another recipient: libcurl passes it on.
TEST_CASE("nothing that could leave its place in an envelope or a header is an address") {
  using namespace std::string_literals;
  const std::vector<std::string> refused{
      "",
      "ada",
      "@example.com",
      "ada@",
      "ada@example.com\r\nRCPT TO:<eve@evil.example>",
      "ada@example.com\n",
      "ada\r@example.com",
      "ada@exam\0ple.com"s,
      "ada@example.com, eve@evil.example",
      "ada@example.com,eve@evil.example",
      "ada@example.com eve@evil.example",
      "<ada@example.com>",
      "ada@example.com> SIZE=1",
      "\"ada lovelace\"@example.com",
      "\"ada\"@example.com",
      "ada@evil@example.com",
      "ada@münchen.example",
      "jürgen@example.com",
      "\xff@example.com",
      "ada@-example.com",
      "ada@example..com",
      "ada@example.com.",
      "ada@[127.0.0.1]",
      "ada(comment)@example.com",
      std::string(65, 'a') + "@example.com",
      "a@" + std::string(64, 'a') + ".example",
      "ada@" + std::string(50, 'a') + "." + std::string(50, 'b') + "." + std::string(50, 'c') +
          "." + std::string(50, 'd') + "." + std::string(50, 'e'),
      std::string(500, 'a')};
  for (const std::string& text : refused) CHECK_MESSAGE(!Address::parse(text), text);
}

TEST_CASE("a mailbox is an address, or a name and an address") {
  const auto header = [](const char* text) {
    const auto mailbox = Mailbox::parse(text);
    return mailbox ? mailbox->header() : "none";
  };
  CHECK(header("hello@example.com") == "hello@example.com");
  CHECK(header("Example <hello@example.com>") == "\"Example\" <hello@example.com>");
  CHECK(header("<hello@example.com>") == "hello@example.com");
  CHECK(header("A \"B\" \\ C <hello@example.com>") == "\"A \\\"B\\\" \\\\ C\" <hello@example.com>");
  CHECK(header("Müller <hello@example.com>") == "=?UTF-8?Q?M=C3=BCller?= <hello@example.com>");
  CHECK(header("A\r\nBcc: eve@evil.example\r\n <hello@example.com>") == "none");
  CHECK(header("A <hello@example.com") == "none");
  CHECK(header("A <B> <hello@example.com>") == "none");
}

TEST_CASE("the text of a header has no control character") {
  using namespace std::string_literals;
  CHECK(HeaderText::parse("Grüße, Ada"));
  for (const std::string& text :
       {"a\rb"s, "a\nb"s, "a\r\nBcc: b"s, "a\0b"s, "a\tb"s, "a\x7f"s, "a\u0085b"s, "a\xff"s})
    CHECK_MESSAGE(!HeaderText::parse(text), text);
}

}  // namespace
}  // namespace actiond
