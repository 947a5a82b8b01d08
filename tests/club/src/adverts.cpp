// Adverts: everybody reads them, members who have paid place them, and remove their own.
#include "actions.h"

namespace site {
namespace {

const ListOf<std::int64_t, std::string, std::string, std::string> all_adverts{
    {.name = "adverts",
     .columns = {"id", "title", "text", "picture"},
     .sql = "SELECT id, title, text, '/uploads/' || picture FROM adverts "
            "WHERE title LIKE ?1 ESCAPE '\\' OR text LIKE ?1 ESCAPE '\\'",
     .order_by = {"id"},
     .descending = true}};

Shown list_adverts(const ByWords& asked, Reader&) {
  return Content{.listing = all_adverts.page(asked.page, containing(asked.words))};
}

struct Advert {
  std::string title;
  std::string text;
  std::optional<File> picture;
};
const Form<Advert> form{
    "advert.html",
    {{"title", &Advert::title, {.required = true, .max = 80}},
     {"text", &Advert::text, {.required = true, .max = 1000}},
     {"picture", &Advert::picture, {.max = 2'000'000, .types = {"image/png", "image/jpeg"}}}}};

Result place_advert(const PaidUser& user, const Advert& advert, Transaction& tx) {
  const auto picture = advert.picture ? std::optional(tx.keep(*advert.picture)) : std::nullopt;
  tx.run("INSERT INTO adverts (user_id, title, text, picture) VALUES (?, ?, ?, ?)", user.id(),
         advert.title, advert.text, picture);
  return Redirect{"/actions/my-adverts", "Your advert is placed."};
}

const ListOf<std::int64_t, std::string> own_adverts{
    {.name = "adverts",
     .columns = {"id", "title"},
     .sql = "SELECT id, title FROM adverts WHERE user_id = ?",
     .order_by = {"id"}}};

const Form<ById> which{"my-adverts.html", by_id.fields};

Filled<ById> load_own(const User& user, Reader& db) {
  return {.content = {.lists = {own_adverts.all(db, user.id())}}};
}

struct Placed {
  std::int64_t id = 0;
  std::optional<std::string> picture;

  static std::optional<Placed> owned_by(const User& user, std::int64_t id, Reader& db) {
    const auto row = db.row<std::optional<std::string>>(
        "SELECT picture FROM adverts WHERE id = ? AND user_id = ?", id, user.id());
    if (!row) return std::nullopt;
    return Placed{id, std::get<0>(*row)};
  }
};

void remove(const Own<Placed>& advert, Transaction& tx) {
  if (advert->picture) tx.discard(*advert->picture);
  tx.run("DELETE FROM adverts WHERE id = ?", advert->id);
}

Result remove_advert(const User& user, const ById& asked, Transaction& tx) {
  const auto advert = own<Placed>(user, asked.id, tx);
  if (!advert) return NotFound{};
  remove(*advert, tx);
  return Redirect{"/actions/my-adverts", "Your advert is gone."};
}

}  // namespace

Action adverts() {
  return public_view("adverts", "adverts.html", by_words, list_adverts,
                     Fills{.lists = {all_adverts.columns()}});
}

Action advert() { return paid_action("advert", form, place_advert); }

Action my_adverts() {
  return protected_action("my-adverts", which, remove_advert, Load{load_own},
                          Fills{.lists = {own_adverts.columns()}});
}

}  // namespace site
