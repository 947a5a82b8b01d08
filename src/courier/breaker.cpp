#include "courier/breaker.h"

#include <algorithm>

namespace actiond {
namespace {

constexpr std::chrono::seconds shortest(5);
constexpr std::chrono::seconds longest = std::chrono::minutes(5);
constexpr int most_doublings = 6;

}  // namespace

void Breaker::trip(Clock::time_point now) {
  open_until_ = now + std::min(longest, shortest * (1 << std::min(failures_, most_doublings)));
  ++failures_;
}

}  // namespace actiond
