#include "access/access.h"

#include <doctest/doctest.h>

#include <stdexcept>

namespace actiond {
namespace {

const Time this_moment(std::chrono::seconds(1'000'000));
const std::chrono::seconds moment(1);

// Nothing is to be read here: the sessions below answer from memory.
class NoData final : public Reader {
 protected:
  void query(std::string_view, std::span<const Value>, const std::function<bool(Row)>&) override {
    throw std::logic_error("the data was asked");
  }
};

// One living session, "ada".
class OneSession final : public Sessions {
 public:
  explicit OneSession(std::optional<Time> access_until) : access_until_(access_until) {}

  std::optional<Identity> find(Reader&, const SessionId& id, Time asked_at) const override {
    ++asked;
    CHECK(asked_at == this_moment);
    if (id.bytes != "ada") return std::nullopt;
    Identity ada{7, "ada@example.com", "Ada", {}};
    if (access_until_) ada.grants = {{std::string(paid_grant), *access_until_}};
    return ada;
  }
  void start(Transaction&, const SessionId&, std::int64_t, Time, Time,
             std::string_view) const override {}
  void touch(Transaction&, const SessionId&, Time) const override {}
  void end(Transaction&, const SessionId&) const override {}

  mutable int asked = 0;

 private:
  std::optional<Time> access_until_;
};

struct Visitor {
  std::string who;
  std::optional<SessionId> session;
  std::optional<Time> access_until;
  std::string admitted;  // which of Public, Protected and Paid: '+' or '-'
  std::string refusals;  // why not: N(ot signed in) or A(ccess)
};

const Visitor visitors[] = {
    {"nobody", std::nullopt, std::nullopt, "+--", " NN"},
    {"whose session ended", SessionId{"bob"}, forever, "+--", " NN"},
    {"a user", SessionId{"ada"}, std::nullopt, "++-", "  A"},
    {"a payer", SessionId{"ada"}, this_moment + moment, "+++", "   "},
    {"a payer without end", SessionId{"ada"}, forever, "+++", "   "},
    {"whose access ends now", SessionId{"ada"}, this_moment, "++-", "  A"},
    {"whose access ended", SessionId{"ada"}, this_moment - moment, "++-", "  A"},
};

char letter(std::optional<Refusal> refusal) {
  if (!refusal) return ' ';
  return *refusal == Refusal::NotSignedIn ? 'N' : 'A';
}

TEST_CASE("each level admits whom it should and says why it does not") {
  for (const Visitor& visitor : visitors) {
    CAPTURE(visitor.who);
    NoData db;
    const OneSession sessions(visitor.access_until);
    const Gate gate(db, sessions, visitor.session, Asking{this_moment});
    const Guard levels[] = {guard_of<>, guard_of<User>, guard_of<PaidUser>};
    for (std::size_t at = 0; at < 3; ++at) {
      CAPTURE(at);
      CHECK(letter(gate.refusal(levels[at])) == visitor.refusals[at]);
    }
  }
}

TEST_CASE("work runs with its proof, or not at all") {
  for (const Visitor& visitor : visitors) {
    CAPTURE(visitor.who);
    NoData db;
    const OneSession sessions(visitor.access_until);
    const Gate gate(db, sessions, visitor.session, Asking{this_moment});
    std::string ran;
    const auto open = gate.enter<>(
        [&](int x) {
          ran += 'o';
          return x;
        },
        1);
    const auto signed_in = gate.enter<User>(
        [&](const User& user, int x) {
          CHECK(user.id() == 7);
          CHECK(user.email() == "ada@example.com");
          CHECK(user.name() == "Ada");
          ran += 's';
          return x;
        },
        2);
    const auto paid = gate.enter<PaidUser>(
        [&](const PaidUser& user, int x) {
          CHECK(user.id() == 7);
          ran += 'p';
          return x;
        },
        3);

    std::string expected;
    for (std::size_t at = 0; at < 3; ++at)
      if (visitor.admitted[at] == '+') expected += "osp"[at];
    CHECK(ran == expected);
    CHECK(std::get<int>(open) == 1);
    CHECK(std::holds_alternative<int>(signed_in) == (visitor.admitted[1] == '+'));
    CHECK(std::holds_alternative<int>(paid) == (visitor.admitted[2] == '+'));
  }
}

TEST_CASE("without a session the data is not asked, with one it is asked once") {
  NoData db;
  const OneSession sessions(forever);
  const Gate nobody(db, sessions, std::nullopt, Asking{this_moment});
  CHECK_FALSE(nobody.identity());
  CHECK(sessions.asked == 0);
  const Gate somebody(db, sessions, SessionId{"ada"}, Asking{this_moment});
  CHECK_FALSE(somebody.refusal(guard_of<User>));
  CHECK_FALSE(somebody.refusal(guard_of<PaidUser>));
  CHECK(somebody.identity()->user_id == 7);
  CHECK(sessions.asked == 1);
}

TEST_CASE("levels have the names of the contract") {
  CHECK(to_text(Level::Public) == "public");
  CHECK(to_text(Level::Protected) == "protected");
  CHECK(to_text(Level::Paid) == "paid");
}

}  // namespace
}  // namespace actiond
