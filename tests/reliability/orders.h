// Orders of reviews, the paid action, sent straight to the pool's socket; and whether what is
// stored fits what was acknowledged.
#pragma once

#include <filesystem>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "served/site.h"

namespace actiond::reliability {

using http::RunningSite;

using Topics = std::set<std::string>;

// An account with access.  It may be used by several threads.
class Buyer {
 public:
  // The pool must run.  `under` is the command that runs ours.
  explicit Buyer(const RunningSite& site, const std::vector<std::string>& under = {});

  // Orders a review on `topic`, which is its request id and its submission key as well: one action
  // that writes two rows.  Returns the status, 0 when no answer came: then it may have happened, or
  // not.
  int order(const std::string& topic) const;

  // Tries to sign in as somebody who has no account, and returns the status or 0.  Such a try is
  // committed before the password is checked.
  int try_to_sign_in(const std::string& name) const;

 private:
  const RunningSite& site_;
  std::string cookie_;
};

// `actiond --config … ARGUMENTS` under another command; throws unless it is done.
void command(const RunningSite& site, const std::vector<std::string>& arguments,
             const std::vector<std::string>& under = {});

// Calls `work(0)`, … each on a thread of its own, and waits for all.
template <class Work>
void together(int count, Work work) {
  std::vector<std::jthread> threads;
  for (int at = 0; at < count; ++at) threads.emplace_back([&work, at] { work(at); });
}

// The first column of a query, as text.  Like any SQLite, it recovers what it finds.
std::vector<std::string> query(const std::filesystem::path& database, const std::string& sql);

// The fault in the orders stored in `database`, in words: one that was acknowledged is
// missing, one is there twice or half, the file is damaged.  "" when nothing is.
std::string wrong_with(const std::filesystem::path& database, const Topics& acknowledged);

// The part of `text` between `before` and the next `after`; "" without `before`.
std::string between(const std::string& text, std::string_view before, std::string_view after);

}  // namespace actiond::reliability
