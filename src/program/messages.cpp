#include "program/messages.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <set>
#include <stdexcept>
#include <vector>

#include "base/encoding.h"
#include "page/markup.h"
#include "program/toml.h"

namespace actiond {
namespace {

struct MessageFile {
  std::filesystem::path path;
  Texts texts;
  std::map<std::string, std::size_t> lines;  // by name

  std::string tag() const { return to_lower(path.stem().string()); }
};

[[noreturn]] void fail(const MessageFile& file, const toml::source_region& where,
                       std::string_view what) {
  throw std::runtime_error(fmt::format("{}:{}: {}", file.path.string(), where.begin.line, what));
}

// `field.required = "…"` is a table with a table in TOML.
void read_texts(const toml::table& table, const std::string& prefix, MessageFile& file) {
  for (const auto& [key, node] : table) {
    const std::string name = prefix + std::string(key.str());
    if (const toml::table* inner = node.as_table()) {
      read_texts(*inner, name + ".", file);
      continue;
    }
    const auto text = node.value_exact<std::string>();
    if (!text) fail(file, node.source(), fmt::format("{} is a text in quotes", name));
    file.texts[name] = *text;
    file.lines[name] = node.source().begin.line;
  }
}

MessageFile read_file(const std::filesystem::path& path) {
  MessageFile file{path, {}, {}};
  try {
    read_texts(toml::parse_file(path.string()), "", file);
  } catch (const toml::parse_error& error) {
    fail(file, error.source(), error.description());
  }
  return file;
}

std::vector<MessageFile> read_files(const std::filesystem::path& folder) {
  std::vector<MessageFile> files;
  std::error_code missing;
  for (const auto& entry : std::filesystem::directory_iterator(folder, missing))
    if (entry.path().extension() == ".toml") files.push_back(read_file(entry.path()));
  std::ranges::sort(files, {}, &MessageFile::path);
  return files;
}

// The names in braces, as a translator writes them.
std::set<std::string> placeholders_in(std::string_view text) {
  std::set<std::string> names;
  for (std::size_t open = text.find('{'); open != text.npos; open = text.find('{', open + 1)) {
    const std::size_t close = text.find('}', open);
    if (close != text.npos) names.emplace(text.substr(open, close + 1 - open));
  }
  return names;
}

// A text that says what the English one does not, or leaves out what that says.
void check_texts(const MessageFile& file, const Texts& english, PageFindings& found) {
  for (const auto& [name, text] : file.texts) {
    const auto said = english.find(name);
    const auto report = [&, line = file.lines.at(name)](std::string what, std::string mend) {
      found.push_back({file.path.string(), line, std::move(what), std::move(mend)});
    };
    if (said == english.end()) {
      report(fmt::format("Nothing is said under the name {}.", name),
             "Correct the name, or add it to en.toml.");
      continue;
    }
    const auto wanted = placeholders_in(said->second);
    if (placeholders_in(text) != wanted)
      report(
          fmt::format("{} has other placeholders than its English text.", name),
          wanted.empty() ? "It has none." : fmt::format("They are {}.", fmt::join(wanted, ", ")));
  }
}

struct ScriptOfPage {
  std::string lang;
  std::optional<Tag> script;
  std::optional<Tag> words;
};

ScriptOfPage script_of(const Markup& markup) {
  ScriptOfPage found;
  for (const Element& element : markup.elements) {
    const Tag& tag = element.tag;
    if (tag.name == "html") found.lang = tag.value("lang");
    if (tag.name == "script" && tag.value("src").ends_with("/actions.js")) found.script = tag;
    if (tag.has("data-words")) found.words = tag;
  }
  return found;
}

// "script.signed_out" is data-signed-out.
std::string attribute_of(std::string_view name) {
  std::string attribute(name.substr(name.rfind('.') + 1));
  std::ranges::replace(attribute, '_', '-');
  return "data-" + attribute;
}

// The attributes that the page lacks, as HTML.
std::string missing_words(const ScriptOfPage& page, const Words& words) {
  std::string missing;
  for (const std::string name : script_messages) {
    const std::string said = words.say(name);
    const std::string attribute = attribute_of(name);
    const bool is_there = page.words && page.words->has(attribute);
    const std::string shown =
        is_there ? std::string(page.words->value(attribute)) : in_english(name);
    if (shown != said) missing += fmt::format(" {}=\"{}\"", attribute, to_html(said));
  }
  return missing;
}

}  // namespace

Languages load_languages(const std::filesystem::path& folder) {
  std::map<std::string, Texts> texts;
  for (MessageFile& file : read_files(folder)) texts[file.tag()] = std::move(file.texts);
  return Languages(texts);
}

PageFindings check_messages(const std::filesystem::path& folder) {
  const std::vector<MessageFile> files = read_files(folder);
  Texts english = Words::english().texts();
  for (const MessageFile& file : files)
    if (file.tag() == "en") english.insert(file.texts.begin(), file.texts.end());
  PageFindings found;
  for (const MessageFile& file : files) {
    check_texts(file, english, found);
    // A region's file says only what differs, and English is built in.
    if (file.tag() == "en" || file.tag().find('-') != std::string::npos) continue;
    for (const auto& [name, text] : english)
      if (!file.texts.contains(name))
        found.push_back({file.path.string(), 1, fmt::format("{} is missing.", name),
                         fmt::format("Visitors read it in English: \"{}\"", text)});
  }
  return found;
}

PageFindings check_script_messages(const PageTexts& pages, const Languages& languages) {
  PageFindings found;
  for (const auto& [name, html] : pages) try {
      const ScriptOfPage page = script_of(read_markup(html));
      if (!page.script) continue;
      const std::string missing = missing_words(page, languages.of(page.lang));
      const auto line =
          1 + std::count(html.begin(),
                         html.begin() + static_cast<std::ptrdiff_t>(page.script->span.begin), '\n');
      if (!missing.empty())
        found.push_back({name, static_cast<std::size_t>(line),
                         "The script of this page says something else than the page's language.",
                         fmt::format("Write on its tag: data-words{}", missing)});
    } catch (const std::invalid_argument&) {
      // Too long or too deep, which check_pages reports.
    }
  return found;
}

}  // namespace actiond
