// The mails that are shipped, in every language, byte by byte.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>

#include "mail/message.h"
#include "support.h"

namespace actiond {
namespace {

const auto texts = test::project_folder() / "conf/mail";
const std::string languages[] = {"", "de"};

// Values as the actions give them, and the courier.
const MailValues values{{"origin", "https://example.com"},
                        {"name", "Ada Löwe"},
                        {"email", "new@example.com"},
                        {"token", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYX"},
                        {"code", "012345"},
                        {"browser", "Firefox, Linux"},
                        {"time", "2027-01-15 08:00"},
                        {"until", "2027-04-15 08:00"},
                        {"actions", "comments, order"},
                        {"form", "contact"},
                        {"id", "17"},
                        {"report", "2 subscriptions looked at, 1 mended, 0 left"},
                        {"command", "`club access EMAIL`"},
                        {"lines", "sub_1: team until 2027-02-15T08:00:00Z\n"},
                        {"fields", "name: Ada Löwe\nmessage:\nHello,\nworld\n"}};

std::vector<std::string> shipped_names() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(texts)) {
    const std::string name = entry.path().stem().string();
    if (name.find('.') == name.npos) names.push_back(name);
  }
  std::ranges::sort(names);
  return names;
}

TEST_CASE("each text that the library sends is shipped, and one to answer a form with") {
  std::vector<std::string> expected(library_texts.begin(), library_texts.end());
  expected.insert(std::ranges::upper_bound(expected, "thanks"), "thanks");
  CHECK(shipped_names() == expected);
}

TEST_CASE("each mail is sent in each language as its golden file has it") {
  const MailTemplates templates(texts);
  const auto golden = test::project_folder() / "tests/mail/golden/shipped";
  for (const std::string& name : shipped_names())
    for (const std::string& language : languages) {
      const MailText text = templates.find(name, language).fill(values);
      const std::string sent = to_rfc5322({.from = *Mailbox::parse("Example <hello@example.com>"),
                                           .to = *Address::parse("ada@example.com"),
                                           .reply_to = std::nullopt,
                                           .date = Time(std::chrono::seconds(1'800'000'000)),
                                           .id = "17.AAECAwQFBgcICQoLDA0ODw@example.com",
                                           .text = text});
      const std::string file =
          fmt::format("{}{}{}.eml", name, language.empty() ? "" : ".", language);
      CAPTURE(file);
      CHECK(sent == test::read_file(golden / file));
    }
}

TEST_CASE("each mail has each language, and says there what it says in English") {
  const auto said = [](const std::string& file) {
    const std::string text = test::read_file(texts / file);
    std::set<std::string> names;
    for (const auto& [name, value] : values)
      if (text.find("{" + name + "}") != text.npos) names.insert(name);
    return names;
  };
  CHECK(shipped_names().size() > 5);
  for (const std::string& name : shipped_names()) {
    CAPTURE(name);
    CHECK(said(name + ".de.txt") == said(name + ".txt"));
  }
}

}  // namespace
}  // namespace actiond
