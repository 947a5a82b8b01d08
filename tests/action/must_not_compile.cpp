// What must not compile, one case a number: -DCASE=0 does, 1 to 12 do not.
#include <string>

#include "access/session.h"
#include "action/action.h"

namespace actiond {

struct Report {
  std::string topic;
};
struct Profile {
  std::string name;
};

const Form<Report> form{"x.html", {{"topic", &Report::topic}}};

Result for_nobody(const Report&, Transaction&) { return Redirect{"/"}; }
Result for_user(const User&, const Report&, Transaction&) { return Redirect{"/"}; }
Result for_payer(const PaidUser&, const Report&, Transaction&) { return Redirect{"/"}; }

const Identity identity{1, "ada@example.com", "Ada", forever};

#if CASE == 0  // everything as it should be
Action open() { return public_action("x", form, for_nobody); }
Action closed() { return protected_action("x", form, for_user); }
Action paid() { return paid_action("x", form, for_payer); }
const Form<Profile> other{"x.html", {{"name", &Profile::name}}};
Result payer_as_user(const PaidUser& user, Transaction& tx) { return for_user(user, Report{}, tx); }

// A level without the proof that it asks for.
#elif CASE == 1
Action forgotten() { return paid_action("x", form, for_nobody); }
#elif CASE == 2
Action forgotten() { return protected_action("x", form, for_nobody); }
#elif CASE == 3
Action too_weak() { return protected_action("x", form, for_payer); }
#elif CASE == 4
Action too_weak() { return public_action("x", form, for_user); }
#elif CASE == 5  // the form of another input
const Form<Report> crossed{"x.html", {{"topic", &Profile::name}}};
#elif CASE == 6  // no level at all
Action without_level() { return action("x", form, for_nobody); }

// A proof that the gate did not make.
#elif CASE == 7
Result forged(Transaction& tx) { return for_payer(PaidUser{identity}, Report{}, tx); }
#elif CASE == 8
struct Fake : User {
  Fake() : User(identity) {}
};
#elif CASE == 9
Result promoted(const User& user, Transaction& tx) {
  return for_payer(PaidUser(user), Report{}, tx);
}
#elif CASE == 10
struct Fake : PaidUser {};
#elif CASE == 11  // kept for later
User kept(const User& user) { return user; }
#elif CASE == 12
Result unproven(const User& user, Transaction& tx) { return for_payer(user, Report{}, tx); }
#else
#error "no such case: this would pass for the wrong reason"
#endif

}  // namespace actiond
