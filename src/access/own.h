// Proof that a row belongs to the visitor: a function that changes a row asks for it, and cannot be
// called for a row that nobody looked up for that visitor.
//
//   struct Advert {
//     std::int64_t id;
//     std::string title;
//     // The advert of that id, if it is this user's.
//     static std::optional<Advert> owned_by(const User&, std::int64_t id, Reader&);
//   };
//
//   void rename(const Own<Advert>& advert, const std::string& title, Transaction& tx);
//
//   const auto advert = own<Advert>(user, input.id, tx);
//   if (!advert) return NotFound{};
//   rename(*advert, input.title, tx);
#pragma once

#include <cstdint>
#include <optional>
#include <utility>

#include "access/access.h"

namespace actiond {

template <class Row>
class Own {
 public:
  Own(const Own&) = delete;
  Own(Own&&) = default;
  Own& operator=(const Own&) = delete;

  const Row& operator*() const { return row_; }
  const Row* operator->() const { return &row_; }

 private:
  explicit Own(Row row) : row_(std::move(row)) {}

  template <class Any>
  friend std::optional<Own<Any>> own(const User& user, std::int64_t id, Reader& db);

  Row row_;
};

// The row of that id, if `Row::owned_by` finds it to be the user's.  A row of somebody else is as
// one that is not there.
template <class Row>
std::optional<Own<Row>> own(const User& user, std::int64_t id, Reader& db) {
  std::optional<Row> row = Row::owned_by(user, id, db);
  if (!row) return std::nullopt;
  return Own<Row>(*std::move(row));
}

}  // namespace actiond
