// Check, then act: what an operator does between the early check and the write counts.
#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include "action/declare.h"
#include "sample/sample.h"
#include "site_under_test.h"
#include "store/tokens.h"

namespace actiond {
namespace {

using sample::Editor;
using test::SiteUnderTest;

struct Revocation {
  std::string what;
  void (*happens)(Transaction&, std::int64_t user_id);
  std::string action;
  test::Fields fields;
  int status;
};

void revoke(Transaction& tx, std::int64_t id) { test::set_access(tx, id, std::nullopt); }
void end_access_now(Transaction& tx, std::int64_t id) {
  test::set_access(tx, id, Time(std::chrono::seconds(1'800'000'000)));
}
void block(Transaction& tx, std::int64_t id) { block_grants(tx, id, Time()); }
void end_all_sessions(Transaction& tx, std::int64_t id) { end_sessions(tx, id); }
void disable(Transaction& tx, std::int64_t id) { disable_account(tx, id, Time()); }
void disable_only(Transaction& tx, std::int64_t id) {
  tx.run("UPDATE users SET disabled_at = 1 WHERE id = ?", id);
}
void change_password(Transaction& tx, std::int64_t id) { set_password_hash(tx, id, "another"); }

const std::vector<Revocation> revocations{
    {"access revoked", revoke, "order", {{"topic", "owls"}}, 402},
    {"access ended", end_access_now, "order", {{"topic", "owls"}}, 402},
    {"account blocked", block, "order", {{"topic", "owls"}}, 402},
    {"session ended", end_all_sessions, "order", {{"topic", "owls"}}, 401},
    {"session ended", end_all_sessions, "author", {{"name", "New"}}, 401},
    {"account disabled", disable, "author", {{"name", "New"}}, 401},
    {"account deleted", delete_account, "order", {{"topic", "owls"}}, 401},
    {"account deleted", delete_account, "author", {{"name", "New"}}, 401},
    {"account disabled, session left", disable_only, "author", {{"name", "New"}}, 401},
    {"session ended", end_all_sessions, "sign-out", {}, 401},
    {"account disabled",
     disable,
     "sign-in",
     {{"email", "ada@example.com"}, {"password", "correct horse"}},
     422},
    {"password changed",
     change_password,
     "sign-in",
     {{"email", "ada@example.com"}, {"password", "correct horse"}},
     422},
};

// All that an action could have changed, without what differs from site to site: ids, salts,
// clocks.
std::string effects(SiteUnderTest& site) {
  std::string effects = "rows:\n";
  const auto rows = site.all_rows();
  for (const std::string table : {"users", "grants", "sessions", "reviews", "comments"})
    if (const auto found = rows.find(table); found != rows.end()) effects += found->second;
  return effects;
}

TEST_CASE("S29 what is revoked between the check and the write has no effect") {
  for (const Revocation& row : revocations) {
    CAPTURE(row.what);
    CAPTURE(row.action);
    SiteUnderTest site;
    const std::string cookie = site.sign_up("ada@example.com");
    site.grant("ada@example.com", forever);
    std::string right_after;
    site.store.writes_before = row.action == "sign-in";  // the try, before its hash
    site.store.just_before_write = [&](Transaction& tx) {
      row.happens(tx, find_account(tx, "ada@example.com")->id);
    };
    site.store.just_after_it = [&] { right_after = effects(site); };
    const Response response = site.post(row.action, row.fields, cookie);
    CHECK(response.status() == row.status);
    CHECK(test::header(response, "Set-Cookie") == "");
    REQUIRE(right_after != "");
    CHECK(effects(site) == right_after);
  }
}

struct Team {
  static constexpr std::string_view name = "plan:team";
  static constexpr Level at_least = Level::Paid;
};
struct Notice {
  std::string text;
};
const Form<Notice> notice_form{"", {{"text", &Notice::text, {.required = true}}}};

std::vector<Action> with_permissions() {
  const auto post = [](const With<Editor, Team>&, const Notice& input, Transaction& tx) -> Result {
    tx.run("INSERT INTO comments (email, message) VALUES ('', ?)", input.text);
    return Redirect{"/"};
  };
  return {permitted_action<Editor, Team>("notice", notice_form, post)};
}

TEST_CASE("S29 a permission that is taken between the check and the write stops the write") {
  struct Change {
    std::string what;
    void (*happens)(Transaction&, std::int64_t user_id);
    int status;
  };
  const std::vector<Change> changes{
      {"nothing", [](Transaction&, std::int64_t) {}, 200},
      {"the editor's taken",
       [](Transaction& tx, std::int64_t id) { take_grant(tx, id, "editor", operator_source); },
       403},
      {"the team's taken",
       [](Transaction& tx, std::int64_t id) { take_grant(tx, id, "plan:team", operator_source); },
       403},
      {"the editor's ended now",
       [](Transaction& tx, std::int64_t id) {
         test::set_grant(tx, id, "editor", Time(std::chrono::seconds(1'800'000'000)));
       },
       403},
      {"the editor's moved to another account",
       [](Transaction& tx, std::int64_t id) {
         take_grant(tx, id, "editor", operator_source);
         test::set_grant(tx, find_account(tx, "bob@example.com")->id, "editor", forever);
       },
       403},
      {"the editor's from another source",
       [](Transaction& tx, std::int64_t id) {
         take_grant(tx, id, "editor", operator_source);
         give_grant(tx, id, "editor", "stripe", forever);
       },
       200},
      {"access revoked", revoke, 402},
      {"all of it blocked", block, 402},
      {"session ended", end_all_sessions, 401}};
  for (const Change& change : changes) {
    CAPTURE(change.what);
    SiteUnderTest accounts;
    const std::string cookie = accounts.sign_up("ada@example.com");
    accounts.sign_up("bob@example.com");
    accounts.grant("ada@example.com", forever);
    accounts.permit("ada@example.com", "editor", forever);
    accounts.permit("ada@example.com", "plan:team", forever);
    test::InterruptedStore store(accounts.database);
    Application site(store, accounts.keys, accounts.settings(with_permissions()));
    bool happened = false;
    store.just_before_write = [&](Transaction& tx) {
      change.happens(tx, find_account(tx, "ada@example.com")->id);
      happened = true;
    };
    Request request = test::make_request("POST", "/actions/notice",
                                         {{"accept", "application/json"},
                                          {"sec-fetch-site", "same-origin"},
                                          {"content-type", "application/x-www-form-urlencoded"},
                                          {"cookie", cookie}},
                                         "text=hello");
    CHECK(site.dispatcher().answer(request).status() == change.status);
    CHECK(happened);
    CHECK(accounts.database.reader().row<int>("SELECT count(*) FROM comments") ==
          std::tuple(change.status == 200 ? 1 : 0));
  }
}

// Notes which threads' requests were let in as far as the write.
class NotedStore final : public Store {
 public:
  explicit NotedStore(Store& store) : store_(store) {}

  static thread_local int writes;

  Reader& reader() override { return store_.reader(); }
  void snapshot(const std::function<void(Reader&)>& work) override { store_.snapshot(work); }
  void queue(Work work, Done done, Isolation isolation) override {
    ++writes;
    store_.queue(std::move(work), std::move(done), isolation);
  }
  bool is_waiting() override { return store_.is_waiting(); }
  void commit() override { store_.commit(); }

 private:
  Store& store_;
};
thread_local int NotedStore::writes = 0;

TEST_CASE("access that is revoked while many order at once: those who were let in have no effect") {
  const int wanted = test::is_on_postgres() ? 100 : 1000;
  SiteUnderTest site;
  const std::string cookie = site.sign_up("ada@example.com");
  NotedStore store(site.database);
  Application noted(store, site.keys, site.settings(site.catalogue.actions()));
  std::atomic<int> done = 0, refused_early = 0, refused_late = 0, others = 0;
  std::vector<std::jthread> visitors;
  for (int visitor = 0; visitor < 6; ++visitor)
    visitors.emplace_back([&](const std::stop_token& stop) {
      while (!stop.stop_requested()) {
        NotedStore::writes = 0;
        Request request =
            test::make_request("POST", "/actions/order",
                               {{"accept", "application/json"},
                                {"cookie", cookie},
                                {"sec-fetch-site", "same-origin"},
                                {"content-type", "application/x-www-form-urlencoded"}},
                               "topic=owls");
        const int status = noted.dispatcher().answer(request).status();
        if (status != 200 && status != 402) ++others;
        if (status == 200) ++done;
        if (status != 402) continue;
        ++(NotedStore::writes == 0 ? refused_early : refused_late);
        std::this_thread::sleep_for(std::chrono::microseconds(100));
      }
    });
  // Between the two writes of a round nobody has access.
  const auto set_access = [&](std::optional<Time> until) {
    site.change([&](Transaction& tx) {
      test::set_access(tx, find_account(tx, "ada@example.com")->id, until);
    });
  };
  const auto reviews = [&] {
    return std::get<0>(*site.database.reader().row<std::int64_t>("SELECT count(*) FROM reviews"));
  };
  int rounds = 0, with_effect = 0;
  for (; refused_late < wanted && rounds < 50'000; ++rounds) {
    set_access(std::nullopt);
    const std::int64_t when_revoked = reviews();
    std::this_thread::sleep_for(std::chrono::microseconds(100));
    if (reviews() != when_revoked) ++with_effect;
    set_access(forever);
    std::this_thread::sleep_for(std::chrono::microseconds(100));
  }
  visitors.clear();
  MESSAGE(rounds, " rounds: ", done.load(), " done, ", refused_early.load(), " refused early, ",
          refused_late.load(), " refused in the transaction");
  CHECK(refused_late.load() >= wanted);
  CHECK(with_effect == 0);
  CHECK(others.load() == 0);
  CHECK(done.load() > 0);
  CHECK(reviews() == done.load());
}

TEST_CASE("what is revoked counts at the very next request with the same cookie") {
  SiteUnderTest site;
  const std::string cookie = site.sign_up("ada@example.com");
  site.grant("ada@example.com", forever);
  CHECK(site.post("order", {{"topic", "owls"}}, cookie).status() == 200);
  site.grant("ada@example.com", std::nullopt);
  CHECK(site.post("order", {{"topic", "owls"}}, cookie).status() == 402);
  site.grant("ada@example.com", site.now + std::chrono::seconds(1));
  CHECK(site.post("order", {{"topic", "owls"}}, cookie).status() == 200);
}

TEST_CASE("what a blocked account was granted opens nothing, to its session and its token") {
  SiteUnderTest site;
  const std::string cookie = site.sign_up("ada@example.com");
  const std::int64_t ada = find_account(site.database.reader(), "ada@example.com")->id;
  std::string token;
  site.change([&](Transaction& tx) {
    give_grant(tx, ada, paid_grant, "stripe:sub_1", forever);
    give_grant(tx, ada, "editor", operator_source, forever);
    token = *make_token(tx, ada, {"order"}, site.now, forever);
  });
  const auto statuses = [&] {
    Request scripted =
        test::make_request("GET", "/actions/order", {{"authorization", "Bearer " + token}});
    return std::vector{site.get("/actions/order", cookie).status(),
                       site.get("/actions/comment-count", cookie).status(),
                       site.send(std::move(scripted)).status(),
                       site.get("/actions/author", cookie).status()};
  };
  const auto me = [&] { return site.get("/actions/me", cookie).body; };
  const std::string before = me();
  CHECK(statuses() == std::vector{200, 200, 200, 200});
  site.change([&](Transaction& tx) { block_grants(tx, ada, site.now); });
  CHECK(statuses() == std::vector{402, 403, 402, 200});
  CHECK(me().find(R"("hasAccess":false,"accessUntil":null,"permissions":[])") != std::string::npos);
  // Grants that it gets meanwhile count as little.
  site.change([&](Transaction& tx) {
    give_grant(tx, ada, paid_grant, operator_source, forever);
    give_grant(tx, ada, "editor", "stripe:sub_2", forever);
  });
  CHECK(statuses() == std::vector{402, 403, 402, 200});
  site.change([&](Transaction& tx) { unblock_grants(tx, ada); });
  CHECK(statuses() == std::vector{200, 200, 200, 200});
  CHECK(me() == before);
}

TEST_CASE("access from two sources holds until both are gone") {
  SiteUnderTest site;
  const std::string cookie = site.sign_up("ada@example.com");
  const std::int64_t ada = find_account(site.database.reader(), "ada@example.com")->id;
  const auto order = [&] { return site.post("order", {{"topic", "owls"}}, cookie).status(); };
  site.change([&](Transaction& tx) {
    give_grant(tx, ada, paid_grant, operator_source, forever);
    give_grant(tx, ada, paid_grant, "stripe", site.now + std::chrono::hours(1));
    give_grant(tx, ada, "editor", "stripe", forever);
  });
  CHECK(order() == 200);
  site.change([&](Transaction& tx) { take_grant(tx, ada, paid_grant, operator_source); });
  CHECK(order() == 200);
  site.now += std::chrono::minutes(59);
  CHECK(order() == 200);
  site.now += std::chrono::minutes(1);
  CHECK(order() == 402);
}

TEST_CASE("access ends by itself when its time has come") {
  SiteUnderTest site;
  const std::string cookie = site.sign_up("ada@example.com");
  site.grant("ada@example.com", site.now + std::chrono::hours(1));
  site.now += std::chrono::minutes(59);
  CHECK(site.post("order", {{"topic", "owls"}}, cookie).status() == 200);
  site.now += std::chrono::minutes(1);
  CHECK(site.post("order", {{"topic", "owls"}}, cookie).status() == 402);
}

}  // namespace
}  // namespace actiond
