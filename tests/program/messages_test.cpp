#include "program/messages.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <regex>
#include <set>

#include "http/response.h"
#include "support.h"

namespace actiond {
namespace {

struct Folder {
  test::TemporaryFolder folder;

  void write(const std::string& file, const std::string& text) const {
    test::write_file(folder / file, text);
  }
  // "de.toml:2 WHAT" a line, without the names that are missing.
  std::string findings() const {
    std::string text;
    for (const PageFinding& finding : check_messages(folder.path()))
      if (!finding.what.ends_with(" is missing."))
        text += fmt::format("{}:{} {}\n", std::filesystem::path(finding.page).filename().string(),
                            finding.line, finding.what);
    return text;
  }
  std::string refusal() const {
    try {
      load_languages(folder.path());
      return "";
    } catch (const std::runtime_error& error) {
      const std::string what = error.what();
      return what.substr(what.rfind('/') + 1);
    }
  }
};

const std::filesystem::path shipped = test::project_folder() / "conf/messages";

TEST_CASE("the German that is shipped says all that the English does") {
  CHECK(check_messages(shipped).empty());
  const Languages languages = load_languages(shipped);
  CHECK(languages.of("de").say({"field.too_long", {{"max", "60"}}}) ==
        "Verwenden Sie höchstens 60 Zeichen.");
  CHECK(languages.of("en").texts() == Words::english().texts());
}

// All that stands in quotes in the sources: the names among it.
std::set<std::string> quoted_in_sources() {
  std::set<std::string> quoted;
  const std::regex text("\"([a-z_]+\\.[a-z_0-9]+)\"");
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(test::project_folder() / "src")) {
    if (entry.path().extension() != ".cpp" && entry.path().extension() != ".h") continue;
    const std::string source = test::read_file(entry.path());
    for (auto found = std::sregex_iterator(source.begin(), source.end(), text);
         found != std::sregex_iterator(); ++found)
      quoted.insert((*found)[1]);
  }
  return quoted;
}

TEST_CASE("each name in the sources has its English text, and each text is said somewhere") {
  std::set<std::string> named, sections;
  for (const auto& [name, text] : Words::english().texts()) {
    const std::string section = name.substr(0, name.find('.'));
    if (section == "title") continue;  // by the number of a status
    named.insert(name);
    sections.insert(section);
  }
  REQUIRE(sections.contains("field"));
  std::set<std::string> used;
  for (const std::string& name : quoted_in_sources())
    if (sections.contains(name.substr(0, name.find('.'))) && !name.ends_with(".html"))
      used.insert(name);
  for (const std::string& name : used) CHECK_MESSAGE(named.contains(name), name);
  for (const std::string& name : named) CHECK_MESSAGE(used.contains(name), name);
}

TEST_CASE("each status of a problem has its title, in English that of the standard") {
  for (const int status :
       {400, 401, 402, 403, 404, 405, 406, 409, 413, 414, 415, 422, 429, 500, 503})
    CHECK(in_english(fmt::format("title.{}", status)) == reason_phrase(status));
}

TEST_CASE("a site without a folder of messages speaks English") {
  const Folder files;
  const Languages languages = load_languages(files.folder / "none");
  CHECK(languages.of("de").say("field.required") == "This field is required.");
  CHECK(check_messages(files.folder / "none").empty());
}

TEST_CASE("a file that lacks a name falls back to English, and the check names it") {
  const Folder files;
  files.write("fr.toml", "field.required = \"Ce champ est obligatoire.\"\n");
  const Languages languages = load_languages(files.folder.path());
  CHECK(languages.of("fr").say("field.required") == "Ce champ est obligatoire.");
  CHECK(languages.of("fr").say("field.value_too_long") == "This is too long.");
  const auto found = check_messages(files.folder.path());
  CHECK(found.size() == Words::english().texts().size() - 1);
  CHECK(found.front().mend.starts_with("Visitors read it in English: \""));
}

TEST_CASE("the file of a region says only what differs") {
  const Folder files;
  files.write("en-GB.toml", "field.required = \"Kindly fill this in.\"\n");
  CHECK(check_messages(files.folder.path()).empty());
  CHECK(load_languages(files.folder.path()).of("en-gb").say("field.required") ==
        "Kindly fill this in.");
}

TEST_CASE("a name that English does not know, and other placeholders, are found by their line") {
  const Folder files;
  files.write("de.toml",
              "field.requird = \"x\"\nfield.too_long = \"x {maximum}\"\n"
              "field.required = \"x {max}\"\nfield.too_short = \"{min} {min}\"\n");
  CHECK(files.findings() ==
        "de.toml:1 Nothing is said under the name field.requird.\n"
        "de.toml:3 field.required has other placeholders than its English text.\n"
        "de.toml:2 field.too_long has other placeholders than its English text.\n");
}

TEST_CASE("a site names texts of its own in its English file") {
  const Folder files;
  files.write("en.toml", "order.sold_out = \"Nothing is left on {day}.\"\n");
  files.write("de.toml", "[order]\nsold_out = \"Ausverkauft.\"\n");
  CHECK(files.findings() ==
        "de.toml:2 order.sold_out has other placeholders than its English text.\n");
}

TEST_CASE("a file that cannot be read is refused by its line") {
  const Folder files;
  files.write("de.toml", "field.required = \"x\"\nfield.email = 5\n");
  CHECK(files.refusal() == "de.toml:2: field.email is a text in quotes");
  files.write("de.toml", "field.required = \"x\n");
  CHECK(files.refusal().starts_with("de.toml:1: "));
  files.write("de.toml", "field.required = \"x\"\nfield.required.x = \"y\"\n");
  CHECK(files.refusal().starts_with("de.toml:2: "));
}

TEST_CASE("the script has its messages in English as the file has them") {
  const std::string script = test::read_file(test::project_folder() / "static/actions.js");
  for (const char* const name : script_messages) {
    CAPTURE(name);
    CHECK(script.find(fmt::format(": '{}',\n", in_english(name))) != std::string::npos);
  }
}

TEST_CASE("a page whose script speaks another language than the page is found") {
  const Languages languages(
      {{"de", {{"summary.heading", "Da ist \"etwas\""}, {"script.request", "(Anfrage {id})"}}}});
  const auto mend = [&](const std::string& html) {
    const auto found = check_script_messages({{"a.html", html}}, languages);
    return found.empty() ? "" : found.front().place() + " " + found.front().mend;
  };
  const std::string script = "<script src=\"/actions.js\" ";
  CHECK(mend("<html lang=de>\n" + script + "></script>") ==
        "a.html:2 Write on its tag: data-words data-heading=\"Da ist &quot;etwas&quot;\" "
        "data-request=\"(Anfrage {id})\"");
  CHECK(mend("<html lang=de>" + script +
             "data-words data-heading='Da ist \"etwas\"' data-request=x></script>") ==
        "a.html:1 Write on its tag: data-words data-request=\"(Anfrage {id})\"");
  CHECK(mend("<html lang=de>" + script +
             "></script><p data-words data-heading='Da ist "
             "\"etwas\"' data-request='(Anfrage {id})'>") == "");
  CHECK(mend("<html lang=de>No script.") == "");
  CHECK(mend("<html lang=en>" + script + "></script>") == "");
  CHECK(mend("<html lang=en>" + script + "data-words data-heading=Oh></script>") != "");
}

}  // namespace
}  // namespace actiond
