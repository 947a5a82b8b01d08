// Histograms of the counters in plain numbers, and quantiles of them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "pool/status/counters.h"

namespace actiond {

inline std::uint64_t counted_since(std::uint64_t now, std::uint64_t before) {
  return now > before ? now - before : 0;
}

template <std::size_t Ends>
struct HistogramSum {
  std::array<std::uint64_t, Ends + 1> counts{};
  std::uint64_t sum = 0;

  void add(const Histogram<Ends>& more) {
    for (std::size_t at = 0; at <= Ends; ++at) counts[at] += value_of(more.counts[at]);
    sum += value_of(more.sum);
  }
  // The differences; nothing where a number went back, as none does that nobody tampers with.
  HistogramSum since(const HistogramSum& before) const {
    HistogramSum difference;
    for (std::size_t at = 0; at <= Ends; ++at)
      difference.counts[at] = counted_since(counts[at], before.counts[at]);
    difference.sum = counted_since(sum, before.sum);
    return difference;
  }
  std::uint64_t count() const {
    std::uint64_t all = 0;
    for (const std::uint64_t each : counts) all += each;
    return all;
  }
};
using DurationSum = HistogramSum<duration_ends.size()>;
using BatchSum = HistogramSum<batch_ends.size()>;

// Below which `part` of all lie, as if each bucket were evenly filled, in the unit of `ends`;
// nothing when there are none.  What lies behind the last end counts as that end.
template <std::size_t Ends>
std::optional<double> quantile(const HistogramSum<Ends>& of,
                               const std::array<std::uint64_t, Ends>& ends, double part) {
  const std::uint64_t all = of.count();
  if (all == 0) return std::nullopt;
  double left = part * static_cast<double>(all);
  for (std::size_t at = 0; at < Ends; ++at) {
    const auto here = static_cast<double>(of.counts[at]);
    if (here > 0 && left <= here) {
      const double from = at == 0 ? 0 : static_cast<double>(ends[at - 1]);
      return from + (static_cast<double>(ends[at]) - from) * left / here;
    }
    left -= here;
  }
  return static_cast<double>(ends.back());
}

// The same in milliseconds.
inline std::optional<double> quantile_ms(const DurationSum& of, double part) {
  const auto micro = quantile(of, duration_ends, part);
  return micro ? std::optional(*micro / 1000) : std::nullopt;
}

// The end of the bucket in which that lies: of sizes, where between them is nothing.
template <std::size_t Ends>
std::optional<std::uint64_t> quantile_end(const HistogramSum<Ends>& of,
                                          const std::array<std::uint64_t, Ends>& ends,
                                          double part) {
  const auto all = static_cast<double>(of.count());
  if (all == 0) return std::nullopt;
  double below = 0;
  for (std::size_t at = 0; at < Ends; ++at) {
    below += static_cast<double>(of.counts[at]);
    if (below >= part * all) return ends[at];
  }
  return ends.back();
}

}  // namespace actiond
