// A site whose views nginx may cache, for cached_test.cpp.
#include <stdexcept>

#include "action/declare.h"
#include "cli/run.h"
#include "data/listing.h"

namespace actiond {
namespace {

struct Search {
  std::string words;
};
const Asked<Search> search{{{"q", &Search::words, {.max = 10}}}};

Shown list_members(const Search& asked, Reader& db) {
  if (asked.words == "throw") throw std::runtime_error("a fault of the view");
  List rows;
  for (const auto& [name] : db.rows<std::string>(
           "SELECT name FROM users WHERE name LIKE ? ESCAPE '\\'", containing(asked.words)))
    rows.push_back({{"name", name}});
  if (rows.empty()) return NotFound{};
  return Content{.lists = {{"members", rows}}};
}

struct Nothing {
  std::string text;
};
Result thank(const Nothing&, Transaction&) { return Redirect{"/actions/members", "Thank you."}; }

std::vector<Action> actions() {
  const Fills fills{.lists = {{"members", {"name"}}}};
  const Form<Nothing> form{"", {{"text", &Nothing::text}}};
  return {public_view("members", "members.html", search, list_members, fills,
                      Cached{std::chrono::hours(1)}),
          public_view("newest", "members.html", search, list_members, fills,
                      Cached{std::chrono::seconds(1)}),
          public_action("thank", form, thank)};
}

}  // namespace
}  // namespace actiond

int main(int argc, char** argv) {
  return actiond::run({.name = "cached-site", .actions = actiond::actions}, argc, argv);
}
