#include "store/seen_sessions.h"

#include <algorithm>
#include <exception>
#include <span>
#include <utility>
#include <vector>

namespace actiond {
namespace {

// More than come in between two writes, unless something is wrong.
constexpr std::size_t most_noted = 100'000;
constexpr std::size_t most_in_a_transaction = 100;

}  // namespace

void SeenSessions::note(const SessionId& session, Time now) {
  const MutexLock lock(mutex_);
  if (noted_.size() < most_noted) noted_.insert_or_assign(session.bytes, now);
}

void SeenSessions::write() noexcept try {
  std::map<std::string, Time> noted;
  {
    const MutexLock lock(mutex_);
    noted.swap(noted_);
  }
  const std::vector<std::pair<std::string, Time>> all(noted.begin(), noted.end());
  for (std::span rest(all); !rest.empty();) {
    const auto some = rest.first(std::min(rest.size(), most_in_a_transaction));
    store_.write([&](Transaction& tx) {
      for (const auto& [session, at] : some) sessions_.touch(tx, SessionId{session}, at);
      return Verdict::Keep;
    });
    rest = rest.subspan(some.size());
  }
} catch (const std::exception&) {
  // Reads go on; a write meets the same error and is told.
}

}  // namespace actiond
