// Posts of a public action that come all at once.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <atomic>
#include <thread>
#include <vector>

#include "action/declare.h"
#include "site_under_test.h"

namespace actiond {
namespace {

constexpr const char* notes_table = "CREATE TABLE notes (words TEXT NOT NULL) STRICT;";

struct Hello {
  std::string words;
};
const Form<Hello> hello_form{"", {{"words", &Hello::words, {.required = true, .max = 60}}}};

// A site with a public action that adds a note, and counts how often it ran.
struct SiteWithNotes : test::SiteUnderTest {
  explicit SiteWithNotes(Isolation isolation)
      : SiteUnderTest({public_action(
                          "note", hello_form,
                          [this](const Hello& sent, Transaction& tx) -> Result {
                            ++runs;
                            tx.run("INSERT INTO notes (words) VALUES (?)", sent.words);
                            return Data{};
                          },
                          isolation)},
                      notes_table) {
    database.open();
  }

  int send(const std::string& address, const test::Fields& fields) {
    Request request = test::make_request(
        "POST", "/actions/note",
        {{"accept", "application/json"}, {"content-type", "application/x-www-form-urlencoded"}},
        test::urlencoded(fields));
    request.address = address;
    return SiteUnderTest::send(std::move(request)).status();
  }
  int notes() { return std::get<0>(*database.reader().row<int>("SELECT count(*) FROM notes")); }

  std::atomic<int> runs = 0;
};

TEST_CASE(
    "of posts of one network, all at once, as many are taken as it has, and none runs again") {
  SiteWithNotes site(Isolation::Serializable);
  constexpr int threads = 32, each = 10;
  std::atomic<int> taken = 0, too_many = 0;
  {
    std::vector<std::jthread> senders;
    for (int sender = 0; sender < threads; ++sender)
      senders.emplace_back([&, sender] {
        for (int at = 0; at < each; ++at) {
          const int status = site.send(
              "192.0.2.1", {{"words", "hello"}, {"_once", fmt::format("{}-{}", sender, at)}});
          if (status == 200) ++taken;
          if (status == 429) ++too_many;
        }
      });
  }
  CHECK(taken == 300);
  CHECK(too_many == threads * each - 300);
  CHECK(site.notes() == 300);
  CHECK(site.runs == 300);
  CHECK(site.send("198.51.100.7", {{"words", "hello"}}) == 200);
}

TEST_CASE("the same submission, all at once from as many networks, has one effect") {
  for (const Isolation isolation : {Isolation::Serializable, Isolation::ReadCommitted}) {
    CAPTURE(static_cast<int>(isolation));
    SiteWithNotes site(isolation);
    std::atomic<int> taken = 0;
    {
      std::vector<std::jthread> senders;
      for (int sender = 0; sender < 20; ++sender)
        senders.emplace_back([&, sender] {
          if (site.send(fmt::format("192.0.2.{}", sender), {{"words", "hello"}, {"_once", "k"}}) ==
              200)
            ++taken;
        });
    }
    CHECK(taken == 20);
    CHECK(site.notes() == 1);
  }
}

}  // namespace
}  // namespace actiond
