#include "store/hosts.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "store/sweep.h"
#include "tables.h"

namespace actiond {
namespace {

using std::chrono::seconds;
using test::Tables;

Host host_named(const std::string& name, const std::string& program = "club 1.2") {
  return {name, "/run/club.sock", program, 7, 29, 3, {"k2", "k1"}, seconds(0), seconds(0)};
}

std::vector<std::string> told(const Host& host, const std::vector<Host>& all) {
  std::vector<std::string> texts;
  for (const auto& [what, text] : differences(host, all, "club 1.2")) texts.push_back(text);
  return texts;
}

// The clock of a host that is `ahead` of the database's.
WallClock clock_ahead(Tables& tables, seconds ahead) {
  return [&tables, ahead] {
    return std::get<0>(*tables.database.reader().row<Time>("SELECT unixepoch()")) + ahead;
  };
}

// As if all of them had said nothing for so long.
void pass(Tables& tables, seconds time) {
  tables.write(
      [&](Transaction& tx) { tx.change("UPDATE hosts SET seen_at = seen_at - ?", time.count()); });
}

TEST_CASE("a host notes what it runs, knows and has, and how its clock is") {
  Tables tables;
  note_host(tables.database, host_named("web1"), true, clock_ahead(tables, seconds(12)));
  note_host(tables.database, host_named("web2"), true, clock_ahead(tables, seconds(0)));
  const std::vector<Host> hosts = read_hosts(tables.database.reader());
  REQUIRE(hosts.size() == 2);
  CHECK(hosts[0].name == "web1");
  CHECK(hosts[0].socket == "/run/club.sock");
  CHECK(hosts[0].program == "club 1.2");
  CHECK(hosts[0].library_step == 29);
  CHECK(hosts[0].site_step == 3);
  CHECK(hosts[0].keys == std::vector<std::string>{"k2", "k1"});
  CHECK(std::chrono::abs(hosts[0].clock_ahead - seconds(12)) <= seconds(1));
  CHECK(hosts[0].unseen <= seconds(2));
  CHECK_FALSE(hosts[0].is_gone());
}

TEST_CASE("of the workers of a pool one writes its row, and all when something is new") {
  Tables tables;
  const auto clock = clock_ahead(tables, seconds(0));
  const auto noted_again = [&](const Host& host) {
    tables.write([](Transaction& tx) { tx.change("UPDATE hosts SET clock_ahead = 7"); });
    note_host(tables.database, host, true, clock);
    return read_hosts(tables.database.reader()).front().clock_ahead != seconds(7);
  };
  Host host = host_named("web1");
  note_host(tables.database, host, true, clock);
  CHECK_FALSE(noted_again(host));
  host.keys = {"k3", "k2"};
  CHECK(noted_again(host));
  host.site_step = 4;
  CHECK(noted_again(host));
  host.generation = 8;
  CHECK(noted_again(host));
  CHECK_FALSE(noted_again(host));
  pass(tables, host_noted_every);
  CHECK(noted_again(host));
}

TEST_CASE("a pool that reloads is its new program, and the former one is forgotten") {
  Tables tables;
  const auto clock = clock_ahead(tables, seconds(0));
  note_host(tables.database, host_named("web1", "club 1.1"), true, clock);
  pass(tables, seconds(5));
  note_host(tables.database, host_named("web1", "club 1.2"), true, clock);
  const auto rows = [&] {
    return std::get<0>(*tables.database.reader().row<int>("SELECT count(*) FROM hosts"));
  };
  const auto programs = [&] {
    std::vector<std::string> all;
    for (const Host& host : read_hosts(tables.database.reader())) all.push_back(host.program);
    return all;
  };
  CHECK(programs() == std::vector<std::string>{"club 1.2"});
  sweep(tables.database, test::now);
  CHECK(rows() == 2);  // its last workers may still be at work
  pass(tables, host_gone_after);
  note_host(tables.database, host_named("web1", "club 1.2"), true, clock);
  sweep(tables.database, test::now);
  CHECK(rows() == 1);
  CHECK(programs() == std::vector<std::string>{"club 1.2"});
  pass(tables, std::chrono::hours(23));
  sweep(tables.database, test::now);
  CHECK(rows() == 1);
  pass(tables, std::chrono::hours(1));
  sweep(tables.database, test::now);
  CHECK(rows() == 0);
}

TEST_CASE("once no worker of before a reload is left, nothing is left of it in the table") {
  Tables tables;
  const auto clock = clock_ahead(tables, seconds(0));
  const auto steps = [&] {
    std::string all;
    for (const auto& [program, step] : tables.database.reader().rows<std::string, int>(
             "SELECT program, site_step FROM hosts WHERE name = 'web1' ORDER BY program"))
      all += program + ": " + std::to_string(step) + "\n";
    return all;
  };
  Host former = host_named("web1", "club 1.1"), next = former;
  next.generation = 8;
  next.site_step = 4;
  note_host(tables.database, host_named("web2"), true, clock);
  SUBCASE("of a program of another name") {
    next.program = "club 1.2";
    note_host(tables.database, former, true, clock);
    note_host(tables.database, next, false, clock);
    CHECK(steps() == "club 1.1: 3\nclub 1.2: 4\n");
    note_host(tables.database, next, true, clock);
    CHECK(steps() == "club 1.2: 4\n");
    // A worker of before that ends as the last one cannot take it back.
    note_host(tables.database, former, true, clock);
    CHECK(steps() == "club 1.1: 3\nclub 1.2: 4\n");
  }
  SUBCASE("of one that is called the same") {
    note_host(tables.database, former, true, clock);
    note_host(tables.database, next, false, clock);
    CHECK(steps() == "club 1.1: 3\n");
    pass(tables, host_noted_every);
    note_host(tables.database, former, true, clock);
    CHECK(steps() == "club 1.1: 3\n");
    note_host(tables.database, next, true, clock);
    CHECK(steps() == "club 1.1: 4\n");
  }
  SUBCASE("of an older program") {
    next.program = "club 1.0";
    next.site_step = 2;
    note_host(tables.database, former, true, clock);
    note_host(tables.database, next, true, clock);
    CHECK(steps() == "club 1.0: 2\n");
  }
  CHECK(read_hosts(tables.database.reader()).back().name == "web2");
}

TEST_CASE("in what hosts differ is told of the one that is to be mended") {
  const Host web1 = host_named("web1");
  Host web2 = host_named("web2");
  std::string tells;
  SUBCASE("in nothing") {}
  SUBCASE("an older program") {
    web2.program = "club 1.1";
    tells = "runs club 1.1, not club 1.2";
  }
  SUBCASE("a key of another") {
    web2.keys = {"k1"};
    tells = "lacks the key k2 of web1";
  }
  SUBCASE("a clock ahead") {
    web2.clock_ahead = seconds(3);
    tells = "its clock is 3 seconds ahead of the database's";
  }
  SUBCASE("a clock behind") {
    web2.clock_ahead = seconds(-600);
    tells = "its clock is 600 seconds behind the database's";
  }
  SUBCASE("as far as whole seconds can tell, not") { web2.clock_ahead = seconds(2); }
  SUBCASE("one that is gone, whatever else it had") {
    web2.unseen = seconds(150);
    web2.keys = {"k9"};
    tells = "not seen for 2 minutes";
  }
  CHECK(told(web1, {web1, web2}).empty());
  CHECK(told(web2, {web1, web2}) ==
        (tells.empty() ? std::vector<std::string>() : std::vector{tells}));
}

TEST_CASE("two hosts that lack each other's key are both told") {
  const Host web1 = host_named("web1");
  Host web2 = host_named("web2");
  web2.keys = {"k3", "k1"};
  CHECK(told(web1, {web1, web2}) == std::vector<std::string>{"lacks the key k3 of web2"});
  CHECK(told(web2, {web1, web2}) == std::vector<std::string>{"lacks the key k2 of web1"});
}

}  // namespace
}  // namespace actiond
