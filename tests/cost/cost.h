// The cost of work: processor time of this thread, and the most bytes that it has from the heap at
// a time.  Neither clock nor the load of the machine decides: times are only ever compared with
// each other, and each is the least of several runs, since others can only add to it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <limits>

namespace actiond::test {

using Work = std::function<void()>;

constexpr std::size_t mib = 1024 * 1024;
// Of twice the bytes; 4 would be quadratic.
constexpr double max_growth = 3;

double processor_seconds();

// Counted by this program's own operator new.
std::size_t peak_heap_bytes(const Work& work);

class LeastTime {
 public:
  explicit LeastTime(Work work) : work_(std::move(work)) {}

  void run() {
    const double before = processor_seconds();
    work_();
    seconds_ = std::min(seconds_, processor_seconds() - before);
  }
  double seconds() const { return seconds_; }

 private:
  Work work_;
  double seconds_ = std::numeric_limits<double>::max();
};

// How many times as long `work` takes as `other`: as soon as it is below `bound`, or what it stays
// at.
inline double ratio(const Work& work, const Work& other, double bound) {
  LeastTime one(work), base(other);
  double found = 0;
  for (int run = 0; run < 8; ++run) {
    one.run();
    base.run();
    found = one.seconds() / base.seconds();
    if (run > 0 && found < bound) break;
  }
  return found;
}

}  // namespace actiond::test
