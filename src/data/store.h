// The data as an action sees it: SQL and values go in, typed columns come out.  `sqlite` and
// `postgres` implement this.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "data/file.h"
#include "data/value.h"

namespace actiond {

// The data cannot be read or written now: busy, full, failing or not the schema we know.  The
// visitor may come again; the operator has to look.
class Unavailable : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Nobody knows whether what was written is there: the answer to the commit did not come.
class OutcomeUnknown final : public Unavailable {
 public:
  using Unavailable::Unavailable;
};

// Reads.  Each statement sees the newest data, unless the Reader came from `Store::snapshot`.
// A column whose type is not the one asked for throws std::bad_variant_access; one whose value the
// type cannot hold, std::runtime_error.
class Reader {
 public:
  virtual ~Reader() = default;

  // The first row, if there is one.
  template <class... Columns, class... Arguments>
  std::optional<std::tuple<Columns...>> row(std::string_view sql, const Arguments&... arguments) {
    std::optional<std::tuple<Columns...>> first;
    each<Columns...>(
        sql,
        [&](std::tuple<Columns...> columns) {
          first = std::move(columns);
          return false;
        },
        arguments...);
    return first;
  }

  template <class... Columns, class... Arguments>
  std::vector<std::tuple<Columns...>> rows(std::string_view sql, const Arguments&... arguments) {
    std::vector<std::tuple<Columns...>> all;
    each<Columns...>(
        sql,
        [&](std::tuple<Columns...> columns) {
          all.push_back(std::move(columns));
          return true;
        },
        arguments...);
    return all;
  }

  using Row = std::span<const Value>;  // lives until the next row

  // Calls `visit` for each row until it answers false: for a statement that is put together.
  void each_row(std::string_view sql, std::span<const Value> values,
                const std::function<bool(Row)>& visit) {
    query(sql, values, visit);
  }

  // Behind a SELECT of `users` this keeps the account as it is until the transaction ends.  Empty
  // outside of one, and where there is but one writer.
  virtual std::string_view holding_account() const { return ""; }

 protected:
  // Calls `visit` for each row until it answers false.
  virtual void query(std::string_view sql, std::span<const Value> values,
                     const std::function<bool(Row)>& visit) = 0;

 private:
  template <class... Columns, class Visit, class... Arguments>
  void each(std::string_view sql, Visit visit, const Arguments&... arguments) {
    const std::array<Value, sizeof...(Arguments)> values{to_value(arguments)...};
    query(sql, values, [&](Row row) {
      if (row.size() != sizeof...(Columns))
        throw std::logic_error("a statement has another number of columns than was asked for");
      return visit([&]<std::size_t... At>(std::index_sequence<At...>) {
        return std::tuple<Columns...>{from_value<Columns>(row[At])...};
      }(std::index_sequence_for<Columns...>{}));
    });
  }
};

// Reads and writes.  All of one action happens, or none of it: when the handler throws or answers
// with field errors, what it wrote is undone, in the data and in the kept files.  A work may run
// again before it commits, and so has no effect but through this: on SQLite when what another one
// of its batch wrote is undone; on PostgreSQL two transactions that read what the other one writes
// cannot both commit, and one of them is undone.
class Transaction : public Reader {
 public:
  // Returns the row id of the last row inserted.
  template <class... Arguments>
  std::int64_t run(std::string_view sql, const Arguments&... arguments) {
    const std::array<Value, sizeof...(Arguments)> values{to_value(arguments)...};
    return execute(sql, values).last_row_id;
  }

  // Returns how many rows the statement changed.
  template <class... Arguments>
  std::int64_t change(std::string_view sql, const Arguments&... arguments) {
    const std::array<Value, sizeof...(Arguments)> values{to_value(arguments)...};
    return execute(sql, values).changed_rows;
  }

  // As `run`, for whom it is enough that the statement is done by the end of this transaction: it
  // travels with the next one.  What it fails with, the next one or the transaction throws.
  template <class... Arguments>
  void add(std::string_view sql, const Arguments&... arguments) {
    const std::array<Value, sizeof...(Arguments)> values{to_value(arguments)...};
    execute_later(sql, values);
  }

