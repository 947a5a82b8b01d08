#include "action/declare.h"
#include "site/actions.h"
#include "site/permissions.h"

namespace actiond::site {
namespace {

struct Search {
  std::string words;
  std::int64_t page = 1;
};

const Asked<Search> search{{
    {"q", &Search::words, {.max = 80}},
    {"page", &Search::page, {.min = 1}},
}};

Shown list_feedback(const With<Editor>&, const Search& asked, Reader&) {
  return Content{.listing = listing<std::int64_t, std::string, std::string, Time>(
                     {.name = "feedback",
                      .columns = {"id", "email", "message", "made"},
                      .sql = "SELECT id, email, message, created_at FROM feedback "
                             "WHERE message LIKE ? ESCAPE '\\' OR email LIKE ? ESCAPE '\\'",
                      .order_by = {"id"},
                      .descending = true,
                      .page = asked.page},
                     containing(asked.words), containing(asked.words))};
}

}  // namespace

Action feedback_list() {
  return permitted_view<Editor>("feedback-list", "feedback-list.html", search, list_feedback,
                                Fills{.outputs = {"previous-page", "next-page"},
                                      .lists = {{"feedback", {"id", "email", "message", "made"}}}});
}

}  // namespace actiond::site
