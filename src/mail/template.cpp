#include "mail/template.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <stdexcept>

#include "base/encoding.h"
#include "base/file_text.h"

namespace actiond {
namespace {

constexpr std::string_view subject_start = "Subject: ";
constexpr std::string_view name_characters = "abcdefghijklmnopqrstuvwxyz0123456789_";
constexpr std::string_view separators = ", ";

// Without what parts an empty value at the end of `said` from the words before it in its line, or
// else from those that follow.
void close_gap(std::string& said, std::string_view& rest) {
  said.erase(said.find_last_not_of(separators) + 1);
  if (said.empty() || said.ends_with('\n'))
    rest.remove_prefix(std::min(rest.find_first_not_of(separators), rest.size()));
}

// A brace that no name follows is a brace.
std::string filled(std::string_view text,
                   const std::function<std::string(const std::string&)>& value) {
  std::string all;
  while (true) {
    const std::size_t open = text.find('{');
    all += text.substr(0, open);
    if (open == text.npos) return all;
    const std::size_t end = text.find_first_not_of(name_characters, open + 1);
    const bool is_name = end != text.npos && end > open + 1 && text[end] == '}';
    const std::string said =
        is_name ? value(std::string(text.substr(open + 1, end - open - 1))) : "{";
    text.remove_prefix(is_name ? end + 1 : open + 1);
    all += said;
    if (said.empty()) close_gap(all, text);
  }
}

const std::string& value_of(const MailValues& values, const std::string& name) {
  const auto found = values.find(name);
  if (found == values.end()) throw std::runtime_error(fmt::format("there is no value {}", name));
  return found->second;
}

}  // namespace

MailTemplate::MailTemplate(std::string_view file) {
  const std::size_t head_end = file.find("\n\n");
  if (!file.starts_with(subject_start) || head_end == file.npos || file.find('\n') != head_end ||
      !HeaderText::parse(file.substr(0, head_end)))
    throw std::runtime_error("a mail's text begins with \"Subject: …\" and an empty line");
  subject_ = file.substr(subject_start.size(), head_end - subject_start.size());
  body_ = file.substr(head_end + 2);
}

MailText MailTemplate::fill(const MailValues& values) const {
  const auto subject = HeaderText::parse(filled(
      subject_, [&](const std::string& name) { return to_one_line(value_of(values, name)); }));
  if (!subject) throw std::logic_error("a subject of more than one line");
  return {*subject, filled(body_, [&](const std::string& name) { return value_of(values, name); })};
}

std::set<std::string, std::less<>> text_names(const std::filesystem::path& folder) {
  std::set<std::string, std::less<>> names;
  std::error_code missing;
  for (const auto& entry : std::filesystem::directory_iterator(folder, missing))
    if (const std::string name = entry.path().stem();
        entry.path().extension() == ".txt" && name.find('.') == name.npos)
      names.insert(name);
  return names;
}

MailTemplates::MailTemplates(const std::filesystem::path& folder) {
  std::error_code missing;
  for (const auto& entry : std::filesystem::directory_iterator(folder, missing)) {
    if (entry.path().extension() != ".txt") continue;
    try {
      const auto text = file_text(entry.path());
      if (!text) throw std::runtime_error("it cannot be read");
      templates_.emplace(entry.path().stem().string(), MailTemplate(*text));
    } catch (const std::runtime_error& error) {
      throw std::runtime_error(fmt::format("{}: {}", entry.path().string(), error.what()));
    }
  }
}

const MailTemplate& MailTemplates::find(const std::string& name, std::string_view language) const {
  for (std::string tag = to_lower(language); !tag.empty();) {
    const auto found = templates_.find(fmt::format("{}.{}", name, tag));
    if (found != templates_.end()) return found->second;
    const std::size_t region = tag.rfind('-');
    tag.resize(region == tag.npos ? 0 : region);
  }
  const auto found = templates_.find(name);
  if (found == templates_.end())
    throw std::runtime_error(fmt::format("there is no text {}.txt", name));
  return found->second;
}

}  // namespace actiond
