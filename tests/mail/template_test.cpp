#include "mail/template.h"

#include <doctest/doctest.h>

#include "support.h"

namespace actiond {
namespace {

MailText fill(const char* file, const MailValues& values) {
  return MailTemplate(file).fill(values);
}

TEST_CASE("a value stands for its name wherever that is") {
  const MailText text = fill("Subject: Hello {name}\n\n{name}, {name}: {link}\n{ {} {Name} {na\n",
                             {{"name", "Ada"}, {"link", "http://localhost/"}});
  CHECK(text.subject.text() == "Hello Ada");
  CHECK(text.body == "Ada, Ada: http://localhost/\n{ {} {Name} {na\n");
}

TEST_CASE("a value adds no header and no line to the head") {
  const MailText text =
      fill("Subject: From {name}\n\n{name}\n", {{"name", "A\r\nBcc: eve@evil.example\r\n\r\nB"}});
  CHECK(text.subject.text() == "From A\uFFFD\uFFFDBcc: eve@evil.example\uFFFD\uFFFD\uFFFD\uFFFDB");
  CHECK(text.body == "A\r\nBcc: eve@evil.example\r\n\r\nB\n");
}

TEST_CASE("a value is not filled again") {
  CHECK(fill("Subject: s\n\n{a}", {{"a", "{b}"}, {"b", "secret"}}).body == "{b}");
}

TEST_CASE("a value that is empty takes along what parts it from the words beside it") {
  struct Row {
    std::string text, said;
  };
  for (const Row& row :
       {Row{"Hello {none},\n", "Hello,\n"}, Row{"Guten Tag, {none},\n", "Guten Tag,\n"},
        Row{"{none}, {name} UTC\n", "Ada UTC\n"}, Row{"{none}{none}, {name}", "Ada"},
        Row{"a\n{none}, b\n", "a\nb\n"}, Row{"a\n\n{none}\nb\n", "a\n\n\nb\n"}, Row{"{none}", ""},
        Row{"for {name}, {none}\n", "for Ada\n"}}) {
    CAPTURE(row.text);
    CHECK(fill(("Subject: s\n\n" + row.text).c_str(), {{"none", ""}, {"name", "Ada"}}).body ==
          row.said);
  }
}

TEST_CASE("a name without a value is reported") {
  CHECK_THROWS_WITH(fill("Subject: s\n\n{link}", {}), "there is no value link");
}

TEST_CASE("a text without a subject of one line, and an empty line, is refused") {
  for (const char* file : {"", "Hello\n", "Subject: s\nBcc: eve@evil.example\n\nHello\n",
                           "Subject: s\r\n\r\nHello\n", "Bcc: e\n\nHello\n", "Subject: s\n"})
    CHECK_THROWS_AS(MailTemplate{file}, std::runtime_error);
}

TEST_CASE("the text in a language is found, or else the one without") {
  const test::TemporaryFolder folder;
  const auto write = [&](const char* name, const char* text) {
    std::ofstream(folder / name) << text;
  };
  write("reset.txt", "Subject: Reset\n\n");
  write("reset.de.txt", "Subject: Vergessen\n\n");
  write("readme.md", "no mail");
  const MailTemplates templates(folder.path());
  const auto subject = [&](const char* language) {
    return templates.find("reset", language).fill({}).subject.text();
  };
  CHECK(subject("") == "Reset");
  CHECK(subject("de") == "Vergessen");
  CHECK(subject("de-AT") == "Vergessen");
  CHECK(subject("DE") == "Vergessen");
  for (const char* other : {"fr", "den", "-", "de.", "../de"}) CHECK(subject(other) == "Reset");
  CHECK_THROWS_WITH(templates.find("readme", ""), "there is no text readme.txt");
  CHECK_THROWS_WITH(templates.find("../reset", ""), "there is no text ../reset.txt");
  write("wrong.txt", "no subject");
  CHECK_THROWS_WITH(MailTemplates(folder.path()),
                    doctest::Contains("wrong.txt: a mail's text begins with"));
}

}  // namespace
}  // namespace actiond
