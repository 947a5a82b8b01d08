// Writes every page of the corpus, filled, into a folder, for tests/browser/page_roundtrip.mjs to
// read with another parser: NUMBER.html, NUMBER.filled.html and NUMBER.json with what was sent.
// Each page that is sent something comes also with hostile values in the place of each value.
//
//   page_roundtrip FOLDER

#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "pages/cases.h"

namespace {

using actiond::pages::Case;

const std::vector<std::string> hostile_values{"\"><script>alert(1)</script>",
                                              "</textarea><script>",
                                              "' onfocus=alert(1) x='",
                                              "` x=`",
                                              "--!><script>",
                                              "&lt;&amp;lt;&#60;&notin;&not",
                                              "\r\n\r\nline\r\n",
                                              "]]>",
                                              "</noscript><p>",
                                              " \t",
                                              "\xC3\xBC\xF0\x9F\x98\x80",
                                              ""};

void write(const std::filesystem::path& file, const std::string& text) {
  std::ofstream(file, std::ios::binary) << text;
}

void write_case(const std::filesystem::path& folder, std::size_t number, const Case& one) {
  nlohmann::json sent = nlohmann::json::array();
  if (one.sent)
    for (const auto& field : *one.sent) sent.push_back({field.name, field.value});
  const std::string stem = std::to_string(number);
  write(folder / (stem + ".html"), one.page);
  write(folder / (stem + ".filled.html"), actiond::Page(one.page).fill(one.filling()));
  write(folder / (stem + ".json"),
        nlohmann::json{{"title", one.title}, {"sent", sent}, {"isSent", one.sent.has_value()}}
            .dump());
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    std::cerr << "usage: page_roundtrip FOLDER\n";
    return 2;
  }
  const std::filesystem::path folder = arguments[1];
  std::filesystem::create_directories(folder);
  std::size_t number = 0;
  for (const Case& one : actiond::pages::read_all_cases()) {
    write_case(folder, number++, one);
    if (!one.sent) continue;
    for (const std::string& hostile : hostile_values) {
      Case attack = one;
      attack.title += ", with " + hostile;
      for (auto& field : *attack.sent) field.value = hostile;
      write_case(folder, number++, attack);
    }
  }
  std::cout << number << " pages written\n";
}
