// A site without sockets: its own database, its pages, and a clock to set.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/encoding.h"
#include "program/application.h"
#include "program/site.h"
#include "store/accounts.h"
#include "store/grants.h"
#include "support.h"
#include "test_engine.h"

namespace actiond::test {

// The site and the folder of its pages, defined once in its tests.
Site tested_site();
std::filesystem::path tested_pages();

using Fields = std::vector<std::pair<std::string, std::string>>;

inline std::string urlencoded(const Fields& fields) {
  std::string body;
  for (const auto& [name, value] : fields)
    body += (body.empty() ? "" : "&") + to_percent_encoded(name) + "=" + to_percent_encoded(value);
  return body;
}

// The value of the session cookie that `response` sets: "session=…", or "".
inline std::string session_of(const Response& response) {
  const std::string cookie = header(response, "Set-Cookie");
  return cookie.substr(0, cookie.find(';'));
}

// The operator's grant of that name; nothing: taken away.
inline void set_grant(Transaction& tx, std::int64_t user_id, std::string_view name,
                      std::optional<Time> until) {
  if (until)
    give_grant(tx, user_id, name, operator_source, *until);
  else
    take_grant(tx, user_id, name, operator_source);
}
inline void set_access(Transaction& tx, std::int64_t user_id, std::optional<Time> until) {
  set_grant(tx, user_id, paid_grant, until);
}

// A store whose writes can be preceded by something that happens just then.
class InterruptedStore final : public Store {
 public:
  explicit InterruptedStore(Store& store) : store_(store) {}

  int writes_before = 0;  // that are not preceded
  std::function<void(Transaction&)> just_before_write;
  std::function<void()> just_after_it;

  Reader& reader() override { return store_.reader(); }
  void snapshot(const std::function<void(Reader&)>& work) override { store_.snapshot(work); }
  void queue(Work work, Done done, Isolation isolation) override {
    if (writes_before > 0) {
      --writes_before;
    } else if (const auto interrupt = std::exchange(just_before_write, nullptr)) {
      store_.write([&](Transaction& tx) {
        interrupt(tx);
        return Verdict::Keep;
      });
      if (just_after_it) just_after_it();
    }
    store_.queue(std::move(work), std::move(done), isolation);
  }
  bool is_waiting() override { return store_.is_waiting(); }
  void commit() override { store_.commit(); }

 private:
  Store& store_;
};

// As SQL would write it.
inline std::string shown(const Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
  if (const auto* number = std::get_if<double>(&value)) return std::to_string(*number);
  if (const auto* text = std::get_if<std::string_view>(&value))
    return "'" + std::string(*text) + "'";
  if (const auto* blob = std::get_if<Blob>(&value)) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string hex = "X'";
    for (const char byte : blob->bytes) {
      hex += digits[static_cast<unsigned char>(byte) >> 4];
      hex += digits[static_cast<unsigned char>(byte) & 15];
    }
    return hex + "'";
  }
  return "NULL";
}

