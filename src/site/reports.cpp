#include "action/declare.h"
#include "site/actions.h"

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

Shown list_reports(const User& user, const Search& asked, Reader&) {
  return Content{.listing = listing<std::int64_t, std::string, int, Time>(
                     {.name = "reports",
                      .columns = {"id", "topic", "pages", "made"},
                      .sql = "SELECT id, topic, pages, created_at FROM reports "
                             "WHERE user_id = ? AND topic LIKE ? ESCAPE '\\'",
                      .order_by = {"id"},
                      .descending = true,
                      .page = asked.page},
                     user.id(), containing(asked.words))};
}

struct Which {
  std::int64_t id = 0;
};

const Asked<Which> which{{{"id", &Which::id, {.required = true, .min = 1}}}};

Shown show_report(const User& user, const Which& asked, Reader& db) {
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
  return protected_view("reports", "reports.html", search, list_reports,
                        Fills{.outputs = {"previous-page", "next-page"},
                              .lists = {{"reports", {"id", "topic", "pages", "made"}}}});
}

Action report() {
  return protected_view("report", "report.html", which, show_report,
                        Fills{.outputs = {"id", "topic", "pages", "made"}});
}

}  // namespace actiond::site
