#include "actions.h"

namespace site {
namespace {

struct Booking {
  std::int64_t event = 0;
  std::string name;
  std::string email;
  int people = 1;
};
const Form<Booking> form{"book.html",
                         {{"event", &Booking::event, {.required = true}},
                          {"name", &Booking::name, {.required = true, .max = 60}},
                          {"email", &Booking::email, {.required = true, .format = Format::Email}},
                          {"people", &Booking::people, {.min = 1, .max = 6}}}};

std::variant<Filled<Booking>, NotFound> open_booking(const Visitor& visitor, const ById& event,
                                                     Reader& db) {
  const auto row = db.row<std::string, std::string, int>(
      "SELECT title, day, places FROM free_places WHERE id = ?", event.id);
  if (!row) return NotFound{};
  const auto& [title, day, places] = *row;
  const User* user = visitor.user();
  return Filled<Booking>{
      .input = Booking{event.id, user ? user->name() : "", user ? user->email() : ""},
      .content = {.values = {{"title", title}, {"day", day}, {"places", std::to_string(places)}}}};
}

Result book_places(const Visitor& visitor, const Booking& booking, Transaction& tx) {
  const auto event = tx.row<int>("SELECT places FROM free_places WHERE id = ?", booking.event);
  if (!event) return NotFound{};
  if (std::get<int>(*event) < booking.people)
    return form.error(&Booking::people, "So many places are not left.");
  const User* user = visitor.user();
  tx.run("INSERT INTO entries (event_id, user_id, name, email, people) VALUES (?, ?, ?, ?, ?)",
         booking.event, user ? std::optional(user->id()) : std::nullopt, booking.name,
         booking.email, booking.people);
  return Redirect{user ? "/actions/my-entries" : "/actions/events", "You are on the list."};
}

}  // namespace

Action book() {
  return public_action("book", form, book_places, Load{by_id, open_booking}, SpamTrap{"homepage"},
                       Fills{.outputs = {"title", "day", "places"}});
}

}  // namespace site
