// A member's own entries: the list, and the form that changes one.
#include "actions.h"

namespace site {
namespace {

const ListOf<std::int64_t, std::string, Date, int> own_entries{
    {.name = "entries",
     .columns = {"id", "title", "day", "people"},
     .sql = "SELECT entries.id, title, day, people FROM entries "
            "JOIN events ON events.id = event_id WHERE user_id = ?",
     .order_by = {"day", "id"}}};

Shown list_entries(const User& user, const ByWords& asked, Reader&) {
  return Content{.listing = own_entries.page(asked.page, user.id())};
}

struct Entry {
  std::int64_t id = 0;
  std::string name;
  int people = 1;

  static std::optional<Entry> owned_by(const User& user, std::int64_t id, Reader& db) {
    const auto row = db.row<std::string, int>(
        "SELECT name, people FROM entries WHERE id = ? AND user_id = ?", id, user.id());
    if (!row) return std::nullopt;
    return Entry{id, std::get<0>(*row), std::get<1>(*row)};
  }
};
const Form<Entry> form{"entry.html",
                       {{"id", &Entry::id, {.required = true}},
                        {"name", &Entry::name, {.required = true, .max = 60}},
                        {"people", &Entry::people, {.required = true, .min = 1, .max = 6}}}};

Result save_entry(const User& user, const Entry& input, Transaction& tx) {
  const auto entry = own<Entry>(user, input.id, tx);
  if (!entry) return NotFound{};
  tx.run("UPDATE entries SET name = ?, people = ? WHERE id = ?", input.name, input.people,
         (*entry)->id);
  return Redirect{"/actions/my-entries", "Saved."};
}

}  // namespace

Action my_entries() {
  return protected_view("my-entries", "my-entries.html", by_words, list_entries,
                        Fills{.lists = {own_entries.columns()}});
}

Action entry() { return protected_action("entry", form, save_entry, Load{by_id, own<Entry>}); }

}  // namespace site
