#include "action/action.h"

#include <doctest/doctest.h>

#include <stdexcept>

namespace actiond {
namespace {

struct Report {
  std::string topic;
  std::int64_t pages = 1;
};

const Form<Report> form{"premium.html",
                        {{"topic", &Report::topic, {.required = true}}, {"pages", &Report::pages}}};

// == "does not compile" is a behaviour
// ==============================================================

template <class Run>
constexpr bool can_be_public = requires(Form<Report> f, Run run) {
  public_action("x", f, run);
};
template <class Run>
constexpr bool can_be_protected = requires(Form<Report> f, Run run) {
  protected_action("x", f, run);
};
template <class Run>
constexpr bool can_be_paid = requires(Form<Report> f, Run run) {
  paid_action("x", f, run);
};
template <class Run, class Load>
constexpr bool can_load_protected = requires(Form<Report> f, Run run, Load load) {
  protected_action("x", f, run, load);
};
template <class Run, class Load>
constexpr bool can_load_paid = requires(Form<Report> f, Run run, Load load) {
  paid_action("x", f, run, load);
};

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

Result echo(const Report& input, Transaction&) { return Redirect{"/" + input.topic}; }

TEST_CASE("an action keeps its name, form and level") {
  const Action open = public_action("open", form, echo);
  CHECK(open.name == "open");
  CHECK(open.form.page == "premium.html");
  CHECK(open.form.fields.size() == 2);
  CHECK(open.level() == Level::Public);
  CHECK(protected_action("a", form, [](const User&, const Report& i, Transaction& tx) {
          return echo(i, tx);
        }).level() == Level::Protected);
  CHECK(paid_action("a", form, [](const PaidUser&, const Report& i, Transaction& tx) {
          return echo(i, tx);
        }).level() == Level::Paid);
}

TEST_CASE("reading checks the fields and leaves the handler waiting") {
  const Action action = public_action("open", form, echo);
  const auto& steps = std::get<Steps<>>(action.steps);
  NoData tx;
  const auto right = steps.read({{"topic", "owls"}, {"other", "x"}}, tx);
  const auto& call = std::get<Steps<>::Call>(right);
  CHECK(std::get<Redirect>(call(tx)).to == "/owls");
  const auto wrong = steps.read({{"other", "x"}}, tx);
  CHECK(std::get<FieldErrors>(wrong).messages.contains("topic"));
}

TEST_CASE("slow work runs while reading, once, and hands its outcome to the handler") {
  int checks = 0;
  const auto check = [&checks](const Report& input,
                               Reader&) -> std::variant<std::string, FieldErrors> {
    ++checks;
    if (input.topic == "bad") return form.error(&Report::topic, "Bad.");
    return input.topic + "!";
  };
  const auto run = [](const Report&, const std::string& checked, Transaction&) -> Result {
    return Redirect{"/" + checked};
  };
  const Action action = public_action("slow", form, Before{check}, run);
  const auto& steps = std::get<Steps<>>(action.steps);
  NoData tx;
  const auto right = steps.read({{"topic", "owls"}}, tx);
  CHECK(checks == 1);
  CHECK(std::get<Redirect>(std::get<Steps<>::Call>(right)(tx)).to == "/owls!");
  CHECK(checks == 1);
  CHECK(std::get<FieldErrors>(steps.read({{"topic", "bad"}}, tx)).messages.at("topic") == "Bad.");
}

TEST_CASE("slow work does not run for wrong fields") {
  const auto check = [](const Report&, Reader&) -> std::variant<int, FieldErrors> {
    throw std::logic_error("slow work ran");
  };
  const Action action =
      public_action("slow", form, Before{check},
                    [](const Report&, int, Transaction&) -> Result { return Redirect{"/"}; });
  NoData tx;
  CHECK(std::holds_alternative<FieldErrors>(std::get<Steps<>>(action.steps).read({}, tx)));
}

TEST_CASE("only an action with a loader loads") {
  const auto run = [](const User&, const Report& input, Transaction& tx) {
    return echo(input, tx);
  };
  const auto load = [](const User&, Reader&) { return Report{"owls", 3}; };
  CHECK_FALSE(std::get<Steps<User>>(protected_action("a", form, run).steps).load);
  CHECK(std::get<Steps<User>>(protected_action("a", form, run, load).steps).load);
}

}  // namespace
}  // namespace actiond
