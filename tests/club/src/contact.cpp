#include "actions.h"

namespace site {
namespace {

struct Letter {
  std::string email;
  std::string text;
};
const Form<Letter> form{"contact.html",
                        {{"email", &Letter::email, {.required = true, .format = Format::Email}},
                         {"text", &Letter::text, {.required = true, .max = 2000}}}};

Result send_letter(const Letter& letter, Transaction& tx) {
  tx.run("INSERT INTO letters (email, text) VALUES (?, ?)", letter.email, letter.text);
  return Redirect{"/actions/contact", "Thank you. The committee reads it."};
}

const ListOf<std::int64_t, std::string, std::string, Time> all_letters{
    {.name = "letters",
     .columns = {"id", "email", "text", "made"},
     .sql = "SELECT id, email, text, created_at FROM letters "
            "WHERE email LIKE ?1 ESCAPE '\\' OR text LIKE ?1 ESCAPE '\\'",
     .order_by = {"id"},
     .descending = true}};

Shown list_letters(const With<Committee>&, const ByWords& asked, Reader&) {
  return Content{.listing = all_letters.page(asked.page, containing(asked.words))};
}

}  // namespace

Action contact() { return public_action("contact", form, send_letter, SpamTrap{"homepage"}); }

Action letters() {
  return permitted_view<Committee>("letters", "letters.html", by_words, list_letters,
                                   Fills{.lists = {all_letters.columns()}});
}

}  // namespace site
