#include "actions.h"

namespace site {
namespace {

enum class Kind { Regatta, Training, Party };
constexpr auto names(Kind) {
  return std::to_array<Named<Kind>>(
      {{"regatta", Kind::Regatta}, {"training", Kind::Training}, {"party", Kind::Party}});
}

struct Search {
  std::optional<Kind> kind;
  int page = 1;
};
const Asked<Search> search{{{"kind", &Search::kind}, {"page", &Search::page, {.min = 1}}}};

const ListOf<std::int64_t, std::string, Kind, Date, int> coming{
    {.name = "events",
     .columns = {"id", "title", "kind", "day", "places"},
     .sql = "SELECT id, title, kind, day, places FROM free_places "
            "WHERE day >= date('now') AND kind = coalesce(?, kind)",
     .order_by = {"day", "id"}}};

Shown list_events(const Search& asked, Reader&) {
  return Content{.listing = coming.page(asked.page, asked.kind)};
}

struct Event {
  std::string title;
  Kind kind = Kind::Training;
  Date day;
  int places = 0;
};
const Form<Event> form{"add-event.html",
                       {{"title", &Event::title, {.required = true, .max = 80}},
                        {"kind", &Event::kind},
                        {"day", &Event::day},
                        {"places", &Event::places, {.required = true, .min = 1, .max = 500}}}};

Result save_event(const With<Committee>&, const Event& event, Transaction& tx) {
  tx.run("INSERT INTO events (title, kind, day, places) VALUES (?, ?, ?, ?)", event.title,
         event.kind, event.day, event.places);
  return Redirect{"/actions/events", "The event is announced."};
}

}  // namespace

Action events() {
  return public_view("events", "events.html", search, list_events,
                     Fills{.lists = {coming.columns()}});
}

Action add_event() { return permitted_action<Committee>("add-event", form, save_event); }

}  // namespace site
