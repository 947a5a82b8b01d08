// A transaction as one action sees it: with files of its own, which are rows as well.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "files/kept_files.h"
#include "postgres/connection.h"
#include "postgres/files.h"

namespace actiond {

class ActionTransaction final : public Transaction {
 public:
  ActionTransaction(PostgresConnection& db, KeptFiles& files) : db_(db), files_(files) {}

  std::string keep(const File& file) override {
    std::string name = files_.keep(file);
    insert_file(db_, name, [&file](std::size_t offset, char* into, std::size_t size) {
      return file.bytes->read(offset, into, size);
    });
    return name;
  }
  void discard(std::string_view name) override {
    files_.discard(name);
    delete_file(db_, name);
  }
  std::string_view holding_account() const override { return db_.holding_account(); }

 protected:
  void query(std::string_view sql, std::span<const Value> values,
             const std::function<bool(Row)>& visit) override {
    db_.query(sql, values, visit);
  }
  Executed execute(std::string_view sql, std::span<const Value> values) override {
    return db_.execute(sql, values);
  }
  void execute_later(std::string_view sql, std::span<const Value> values) override {
    db_.execute_later(sql, values);
  }

 private:
  PostgresConnection& db_;
  KeptFiles& files_;
};

}  // namespace actiond
