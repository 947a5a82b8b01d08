#include "postgres/connection.h"

#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

#include "postgres/address.h"
#include "postgres/dialect.h"
#include "postgres/values.h"

namespace actiond {
namespace {

constexpr std::size_t most_in_a_flight = 500;
constexpr const char* end_turns = "SELECT pg_advisory_unlock_all()";

// Every limit lies below the time that a request has.
constexpr const char* session_settings =
    "SET default_transaction_read_only = on; SET statement_timeout = '5s'; "
    "SET lock_timeout = '4s'; SET default_transaction_isolation = 'read committed'; SET "
    "idle_in_transaction_session_timeout = '20s'; "
    "SET client_min_messages = warning; SET standard_conforming_strings = on";

}  // namespace

void PostgresConnection::Close::operator()(pg_conn* connection) const { PQfinish(connection); }
void PostgresConnection::Clear::operator()(pg_result* result) const { PQclear(result); }

PostgresConnection::PostgresConnection(const std::string& url, Clock::duration patience)
    : patience_(patience) {
  const std::vector<PostgresHost> hosts = hosts_of(url);
  for (const PostgresHost& host : hosts) try {
      connect(url, host, Clock::now() + patience / hosts.size());
      break;
    } catch (const ConnectionLost&) {
      if (&host == &hosts.back()) throw;
    }
  lost_ = false;
  PQsetNoticeReceiver(
      handle_.get(),
      [](void* self, const PGresult* notice) {
        if (state_of(notice) == "01000") static_cast<PostgresConnection*>(self)->was_warned_ = true;
      },
      this);
  configure();
}

PostgresConnection::~PostgresConnection() = default;

// Each host by itself: libpq would wait for the first one for as long as it says nothing.
void PostgresConnection::connect(const std::string& url, const PostgresHost& host,
                                 Clock::time_point deadline) {
  // The later counts: the URL may say the first two otherwise.
  const char* const names[] = {"application_name",
                               "target_session_attrs",
                               "dbname",
                               "client_encoding",
                               "host",
                               "hostaddr",
                               "port",
                               nullptr};
  const char* const values[] = {
      "actiond",         "read-write",         url.c_str(),       "UTF8",
      host.name.c_str(), host.address.c_str(), host.port.c_str(), nullptr};
  handle_.reset(PQconnectStartParams(names, values, 1));
  if (!handle_) throw std::bad_alloc();
  for (auto state = PGRES_POLLING_WRITING; state != PGRES_POLLING_OK;
       state = PQconnectPoll(handle_.get())) {
    if (state == PGRES_POLLING_FAILED || PQstatus(handle_.get()) == CONNECTION_BAD)
      lose("no connection");
    wait_for(state == PGRES_POLLING_READING ? POLLIN : POLLOUT, deadline);
  }
}

void PostgresConnection::configure() {
  if (PQsetnonblocking(handle_.get(), 1) != 0 || PQenterPipelineMode(handle_.get()) == 0)
    lose("no pipeline");
  script(session_settings);
}

// In the simple protocol, which knows several statements at once.
void PostgresConnection::script(const std::string& sql) {
  send_begin();
  if (!sent_.empty()) land();
  const auto deadline = Clock::now() + patience_;
  if (PQexitPipelineMode(handle_.get()) == 0 || PQsendQuery(handle_.get(), sql.c_str()) == 0)
    lose("no script");
  flush(deadline);
  Result failed;
  while (Result result = next_result(deadline))
    if (PQresultStatus(result.get()) == PGRES_FATAL_ERROR) failed = std::move(result);
  if (PQenterPipelineMode(handle_.get()) == 0) lose("no pipeline");
  if (failed) fail(failed.get(), "");
}

void PostgresConnection::begin(std::string_view mode) {
  failure_ = nullptr;
  began_ = true;
  writes_ = mode.ends_with("READ WRITE");
  begin_ = std::string("BEGIN ISOLATION LEVEL ").append(mode);
}

void PostgresConnection::send_begin() {
  if (const std::string begin = std::exchange(begin_, ""); !begin.empty()) send(begin, {}, true);
}

void PostgresConnection::in_turn(std::span<const std::string> names,
                                 const std::function<void(Reader&)>& look) {
  std::string begin = std::exchange(begin_, "");
  if (begin.empty()) throw std::logic_error("a transaction takes its turn before it does anything");
  const bool writes = std::exchange(writes_, false);
  holds_turns_ = true;
  // In one order everywhere: nobody waits for whoever waits for them.
  std::vector<std::string_view> sorted(names.begin(), names.end());
  std::ranges::sort(sorted);
  for (const std::string_view name : sorted)
    send("SELECT pg_advisory_lock(hashtextextended(?, 0))", std::array{Value(name)}, true);
  look(*this);
  if (!sent_.empty()) land();
  writes_ = writes;
  begin_ = std::move(begin);
}

void PostgresConnection::commit(std::function<void()> late) {
  if (failure_) std::rethrow_exception(failure_);
  late_ = std::move(late);
  late_at_ = Clock::now() + soon;
  send("COMMIT", {}, true);
  const std::size_t sent = sent_.size();
  if (holds_turns_) send(end_turns, {}, true);
  Result result;
  try {
    result = land(sent_.size() - sent);
  } catch (const ConnectionLost& lost) {
    throw OutcomeUnknown(lost.what());
  }
  began_ = writes_ = holds_turns_ = false;
  // Of a transaction that had failed the server says ROLLBACK, and no error.
  if (std::string_view(PQcmdStatus(result.get())) != "COMMIT")
    throw std::runtime_error("PostgreSQL rolled the transaction back");
  if (was_warned_) throw OutcomeUnknown("PostgreSQL: the wait for a standby was cancelled");
}

bool PostgresConnection::roll_back() noexcept try {
  writes_ = false;
  if (!std::exchange(began_, false) || lost_) return !lost_;
  failure_ = nullptr;
  begin_.clear();
  const auto end = [this] {
    send("ROLLBACK", {}, true);
    if (holds_turns_) send(end_turns, {}, true);
    land();
    holds_turns_ = false;
  };
  try {
    end();
  } catch (const ConnectionLost&) {
    return false;
  } catch (const std::exception&) {
    // A statement that was added before failed, and with it the rest of the flight.
    if (PQtransactionStatus(handle_.get()) == PQTRANS_IDLE && !holds_turns_) return !lost_;
    end();
  }
  failure_ = nullptr;
  return PQtransactionStatus(handle_.get()) == PQTRANS_IDLE;
} catch (const std::exception&) {
  return false;
}

std::string_view PostgresConnection::holding_account() const {
  return writes_ ? " FOR NO KEY UPDATE OF users" : "";
}

void PostgresConnection::step(std::string_view sql, std::span<const Value> values) {
  send(sql, values, true);
  land();
}

void PostgresConnection::query(std::string_view sql, std::span<const Value> values,
                               const std::function<bool(Row)>& visit) {
  send(sql, values, false);
  each_row_of(land(), visit);
}

void PostgresConnection::each_row_of(const Result& result, const std::function<bool(Row)>& visit) {
  std::vector<Value> row(static_cast<std::size_t>(PQnfields(result.get())));
  for (int number = 0; number < PQntuples(result.get()); ++number) {
    for (std::size_t at = 0; at < row.size(); ++at)
      row[at] = value_of(result.get(), number, static_cast<int>(at));
    if (!visit(row)) return;
  }
}

Transaction::Executed PostgresConnection::execute(std::string_view sql,
                                                  std::span<const Value> values) {
  const bool returns_id = !send(sql, values, false).identity.empty();
  const Result result = land();
  const std::string_view changed = PQcmdTuples(result.get());
  const bool has_id = returns_id && PQntuples(result.get()) > 0;
  return {.last_row_id = has_id ? std::get<std::int64_t>(
                                      value_of(result.get(), PQntuples(result.get()) - 1, 0))
                                : 0,
          .changed_rows = changed.empty() ? 0 : std::stoll(std::string(changed))};
}

void PostgresConnection::execute_later(std::string_view sql, std::span<const Value> values) {
  send(sql, values, false);
  // Their answers wait with the server until they are taken.
  if (sent_.size() >= most_in_a_flight) land();
}

// The types belong to the key: NULL has none, and a statement is planned for those that it has.
PostgresConnection::Statement& PostgresConnection::prepared(std::string_view sql,
                                                            std::span<const Value> values,
                                                            bool is_ours) {
  std::string key(sql);
  key += '\0';
  for (const Value& value : values) key += static_cast<char>('a' + value.index());
  const auto found = statements_.find(key);
  if (found != statements_.end()) return found->second;
  if (!is_ours && !is_for_handlers(sql))
    throw std::logic_error(
        "a handler's or reader's statement controls transactions, or is none of SELECT, WITH, "
        "VALUES, INSERT, UPDATE and DELETE: " +
        std::string(sql));
  Statement made{.name = has_word(sql, "MATCH") ? "" : "s" + std::to_string(++named_),
                 .sql = std::string(sql),
                 .identity = ""};
  if (identity_ && !has_word(sql, "RETURNING"))
    if (const auto found_in = identity_->find(inserted_table(sql)); found_in != identity_->end())
      made.identity = found_in->second;
  return statements_.emplace(std::move(key), std::move(made)).first->second;
}

PostgresConnection::Statement& PostgresConnection::send(std::string_view sql,
                                                        std::span<const Value> values,
                                                        bool is_ours) {
  if (failure_ && !is_ours) std::rethrow_exception(failure_);
  if (lost_) throw ConnectionLost("PostgreSQL: the connection is lost");
  send_begin();
  Statement& statement = prepared(sql, values, is_ours);
  const BoundValues bound(values);
  pg_conn* const handle = handle_.get();
  if (!statement.is_prepared) {
    std::string text = statement_for_postgres(sql);
    if (!statement.identity.empty()) text.append(" RETURNING ").append(statement.identity);
    if (PQsendPrepare(handle, statement.name.c_str(), text.c_str(), bound.count(), bound.types()) ==
        0)
      lose("a statement was not sent");
    // A search is planned for its words: a rare one is found in the index, a common one on the way.
    statement.is_prepared = !statement.name.empty();
    sent_.push_back({&statement, true});
  }
  if (PQsendQueryPrepared(handle, statement.name.c_str(), bound.count(), bound.data(),
                          bound.lengths(), bound.formats(), binary_format) == 0)
    lose("a statement was not sent");
  sent_.push_back({&statement, false});
  return statement;
}

// Sends what was not sent yet and takes all answers: that of the last is returned, and the first
// error is thrown.
PostgresConnection::Result PostgresConnection::land(std::size_t behind) {
  ++flights_;
  const auto deadline = Clock::now() + patience_;
  if (PQpipelineSync(handle_.get()) == 0) lose("a statement was not sent");
  flush(deadline);
  Result last, failed;
  std::string failed_sql;
  std::vector<std::string> unprepared;
  std::size_t left = sent_.size();
  for (const auto& [statement, prepares] : std::exchange(sent_, {})) {
    const bool counts = left-- > behind;
    if (counts) was_warned_ = false;  // by the last one alone
    Result result = next_result(deadline);
    if (!result) lose("an answer is missing");
    next_result(deadline);  // that there is no more of it
    const ExecStatusType status = PQresultStatus(result.get());
    if (status == PGRES_FATAL_ERROR && !counts) lost_ = true;
    if (status == PGRES_FATAL_ERROR && counts && !failed) {
      failed = std::move(result);
      failed_sql = statement->sql;
    }
    if (prepares && status != PGRES_COMMAND_OK) unprepared.push_back(statement->name);
    if (!prepares && counts) last = std::move(result);
  }
  const Result end = next_result(deadline);
  if (!end || PQresultStatus(end.get()) != PGRES_PIPELINE_SYNC) lose("an answer is missing");
  late_ = nullptr;
  if (!failed) return last;
  std::erase_if(statements_, [&](const auto& each) {
    return std::ranges::count(unprepared, each.second.name) > 0;
  });
  fail(failed.get(), failed_sql);
}

}  // namespace actiond
