// The harm that a worker that was taken over can do to the others by the memory that they share.
#include <doctest/doctest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <iterator>
#include <sstream>
#include <vector>

#include "eventually.h"
#include "pool/supervisor/pool.h"

using namespace actiond;
using namespace actiond::test;

namespace {

// The counters in this process, as an attacker finds them.
struct SharedMemory {
  std::size_t writable = 0;   // bytes
  std::size_t made_so = 0;    // bytes that were not, and can be made so
  WorkerCell* own = nullptr;  // the last that can be written
};

SharedMemory find_counters() {
  SharedMemory found;
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    if (line.find("actiond counters") == line.npos) continue;
    std::uintptr_t from = 0, to = 0;
    char dash = 0;
    std::string rights;
    std::istringstream(line) >> std::hex >> from >> dash >> to >> rights;
    if (rights[1] == 'w') {
      found.writable += to - from;
      found.own = reinterpret_cast<WorkerCell*>(to - sizeof(WorkerCell));
    } else if (mprotect(reinterpret_cast<void*>(from), to - from, PROT_READ | PROT_WRITE) == 0) {
      found.made_so += to - from;
    }
  }
  return found;
}

// As `pid_and_path`.  "/find" says how much can be written.  After "/lie/ONE/OTHER" the one of the
// two that answers shows in its cell that it is the other one, and stuck.
Service taken_over() {
  Service service = pid_and_path();
  service.answer = [other = service.answer](Request& request, const Reply& reply) {
    const SharedMemory memory = find_counters();
    if (request.path == "/find")
      return reply(say(std::to_string(memory.writable) + " " + std::to_string(memory.made_so)));
    if (request.path.starts_with("/lie/")) {
      pid_t one = 0, another = 0;
      std::istringstream words(request.path.substr(5));
      words >> one;
      words.ignore() >> another;
      ThreadCell& thread = memory.own->thread.back();
      memory.own->threads = max_threads;
      memory.own->pid = one == getpid() ? another : one;
      thread.since = thread.begun = 1;
      thread.doing = ThreadCell::FirstPhase;
    }
    other(request, reply);
  };
  return service;
}

}  // namespace

TEST_CASE("S40 a worker can write its own cell, and never more") {
  const Pool pool(taken_over);
  const std::string all = std::to_string(sizeof(WorkerCell) + page_bytes);
  const std::string answer = pool.ask("/find");
  CHECK_MESSAGE(answer.find(all + " 0") != answer.npos, answer);
}

TEST_CASE("S40 a worker that was taken over has nobody replaced but itself") {
  const Pool pool(taken_over, {.request_timeout = std::chrono::seconds(1)});
  const std::string supervisor = std::to_string(pool.supervisor());
  const auto workers = [&] {
    std::istringstream pids(read_file("/proc/" + supervisor + "/task/" + supervisor + "/children"));
    return std::vector<pid_t>(std::istream_iterator<pid_t>(pids), {});
  };
  REQUIRE(eventually([&] { return workers().size() == 2; }));
  const std::vector<pid_t> both = workers();
  const pid_t liar =
      pid_in(pool.ask("/lie/" + std::to_string(both[0]) + "/" + std::to_string(both[1])));
  const pid_t victim = both[both[0] == liar ? 1 : 0];
  CHECK(eventually([&] { return kill(liar, 0) != 0; }));
  CHECK(kill(victim, 0) == 0);
  CHECK(pool.says("pid=" + std::to_string(liar)));
  CHECK_FALSE(pool.says("pid=" + std::to_string(victim)));
}
