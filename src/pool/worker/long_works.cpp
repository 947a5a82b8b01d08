#include "pool/worker/long_works.h"

namespace actiond {
namespace {

// A longer line answers no more, only later.
constexpr std::chrono::seconds longest_wait(3);

}  // namespace

LongWorks::Turn LongWorks::begin(Guest& guest, const std::string& network) {
  const MutexLock lock(mutex_);
  if (running_ < most_) {
    ++running_;
    return Turn::Now;
  }
  const auto own = lines_.find(network);
  const std::size_t ahead = own == lines_.end() ? 0 : own->second.size();
  const std::size_t lines = lines_.size() + (own == lines_.end() ? 1 : 0);
  if (ahead * lines * turn_time_ > longest_wait || lines * turn_time_ > longest_wait)
    return Turn::Never;
  lines_[network].push_back({&guest, Clock::now(), turns_});
  return Turn::Later;
}

Guest* LongWorks::end() {
  const MutexLock lock(mutex_);
  if (lines_.empty()) {
    --running_;
    return nullptr;
  }
  auto line = lines_.upper_bound(last_network_);
  if (line == lines_.end()) line = lines_.begin();
  last_network_ = line->first;
  const Waiting next = line->second.front();
  line->second.pop_front();
  if (line->second.empty()) lines_.erase(line);
  ++turns_;
  turn_time_ = (Clock::now() - next.since) / (turns_ - next.turns_before);
  return next.guest;
}

}  // namespace actiond
