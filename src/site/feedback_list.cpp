#include "action/declare.h"
#include "site/actions.h"
#include "site/permissions.h"

namespace actiond::site {
namespace {

const ListOf<std::int64_t, std::string, std::string, Time> all_feedback{
    {.name = "feedback",
     .columns = {"id", "email", "message", "made"},
     .sql = "SELECT id, email, message, created_at FROM feedback "
            "WHERE message LIKE ?1 ESCAPE '\\' OR email LIKE ?1 ESCAPE '\\'",
     .order_by = {"id"},
     .descending = true}};

Shown list_feedback(const With<Editor>&, const ByWords& asked, Reader&) {
  return Content{.listing = all_feedback.page(asked.page, containing(asked.words))};
}

}  // namespace

Action feedback_list() {
  return permitted_view<Editor>("feedback-list", "feedback-list.html", by_words, list_feedback,
                                Fills{.lists = {all_feedback.columns()}});
}

}  // namespace actiond::site
