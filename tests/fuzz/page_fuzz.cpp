// libFuzzer: a page of any bytes, filled with any values.  The input is the page, then NAME=VALUE
// pairs, parted by 0x1F.
//
// Covers: page/*.cpp

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/demand.h"
#include "page/markup.h"
#include "page/outline.h"
#include "page/page.h"

using namespace actiond;

namespace {

constexpr std::string_view marker = "<zq'\">";

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1))
    ++found;
  return found;
}

void demand(bool holds, const char* what, const std::string& page, const std::string& filled) {
  if (!holds) fuzz::demand(false, what + ("\n--- page\n" + page) + "\n--- filled\n" + filled);
}

std::vector<std::string> names_of_elements(const std::string& html) {
  std::vector<std::string> names;
  for (const Element& element : read_markup(html).elements) names.push_back(element.tag.name);
  return names;
}

FieldValues values_of(std::string_view input) {
  FieldValues values{{"a", std::string(marker)}, {"b", "\n" + std::string(marker)}};
  while (!input.empty()) {
    std::string_view value = fuzz::take_until(input, '\x1F');
    const std::string name(fuzz::take_until(value, '='));
    values.push_back({name, std::string(marker) + std::string(value)});
    values.push_back({name, std::string(value)});
  }
  return values;
}

// Two rows of lists a and b.
Lists lists_of(const FieldValues& values) {
  ListRow row;
  for (const FieldValue& field : values) row.values.emplace_back(field.name, field.value);
  row.lists = {{"c", {{{"a", std::string(marker)}}, {}}}};
  return {{"a", {row, {}}}, {"b", {}}};
}

// Each name has an address that must not get into the page, unless the page had it.
const std::map<std::string, std::string> hostile{{"a", "javascript:zq"}, {"b", "//zq.example"}};

void demand_safe_links(const std::string& html, const std::string& filled) {
  if (html.find("zq") != std::string::npos) return;
  for (const Element& element : read_markup(filled).elements)
    for (const char* link : {"href", "src", "action", "formaction", "poster", "cite"}) {
      const std::string value(element.tag.value(link));
      demand(!value.starts_with("javascript:zq") && !value.starts_with("//zq"),
             "a value leads away", html, filled);
    }
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
  const Viewer viewer{std::string(marker), std::string(marker), {"paid"}};
  const std::string all = page.fill({"x", &values, &errors, &data, &viewer});
  demand(count(all, "<zq") <= count(html, "<zq"), "a message is not escaped", html, all);
  Page(all).fill({"x", &values, &errors, &data, nullptr});

  const std::map<std::string, std::string> seen{{"a", std::string(marker)}};
  demand(!page.shows("a") || page.fill({.action = "", .data = &seen}) != page.fill({}),
         "shown unseen", html, all);

  const Lists lists = lists_of(values);
  const std::string rows = page.fill({.action = "x", .lists = &lists});
  if (count(html, "<zq") == 0) demand(count(rows, "<zq") == 0, "a row is not escaped", html, rows);
  demand_safe_links(html, page.fill({.action = "x", .data = &hostile, .lists = &lists}));
  const Fresh fresh{"0123456789abcdef", "1764075600"};
  page.fill({.action = "x", .values = &values, .lists = &lists, .fresh = &fresh});
  outline_of(html, {"/a/b.html", {"example.com"}});
  demand(page.fill({.action = "x", .values = &values}) == filled, "a page remembers", html, filled);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  std::string_view input = fuzz::to_text(bytes, size);
  const std::string page(fuzz::take_until(input, '\x1F'));
  check(page, values_of(input));
  return 0;
}
