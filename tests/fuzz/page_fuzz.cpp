// libFuzzer: a page of any bytes, filled with any values.  The input is the page, then NAME=VALUE
// pairs, parted by 0x1F.
//
//   clang++-14 -std=c++20 -g -O1 -fsanitize=fuzzer,address,undefined -Isrc tests/fuzz/page_fuzz.cpp
//   … page_fuzz -max_len=4096 CORPUS

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "core/page.h"
#include "core/page/markup.h"

namespace {

using namespace actiond;

constexpr std::string_view marker = "<zq'\">";

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1))
    ++found;
  return found;
}

void demand(bool holds, const char* what, const std::string& page, const std::string& filled) {
  if (holds) return;
  std::cerr << what << "\n--- page\n" << page << "\n--- filled\n" << filled << '\n';
  std::abort();
}

std::vector<std::string> names_of_elements(const std::string& html) {
  std::vector<std::string> names;
  for (const Element& element : read_markup(html).elements) names.push_back(element.tag.name);
  return names;
}

FieldValues values_of(std::string_view input) {
  FieldValues values{{"a", std::string(marker)}, {"b", "\n" + std::string(marker)}};
  while (!input.empty()) {
    const std::string_view pair = input.substr(0, input.find('\x1F'));
    input.remove_prefix(std::min(pair.size() + 1, input.size()));
    const std::size_t equals = std::min(pair.find('='), pair.size());
    const std::string_view value = pair.substr(std::min(equals + 1, pair.size()));
    values.push_back(
        {std::string(pair.substr(0, equals)), std::string(marker) + std::string(value)});
    values.push_back({std::string(pair.substr(0, equals)), std::string(value)});
  }
  return values;
}

void check(const std::string& html, const FieldValues& values) {
  const Page page(html);
  if (html.find("data-") == std::string::npos)
    demand(page.fill({}) == html, "nothing filled in is not the same bytes", html, page.fill({}));

  const std::string filled = page.fill({.action = "x", .values = &values});
  demand(count(filled, "<zq") <= count(html, "<zq"), "a value is not escaped", html, filled);
  demand(names_of_elements(html) == names_of_elements(filled), "other elements", html, filled);
  const std::string again = Page(filled).fill({.action = "x", .values = &values});
  demand(again == filled, "filled twice is not the same", filled, again);

  FieldErrors errors{{{"", std::string(marker)}, {"a", std::string(marker)}}};
  std::map<std::string, std::string> data;
  for (const FieldValue& field : values)
    errors.messages[field.name] = data[field.name] = field.value;
  const Viewer viewer{std::string(marker), std::string(marker), true};
  const std::string all = page.fill({"x", &values, &errors, &data, &viewer});
  demand(count(all, "<zq") <= count(html, "<zq"), "a message is not escaped", html, all);
  Page(all).fill({"x", &values, &errors, &data, nullptr});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(bytes), size);
  const std::string_view page = input.substr(0, input.find('\x1F'));
  check(std::string(page), values_of(input.substr(std::min(page.size() + 1, input.size()))));
  return 0;
}