struct SiteUnderTest {
  TemporaryFolder folder;
  Time now{std::chrono::seconds(1'800'000'000)};
  KeyRing keys{{KeyRing::new_key()}};
  TestEngine engine;
  Engine& database = *engine;
  InterruptedStore store{database};
  PasswordHasher hasher{folder / "site.db-lock"};
  Application application;
  const Dispatcher& dispatcher = application.dispatcher();
  const Catalogue& catalogue = application.catalogue();
  Upkeep& upkeep = application.upkeep();

  SiteUnderTest()
      : engine(folder / "site.db", schema_of(tested_site())),
        application(store, keys, settings(actions_of(tested_site(), hasher))) {}
  // With actions of the test's own, and `tables` of theirs as SQL, which has to outlive this.
  explicit SiteUnderTest(std::vector<Action> actions, std::string_view tables = "")
      : engine(folder / "site.db", with_tables(tables)),
        application(store, keys, settings(std::move(actions))) {}

  static Schema with_tables(std::string_view tables) {
    Schema schema = schema_of(tested_site());
    if (!tables.empty()) schema.site.push_back({9999, "9999_of_the_test.sql", tables});
    return schema;
  }

  ApplicationSettings settings(std::vector<Action> actions) const {
    return {.actions = std::move(actions),
            .origins = {"http://localhost:8080"},
            .static_root = tested_pages(),
            .session_life = std::chrono::days(30),
            .session_idle_life = std::chrono::days(14),
            .clock = [this] { return now; },
            .owners = {*Address::parse("owner@example.com")}};
  }

  Response send(Request request) { return dispatcher.answer(request); }

  // As a program on this site, or with `accept` as a browser or a shell.
  Response post(const std::string& action, const Fields& fields, const std::string& cookie = "",
                const std::string& accept = "application/json") {
    std::vector<Header> headers{{"accept", accept},
                                {"sec-fetch-site", "same-origin"},
                                {"content-type", "application/x-www-form-urlencoded"}};
    if (!cookie.empty()) headers.push_back({"cookie", cookie});
    return send(make_request("POST", "/actions/" + action, headers, urlencoded(fields)));
  }
  Response get(const std::string& path, const std::string& cookie = "",
               const std::string& accept = "application/json") {
    std::vector<Header> headers{{"accept", accept}};
    if (!cookie.empty()) headers.push_back({"cookie", cookie});
    return send(make_request("GET", path, headers));
  }

  // Signs up as a visitor does, and returns the cookie.
  std::string sign_up(const std::string& email, const std::string& password = "correct horse") {
    return session_of(
        post("sign-up", {{"email", email}, {"password", password}, {"name", "Somebody"}}));
  }

  void change(const std::function<void(Transaction&)>& work) {
    database.write([&](Transaction& tx) {
      work(tx);
      return Verdict::Keep;
    });
  }
  void grant(const std::string& email, std::optional<Time> until) {
    change([&](Transaction& tx) { set_access(tx, find_account(tx, email)->id, until); });
  }

  void permit(const std::string& email, std::string_view name, Time until) {
    change([&](Transaction& tx) {
      give_grant(tx, find_account(tx, email)->id, name, operator_source, until);
    });
  }

  bool is_signed_in(const std::string& cookie) {
    return get("/actions/me", cookie).body.find("\"id\"") != std::string::npos;
  }

  // Every row of every table but those of the engine, as text: what an effect would show in.
  std::map<std::string, std::string> all_rows() {
    std::map<std::string, std::string> all;
    Reader& db = database.reader();
    const auto tables = db.rows<std::string>(
        is_on_postgres()
            ? "SELECT relname FROM pg_catalog.pg_class WHERE relkind = 'r' AND relnamespace = "
              "'public'::regnamespace AND relname NOT IN ('migrations', 'commit_ids', "
              "'kept_files', 'kept_pieces', 'inbox_index')"
            : "SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'migrations' AND "
              "name NOT LIKE 'sqlite_%' AND name NOT LIKE 'inbox_words%'");
    for (const auto& [table] : tables) {
      std::set<std::string> rows;
      db.each_row("SELECT * FROM " + table, {}, [&](Reader::Row row) {
        std::string text;
        for (const Value& cell : row) text += shown(cell) + ",";
        rows.insert(text + "\n");
        return true;
      });
      for (const std::string& row : rows) all[table] += row;
    }
    return all;
  }
};

// The tables that differ, as "comments reviews".
inline std::string changed_tables(const std::map<std::string, std::string>& before,
                                  std::map<std::string, std::string> after) {
  std::string names;
  for (const auto& [table, rows] : before) after.try_emplace(table);
  for (const auto& [table, rows] : after)
    if (const auto old = before.find(table); (old == before.end() ? "" : old->second) != rows)
      names += (names.empty() ? "" : " ") + table;
  return names;
}

}  // namespace actiond::test
