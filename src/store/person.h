// The columns that hold personal data, and how their rows are found by a person's address. `actiond
// person` exports and erases by them.
//
// A site names those of its own tables (Site::personal); a test compares both lists with the
// migrations, so that no column is forgotten.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/store.h"

namespace actiond {

struct PersonalColumn {
  enum class Holds {
    Account,     // the id of an account: a row of the person
    Address,     // an address and nothing else: a row of the person
    Text,        // a text that may name the address: a row of the person, in a table with an `id`
    Detail,      // something about the person, in a row that another column finds
    File,        // the same, the name of a kept file ("" or NULL: none)
    Secret,      // a detail that no export shows
    SecretText,  // a text that no export shows
  };
  enum class Erased {
    Row,    // the row is deleted
    Blank,  // the column becomes '', or NULL for an account, and the row stays
    Not,    // the row stays as it is: an id without its account says nothing
  };

  std::string_view table, column;
  Holds holds = Holds::Detail;
  Erased erased = Erased::Row;
};

// Of the tables of the library.
std::span<const PersonalColumn> library_personal_columns();

// "TABLE.COLUMN" of the library's texts and blobs that tell of nobody.
std::span<const std::string_view> library_impersonal_columns();

struct Person {
  std::string address;
  std::optional<std::int64_t> account;  // that has the address now
};

Person person_of(Reader& db, std::string_view address);

// Calls `visit` for each row about the person with the columns in the order of `columns`.  A table
// whose rows are found in several ways has each row once.
struct PersonalRow {
  std::string_view table;
  std::vector<std::pair<std::string_view, Value>> columns;  // live until the next row
};
void read_person(Reader& db, std::span<const PersonalColumn> columns, const Person& person,
                 const std::function<void(const PersonalRow&)>& visit);

struct ErasedRows {
  std::string_view table;
  std::int64_t rows;
};
// Erases the person with kept files, and answers what was there.  The account's id is never given
// again.
std::vector<ErasedRows> erase_person(Transaction& tx, std::span<const PersonalColumn> columns,
                                     const Person& person);

// Whether `text` names the address, and not one that has it inside, disregarding case.
bool names_address(std::string_view text, std::string_view address);

}  // namespace actiond
