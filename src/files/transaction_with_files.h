// A transaction of an engine as one action sees it: with files of its own.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "data/store.h"
#include "files/kept_files.h"

namespace actiond {

// `Db` is a Transaction whose `query` and `execute` are public.
template <class Db>
class TransactionWithFiles : public Transaction {
 public:
  TransactionWithFiles(Db& db, KeptFiles& files) : db_(db), files_(files) {}

  std::string keep(const File& file) override { return files_.keep(file); }
  void discard(std::string_view name) override { files_.discard(name); }

 protected:
  void query(std::string_view sql, std::span<const Value> values,
             const std::function<bool(Row)>& visit) override {
    db_.query(sql, values, visit);
  }
  Executed execute(std::string_view sql, std::span<const Value> values) override {
    return db_.execute(sql, values);
  }

  Db& db_;

 private:
  KeptFiles& files_;
};

}  // namespace actiond
