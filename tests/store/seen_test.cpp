#include "store/seen.h"

#include <doctest/doctest.h>

#include <array>
#include <atomic>
#include <string>

#include "eventually.h"
#include "store/accounts.h"
#include "store/inbox_index.h"
#include "store/sessions.h"
#include "store/tables.h"
#include "store/tokens.h"
#include "store/upkeep.h"

namespace actiond {
namespace {

using test::now;
const std::chrono::hours hour(1);

// Counts the writes, and can refuse them.
class CountingStore final : public Store {
 public:
  explicit CountingStore(Store& store) : store_(store) {}

  Reader& reader() override { return store_.reader(); }
  void snapshot(const std::function<void(Reader&)>& work) override { store_.snapshot(work); }
  void queue(Work work, Done done, Isolation isolation) override {
    ++writes;
    if (is_full) throw Unavailable("the disk is full");
    store_.queue(std::move(work), std::move(done), isolation);
  }
  bool is_waiting() override { return store_.is_waiting(); }
  void commit() override { store_.commit(); }

  std::atomic<int> writes = 0;
  bool is_full = false;

 private:
  Store& store_;
};

struct SeenRows : test::Tables {
  CountingStore store{database};
  SessionRows sessions;
  std::array<std::int64_t, 3> users{};

  SeenRows() {
    store.write([&](Transaction& tx) {
      for (std::size_t at = 0; at < users.size(); ++at)
        users[at] = *add_account(tx, std::to_string(at) + "@example.com", "Somebody", "hash");
      return Verdict::Keep;
    });
    store.writes = 0;
  }
  SessionId start(std::size_t user = 0) {
    const SessionId id = SessionId::make();
    database.write([&](Transaction& tx) {
      sessions.start(tx, id, users.at(user), now, forever);
      return Verdict::Keep;
    });
    return id;
  }
  std::optional<Time> seen_at(const SessionId& id) {
    const auto identity = sessions.find(database.reader(), id, now);
    return identity ? std::optional(identity->seen_at) : std::nullopt;
  }
};

TEST_CASE("what is noted is written later, all of it at once") {
  SeenRows rows;
  Seen seen(rows.store, rows.sessions);
  const SessionId one = rows.start(), other = rows.start();
  seen.note(one, now + hour);
  seen.note(one, now + 2 * hour);
  seen.note(other, now + hour);
  CHECK(rows.store.writes == 0);
  CHECK(rows.seen_at(one) == now);
  seen.write();
  CHECK(rows.store.writes == 1);
  CHECK(rows.seen_at(one) == now + 2 * hour);
  CHECK(rows.seen_at(other) == now + hour);
  seen.write();
  CHECK(rows.store.writes == 1);
}

TEST_CASE("many are written in transactions of a hundred") {
  SeenRows rows;
  Seen seen(rows.store, rows.sessions);
  std::vector<SessionId> started;
  // Fewer of each user than may be.
  for (std::size_t at = 0; at < 201; ++at) started.push_back(rows.start(at % rows.users.size()));
  for (const SessionId& id : started) seen.note(id, now + hour);
  seen.write();
  CHECK(rows.store.writes == 3);
  for (const SessionId& id : started) CHECK(rows.seen_at(id) == now + hour);
}

TEST_CASE("a session that was ended meanwhile stays ended, and a full disk is nobody's failure") {
  SeenRows rows;
  Seen seen(rows.store, rows.sessions);
  const SessionId ended = rows.start(), living = rows.start();
  seen.note(ended, now + hour);
  rows.database.write([&](Transaction& tx) {
    rows.sessions.end(tx, ended);
    return Verdict::Keep;
  });
  seen.write();
  CHECK_FALSE(rows.seen_at(ended));
  rows.store.is_full = true;
  seen.note(living, now + hour);
  seen.write();
  rows.store.is_full = false;
  seen.note(living, now + 2 * hour);
  seen.write();
  CHECK(rows.seen_at(living) == now + 2 * hour);
}

TEST_CASE("the use of a token is written in the same way, and one that has ended stays so") {
  SeenRows rows;
  Seen seen(rows.store, rows.sessions);
  std::vector<ApiTokenHash> hashes;
  rows.database.write([&](Transaction& tx) {
    for (int at = 0; at < 2; ++at)
      hashes.push_back(*hash_of_api_token(*make_token(tx, rows.users[0], {"x"}, now, forever)));
    return Verdict::Keep;
  });
  const auto used = [&] {
    std::vector<std::optional<Time>> times;
    for (const OwnToken& own : own_tokens(rows.database.reader(), rows.users[0], now))
      times.push_back(own.seen_at);
    return times;
  };
  using Times = std::vector<std::optional<Time>>;
  CHECK(used() == Times{std::nullopt, std::nullopt});
  seen.note(hashes[1], now + 2 * hour);
  seen.write();
  CHECK(rows.store.writes == 1);
  CHECK(used() == Times{std::nullopt, now + 2 * hour});
  seen.note(hashes[1], now + hour);
  seen.write();
  CHECK(used() == Times{std::nullopt, now + 2 * hour});
  rows.database.write([&](Transaction& tx) {
    end_tokens(tx, rows.users[0]);
    return Verdict::Keep;
  });
  seen.note(hashes[0], now + hour);
  seen.write();
  CHECK(used().empty());
}

TEST_CASE("the upkeep writes and indexes by itself, notes its host, and ends when told to") {
  SeenRows rows;
  const SessionId id = rows.start();
  Seen seen(rows.store, rows.sessions);
  const auto clock = [] { return now; };
  const auto programs = [&] {
    std::string all;
    for (const auto& [program] :
         rows.store.reader().rows<std::string>("SELECT program FROM hosts ORDER BY program"))
      all += program + ";";
    return all;
  };
  note_host(rows.store, {"web1", "", "club 1.1", 7, 0, 0, {}, {}, {}}, true, clock);
  std::atomic<bool> is_alone = false;
  {
    Upkeep upkeep(rows.store, seen, clock);
    seen.note(id, now + hour);
    rows.write([](Transaction& tx) {
      put_into_inbox(tx, "contact", {{"text", {"oars"}}}, {}, now);
    });
    upkeep.run_again_and_again(std::chrono::seconds(1),
                               {"web1", "", "club 1.2", 8, 0, 0, {}, {}, {}},
                               [&] { return is_alone.load(); });
    CHECK(test::eventually([&] { return programs() == "club 1.1;club 1.2;"; }));
    CHECK(test::eventually([&] { return rows.seen_at(id) == now + hour; }));
    is_alone = true;
    CHECK(test::eventually([&] { return programs() == "club 1.2;"; }));
    CHECK(test::eventually([&] { return count_unindexed(rows.store.reader()) == 0; }));
  }
  // One that waits for its hour does not hold up the end.
  Upkeep slow(rows.store, seen, clock);
  slow.run_again_and_again(hour, Host(), [] { return true; });
}

}  // namespace
}  // namespace actiond
