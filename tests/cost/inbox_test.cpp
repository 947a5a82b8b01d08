// A page of the inbox, and of a search in it, costs the same however many messages there are.
// ACTIOND_COST_MESSAGES=1000000 measures as many, and prints the times.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdlib>
#include <variant>

#include "cost/cost.h"
#include "inbox/inbox_pages.h"
#include "sqlite/engine.h"
#include "store/grants.h"
#include "store/inbox_index.h"
#include "store/sessions.h"
#include "support.h"

namespace actiond {
namespace {

struct OwnerOfAll : Sessions {
  std::optional<Identity> find(Reader&, const SessionId&, Time) const override {
    Identity identity;
    identity.grants.push_back({std::string(Owner::name), forever});
    return identity;
  }
  void start(Transaction&, const SessionId&, std::int64_t, Time, Time,
             std::string_view) const override {}
  void touch(Transaction&, const SessionId&, Time) const override {}
  void end(Transaction&, const SessionId&) const override {}
};

constexpr std::string_view empty_state = "trash";

// Each has the word "all", and one of its own; every seventh has "seven".
class Messages {
 public:
  explicit Messages(std::int64_t count) {
    engine_->write([count](Transaction& tx) {
      tx.run(
          "INSERT INTO inbox (form, state, made, moved, fields, words) "
          "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers "
          "WHERE n < ?) SELECT 'contact', CASE WHEN n % 10 = 0 THEN 'archived' ELSE 'new' END, "
          "n, n, '{}', 'all own' || n || ' ' || CASE WHEN n % 7 = 0 THEN 'seven ' ELSE '' END || "
          "hex(n * 7919 % 10007) || ' ' || hex(n * 104729 % 100003) || ' ' || hex(n % 997) "
          "FROM numbers",
          count);
      return Verdict::Keep;
    });
    index_messages(*engine_, static_cast<int>(count));
  }

  void show(const FieldValues& query) const {
    const Gate gate(engine_->reader(), owner_, SessionId::make(), Asking{Time{}});
    const auto entered = view_.show(gate, query, engine_->reader());
    const auto& shown = std::get<0>(entered);
    const auto part = std::get<Loaded>(shown).content.listing->read_page(engine_->reader());
    const bool finds = query.empty() || query.back().value != empty_state;
    if (part.rows.empty() == finds) throw std::logic_error("found, or not, against all reason");
  }

 private:
  test::TemporaryFolder folder_;
  std::unique_ptr<Engine> engine_ = sqlite_engine(folder_ / "site.db", library_migrations());
  const OwnerOfAll owner_;
  const Action view_ = inbox_actions(Receivers({}, {}, {})).front();
};

// Of a beginning that all messages have, whose one list in the index grows: ten times as long
// without the index.
constexpr double max_growth_of_list = 6;

std::int64_t many() {
  const char* said = std::getenv("ACTIOND_COST_MESSAGES");
  return said == nullptr ? 200'000 : std::atoll(said);
}

TEST_CASE("a page of the inbox costs the same however many messages there are") {
  const Messages few(20'000), more(many());
  const bool measures = std::getenv("ACTIOND_COST_MESSAGES") != nullptr;
  // Words with a space behind them are whole; of beginnings three letters are indexed, and a longer
  // one takes longer, the more words have it.
  std::vector<FieldValues> queries{{},
                                   {{"form", "contact"}},
                                   {{"state", "archived"}},
                                   {{"page", "10"}},
                                   {{"q", "all "}},
                                   {{"q", "own19999 "}},
                                   {{"q", "all seven "}},
                                   {{"q", "seven "}, {"state", "archived"}},
                                   {{"q", "all "}, {"state", std::string(empty_state)}},
                                   {{"q", "all"}},
                                   {{"q", "sev"}},
                                   {{"q", "own"}}};
  if (measures) queries.push_back({{"q", "own1"}});
  for (const FieldValues& query : queries) {
    std::string named;
    for (const FieldValue& value : query) named += value.name + "=" + value.value + " ";
    CAPTURE(named);
    const auto shown = [&query](const Messages& of) { return [&] { of.show(query); }; };
    if (!measures) {
      const double bound = named == "q=own " ? max_growth_of_list : test::max_growth;
      CHECK(test::ratio(shown(more), shown(few), bound) < bound);
      continue;
    }
    test::LeastTime once(shown(more));
    double longest = 0;
    for (int turn = 0; turn < 100; ++turn) {
      const double before = test::processor_seconds();
      more.show(query);
      longest = std::max(longest, test::processor_seconds() - before);
      once.run();
    }
    fmt::print("{} messages, {}: {:.2f} ms, of a hundred the longest {:.2f} ms\n", many(),
               named.empty() ? "all new" : named, once.seconds() * 1e3, longest * 1e3);
  }
}

}  // namespace
}  // namespace actiond
