// How a connection waits for its server, and what it makes of errors.
#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/encoding.h"
#include "postgres/connection.h"

namespace actiond {

using std::chrono::milliseconds;

PostgresConnection::Result PostgresConnection::next_result(Clock::time_point deadline) {
  while (PQisBusy(handle_.get()) != 0) {
    wait_for(POLLIN, deadline);
    if (PQconsumeInput(handle_.get()) == 0) lose("the server went away");
  }
  return Result(PQgetResult(handle_.get()));
}

// The server may have to be listened to before it takes more.
void PostgresConnection::flush(Clock::time_point deadline) {
  int more;
  while ((more = PQflush(handle_.get())) == 1) {
    wait_for(POLLIN | POLLOUT, deadline);
    if (PQconsumeInput(handle_.get()) == 0) break;
  }
  if (more != 0) lose("the server went away");
}

void PostgresConnection::wait_for(short events, Clock::time_point deadline) {
  pollfd waited{.fd = PQsocket(handle_.get()), .events = events, .revents = 0};
  while (true) {
    const auto until = late_ ? std::min(deadline, late_at_) : deadline;
    const auto left =
        std::chrono::ceil<milliseconds>(std::max(until - Clock::now(), Clock::duration::zero()));
    const int ready = poll(&waited, 1, static_cast<int>(left.count()));
    if (ready > 0) return;
    if (ready == 0 && until == deadline) lose("no answer in time");
    if (ready == 0) std::exchange(late_, nullptr)();
    if (ready < 0 && errno != EINTR) lose(std::strerror(errno));
  }
}

void PostgresConnection::ask(std::string_view sql, std::span<const Value> values) {
  send(sql, values, false);
}

void PostgresConnection::set_off() {
  ++flights_;
  if (PQpipelineSync(handle_.get()) == 0 || PQflush(handle_.get()) != 0)
    lose("a statement was not sent at once");
}

bool PostgresConnection::take_landed(std::vector<Result>& answers) {
  if (PQconsumeInput(handle_.get()) == 0) lose("the server went away");
  while (!sent_.empty() && PQisBusy(handle_.get()) == 0) {
    Result result(PQgetResult(handle_.get()));
    if (!result) continue;  // there is no more of the one before
    const ExecStatusType status = PQresultStatus(result.get());
    if (taken_ == sent_.size()) {
      if (status != PGRES_PIPELINE_SYNC) lose("an answer too many");
      sent_.clear();
      taken_ = 0;
      return true;
    }
    const bool prepares = sent_[taken_++].prepares;
    if (status != (prepares ? PGRES_COMMAND_OK : PGRES_TUPLES_OK)) lose("a question failed");
    if (!prepares) answers.push_back(std::move(result));
  }
  return false;
}

int PostgresConnection::socket() const { return PQsocket(handle_.get()); }

void PostgresConnection::lose(const std::string& why) {
  lost_ = true;
  // libpq breaks its lines, and indents what it guesses.
  std::string said(trimmed(PQerrorMessage(handle_.get())));
  std::ranges::replace_if(
      said, [](char c) { return c == '\n' || c == '\t'; }, ' ');
  const ConnectionLost lost("PostgreSQL: " + why + (said.empty() ? "" : ": " + said));
  if (began_) failure_ = std::make_exception_ptr(lost);
  throw lost;
}

void PostgresConnection::fail(const PGresult* result, std::string_view sql) try {
  // The simplest way to forget every plan.
  if (is_outdated_plan(result)) lost_ = true;
  throw_error(result, sql, writes_);
} catch (const std::exception& error) {
  if (dynamic_cast<const ConnectionLost*>(&error) != nullptr) lost_ = true;
  if (began_) failure_ = std::current_exception();
  throw;
}

}  // namespace actiond
