// A transaction as one action sees it: its files are rows as well.
#pragma once

#include "files/transaction_with_files.h"
#include "postgres/connection.h"
#include "postgres/files.h"

namespace actiond {

class ActionTransaction final : public TransactionWithFiles<PostgresConnection> {
 public:
  using TransactionWithFiles::TransactionWithFiles;

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
  std::string_view holding_account() const override { return db_.holding_account(); }

 protected:
  void execute_later(std::string_view sql, std::span<const Value> values) override {
    db_.execute_later(sql, values);
  }
};

}  // namespace actiond
