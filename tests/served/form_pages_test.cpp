// A form without code that stands in several pages, behind nginx.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <filesystem>

#include "served/client.h"
#include "served/site.h"

namespace actiond::http {
namespace {

std::string page_in(const std::string& lang) {
  return fmt::format(R"(<!DOCTYPE html><html lang="{0}"><head><title>{0}</title></head><body>
<form method="post" action="/actions/kontakt" data-inbox>
<input type="hidden" name="_once" value="{{once}}"><p><output name="note"></output></p>
<label for="name">Name</label> <input name="name" id="name" required><button>Send</button></form>
</body></html>
)",
                     lang);
}

std::string key_in(const Answer& page) {
  const std::string before = "name=\"_once\" value=\"";
  const std::size_t at = page.body.find(before) + before.size();
  return page.body.substr(at, page.body.find('"', at) - at);
}

}  // namespace

TEST_CASE("a form in two languages is refused, and thanks, in that of the page it was sent from") {
  const RunningSite site{{.prepare = [](RunningSite& prepared) {
    const std::filesystem::path pages = prepared.own_pages();
    for (const std::string lang : {"de", "en"}) {
      std::filesystem::create_directory(pages / lang);
      write_file(pages / lang / "kontakt.html", page_in(lang));
    }
  }}};
  Client visitor(site, as_browser);
  const std::string page = "/en/kontakt.html";
  const Answer opened = visitor.get(page);
  CHECK(opened.header("Referrer-Policy") == "same-origin");
  const Answer refused = visitor.post("kontakt", {{"name", ""}, {"_once", key_in(opened)}},
                                      {{"Referer", site.origin() + page}});
  CHECK(refused.status == 422);
  CHECK(refused.holds("<title>Error: en</title>"));
  const Headers behind{{"Referer", site.origin() + "/actions/kontakt"}};
  const Answer again = visitor.post("kontakt", {{"name", ""}, {"_once", key_in(refused)}}, behind);
  CHECK(again.holds("<title>Error: en</title>"));
  const Answer taken = visitor.post("kontakt", {{"name", "Ada"}, {"_once", key_in(again)}}, behind);
  CHECK(taken.status == 303);
  CHECK(taken.header("Location") == page);
  CHECK(visitor.post("kontakt", {{"name", ""}}, {{"Referer", "https://evil.example" + page}})
            .holds("<title>Fehler: de</title>"));
}

}  // namespace actiond::http
