// Each mistake in a declaration or around a proof must not compile, and the compiler must say the
// words behind its number: tests/action/must_not_compile reads them here.  CASE 0 has no mistake.
#include "action/declarations.h"

namespace actiond {

struct Report {
  std::string topic;
};
struct Profile {
  std::string name;
};
struct Checked {};

const Form<Report> form{"x.html", {{"topic", &Report::topic}}};

Result for_nobody(const Report&, Transaction&) { return Redirect{"/"}; }
Result for_user(const User&, const Report&, Transaction&) { return Redirect{"/"}; }
Result for_payer(const PaidUser&, const Report&, Transaction&) { return Redirect{"/"}; }
Result checked(const Report&, const Checked&, Transaction&) { return Redirect{"/"}; }
Result checked_user(const User&, const Report&, const Checked&, Transaction&) {
  return Redirect{"/"};
}
Report load(const User&, Reader&) { return {}; }
std::variant<Checked, FieldErrors> check(const Report&, Reader&) { return Checked{}; }
std::variant<Checked, FieldErrors> check_user(const User&, const Report&, Reader&) {
  return Checked{};
}

const Identity identity{.user_id = 1, .email = "ada@example.com", .name = "Ada"};
const Asking asking{Time()};

struct Editor {
  static constexpr std::string_view name = "editor";
  static constexpr Level at_least = Level::Protected;
};
struct Team {
  static constexpr std::string_view name = "plan:team";
  static constexpr Level at_least = Level::Paid;
};
Result for_editor(const With<Editor>&, const Report&, Transaction&) { return Redirect{"/"}; }

struct Search {
  std::string words;
};
const Asked<Search> search{{{"q", &Search::words}}};
Shown show_all(const Search&, Reader&) { return Content{}; }
Shown show_editor(const With<Editor>&, const Search&, Reader&) { return NotFound{}; }
Filled<Report> load_asked(const User&, const Search&, Reader&) { return {}; }

struct Advert {
  std::int64_t id;
  static std::optional<Advert> owned_by(const User&, std::int64_t, Reader&) { return std::nullopt; }
};
const Form<Advert> advert_form{"x.html", {{"id", &Advert::id}}};
void rename_advert(const Own<Advert>&, Transaction&) {}

enum class Seat { Window, Aisle };
constexpr auto names(Seat) {
  return std::to_array<Named<Seat>>({{"window", Seat::Window}, {"aisle", Seat::Aisle}});
}
enum class Meal { Fish, Rice };
constexpr auto names(Meal) { return std::to_array<Named<Meal>>({{"fish", Meal::Fish}}); }
enum class Class { First, Second };

#if CASE == 0
Action open() { return public_action("x", form, for_nobody, SpamTrap{"trap"}); }
Result answers(const Report&, Transaction&) { return Data{{{"report", "17"}, {"pages", "2"}}}; }
Content shows(const std::string& name) {
  List boats;
  boats.push_back({{"name", name}});
  boats.push_back({{"name", name}, {"kind", "pair"}});
  return {.values = {{"name", "Ada"}}, .lists = {{"boats", boats}}};
}
const Fills fills{.lists = {{"boats", {"name", "kind"}}, {"seats", {"number"}}}};
Action known() {
  return public_action(
      "x", form, [](const Visitor&, const Report&, Transaction&) -> Result { return NotFound{}; },
      Load{search, [](const Visitor&, const Search&, Reader&) { return Report{}; }});
}
Action opens_own() {
  return protected_action(
      "x", advert_form,
      [](const User&, const Advert&, Transaction&) -> Result { return NotFound{}; },
      Load{by_id, own<Advert>});
}
Action slow() { return public_action("x", form, checked, Before{check}, Inbox{.notifies = true}); }
Action closed() { return protected_action("x", form, for_user, Inbox{}, Audited{}, Load{load}); }
Action paid() { return paid_action("x", form, for_payer, LimitByOwnAccount{}, Inbox{}); }
Action both() { return paid_action("x", form, checked_user, Load{load}, Before{check_user}); }
const Form<Profile> other{"x.html", {{"name", &Profile::name}}};
Result payer_as_user(const PaidUser& user, Transaction& tx) { return for_user(user, Report{}, tx); }
Action permitted() { return permitted_action<Editor>("x", form, for_editor, Inbox{}); }
Action both_permitted() {
  return permitted_action<Editor, Team>(
      "x", form, [](const With<Editor, Team>&, const Report&, Transaction&) -> Result {
        return Redirect{"/"};
      });
}
Action open_view() {
  return public_view("x", "x.html", search, show_all, Cached{std::chrono::seconds(60)}, Fills{});
}
Action editors_view() { return permitted_view<Editor>("x", "x.html", search, show_editor); }
Action payers_view() {
  return paid_view("x", "x.html", search,
                   [](const PaidUser&, const Search&, Reader&) { return Content{}; });
}
Action without_query() {
  return protected_view("x", "", no_query, [](const User&, Reader&) { return Content{}; });
}
Action asked() { return protected_action("x", form, for_user, Load{search, load_asked}); }
Result renames(const User& user, const Report&, Transaction& tx) {
  const auto advert = own<Advert>(user, 1, tx);
  if (!advert) return NotFound{};
  rename_advert(*advert, tx);
  return Redirect{"/"};
}
struct Booking {
  int guests;
  Seat seat;
  Date day;
  std::optional<Date> until;
};
const Form<Booking> booking{"x.html",
                            {{"guests", &Booking::guests},
                             {"seat", &Booking::seat},
                             {"day", &Booking::day},
                             {"until", &Booking::until}}};
void binds(const Booking& input, Transaction& tx) {
  tx.run("UPDATE seats SET seat = ?, day = ?, until = ?, price = ?", input.seat, input.day,
         input.until, std::nullopt);
}

// A handler that does not fit its level.
#elif CASE == 1  // handler of a paid action is Result(const PaidUser&, const Input&, Transaction&)
Action forgotten() { return paid_action("x", form, for_nobody); }
#elif CASE == 2  // handler of a protected action is Result(const User&, const Input&, Transaction&)
Action forgotten() { return protected_action("x", form, for_nobody); }
#elif CASE == 3  // handler of a protected action is Result(const User&, const Input&, Transaction&)
Action too_weak() { return protected_action("x", form, for_payer); }
#elif CASE == 4  // the handler of a public action is Result(const Input&, Transaction&)
Action too_weak() { return public_action("x", form, for_user); }
#elif CASE == 5  // the handler of a public action is Result(const Input&, Transaction&)
Result changes(Report&, Transaction&) { return Redirect{"/"}; }
Action non_const() { return public_action("x", form, changes); }
#elif CASE == 6  // the handler of a public action is Result(const Input&, Transaction&)
void answers_nothing(const Report&, Transaction&) {}
Action no_result() { return public_action("x", form, answers_nothing); }
#elif CASE == 7  // the handler of a public action is Result(const Input&, Transaction&)
Result takes_another(const Profile&, Transaction&) { return Redirect{"/"}; }
Action other_input() { return public_action("x", form, takes_another); }
#elif CASE == 8  // no matches converting function 'own'
Result own(const Report&, Transaction&) { return Redirect{"/"}; }
Action own() { return protected_action("x", form, own); }  // named alike, and without the proof

// A facet that does not fit.
#elif CASE == 9  // the Load of a public action is Input(Reader&)
Action loads_nobody() { return public_action("x", form, for_nobody, Load{load}); }
#elif CASE == 10  // is Input(const User&, Reader&) or Filled<Input>(const User&, Reader&)
Report load_without_user(Reader&) { return {}; }
Action loads() { return protected_action("x", form, for_user, Load{load_without_user}); }
#elif CASE == 11  // is Input(const PaidUser&, Reader&) or Filled<Input>(const PaidUser&, Reader&)
Profile load_another(const User&, Reader&) { return {}; }
Action loads() { return paid_action("x", form, for_payer, Load{load_another}); }
#elif CASE == 12  // is Input(const User&, Reader&) or Filled<Input>(const User&, Reader&)
Report load_for_payer(const PaidUser&, Reader&) { return {}; }
Action loads() { return protected_action("x", form, for_user, Load{load_for_payer}); }
#elif CASE == 13  // behind the handler stand facets alone
Action bare_loader() { return protected_action("x", form, for_user, load); }
#elif CASE == 14  // is std::variant<Checked, FieldErrors>(const Input&, Reader&)
Checked answers_no_errors(const Report&, Reader&) { return {}; }
Action checks() { return public_action("x", form, checked, Before{answers_no_errors}); }
#elif CASE == 15  // is std::variant<Checked, FieldErrors>(const User&, const Input&, Reader&)
Action checks() { return protected_action("x", form, checked_user, Before{check}); }
#elif CASE == 16  // Result(const Input&, const Checked&, Transaction&)
Action ignores_check() { return public_action("x", form, for_nobody, Before{check}); }
#elif CASE == 17  // Result(const PaidUser&, const Input&, const Checked&, Transaction&)
Action ignores_check() { return paid_action("x", form, for_payer, Before{check_user}); }
#elif CASE == 18  // an action has one facet of a kind
Action twice() { return protected_action("x", form, for_user, Audited{}, Audited{false}); }
#elif CASE == 19  // a public action has no own account to limit
Action limited() { return public_action("x", form, for_nobody, LimitByOwnAccount{}); }
#elif CASE == 20  // a limit names a member of the input of its action's own form
Action limited() { return public_action("x", form, for_nobody, LimitByAccount{&Profile::name}); }
#elif CASE == 21  // only a public action has a SpamTrap
Action trapped() { return protected_action("x", form, for_user, SpamTrap{"trap"}); }
#elif CASE == 70  // an action has one facet of a kind
Action twice() { return public_action("x", form, for_nobody, Inbox{}, Inbox{.notifies = true}); }
#elif CASE == 71  // behind the function of a view stand Fills{...} and, if it is public,
Action lies() { return public_view("x", "x.html", search, show_all, Inbox{}); }

// The braces of one pair.
#elif CASE == 65  // a pair has braces of its own: {{name, value}}, and not {name, value}
Result answers(const Report&, Transaction&) { return Data{{"report", "17"}}; }
#elif CASE == 66  // a pair has braces of its own: {{name, value}}, and not {name, value}
Content shows() { return Content{.values = {"name", "Ada"}}; }
#elif CASE == 67  // a pair has braces of its own: {{name, value}}, and not {name, value}
void adds(List& boats, const std::string& name) { boats.push_back({"name", name}); }
#elif CASE == 68  // a pair has braces of its own: {{name, value}}, and not {name, value}
Action fills() { return public_action("x", form, for_nobody, Fills{.lists = {"x", {"name"}}}); }
#elif CASE == 69  // a value of a row is text: std::to_string(number), to_rfc3339(date)
void adds(List& boats) { boats.push_back({{"name", "Ada"}, {"seats", 4}}); }

// No level at all; the form of another input.
#elif CASE == 22  // 'action' was not declared in this scope
Action without_level() { return action("x", form, for_nobody); }
#elif CASE == 23  // could not convert
const Form<Report> crossed{"x.html", {{"topic", &Profile::name}}};

// A proof that the gate did not make.
#elif CASE == 24  // is private within this context
Result forged(Transaction& tx) { return for_payer(PaidUser{identity, asking}, Report{}, tx); }
#elif CASE == 25  // is private within this context
struct Fake : User {
  Fake() : User(identity, asking) {}
};
#elif CASE == 26  // no matching function for call to 'actiond::PaidUser::PaidUser(
Result promoted(const User& user, Transaction& tx) {
  return for_payer(PaidUser(user), Report{}, tx);
}
#elif CASE == 27  // cannot derive from 'final' base 'actiond::PaidUser'
struct Fake : PaidUser {};
#elif CASE == 28  // use of deleted function 'actiond::User::User(const actiond::User&)'
User kept_for_later(const User& user) { return user; }
#elif CASE == 29  // invalid initialization of reference of type 'const actiond::PaidUser&'
Result unproven(const User& user, Transaction& tx) { return for_payer(user, Report{}, tx); }

// A function that does not ask for the permissions that guard it.
#elif CASE == 30  // with the permissions of its action
Action too_weak() { return permitted_action<Editor>("x", form, for_user); }
#elif CASE == 31  // with the permissions of its action
Action for_another() { return permitted_action<Team>("x", form, for_editor); }
#elif CASE == 32  // with the permissions of its action
Action one_of_two() { return permitted_action<Editor, Team>("x", form, for_editor); }
#elif CASE == 33  // 'Editr' was not declared in this scope
Action misspelt() { return permitted_action<Editr>("x", form, for_editor); }
#elif CASE == 34  // the Load of a permitted action is
Action weak_load() { return permitted_action<Editor>("x", form, for_editor, Load{load}); }
#elif CASE == 35  // with the permissions of its declaration
Action open_door() { return permitted_view<Editor>("x", "x.html", search, show_all); }
#elif CASE == 36  // with the permissions of its declaration
Shown show_user(const User&, const Search&, Reader&) { return NotFound{}; }
Action weak_view() { return permitted_view<Editor>("x", "x.html", search, show_user); }
#elif CASE == 37  // a public view is Shown(const Query&, Reader&)
Action guarded() { return public_view("x", "x.html", search, show_editor); }
#elif CASE == 38  // a protected view is Shown(const User&, const Query&, Reader&)
Action unguarded() { return protected_view("x", "x.html", search, show_all); }
#elif CASE == 39  // a paid view is Shown(const PaidUser&, const Query&, Reader&)
Action unguarded() { return paid_view("x", "x.html", search, show_all); }
#elif CASE == 40  // is private within this context
Result forged(Transaction& tx) { return for_editor(With<Editor>(identity, asking), Report{}, tx); }
#elif CASE == 41  // invalid initialization of reference of type 'const actiond::With<
Result unproven(const User& user, Transaction& tx) { return for_editor(user, Report{}, tx); }
#elif CASE == 42  // is private within this context
void takes(Transaction& tx) { rename_advert(Own<Advert>(Advert{1}), tx); }
#elif CASE == 43  // invalid initialization of reference of type
void takes(const Advert& advert, Transaction& tx) { rename_advert(advert, tx); }
#elif CASE == 44  // constraints not satisfied
struct Open {
  static constexpr std::string_view name = "open";
  static constexpr Level at_least = Level::Public;
};
Action open_to_all() {
  return permitted_action<Open>("x", form, [](const auto&...) -> Result { return NotFound{}; });
}
#elif CASE == 45  // a protected view is Shown(const User&, const Query&, Reader&)
Shown writes(const User&, const Search&, Transaction&) { return NotFound{}; }
Action writing_view() { return protected_view("x", "x.html", search, writes); }
#elif CASE == 57  // a view says what may be asked behind its page: Asked<Query>, or no_query
Shown show_motto(Reader&) { return Content{}; }
Action forgotten() { return public_view("x", "x.html", show_motto, Fills{}); }
#elif CASE == 58  // with no_query Shown(const User&, Reader&)
Shown show_own(const User&, Reader&) { return Content{}; }
Action not_asked() { return protected_view("x", "x.html", search, show_own); }
#elif CASE == 59  // only a public view is Cached: the answer of any other depends on who asks
Action shared() {
  return permitted_view<Editor>("x", "x.html", search, show_editor, Cached{std::chrono::hours(1)});
}
#elif CASE == 60  // behind the function of a view stand Fills{...} and, if it is public,
Action audited() { return public_view("x", "x.html", search, show_all, Audited{}); }

// A value that a row does not have.
#elif CASE == 46  // NULL is bound as std::nullopt
void binds(Transaction& tx) { tx.run("UPDATE adverts SET phone = ?", nullptr); }
#elif CASE == 47  // a statement takes text, whole numbers,
void binds(Transaction& tx) { tx.run("UPDATE adverts SET title = ?", Report{"a"}); }
#elif CASE == 48  // a statement takes text, whole numbers,
void binds(const std::int64_t* id, Transaction& tx) {
  tx.run("DELETE FROM adverts WHERE ? = 1", id);
}
#elif CASE == 49  // a column is read as std::string, a whole number,
auto reads(Reader& db) { return db.row<float>("SELECT price FROM adverts"); }
#elif CASE == 50  // class with names() beside it (base/names.h)
void binds(Transaction& tx) { tx.run("UPDATE seats SET class = ?", Class::First); }
#elif CASE == 51  // each enumerator has a name
void binds(Transaction& tx) { tx.run("UPDATE seats SET meal = ?", Meal::Rice); }
#elif CASE == 52  // the names of an enum are distinct and none is empty
enum class Deck { Upper, Lower };
constexpr auto names(Deck) {
  return std::to_array<Named<Deck>>({{"upper", Deck::Upper}, {"upper", Deck::Lower}});
}
void binds(Transaction& tx) { tx.run("UPDATE seats SET deck = ?", Deck::Upper); }

// A member that no field can fill.
#elif CASE == 53  // a member of a form or a query is std::string, int, std::int64_t, Date, an enum
struct Priced {
  double price = 0;
};
const Form<Priced> priced{"x.html", {{"price", &Priced::price}}};
#elif CASE == 54  // std::optional of one of these, bool,
struct Agreed {
  std::optional<bool> yes;
};
const Asked<Agreed> agreed{{{"yes", &Agreed::yes}}};
#elif CASE == 55  // class with names() beside it (base/names.h)
struct Travel {
  Class in;
};
const Form<Travel> travel{"x.html", {{"in", &Travel::in}}};
#elif CASE == 56  // each enumerator has a name
struct Dinner {
  std::optional<Meal> meal;
};
const Form<Dinner> dinner{"x.html", {{"meal", &Dinner::meal}}};

// A visitor who need not be signed in.
#elif CASE == 61  // const Visitor& in front if the handler has it
Action forgets_who() {
  return public_action(
      "x", form, [](const Visitor&, const Report&, Transaction&) -> Result { return NotFound{}; },
      Load{[](Reader&) { return Report{}; }});
}
#elif CASE == 62  // a public view is Shown(const Query&, Reader&)
Shown show_who(const Visitor&, const Search&, Reader&) { return NotFound{}; }
Action known_view() { return public_view("x", "x.html", search, show_who); }
#elif CASE == 63  // the handler of a protected action is
Result for_anybody(const Visitor&, const Report&, Transaction&) { return NotFound{}; }
Action anybody() { return protected_action("x", form, for_anybody); }
#elif CASE == 64  // is private within this context
const Visitor forged{std::optional(identity), asking};
#else
#error "no such case: this would pass for the wrong reason"
#endif

}  // namespace actiond
