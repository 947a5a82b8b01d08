#include "store/person.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <list>
#include <variant>

#include "base/encoding.h"
#include "data/listing.h"
#include "data/schema.h"
#include "store/accounts.h"
#include "store/inbox.h"

namespace actiond {
namespace {

using Holds = PersonalColumn::Holds;
using Erased = PersonalColumn::Erased;

// A table with its columns of the registry, and the statement that finds rows of a person: some of
// them name the address only inside of another one.
class PersonalTable {
 public:
  PersonalTable(std::string_view name, const Person& person) : name_(name), person_(person) {}
  PersonalTable(const PersonalTable&) = delete;
  PersonalTable& operator=(const PersonalTable&) = delete;

  void add(const PersonalColumn& column) {
    columns_.push_back(column);
    const std::string quoted = quoted_name(column.column);
    switch (column.holds) {
      case Holds::Account:
        if (person_.account) find_by(quoted + " = ?", *person_.account);
        break;
      case Holds::Address: find_by(quoted + " LIKE ? ESCAPE '\\'", exactly_); break;
      case Holds::Text:
      case Holds::SecretText:
        has_texts_ = true;
        find_by(quoted + " LIKE ? ESCAPE '\\'", inside_);
        break;
      case Holds::Detail:
      case Holds::File:
      case Holds::Secret: break;
    }
  }

  std::string_view name() const { return name_; }

  void each(Reader& db, const std::function<void(std::span<const Value>)>& visit) const {
    if (condition_.empty()) return;
    std::string selected;
    for (const PersonalColumn& column : columns_) selected += quoted_name(column.column) + ", ";
    // Without texts the condition is exact, and the first column stands for the key.
    selected += has_texts_ ? "id" : quoted_name(columns_.front().column);
    db.each_row(fmt::format("SELECT {} FROM {} WHERE {}", selected, quoted_name(name_), condition_),
                values_, [&](Reader::Row row) {
                  if (is_about(row)) visit(row);
                  return true;
                });
  }

  void each_shown(Reader& db, const std::function<void(const PersonalRow&)>& visit) const {
    each(db, [&](Reader::Row row) {
      PersonalRow shown{name_, {}};
      for (std::size_t at = 0; at < columns_.size(); ++at)
        if (columns_[at].holds != Holds::Secret && columns_[at].holds != Holds::SecretText)
          shown.columns.emplace_back(columns_[at].column, row[at]);
      visit(shown);
    });
  }

  std::int64_t erase(Transaction& tx) const {
    if (std::ranges::all_of(columns_, [](const auto& one) { return one.erased == Erased::Not; }))
      return 0;
    const Found found = find(tx);
    for (const std::string& file : found.files) tx.discard(file);
    const std::string change =
        std::ranges::any_of(columns_, [](const auto& one) { return one.erased == Erased::Row; })
            ? "DELETE FROM " + quoted_name(name_)
            : fmt::format("UPDATE {} SET {}", quoted_name(name_), blanked());
    if (name_ == "inbox")  // with its words and files
      for (const Key& key : found.keys) delete_message(tx, std::get<std::int64_t>(key.value));
    else if (has_texts_)
      for (const Key& key : found.keys) change_by(tx, change, key);
    else if (found.rows > 0)
      tx.add_row(fmt::format("{} WHERE {}", change, condition_), values_);
    return found.rows;
  }

 private:
  struct Key {
    std::variant<std::int64_t, std::string> value;
    bool is_blob = false;
  };
  struct Found {
    std::int64_t rows = 0;
    std::vector<Key> keys;
    std::vector<std::string> files;
  };

  template <class Argument>
  void find_by(const std::string& condition, const Argument& argument) {
    condition_ += (condition_.empty() ? "" : " OR ") + condition;
    values_.push_back(to_value(argument));
  }

  bool is_about(std::span<const Value> row) const {
    for (std::size_t at = 0; at < columns_.size(); ++at) {
      const auto* number = std::get_if<std::int64_t>(&row[at]);
      const auto* text = std::get_if<std::string_view>(&row[at]);
      switch (columns_[at].holds) {
        case Holds::Account:
          if (number != nullptr && person_.account == *number) return true;
          break;
        case Holds::Address:
          if (text != nullptr && to_lower(*text) == to_lower(person_.address)) return true;
          break;
        case Holds::Text:
        case Holds::SecretText:
          if (text != nullptr && names_address(*text, person_.address)) return true;
          break;
        case Holds::Detail:
        case Holds::File:
        case Holds::Secret: break;
      }
    }
    return false;
  }

