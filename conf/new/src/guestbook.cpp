#include "actions.h"

namespace site {
namespace {

struct Entry {
  std::string name;
  std::string message;
};

const Form<Entry> form{"guestbook.html",
                       {
                           {"name", &Entry::name, {.required = true, .max = 60}},
                           {"message", &Entry::message, {.required = true, .max = 500}},
                       }};

Filled<Entry> load_book(Reader& db) {
  List entries;
  for (const auto& [name, message] : db.rows<std::string, std::string>(
           "SELECT name, message FROM guestbook ORDER BY id DESC LIMIT 20"))
    entries.push_back({{"name", name}, {"message", message}});
  return {.content = {.lists = {{"entries", entries}}}};
}

Result sign_book(const Entry& entry, Transaction& tx) {
  tx.run("INSERT INTO guestbook (name, message) VALUES (?, ?)", entry.name, entry.message);
  return Redirect{"/actions/guestbook", "Thank you."};
}

}  // namespace

Action guestbook() {
  return public_action("guestbook", form, sign_book, Load{load_book}, SpamTrap{"homepage"},
                       Fills{.lists = {{"entries", {"name", "message"}}}});
}

}  // namespace site
