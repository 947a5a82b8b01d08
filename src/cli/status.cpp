#include <fmt/core.h>

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <system_error>
#include <thread>

#include "cli/commands.h"
#include "pool/fastcgi/client.h"
#include "pool/status/status_text.h"

namespace actiond {
namespace {

std::string ask(const std::filesystem::path& socket, const char* type) {
  std::string answer;
  try {
    answer = ask_fastcgi(
        socket, {{"REQUEST_METHOD", "GET"}, {"DOCUMENT_URI", "/-/status"}, {"HTTP_ACCEPT", type}});
  } catch (const std::exception& error) {
    throw std::runtime_error(
        fmt::format("no server answers on {}: {}", socket.string(), error.what()));
  }
  const std::size_t head_end = answer.find("\r\n\r\n");
  if (!answer.starts_with("Status: 200 ") || head_end == answer.npos)
    throw std::runtime_error("the server answers " + answer.substr(0, answer.find('\r')));
  return answer.substr(head_end + 4);
}

void show(const std::string& text) {
  fmt::print("{}", text);
  if (std::fflush(stdout) != 0)
    throw std::system_error(errno, std::generic_category(), "standard output");
}

// Of the counters, whose differences are the lines of --watch, and of the moment.
struct Watched {
  DurationSum requests, waits;
  BatchSum batches;
  std::uint64_t refused = 0, busy = 0, threads = 0, queued = 0, reruns = 0;
  std::string time;
};

template <std::size_t Ends>
HistogramSum<Ends> histogram_of(const nlohmann::json& counts) {
  HistogramSum<Ends> sum;
  counts.get_to(sum.counts);
  return sum;
}

Watched watched_in(const std::string& answer) {
  const auto json = nlohmann::json::parse(answer);
  const auto& totals = json.at("totals");
  Watched watched{histogram_of<duration_ends.size()>(totals.at("requests")),
                  histogram_of<duration_ends.size()>(totals.at("waits")),
                  histogram_of<batch_ends.size()>(totals.at("batches")),
                  totals.at("refused"),
                  json.at("threads").at("busy"),
                  json.at("threads").at("all"),
                  json.at("writes").at("queued"),
                  totals.at("reruns"),
                  json.at("time")};
  watched.batches.sum = totals.at("writes");
  return watched;
}

std::string line_of(const Watched& before, const Watched& now) {
  const DurationSum requests = now.requests.since(before.requests);
  const BatchSum batches = now.batches.since(before.batches);
  return fmt::format(
      "{:<8}  {:>8}  {:>7}  {:>7}  {:>7}  {:>7}  {:>6}  {:>7}  {:>6}  {:>11}  {:>6}\n",
      now.time.substr(11, 8), requests.count(), time_text(requests, 0.5), time_text(requests, 0.99),
      counted_since(now.refused, before.refused), fmt::format("{}/{}", now.busy, now.threads),
      now.queued, batches.count(), batches.sum, time_text(now.waits.since(before.waits), 0.99),
      counted_since(now.reruns, before.reruns));
}

// A line a second, of that second.
[[noreturn]] void watch(const std::filesystem::path& socket) {
  constexpr int lines_of_a_screen = 20;
  Watched before = watched_in(ask(socket, "application/json"));
  for (int line = 0;; ++line) {
    std::this_thread::sleep_for(std::chrono::seconds(1));
    const Watched now = watched_in(ask(socket, "application/json"));
    if (line % lines_of_a_screen == 0)
      show(
          "UTC       requests   p50 ms   p99 ms  refused     busy  queued  commits  writes"
          "  wait p99 ms  reruns\n");
    show(line_of(before, now));
    before = now;
  }
}

}  // namespace

void command::status(const Settings& settings, bool watches, bool json) {
  if (watches) watch(settings.pool.status_socket);
  show(ask(settings.pool.status_socket, json ? "application/json" : "text/plain"));
}

}  // namespace actiond
