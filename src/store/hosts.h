// The pools that serve the site.  Each notes itself again and again, also when it is the only one,
// so that what differs between them is seen before a visitor meets it.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/clock.h"
#include "data/schema.h"

namespace actiond {

// A third of the time after which it counts as gone (data/schema.h).
constexpr std::chrono::seconds host_noted_every(20);

struct Host {
  std::string name;     // of the machine
  std::string socket;   // of the pool: a machine may have several
  std::string program;  // "club 1.2"
  // When its supervisor was executed, in milliseconds since 1970: more with each reload.
  std::int64_t generation = 0;
  // The numbers of the last migrations that it knows.
  int library_step = 0, site_step = 0;
  std::vector<std::string> keys;                 // their ids
  std::chrono::seconds clock_ahead{}, unseen{};  // both by the database's clock

  bool is_gone() const { return unseen > host_gone_after; }
};

// Writes the row of `host`, unless one of its workers has just done so, with how far `clock` is
// ahead of the database's.  `is_alone`: no worker of an earlier generation of the pool is left; its
// rows go then.  Until then programs of one name share a row, which tells what the older one knows.
void note_host(Store& store, const Host& host, bool is_alone, const WallClock& clock);
// Each pool once, as the program that it runs now.
std::vector<Host> read_hosts(Reader& db);
// Removes those that have been gone for a day, and programs that a reload has replaced.
std::int64_t remove_gone_hosts(Transaction& tx);

struct HostDifference {
  enum class What { Gone, Program, Key, Clock };

  What what;
  std::string text;  // "runs club 1.1, not club 1.2"
};
// In what `host` differs from the others among `all` and from `program`, which looks.
std::vector<HostDifference> differences(const Host& host, const std::vector<Host>& all,
                                        const std::string& program);

}  // namespace actiond
