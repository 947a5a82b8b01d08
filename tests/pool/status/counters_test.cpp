#include "pool/status/counters.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <functional>
#include <thread>
#include <vector>

#include "pool/status/metrics.h"
#include "pool/status/snapshot.h"
#include "pool/status/status_text.h"
#include "pool/status/trace.h"
#include "support.h"

using namespace actiond;

namespace {

const std::vector<CountedAction> actions{{"comments", "public"}, {"order", "paid"}};

std::uint64_t counted(const WorkerCell& cell, std::size_t action, int status) {
  return value_of(cell.actions[action].statuses[status_index(status)]);
}

void in_child(const std::function<void()>& work) {
  const pid_t child = fork();
  if (child == 0) {
    work();
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  CHECK(status == 0);
}

// One request for `action`, from its arrival to its answer.
void answer(const Counters& counters, WorkerCell& cell, std::string_view action, int status,
            std::string_view reason = "") {
  Request request = test::make_request("POST", "/");
  Trace trace(counters);
  trace.begin(request, Phase::Check);
  trace.found(action);
  trace.end();
  count(cell, trace, status, reason, reason.find("token") != reason.npos);
}

}  // namespace

TEST_CASE("what processes count is there for all, and outlives them") {
  Counters counters(actions);
  WorkerCell& one = counters.take_cell(1);
  WorkerCell& other = counters.take_cell(1);
  REQUIRE(&one != &other);
  in_child([&] {
    for (int at = 0; at < 3; ++at) answer(counters, one, "order", 200);
  });
  in_child([&] {
    answer(counters, other, "order", 402, "no access");
    answer(counters, other, "no-such", 404);
    answer(counters, other, "order", 401, "bearer token");
    answer(counters, other, "order", 403, "bearer token for other actions");
  });
  CHECK(counted(one, 2, 200) == 3);
  CHECK(counted(other, 2, 402) == 1);
  CHECK(counted(other, 0, 404) == 1);
  CHECK(value_of(other.reasons[static_cast<std::size_t>(Reason::NoAccess)]) == 1);
  CHECK(value_of(other.reasons[static_cast<std::size_t>(Reason::WrongToken)]) == 2);
  CHECK(value_of(other.with_token) == 2);
  CHECK(value_of(one.with_token) == 0);
  CHECK(counters.cells().size() == 2);
}

TEST_CASE("whoever inherits the memory counts on, and knows new actions as well") {
  Counters counters(actions);
  answer(counters, counters.take_cell(1), "order", 200);
  counters.note_ending(Ending::Signal);
  const std::vector<CountedAction> next{{"newer", "public"}, {"order", "paid"}};
  const std::uint64_t generation = counters.begin_generation();
  auto inherited = Counters::inherit(Descriptor(dup(counters.descriptor())), next);
  REQUIRE(inherited);
  CHECK(inherited->begin_generation() == generation + 1);
  CHECK(inherited->take_over(1) == nullptr);
  REQUIRE(inherited->take_over(0) == inherited->cells().data());
  CHECK(&inherited->take_cell(1) != inherited->cells().data());
  CHECK(inherited->action_index("order") == counters.action_index("order"));
  CHECK(inherited->action_index("newer") == 3);
  CHECK(counted(inherited->cells()[0], 2, 200) == 1);
  CHECK(inherited->endings(Ending::Signal) == 1);
  // The old workers see it, too.
  CHECK(counters.action_index("newer") == 3);
}

TEST_CASE("an action whose name is too long is counted with the others, and hides none behind it") {
  const std::string longest(63, 'a'), too_long(64, 'b');
  const std::vector<CountedAction> next{
      {longest, "public"}, {too_long, "public"}, {"newer", "public"}};
  const Counters counters(next);
  CHECK(counters.action_index(longest) == 1);
  CHECK(counters.action_index(too_long) == 0);
  CHECK(counters.action_index("newer") == 2);
  CHECK(Counters::inherit(Descriptor(dup(counters.descriptor())), next));
}

TEST_CASE("an action that changes its level is another one, found by its newest") {
  Counters counters(actions);
  const auto inherited = Counters::inherit(Descriptor(dup(counters.descriptor())),
                                           std::vector<CountedAction>{{"comments", "paid"}});
  REQUIRE(inherited);
  CHECK(inherited->action_index("comments") == 3);
  CHECK(inherited->actions()[1].level == "public");
  CHECK(inherited->actions()[3].level == "paid");
}

TEST_CASE("memory of another layout is not inherited") {
  const Counters counters(actions);
  SUBCASE("another size") {
    const int other = memfd_create("other", MFD_CLOEXEC);
    REQUIRE(ftruncate(other, 4096) == 0);
    CHECK_FALSE(Counters::inherit(Descriptor(other), actions));
    CHECK(fcntl(other, F_GETFD) == -1);
  }
  SUBCASE("another version") {
    const std::uint64_t version = 0;
    REQUIRE(pwrite(counters.descriptor(), &version, sizeof version, 0) == sizeof version);
    CHECK_FALSE(Counters::inherit(Descriptor(dup(counters.descriptor())), actions));
  }
  SUBCASE("no memory at all") { CHECK_FALSE(Counters::inherit(Descriptor(), actions)); }
  SUBCASE("more actions than there is room for") {
    std::vector<CountedAction> many;
    for (std::size_t at = 0; at < max_counted_actions; ++at)
      many.push_back({"a" + std::to_string(at), "public"});
    CHECK_FALSE(Counters::inherit(Descriptor(dup(counters.descriptor())), many));
    // Made anew, what is too much is counted together.
    CHECK(Counters(many).action_index("a" + std::to_string(max_counted_actions - 1)) == 0);
  }
}

TEST_CASE("a cell that was given back is taken again, with its counts and without its threads") {
  Counters counters(actions);
  WorkerCell& first = counters.take_cell(1);
  first.threads = 1;
  answer(counters, first, "comments", 200);
  first.thread[0].doing = ThreadCell::FirstPhase;  // it is killed in the middle of something
  first.thread[0].sequence = 1;
  CHECK(&counters.take_cell(1) != &first);
  counters.give_back(first);
  WorkerCell& second = counters.take_cell(2);
  CHECK(&second == &first);
  second.threads = 1;
  CHECK(counted(second, 1, 200) == 1);
  CHECK(busy_threads(second).empty());
}

TEST_CASE("a thread shows its request and phase for as long as it is at it") {
  Counters counters(actions);
  WorkerCell& cell = counters.take_cell(1);
  cell.threads = 2;
  std::thread([&] {
    show_thread_in(cell.thread[1]);
    Request request = test::make_request("POST", "/");
    request.id = std::string(64, 'x');
    Trace trace(counters);
    trace.begin(request, Phase::Wait);
    CHECK(busy_threads(cell).empty());
    request.progress->enter(Phase::Check);
    request.progress->found("order");
    request.progress->enter(Phase::Body);
    auto busy = busy_threads(cell);
    REQUIRE(busy.size() == 1);
    CHECK(busy[0].number == 1);
    CHECK(busy[0].id == request.id);
    CHECK(busy[0].text() == "body");
    CHECK(busy[0].action == 2);
    const SteadyTime since = busy[0].since;
    CHECK(since >= busy[0].begun);
    trace.go_on();
    busy = busy_threads(cell);
    REQUIRE(busy.size() == 1);
    CHECK(busy[0].text() == "body");
    CHECK(busy[0].since > since);
    request.progress->rest();
    CHECK(busy_threads(cell).empty());
    request.progress->enter(Phase::Body);
    busy = busy_threads(cell);
    REQUIRE(busy.size() == 1);
    CHECK(busy[0].text() == "body");
    CHECK(busy[0].id == request.id);
    request.progress->enter(Phase::Queue);
    CHECK(busy_threads(cell).empty());
    {
      const AtWriteLock writing;
      busy = busy_threads(cell);
      REQUIRE(busy.size() == 1);
      CHECK(busy[0].text() == "write lock");
      CHECK(busy[0].id.empty());
      request.progress->enter(Phase::Write);
      busy = busy_threads(cell);
      REQUIRE(busy.size() == 1);
      CHECK(busy[0].text() == "write");
      CHECK(busy[0].id == request.id);
      trace.end();
      busy = busy_threads(cell);
      REQUIRE(busy.size() == 1);
      CHECK(busy[0].text() == "write lock");
    }
    CHECK(busy_threads(cell).empty());
    Trace::Duration sum{};
    for (std::size_t at = 0; at < phase_names.size(); ++at)
      sum += trace.spent(static_cast<Phase>(at));
    CHECK(sum == trace.total());
    CHECK(trace.spent(Phase::Work).count() == 0);
  }).join();
}

TEST_CASE("a refusal is counted by its reason, also when a browser is led elsewhere") {
  struct Row {
    int status;
    std::string text;
    Reason reason;
  };
  for (const Row& row : std::vector<Row>{{200, "", Reason::None},
                                         {303, "", Reason::None},
                                         {303, "not signed in", Reason::NotSignedIn},
                                         {303, "no access", Reason::NoAccess},
                                         {401, "x", Reason::NotSignedIn},
                                         {403, "cross-site", Reason::CrossSite},
                                         {403, "not permitted", Reason::NotPermitted},
                                         {400, "repeated field", Reason::Malformed},
                                         {418, "x", Reason::Other},
                                         {500, "x", Reason::Failed},
                                         {503, "x", Reason::Busy}}) {
    CAPTURE(row.status);
    CHECK(reason_of(row.status, row.text) == row.reason);
  }
  CHECK(status_index(200) == 1);
  CHECK(status_index(418) == 0);
}

TEST_CASE("the last reload is told with its reason, of which 255 bytes are kept") {
  Counters counters(actions);
  CHECK_FALSE(counters.last_reload());
  counters.note_reload(false, std::string(300, 'x'));
  REQUIRE(counters.last_reload());
  CHECK_FALSE(counters.last_reload()->done);
  CHECK(counters.last_reload()->reason == std::string(255, 'x'));
  counters.note_reload(true, "");
  CHECK(counters.last_reload()->done);
  CHECK(counters.last_reload()->reason.empty());
}

TEST_CASE("S40 whatever a worker writes into the counters, no number leads out of them") {
  for (const int byte : {0xFF, 0x7F, 0x01}) {
    CAPTURE(byte);
    Counters counters(actions);
    struct stat status {};
    REQUIRE(fstat(counters.descriptor(), &status) == 0);
    const auto size = static_cast<std::size_t>(status.st_size);
    void* const memory =
        mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, counters.descriptor(), 0);
    REQUIRE(memory != MAP_FAILED);
    std::memset(memory, byte, size);
    munmap(memory, size);

    CHECK(counters.cells().size() <= max_worker_cells);
    CHECK(counters.actions().size() <= max_counted_actions);
    CHECK(counters.action_index("comments") == 0);
    CHECK(counters.action_index(std::string(1000, static_cast<char>(byte))) == 0);
    CHECK(counters.take_over(max_worker_cells) == nullptr);
    for (const WorkerCell& cell : counters.cells()) {
      CHECK(busy_threads(cell).size() <= max_threads);
      break;
    }
    WorkerCell& cell = counters.take_cell(counters.begin_generation());
    counters.give_back(cell);
    const Snapshot snapshot = take_snapshot(counters, "1", {});
    CHECK(snapshot.workers.size() <= max_worker_cells);
    CHECK_FALSE(to_metrics(snapshot).empty());
    CHECK_FALSE(to_status_text(snapshot).empty());
    CHECK_FALSE(to_status_json(snapshot).empty());
  }
}
