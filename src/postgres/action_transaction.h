// A transaction as one action sees it: its files are rows as well.
#pragma once

#include "files/transaction_with_files.h"
#include "postgres/connection.h"
#include "postgres/files.h"

namespace actiond {

class ActionTransaction final : public TransactionWithFiles<PostgresConnection> {
 public:
  ActionTransaction(PostgresConnection& db, KeptFiles& files, Isolation isolation)
      : TransactionWithFiles(db, files), isolation_(isolation) {}

  std::string keep(const File& file) override {
    std::string name = TransactionWithFiles::keep(file);
    insert_file(db_, name, [&file](std::size_t offset, char* into, std::size_t size) {
      return file.bytes->read(offset, into, size);
    });
    return name;
  }
  void discard(std::string_view name) override {
    TransactionWithFiles::discard(name);
    delete_file(db_, name);
  }
  void in_turn(std::span<const std::string> names,
               const std::function<void(Reader&)>& look) override {
    db_.in_turn(names, look);
  }
  bool is_alone_at(std::string_view work) override {
    return db_.row<bool>("SELECT pg_try_advisory_xact_lock(hashtextextended(?, 0))", work) ==
           std::tuple(true);
  }
  std::string_view holding_account() const override { return db_.holding_account(); }

 protected:
  void execute_later(std::string_view sql, std::span<const Value> values) override {
    db_.execute_later(sql, values);
  }
  void query(std::string_view sql, std::span<const Value> values,
             const std::function<bool(Row)>& visit) override {
    // A statement that waited for an account sees of all other tables what was there before it
    // waited.  Serializable, it then fails and runs again; here the same one behind it sees all.
    if (isolation_ == Isolation::ReadCommitted && sql.ends_with(holding_account()))
      db_.execute_later(sql, values);
    TransactionWithFiles::query(sql, values, visit);
  }

 private:
  const Isolation isolation_;
};

}  // namespace actiond
