#include "postgres/connections.h"

#include <algorithm>

namespace actiond {
namespace {

using std::chrono::seconds;

constexpr seconds for_an_answer(6);     // a little more than the server itself allows
constexpr seconds for_a_connection(3);  // to be made
constexpr seconds for_a_free_one(2);    // to come back
constexpr seconds hangs_after(1);       // when none has come back
constexpr seconds between_tries(1);

IdentityColumns identity_columns(PostgresConnection& db) {
  IdentityColumns columns;
  for (const auto& [table, column] : db.rows<std::string, std::string>(
           "SELECT c.relname, a.attname FROM pg_catalog.pg_attribute a "
           "JOIN pg_catalog.pg_class c ON c.oid = a.attrelid "
           "WHERE a.attidentity <> '' AND pg_table_is_visible(c.oid)"))
    columns.emplace(table, column);
  return columns;
}

}  // namespace

std::unique_ptr<PostgresConnection> Connections::connect() const {
  auto made = std::make_unique<PostgresConnection>(url_, for_a_connection);
  made->set_patience(for_an_answer);
  return made;
}

std::unique_ptr<PostgresConnection> Connections::lend() {
  about_to_wait();
  const auto deadline = Clock::now() + for_a_free_one;
  {
    MutexLock lock(mutex_);
    while (idle_.empty() && is_full()) {
      const auto now = Clock::now();
      if (now > last_return_ + hangs_after || now > deadline)
        throw Unavailable("PostgreSQL does not answer: all connections wait for it");
      ++waiting_;
      came_back_.wait_until(mutex_, std::min(deadline, last_return_ + hangs_after));
      --waiting_;
    }
    if (lent_ == 0) last_return_ = Clock::now();
    if (!idle_.empty()) {
      ++lent_;
      auto warmest = std::move(idle_.back());
      idle_.pop_back();
      return warmest;
    }
    if (Clock::now() < next_connect_) throw ConnectionLost(why_not_connected_);
    ++lent_;
  }
  return connect_and_learn();
}

std::unique_ptr<PostgresConnection> Connections::connect_and_learn() try {
  auto made = connect();
  std::shared_ptr<const IdentityColumns> identity;
  {
    const MutexLock lock(mutex_);
    identity = identity_;
  }
  if (!identity) identity = std::make_shared<IdentityColumns>(identity_columns(*made));
  made->know(identity);
  const MutexLock lock(mutex_);
  identity_ = std::move(identity);
  failed_ = 0;
  return made;
} catch (const std::exception& error) {
  const MutexLock lock(mutex_);
  --lent_;
  if (++failed_ > 1) next_connect_ = Clock::now() + between_tries;
  why_not_connected_ = error.what();
  came_back_.notify_one();
  throw;
}

void Connections::take_back(std::unique_ptr<PostgresConnection> connection) noexcept {
  if (!connection->is_lost() && !connection->roll_back()) connection.reset();
  MutexLock lock(mutex_);
  --lent_;
  last_return_ = Clock::now();
  if (connection && !connection->is_lost()) {
    if (std::exchange(wants_to_keep_, false)) {
      ++kept_;
      to_keep_ = std::move(connection);
    } else {
      idle_.push_back(std::move(connection));
    }
  }
  const bool some_wait = waiting_ > 0;
  lock.unlock();
  if (some_wait) came_back_.notify_one();
}

std::unique_ptr<PostgresConnection> Connections::keep_idle() {
  const MutexLock lock(mutex_);
  if (to_keep_) return std::move(to_keep_);
  if (kept_ > 0 || most_ < fewest_with_a_kept_one) return nullptr;
  wants_to_keep_ = idle_.empty();
  if (wants_to_keep_) return nullptr;
  ++kept_;
  auto warmest = std::move(idle_.back());
  idle_.pop_back();
  return warmest;
}

void Connections::end_kept() noexcept {
  {
    const MutexLock lock(mutex_);
    --kept_;
  }
  came_back_.notify_one();
}

void Connections::drop_idle() noexcept {
  std::vector<std::unique_ptr<PostgresConnection>> dropped;
  const MutexLock lock(mutex_);
  ++drops_;
  dropped.swap(idle_);
  if (!to_keep_) return;
  dropped.push_back(std::move(to_keep_));
  --kept_;
}

}  // namespace actiond
