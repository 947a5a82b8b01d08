// Values as libpq takes and gives them: in PostgreSQL's binary format (its documentation, 55.7).
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/value.h"

struct pg_result;

namespace actiond {

constexpr int binary_format = 1;

// The values of one statement.  Whole numbers are bigint, text is text, a Blob bytea.
class BoundValues {
 public:
  explicit BoundValues(std::span<const Value> values);

  int count() const { return static_cast<int>(data_.size()); }
  const char* const* data() const { return data_.data(); }
  const int* lengths() const { return lengths_.data(); }
  const int* formats() const { return formats_.data(); }
  const unsigned* types() const { return types_.data(); }

 private:
  void add(const Value& value);
  void keep(std::string bytes, unsigned type);
  void see(std::string_view bytes, unsigned type);
  void push(const char* data, std::size_t size, unsigned type);

  std::vector<std::string> made_;  // reserved: what `data_` points to stays
  std::vector<const char*> data_;
  std::vector<int> lengths_, formats_;
  std::vector<unsigned> types_;
};

// A cell; text and blobs live in `result`.  Throws std::logic_error for a type that is not read.
Value value_of(const pg_result* result, int row, int column);

}  // namespace actiond
