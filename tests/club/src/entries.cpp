// All entries, for the committee: page, search, filter and order, as CSV too, and cancelling one.
#include "actions.h"

namespace site {
namespace {

enum class Order { Newest, Name, Day };
constexpr auto names(Order) {
  return std::to_array<Named<Order>>(
      {{"id", Order::Newest}, {"name", Order::Name}, {"day", Order::Day}});
}

struct Search {
  std::string words;
  std::optional<std::int64_t> event;
  Order order = Order::Newest;
  int page = 1;
};
const Asked<Search> search{{{"q", &Search::words, {.max = 80}},
                            {"event", &Search::event},
                            {"order", &Search::order},
                            {"page", &Search::page, {.min = 1}}}};

const ListOf<std::int64_t, std::string> all_events{{.name = "events",
                                                    .columns = {"id", "title"},
                                                    .sql = "SELECT id, title FROM events",
                                                    .order_by = {"title", "id"}}};

const ListOf<std::int64_t, std::string, Date, std::string, std::string, int> all_entries{
    {.name = "entries",
     .columns = {"id", "title", "day", "name", "email", "people"},
     .sql = "SELECT entries.id, title, day, name, email, people "
            "FROM entries JOIN events ON events.id = event_id "
            "WHERE (name LIKE ?1 ESCAPE '\\' OR email LIKE ?1 ESCAPE '\\') "
            "AND event_id = coalesce(?2, event_id)",
     .order_by = {"id"}}};

Shown list_entries(const With<Committee>&, const Search& asked, Reader& db) {
  const auto ordered = all_entries.by({name_of(asked.order), "id"}, asked.order == Order::Newest);
  return Content{.lists = {all_events.all(db)},
                 .listing = ordered.page(asked.page, containing(asked.words), asked.event)};
}

const Form<ById> which{"", by_id.fields};

Result cancel_entry(const With<Committee>&, const ById& asked, Transaction& tx) {
  if (tx.change("DELETE FROM entries WHERE id = ?", asked.id) == 0) return NotFound{};
  return Redirect{"/actions/entries", "The entry is cancelled."};
}

}  // namespace

Action entries() {
  return permitted_view<Committee>("entries", "entries.html", search, list_entries,
                                   Fills{.lists = {all_entries.columns(), all_events.columns()}});
}

Action cancel() { return permitted_action<Committee>("cancel", which, cancel_entry); }

}  // namespace site
