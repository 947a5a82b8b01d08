// The corpus of small pages in tests/page/pages/*.cases: each says what it shows, what is filled
// in, the page and the page that comes back.
//
//   === a text input gets its value
//   sent: email=ada%40example.org
//   --- page
//   <form action=/actions/x><input name=email></form>
//   --- filled
//   <form action=/actions/x><input value="ada@example.org" name=email></form>
//
// Optional lines: sent, wrong, data, viewer (name, email, access), each URL-encoded.  Without
// "--- filled" the page comes back as it is.  The action is x.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "page/page.h"
#include "support.h"

namespace actiond::pages {

struct Case {
  std::string title;
  std::optional<FieldValues> sent = {};
  std::optional<FieldErrors> wrong = {};
  std::optional<std::map<std::string, std::string>> data = {};
  std::optional<Viewer> viewer = {};
  std::string page = {};
  std::optional<std::string> filled = {};

  Filling filling() const {
    return {"x", sent ? &*sent : nullptr, wrong ? &*wrong : nullptr, data ? &*data : nullptr,
            viewer ? &*viewer : nullptr};
  }
};

inline std::string decoded(std::string_view text) {
  std::string result;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '%' && at + 2 < text.size()) {
      result += static_cast<char>(std::stoi(std::string(text.substr(at + 1, 2)), nullptr, 16));
      at += 2;
      continue;
    }
    result += text[at] == '+' ? ' ' : text[at];
  }
  return result;
}

inline FieldValues decoded_pairs(std::string_view text) {
  FieldValues pairs;
  while (!text.empty()) {
    const std::string_view pair = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(pair.size() + 1, text.size()));
    const std::size_t equals = std::min(pair.find('='), pair.size());
    const std::string_view value = pair.substr(std::min(equals + 1, pair.size()));
    pairs.push_back({decoded(pair.substr(0, equals)), decoded(value)});
  }
  return pairs;
}

inline std::map<std::string, std::string> by_name(const FieldValues& pairs) {
  std::map<std::string, std::string> map;
  for (const FieldValue& pair : pairs) map[pair.name] = pair.value;
  return map;
}

inline void read_line(Case& one, const std::string& line) {
  const std::size_t colon = line.find(':');
  const std::string word = line.substr(0, colon);
  const std::string rest = colon == std::string::npos ? "" : line.substr(colon + 1);
  const FieldValues pairs =
      decoded_pairs(std::string_view(rest).substr(std::min<std::size_t>(1, rest.size())));
  if (word == "sent") {
    one.sent = pairs;
    return;
  }
  std::map<std::string, std::string> map = by_name(pairs);
  if (word == "wrong")
    one.wrong = FieldErrors{{map.begin(), map.end()}};
  else if (word == "data")
    one.data = map;
  else if (word == "viewer")
    one.viewer = map.contains("access") ? Viewer{map["name"], map["email"], {"paid"}}
                                        : Viewer{map["name"], map["email"]};
  else
    throw std::runtime_error("no such line in a case: " + line);
}

inline std::vector<Case> read_cases(const std::filesystem::path& file) {
  std::vector<Case> cases;
  std::string* text = nullptr;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("=== ")) {
      cases.push_back({.title = line.substr(4)});
      text = nullptr;
    } else if (line == "--- page") {
      text = &cases.back().page;
    } else if (line == "--- filled") {
      text = &cases.back().filled.emplace();
    } else if (text) {
      *text += (text->empty() ? "" : "\n") + line;
    } else if (!line.empty()) {
      read_line(cases.back(), line);
    }
  }
  return cases;
}

// All cases of the folder.
inline std::vector<Case> read_all_cases() {
  std::vector<Case> cases;
  const auto folder = test::project_folder() / "tests/page/pages";
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().extension() == ".cases")
      for (Case& one : read_cases(entry.path())) cases.push_back(std::move(one));
  return cases;
}

}  // namespace actiond::pages
