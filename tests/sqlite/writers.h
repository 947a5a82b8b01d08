// Writers that meet at the write lock.
#pragma once

#include <chrono>
#include <functional>
#include <latch>
#include <string>
#include <thread>
#include <vector>

#include "sqlite/database.h"

namespace actiond::test {

using Work = std::function<Verdict(Transaction&)>;

constexpr Migration numbers_table{
    1, "0001_numbers.sql", "CREATE TABLE numbers (n INTEGER PRIMARY KEY, filler BLOB) STRICT;"};
inline const std::vector<Migration> numbers_schema{numbers_table};

inline Work insert(int n, Verdict verdict = Verdict::Keep) {
  return [n, verdict](Transaction& tx) {
    tx.run("INSERT INTO numbers (n) VALUES (?)", n);
    return verdict;
  };
}

// The change of a copy that is made as it is.
inline void unchanged(Transaction&) {}

inline std::vector<int> numbers(Store& store) {
  std::vector<int> all;
  for (const auto& [n] : store.reader().rows<int>("SELECT n FROM numbers ORDER BY n"))
    all.push_back(n);
  return all;
}

// "done", or what was thrown.
inline std::string outcome(Store& store, const Work& work) {
  try {
    store.write(work);
    return "done";
  } catch (const std::exception& error) {
    return error.what();
  } catch (...) {
    return "something else";
  }
}

// The outcomes of works that queue up, each on a thread of its own, behind a write that lasts until
// all are on their way: most of them share one transaction.
inline std::vector<std::string> write_together(Store& store, const std::vector<Work>& works) {
  std::latch start(static_cast<std::ptrdiff_t>(works.size()) + 1);
  std::vector<std::string> outcomes(works.size());
  std::vector<std::thread> threads;
  for (std::size_t at = 0; at < works.size(); ++at)
    threads.emplace_back([&, at] {
      start.arrive_and_wait();
      outcomes[at] = outcome(store, works[at]);
    });
  store.write([&](Transaction&) {
    start.arrive_and_wait();
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    return Verdict::Keep;
  });
  for (std::thread& thread : threads) thread.join();
  return outcomes;
}

}  // namespace actiond::test
