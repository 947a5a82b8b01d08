#include "action/declare.h"
#include "site/actions.h"

namespace actiond::site {
namespace {

const ListOf<std::int64_t, std::string, int, Time> own_reports{
    {.name = "reports",
     .columns = {"id", "topic", "pages", "made"},
     .sql = "SELECT id, topic, pages, created_at FROM reports "
            "WHERE user_id = ? AND topic LIKE ? ESCAPE '\\'",
     .order_by = {"id"},
     .descending = true}};

Shown list_reports(const User& user, const ByWords& asked, Reader&) {
  return Content{.listing = own_reports.page(asked.page, user.id(), containing(asked.words))};
}

Shown show_report(const User& user, const ById& asked, Reader& db) {
  const auto row = db.row<std::string, int, Time>(
      "SELECT topic, pages, created_at FROM reports WHERE id = ? AND user_id = ?", asked.id,
      user.id());
  if (!row) return NotFound{};
  const auto& [topic, pages, made] = *row;
  return Content{.values = {{"id", std::to_string(asked.id)},
                            {"topic", topic},
                            {"pages", std::to_string(pages)},
                            {"made", to_rfc3339(made)}}};
}

}  // namespace

Action reports() {
  return protected_view("reports", "reports.html", by_words, list_reports,
                        Fills{.lists = {own_reports.columns()}});
}

Action report() {
  return protected_view("report", "report.html", by_id, show_report,
                        Fills{.outputs = {"id", "topic", "pages", "made"}});
}

}  // namespace actiond::site
