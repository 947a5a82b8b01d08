#include "action/try_later.h"

#include <string>

namespace actiond {
namespace {

// In seconds or, rounded up so that it is not too early then, in minutes.
Message wait_for(std::chrono::seconds wait) {
  const bool short_wait = wait < std::chrono::seconds(100);
  const auto count =
      short_wait ? wait.count() : std::chrono::ceil<std::chrono::minutes>(wait).count();
  if (count == 1) return short_wait ? "answer.wait_a_second" : "answer.wait_a_minute";
  return {short_wait ? "answer.wait_seconds" : "answer.wait_minutes",
          {{"count", std::to_string(count)}}};
}

// Of mails, which are told how many there may be.
Message enough_mails(std::chrono::seconds wait) {
  const auto minutes = std::chrono::ceil<std::chrono::minutes>(wait).count();
  return {"answer.enough_mails",
          {{"address", std::to_string(mails_per_account.tries)},
           {"network", std::to_string(mails_per_network.tries)},
           {"count", std::to_string(minutes)}}};
}

Message text_of(const TryLater& later) {
  switch (later.of) {
    case Attempt::Kind::Mail: return enough_mails(later.wait);
    case Attempt::Kind::Code: return "answer.dead_code";
    case Attempt::Kind::Secret:
    case Attempt::Kind::Post: break;
  }
  return wait_for(later.wait);
}

}  // namespace

Problem too_often(const TryLater& later) {
  return {.status = 429,
          .detail = text_of(later),
          .retry_after = later.wait,
          .reason = "too many tries"};
}

}  // namespace actiond
