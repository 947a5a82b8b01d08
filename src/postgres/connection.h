// One PostgreSQL connection and its prepared statements.
//
// Written against libpq 15 in pipeline mode: statements whose result nobody asks for (`add`, BEGIN)
// travel with the next one that is asked for, so that a transaction costs few waits.  Every wait
// has a limit; a connection that let one pass is of no more use.  No statement is ever cancelled: a
// COMMIT that is cancelled while it waits for a standby says that it succeeded.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "data/store.h"
#include "postgres/errors.h"

struct pg_conn;
struct pg_result;

namespace actiond {

struct PostgresHost;

// The column of each table that the server gives a number to.
using IdentityColumns = std::map<std::string, std::string, std::less<>>;

// Errors: those above; Unavailable when the server cannot do it now; std::runtime_error, with its
// words, when the statement itself is wrong.  After an error the transaction takes no more
// statements, whoever catches it, and `failure` tells it.
class PostgresConnection final : public Transaction {
  struct Clear {
    void operator()(pg_result* result) const;
  };

 public:
  using Clock = std::chrono::steady_clock;
  using Result = std::unique_ptr<pg_result, Clear>;

  // `url` as libpq takes it.  Throws ConnectionLost.
  PostgresConnection(const std::string& url, Clock::duration patience);
  PostgresConnection(const PostgresConnection&) = delete;
  PostgresConnection& operator=(const PostgresConnection&) = delete;
  ~PostgresConnection() override;

  // How long any one answer may take.
  void set_patience(Clock::duration patience) { patience_ = patience; }
  void know(std::shared_ptr<const IdentityColumns> columns) { identity_ = std::move(columns); }

  // "SERIALIZABLE READ WRITE".  Travels with the first statement.
  void begin(std::string_view mode);
  // Locks of the session: a statement that waited for one of the transaction would not see what
  // was committed meanwhile.  `look` reads before the transaction begins, in the same flight.
  void in_turn(std::span<const std::string> names,
               const std::function<void(Reader&)>& look) override;
  // Sends what still waits, with COMMIT behind it.  Throws OutcomeUnknown when the answer to that
  // does not come.  When it is not there after `soon`, `late` is called once meanwhile.
  static constexpr std::chrono::seconds soon{2};
  void commit(std::function<void()> late = nullptr);
  // False when it failed: then this connection is of no more use.
  bool roll_back() noexcept;
  // Several statements at once, in a transaction or as one.
  void script(const std::string& sql);

  // A statement of ours, to which the limits of a handler's do not apply.
  void step(std::string_view sql, std::span<const Value> values = {});

  // Asks without a wait.  What was asked for is one flight, once it has `set_off`.  When one of
  // these throws, the connection is of no more use.
  void ask(std::string_view sql, std::span<const Value> values);
  void set_off();
  // When `socket` can be read: adds what has come to `answers`, one for each `ask`.  True when the
  // flight has landed.
  bool take_landed(std::vector<Result>& answers);
  int socket() const;
  static void each_row_of(const Result& result, const std::function<bool(Row)>& visit);

  bool is_lost() const { return lost_; }
  // How often statements were sent and their answers waited for.
  std::uint64_t flights() const { return flights_; }
  // The error that ended the transaction; null: none did.
  const std::exception_ptr& failure() const { return failure_; }

  void query(std::string_view sql, std::span<const Value> values,
             const std::function<bool(Row)>& visit) override;
  Executed execute(std::string_view sql, std::span<const Value> values) override;
  void execute_later(std::string_view sql, std::span<const Value> values) override;
  std::string_view holding_account() const override;

 private:
  struct Close {
    void operator()(pg_conn* connection) const;
  };
  struct Statement {
    std::string name;
    std::string sql;       // as it was written
    std::string identity;  // the column whose value an INSERT answers; empty: none
    bool is_prepared = false;
  };
  struct Sent {
    Statement* statement;
    bool prepares;
  };

  void connect(const std::string& url, const PostgresHost& host, Clock::time_point deadline);
  Statement& prepared(std::string_view sql, std::span<const Value> values, bool is_ours);
  Statement& send(std::string_view sql, std::span<const Value> values, bool is_ours);
  void send_begin();
  // `behind`: of what was sent last, how much has no answer that counts.
  Result land(std::size_t behind = 0);
  Result next_result(Clock::time_point deadline);
  void wait_for(short events, Clock::time_point deadline);
  void flush(Clock::time_point deadline);
  void configure();
  [[noreturn]] void lose(const std::string& why);
  [[noreturn]] void fail(const pg_result* result, std::string_view sql);

  std::unique_ptr<pg_conn, Close> handle_;
  Clock::duration patience_;
  std::shared_ptr<const IdentityColumns> identity_;
  std::unordered_map<std::string, Statement> statements_;  // by SQL and types
  std::vector<Sent> sent_;                                 // and not answered
  std::size_t taken_ = 0;                                  // of these, by `take_landed`
  std::size_t named_ = 0;
  std::uint64_t flights_ = 0;
  bool began_ = false, writes_ = false;
  std::string begin_;         // that was not sent yet
  bool holds_turns_ = false;  // and perhaps more than was answered
  bool lost_ = false;
  std::function<void()> late_;  // called at late_at_, and then no more
  Clock::time_point late_at_;
  bool was_warned_ = false;  // as the server does of a commit that no standby has
  std::exception_ptr failure_ = nullptr;
};

}  // namespace actiond