  Found find(Reader& db) const {
    Found found;
    each(db, [&](Reader::Row row) {
      ++found.rows;
      for (std::size_t at = 0; at < columns_.size(); ++at)
        if (const auto* file = std::get_if<std::string_view>(&row[at]);
            columns_[at].holds == Holds::File && file != nullptr && !file->empty())
          found.files.emplace_back(*file);
      if (!has_texts_) return;
      Key& key = found.keys.emplace_back();
      const auto* blob = std::get_if<Blob>(&row.back());
      key.is_blob = blob != nullptr;
      if (const auto* number = std::get_if<std::int64_t>(&row.back()))
        key.value = *number;
      else
        key.value =
            std::string(blob != nullptr ? blob->bytes : std::get<std::string_view>(row.back()));
    });
    return found;
  }

  std::string blanked() const {
    std::string all;
    for (const PersonalColumn& column : columns_)
      if (column.erased == Erased::Blank)
        all += fmt::format("{}{} = {}", all.empty() ? "" : ", ", quoted_name(column.column),
                           column.holds == Holds::Account ? "NULL" : "''");
    return all;
  }

  static void change_by(Transaction& tx, const std::string& change, const Key& key) {
    const std::string sql = change + " WHERE id = ?";
    if (const auto* number = std::get_if<std::int64_t>(&key.value))
      tx.run(sql, *number);
    else if (key.is_blob)
      tx.run(sql, Blob{std::get<std::string>(key.value)});
    else
      tx.run(sql, std::get<std::string>(key.value));
  }

  std::string_view name_;
  const Person& person_;
  std::vector<PersonalColumn> columns_;
  const std::string inside_ = containing(person_.address);
  const std::string exactly_ = inside_.substr(1, inside_.size() - 2);
  std::string condition_;
  std::vector<Value> values_;
  bool has_texts_ = false;
};

std::list<PersonalTable> tables_of(std::span<const PersonalColumn> columns, const Person& person) {
  std::list<PersonalTable> tables;
  for (const PersonalColumn& column : columns) {
    auto table = std::ranges::find(tables, column.table, &PersonalTable::name);
    if (table == tables.end()) table = tables.emplace(tables.end(), column.table, person);
    table->add(column);
  }
  return tables;
}

bool is_of_address(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '+' ||
         c == '%';
}

}  // namespace

bool names_address(std::string_view text, std::string_view address) {
  const std::string there = to_lower(text), sought = to_lower(address);
  const auto has_dot_then_more = [&](std::size_t dot) {
    return dot + 1 < there.size() && there[dot] == '.' && is_of_address(there[dot + 1]);
  };
  for (std::size_t at = there.find(sought); at != there.npos; at = there.find(sought, at + 1)) {
    const std::size_t end = at + sought.size();
    const bool begins = at == 0 || !(is_of_address(there[at - 1]) || there[at - 1] == '.');
    const bool ends = end == there.size() || !(is_of_address(there[end]) || has_dot_then_more(end));
    if (begins && ends) return true;
  }
  return false;
}

Person person_of(Reader& db, std::string_view address) {
  const auto account = find_account(db, address);
  return {std::string(address), account ? std::optional(account->id) : std::nullopt};
}

void read_person(Reader& db, std::span<const PersonalColumn> columns, const Person& person,
                 const std::function<void(const PersonalRow&)>& visit) {
  for (const PersonalTable& table : tables_of(columns, person)) table.each_shown(db, visit);
}

std::vector<ErasedRows> erase_person(Transaction& tx, std::span<const PersonalColumn> columns,
                                     const Person& person) {
  std::vector<ErasedRows> erased;
  for (const PersonalTable& table : tables_of(columns, person))
    if (const std::int64_t rows = table.erase(tx); rows > 0) erased.push_back({table.name(), rows});
  return erased;
}

}  // namespace actiond
