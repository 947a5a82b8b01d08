#include <doctest/doctest.h>

#include <stdexcept>

#include "action/declare.h"

namespace actiond {
namespace {

struct Report {
  std::string topic;
  std::int64_t pages = 1;
};

const Form<Report> report_form{
    "order.html", {{"topic", &Report::topic, {.required = true}}, {"pages", &Report::pages}}};

// == what the declarations assert; must_not_compile.cpp shows that they do ======================

using declaration::Proofs;
template <class Run>
constexpr bool can_be_public = Proofs<>::runs<Report, Run>;
template <class Run>
constexpr bool can_be_protected = Proofs<User>::runs<Report, Run>;
template <class Run>
constexpr bool can_be_paid = Proofs<PaidUser>::runs<Report, Run>;
template <class Run, class Loader>
constexpr bool can_load_protected =
    can_be_protected<Run>&& Proofs<User>::loads<Report, Load<Loader>>;
template <class Run, class Loader>
constexpr bool can_load_paid = can_be_paid<Run>&& Proofs<PaidUser>::loads<Report, Load<Loader>>;

using ForNobody = Result (*)(const Report&, Transaction&);
using ForUser = Result (*)(const User&, const Report&, Transaction&);
using ForPayer = Result (*)(const PaidUser&, const Report&, Transaction&);

static_assert(can_be_public<ForNobody> && !can_be_protected<ForNobody> && !can_be_paid<ForNobody>);
static_assert(!can_be_public<ForUser> && can_be_protected<ForUser> && can_be_paid<ForUser>);
static_assert(!can_be_public<ForPayer> && !can_be_protected<ForPayer> && can_be_paid<ForPayer>);

// A handler takes the form's own input, no data it could write to before the transaction, and no
// proof that it could keep.
static_assert(!can_be_public<Result (*)(const std::string&, Transaction&)>);
static_assert(!can_be_public<Result (*)(Report&, Transaction&)>);
static_assert(!can_be_public<void (*)(const Report&, Transaction&)>);
static_assert(!can_be_protected<Result (*)(User&, const Report&, Transaction&)>);
static_assert(!can_be_paid<Result (*)(PaidUser&, const Report&, Transaction&)>);

using LoadForUser = Report (*)(const User&, Reader&);
using LoadForPayer = Report (*)(const PaidUser&, Reader&);
static_assert(can_load_protected<ForUser, LoadForUser> && can_load_paid<ForPayer, LoadForPayer>);
static_assert(can_load_paid<ForPayer, LoadForUser> && !can_load_protected<ForUser, LoadForPayer>);
static_assert(!can_load_protected<ForUser, Report (*)(Reader&)>);
static_assert(!can_load_protected<ForUser, Report (*)(const User&, Transaction&)>);
static_assert(!can_load_protected<ForUser, std::string (*)(const User&, Reader&)>);

// A check answers what it found, or errors, and the handler takes the former.
template <class Answer>
using CheckOf = Answer (*)(const Report&, Reader&);
using Finds = CheckOf<std::variant<int, FieldErrors>>;
template <class Check, class Run>
constexpr bool can_be_checked =
    Proofs<>::checks<Report, Check>&& Proofs<>::runs_checked<Report, Check, Run>;
static_assert(can_be_checked<Finds, Result (*)(const Report&, const int&, Transaction&)>);
static_assert(!can_be_checked<Finds, ForNobody>);
static_assert(!can_be_checked<Finds, Result (*)(const Report&, std::string, Transaction&)>);
static_assert(!can_be_checked<Finds, Result (*)(const Report&, int&, Transaction&)>);
static_assert(!Proofs<>::checks<Report, CheckOf<int>>);
static_assert(!Proofs<>::checks<Report, CheckOf<std::variant<FieldErrors, int>>>);
static_assert(!Proofs<>::checks<Report, std::variant<int, FieldErrors> (*)(const Report&)>);
static_assert(!Proofs<User>::checks<Report, Finds>);

template <class Proof>
constexpr bool cannot_be_made =
    !std::is_default_constructible_v<Proof> && !std::is_copy_constructible_v<Proof> &&
    !std::is_move_constructible_v<Proof> && !std::is_copy_assignable_v<Proof> &&
    !std::is_move_assignable_v<Proof> && !std::is_constructible_v<Proof, const Identity&>;
static_assert(cannot_be_made<User> && cannot_be_made<PaidUser>);
static_assert(!std::is_constructible_v<PaidUser, const User&>);
static_assert(std::is_base_of_v<User, PaidUser> && std::is_final_v<PaidUser>);

// == what an action keeps of its declaration
// ========================================================

class NoData final : public Transaction {
 protected:
  void query(std::string_view, std::span<const Value>, const std::function<bool(Row)>&) override {
    throw std::logic_error("the data was asked");
  }
  Executed execute(std::string_view, std::span<const Value>) override {
    throw std::logic_error("the data was written");
  }
};

class NoSessions final : public Sessions {
 public:
  std::optional<Identity> find(Reader&, const SessionId&, Time) const override {
    return std::nullopt;
  }
  void start(Transaction&, const SessionId&, std::int64_t, Time, Time,
             std::string_view) const override {}
  void touch(Transaction&, const SessionId&, Time) const override {}
  void end(Transaction&, const SessionId&) const override {}
};

// Of nobody.
Gate gate_at(Reader& db) {
  static const NoSessions sessions;
  return Gate(db, sessions, std::nullopt, Asking{Time()});
}

Action::Entered read(const Action& action, const FieldValues& values, Reader& db) {
  return std::get<0>(action.read(gate_at(db), values, db));
}

std::string destination_of(const Action::Entered& read, Transaction& tx) {
  const auto result = std::get<Call>(read)(gate_at(tx), tx);
  return std::get<Redirect>(std::get<Result>(result)).to;
}

Result echo(const Report& input, Transaction&) { return Redirect{"/" + input.topic}; }

TEST_CASE("an action keeps its name, form and level") {
  const Action open = public_action("open", report_form, echo);
  CHECK(open.name == "open");
  CHECK(open.form.page == "order.html");
  CHECK(open.form.fields.size() == 2);
  CHECK(open.level() == Level::Public);
  CHECK(protected_action("a", report_form, [](const User&, const Report& i, Transaction& tx) {
          return echo(i, tx);
        }).level() == Level::Protected);
  CHECK(paid_action("a", report_form, [](const PaidUser&, const Report& i, Transaction& tx) {
          return echo(i, tx);
        }).level() == Level::Paid);
}

TEST_CASE("reading checks the fields and leaves the handler waiting") {
  const Action action = public_action("open", report_form, echo);
  NoData tx;
  const auto right = read(action, {{"topic", "owls"}, {"other", "x"}}, tx);
  CHECK(destination_of(right, tx) == "/owls");
  const auto wrong = read(action, {{"other", "x"}}, tx);
  CHECK(std::get<FieldErrors>(wrong).messages.contains("topic"));
}

TEST_CASE("slow work runs while reading, once, and hands its outcome to the handler") {
  int checks = 0;
  const auto check = [&checks](const Report& input,
                               Reader&) -> std::variant<std::string, FieldErrors> {
    ++checks;
    if (input.topic == "bad") return report_form.error(&Report::topic, "Bad.");
    return input.topic + "!";
  };
  const auto run = [](const Report&, const std::string& checked, Transaction&) -> Result {
    return Redirect{"/" + checked};
  };
  const Action action = public_action("slow", report_form, run, Before{check});
  NoData tx;
  const auto right = read(action, {{"topic", "owls"}}, tx);
  CHECK(checks == 1);
  CHECK(destination_of(right, tx) == "/owls!");
  CHECK(checks == 1);
  const auto wrong = read(action, {{"topic", "bad"}}, tx);
  CHECK(std::get<FieldErrors>(wrong).messages.at("topic") == "Bad.");
}

TEST_CASE("slow work does not run for wrong fields") {
  const auto check = [](const Report&, Reader&) -> std::variant<int, FieldErrors> {
    throw std::logic_error("slow work ran");
  };
  const Action action = public_action(
      "slow", report_form, [](const Report&, int, Transaction&) -> Result { return Redirect{"/"}; },
      Before{check});
  NoData tx;
  CHECK(std::holds_alternative<FieldErrors>(read(action, {}, tx)));
}

TEST_CASE("only an action with a loader shows more than its page") {
  const auto run = [](const User&, const Report& input, Transaction& tx) {
    return echo(input, tx);
  };
  const auto load = [](const User&, Reader&) { return Report{"owls", 3}; };
  CHECK_FALSE(protected_action("a", report_form, run).show);
  CHECK(protected_action("a", report_form, run, Load{load}).show);
}

struct Picture {
  std::optional<File> picture;
};

TEST_CASE("what hashes, counts its tries or syncs a file does not run while the events wait") {
  const auto run = [](const Report&, Transaction&) -> Result { return Redirect{"/"}; };
  CHECK_FALSE(public_action("a", report_form, run).takes_long());
  CHECK(public_action("a", report_form, run, LimitByNetwork{&Report::topic}).takes_long());
  const Form<Picture> pictures{"author.html", {{"picture", &Picture::picture}}};
  const auto keep = [](const Picture&, Transaction&) -> Result { return Redirect{"/"}; };
  CHECK(public_action("a", pictures, keep).takes_long());
}

TEST_CASE("facets are allowed in any order and combination, at each level") {
  const auto plain = [](const Report&, Transaction&) -> Result { return Redirect{"/"}; };
  CHECK(public_action("a", report_form, plain).isolation == Isolation::Serializable);
  const auto check = [](const auto&...) -> std::variant<int, FieldErrors> { return 7; };
  const auto load = [](const User&, Reader&) { return Filled<Report>{}; };
  const auto open_run = [](const Report&, int, Transaction&) -> Result { return Redirect{"/"}; };
  const auto run = [](const User&, const Report&, int, Transaction&) -> Result {
    return Redirect{"/"};
  };
  const Before before{check};
  const LimitByAccount limit{&Report::topic};
  const auto has_all = [](const Action& action) {
    return action.read_takes_long && action.guess_limit && action.audited;
  };
  for (const Action& action : {public_action("a", report_form, open_run, before, limit, Audited{},
                                             SpamTrap{"trap"}, Isolation::ReadCommitted),
                               public_action("a", report_form, open_run, Isolation::ReadCommitted,
                                             SpamTrap{"trap"}, Audited{}, limit, before)}) {
    CHECK(action.isolation == Isolation::ReadCommitted);
    CHECK(has_all(action));
    CHECK(action.spam_trap == "trap");
  }
  for (const Action& action :
       {protected_action("a", report_form, run, Load{load}, Isolation::ReadCommitted, before, limit,
                         Audited{false}),
        protected_action("a", report_form, run, Audited{false}, LimitByOwnAccount{}, before,
                         Load{load})}) {
    CHECK(has_all(action));
    CHECK_FALSE(action.is_audited());
    CHECK(action.show);
  }
  for (const Action& action : {paid_action("a", report_form, run, limit, Load{load}, Audited{},
                                           before, Isolation::ReadCommitted),
                               paid_action("a", report_form, run, before, Audited{}, Load{load},
                                           LimitByNetwork{&Report::topic})}) {
    CHECK(has_all(action));
    CHECK(action.show);
  }
}

// A handler that shares its name with what declares it.
Result comments(const Report&, Transaction&) { return Redirect{"/"}; }
Action comments() { return public_action("comments", report_form, comments); }

TEST_CASE("a handler may be named like the function that declares its action") {
  NoData tx;
  const Action action = comments();
  CHECK(std::holds_alternative<Call>(read(action, {{"topic", "owls"}}, tx)));
}

}  // namespace
}  // namespace actiond