  // As `add`, for a statement that is put together.
  void add_row(std::string_view sql, std::span<const Value> values) { execute_later(sql, values); }

  // Of the transactions that have a name in common one runs at a time, each behind the commit of
  // the one before, and `look` sees all that those before left.  For a rule over rows that they all
  // add to.  Called before the first statement, so by no handler.
  virtual void in_turn(std::span<const std::string> /*names*/,
                       const std::function<void(Reader&)>& look) {
    look(*this);
  }

  // For work that one transaction at a time does, of all hosts: false while another one is at it.
  virtual bool is_alone_at(std::string_view /*work*/) { return true; }

  // Keeps the bytes of `file` when, and only when, this transaction commits, and returns the name
  // that they have from then on: a random one, and the extension of the file's type.  Throws
  // Unavailable when they cannot be kept.
  virtual std::string keep(const File&) {
    throw std::logic_error("this transaction keeps no files");
  }
  // Removes what was kept under `name`, once this transaction has committed.
  virtual void discard(std::string_view /*name*/) {
    throw std::logic_error("this transaction keeps no files");
  }

 protected:
  struct Executed {
    std::int64_t last_row_id;
    std::int64_t changed_rows;
  };
  virtual Executed execute(std::string_view sql, std::span<const Value> values) = 0;
  virtual void execute_later(std::string_view sql, std::span<const Value> values) {
    execute(sql, values);
  }
};

// Whether the writes of a piece of work are kept or undone when it returns.
enum class Verdict { Keep, Undo };

// How transactions of PostgreSQL meet.  Serializable: as if one came after the other.  Read
// committed: a statement sees what others have committed meanwhile, so that a rule over rows that
// this one reads and another one adds to holds only if the author keeps it, by a unique key or by
// statements such as `UPDATE … SET n = n + 1 WHERE n < 10`.  SQLite writes one after the other.
enum class Isolation { Serializable, ReadCommitted };

class Store {
 public:
  using Work = std::function<Verdict(Transaction&)>;
  // Told once: null when what the work wrote is on disk, or undone by its own verdict; else what it
  // threw, or Unavailable when nothing could be written.  Must not throw.
  using Done = std::function<void(std::exception_ptr)>;

  virtual ~Store() = default;

  // For any thread; each statement sees the newest data.
  virtual Reader& reader() = 0;

  // All statements of `work` see the data of one moment.
  virtual void snapshot(const std::function<void(Reader&)>& work) = 0;

  // Whether the calling thread may `ask_ahead` now.
  virtual bool asks_ahead() { return false; }
  // Calls `then` later, once and on any thread, with a Reader that has the answers to what `ask`
  // reads; all else it reads as usual.  The store may skip `ask`, whose statements find no row; the
  // values that it binds live until `then` returns.  Neither may throw.
  virtual void ask_ahead(std::function<void(Reader&)> /*ask*/,
                         std::function<void(Reader&)> /*then*/) {
    throw std::logic_error("this store is not asked ahead");
  }

  // Queues `work`, to run in `commit` when its turn comes, as the only writer anywhere.  Throws
  // Unavailable when nothing can be written, and then neither is called.
  virtual void queue(Work work, Done done, Isolation isolation = Isolation::Serializable) = 0;
  // Whether something is queued that no thread runs.
  virtual bool is_waiting() = 0;
  // Runs what is queued, as much as possible in one transaction and with one sync; returns when
  // nothing waits, or another thread runs it.  Never throws.
  virtual void commit() = 0;

  // Removes what nothing refers to any more.  Slow; called now and then.
  virtual void tidy() {}

  // Brings the bytes that a transaction kept under `name` to where the web server sends them from,
  // which may be another host than it ran on.  False: they are nowhere.
  virtual bool bring(std::string_view /*name*/) { return false; }

  // Queues, runs and waits; rethrows what `work` threw.  `work` may run on another thread.
  void write(Work work);
  // The same for work that is always kept.
  void run(const std::function<void(Transaction&)>& work);
};

}  // namespace actiond
