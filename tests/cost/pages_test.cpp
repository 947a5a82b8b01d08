// The worst that a page can be, and that 1 MiB of values can do to one.
#include "files/pages.h"

#include <doctest/doctest.h>

#include "cost/cost.h"
#include "forms/body.h"
#include "page/page.h"
#include "support.h"

using namespace actiond;
using test::max_growth;
using test::mib;
using test::repeat;

namespace {

// A page is read when the server starts; how long that takes is the site's own doing, but no page
// takes out of all proportion to others of as many elements.
TEST_CASE("a page costs about the same to read, whatever its elements hold") {
  const auto page_of = [](const std::string& part, std::size_t size) {
    return "<form action=/actions/x>" + repeat(part, (size - 24) / part.size());
  };
  struct Row {
    std::string what, part;
  };
  for (const Row& one :
       {Row{"attributes", "<input name=a value=\"&amp;\" class=\"&lt;\">"},
        {"attributes with quotes", "<input name=a value='\"&quot;' class='\"&'>"},
        {"attributes with line breaks", "<input name=a value=\"\r\n\" class='\r'>"},
        {"equal ids", "<input name=abcdefghijk id=a aria-label=abcd>"},
        {"labels", "<label for=a><input name=a value=ab></label>"},
        {"labels behind their control", "<input name=a id=a><label for=a>a</label>"},
        {"covers in covers", "<details><dialog hidden><input name=a></dialog></details>"},
        {"relative links", "<a href=a><img srcset=\"a 1x, b 2x\">"},
        {"relative links in styles", "<p style=\"b:url(a);c:url('d')\">"},
        {"options", "<select name=a><option>abcd<option>a</select>"},
        {"message places", "<p data-error-for=a></p><p data-user=name>"},
        {"broken formatting", "<b><i></b><p></i></p><a><b></a></b><i></i>"}}) {
    CAPTURE(one.what);
    const std::string plain = page_of("<input name=a value=\"abcdefgh\" class=\"a\">", mib / 4);
    const std::string whole = page_of(one.part, mib / 4), half = page_of(one.part, mib / 8);
    const auto read = [](const std::string& html) {
      return [&html] { Page page(html, {"/docs/page.html", {}}); };
    };
    CHECK(test::ratio(read(whole), read(plain), 4) < 4);
    CHECK(test::ratio(read(whole), read(half), max_growth) < max_growth);
  }
}

// A page of as many controls as a form may send.
std::string page_of_controls(const std::string& kind) {
  std::string html = "<form action=/actions/x>";
  for (std::size_t at = 0; at < max_fields; ++at)
    html += "<input type=" + kind + " name=n" + std::to_string(at) + " value=v>";
  return html;
}

FieldValues values_of(std::size_t count, const std::string& part, std::size_t size) {
  FieldValues values;
  for (std::size_t at = 0; at < count; ++at)
    values.push_back({"n" + std::to_string(at), repeat(part, size / count / part.size())});
  return values;
}

struct Refill {
  std::string what;
  std::string page;
  std::size_t count;
  std::string part;
};

TEST_CASE("names that are no page take no memory, however many are asked for") {
  const test::TemporaryFolder folder;
  Pages pages(folder.path());
  const auto ask = [&] {
    for (int number = 0; number < 200; ++number)
      CHECK_THROWS_AS(pages.find(std::string(33'000, 'a') + std::to_string(number)),
                      std::runtime_error);
  };
  CHECK(test::peak_heap_bytes(ask) < mib);
}

TEST_CASE("1 MiB of values is filled into a page in about the time that it takes to read them") {
  const std::string plain = "a=" + std::string(mib - 2, 'x');
  const FormDescription form{"", {{"a", Kind::Text, {.max = mib}}}};
  const std::string area = "<form action=/actions/x><textarea name=n0></textarea>";
  const std::string choices =
      "<form action=/actions/x><select multiple name=n0>" + repeat("<option>a", 1000) + "</select>";
  for (const Refill& one :
       {Refill{"one text", page_of_controls("text"), 1, "x"},
        {"one text of quotes", page_of_controls("text"), 1, "\""},
        {"a thousand texts", page_of_controls("text"), max_fields, "x"},
        {"a thousand texts of quotes", page_of_controls("text"), max_fields, "\""},
        {"a thousand boxes", page_of_controls("checkbox"), max_fields, "v"},
        {"line breaks", area, 1, "\r\n"},
        {"values that nobody asked for", area, max_fields, "&"},
        {"a thousand options", choices, 1, "a"}}) {
    CAPTURE(one.what);
    const Page page(one.page);
    const auto fill = [&page](const FieldValues& values) {
      return [&page, &values] {
        FieldErrors errors;
        for (const FieldValue& field : values) errors.messages[field.name] = "Wrong.";
        return page.fill({"x", &values, &errors}).size();
      };
    };
    const FieldValues whole = values_of(one.count, one.part, mib);
    const FieldValues half = values_of(one.count, one.part, mib / 2);
    CHECK(test::ratio(
              fill(whole), [&] { parse_urlencoded(plain, form); }, 16) < 16);
    CHECK(test::ratio(fill(whole), fill(half), max_growth) < max_growth);
    // The page that comes back is held twice, in its parts and as a whole; escaped it is six times
    // as long as what was sent.
    const std::size_t filled = fill(whole)();
    CHECK(test::peak_heap_bytes(fill(whole)) <= 2 * filled + 3 * mib);
  }
}

}  // namespace
