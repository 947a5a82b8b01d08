#include "store/seen.h"

#include <algorithm>
#include <exception>
#include <span>
#include <utility>
#include <vector>

#include "store/tokens.h"

namespace actiond {
namespace {

// More than come in between two writes, unless something is wrong.
constexpr std::size_t most_noted = 100'000;
constexpr std::size_t most_in_a_transaction = 100;

void note_in(std::map<std::string, Time>& noted, const std::string& name, Time now) {
  if (noted.size() < most_noted) noted.insert_or_assign(name, now);
}

}  // namespace

void Seen::note(const SessionId& session, Time now) {
  const MutexLock lock(mutex_);
  note_in(sessions_seen_, session.bytes, now);
}

void Seen::note(const ApiTokenHash& token, Time now) {
  const MutexLock lock(mutex_);
  note_in(tokens_seen_, token.bytes, now);
}

template <class Touch>
void Seen::write(const Noted& noted, const Touch& touch) {
  const std::vector<std::pair<std::string, Time>> all(noted.begin(), noted.end());
  for (std::span rest(all); !rest.empty();) {
    const auto some = rest.first(std::min(rest.size(), most_in_a_transaction));
    store_.run([&](Transaction& tx) {
      for (const auto& [name, at] : some) touch(tx, name, at);
    });
    rest = rest.subspan(some.size());
  }
}

void Seen::write() noexcept try {
  Noted sessions, tokens;
  {
    const MutexLock lock(mutex_);
    sessions.swap(sessions_seen_);
    tokens.swap(tokens_seen_);
  }
  write(sessions, [this](Transaction& tx, const std::string& id, Time at) {
    sessions_.touch(tx, SessionId{id}, at);
  });
  write(tokens, [](Transaction& tx, const std::string& hash, Time at) {
    touch_token(tx, ApiTokenHash{hash}, at);
  });
} catch (const std::exception&) {
  // Reads go on; a write meets the same error and is told.
}

}  // namespace actiond
