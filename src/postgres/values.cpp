#include "postgres/values.h"

#include <endian.h>
#include <libpq-fe.h>

#include <bit>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace actiond {
namespace {

// Of pg_type.dat, stable for ever.
namespace oid {
constexpr Oid boolean = 16, bytes = 17, letter = 18, name = 19, int8 = 20, int2 = 21, int4 = 23,
              text = 25, object = 26, json = 114, float4 = 700, float8 = 701, unknown = 705,
              padded = 1042, varchar = 1043;
}  // namespace oid

template <class Number>
std::string big_endian(Number number) {
  const auto bits = htobe64(std::bit_cast<std::uint64_t>(number));
  return {reinterpret_cast<const char*>(&bits), sizeof bits};
}

template <class Bits, class Number>
Number from_big_endian(const char* data, Bits (*to_host)(Bits)) {
  Bits bits;
  std::memcpy(&bits, data, sizeof bits);
  return std::bit_cast<Number>(to_host(bits));
}

}  // namespace

BoundValues::BoundValues(std::span<const Value> values) {
  made_.reserve(values.size());
  for (const Value& value : values) add(value);
}

void BoundValues::add(const Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value))
    return keep(big_endian(*number), oid::int8);
  if (const auto* number = std::get_if<double>(&value))
    return keep(big_endian(*number), oid::float8);
  if (const auto* date = std::get_if<Date>(&value)) return keep(to_rfc3339(*date), oid::text);
  if (const auto* text = std::get_if<std::string_view>(&value)) return see(*text, oid::text);
  if (const auto* blob = std::get_if<Blob>(&value)) return see(blob->bytes, oid::bytes);
  push(nullptr, 0, 0);
}
void BoundValues::keep(std::string bytes, unsigned type) {
  see(made_.emplace_back(std::move(bytes)), type);
}
// A null pointer would be NULL; an empty view may hold one.
void BoundValues::see(std::string_view bytes, unsigned type) {
  push(bytes.empty() ? "" : bytes.data(), bytes.size(), type);
}
void BoundValues::push(const char* data, std::size_t size, unsigned type) {
  if (!std::in_range<int>(size)) throw std::length_error("a value is too long for a statement");
  data_.push_back(data);
  lengths_.push_back(static_cast<int>(size));
  formats_.push_back(binary_format);
  types_.push_back(type);
}

Value value_of(const PGresult* result, int row, int at) {
  if (PQgetisnull(result, row, at) != 0) return std::monostate();
  const char* data = PQgetvalue(result, row, at);
  const std::string_view view(data, static_cast<std::size_t>(PQgetlength(result, row, at)));
  switch (PQftype(result, at)) {
    case oid::boolean: return std::int64_t{*data != 0};
    case oid::int2:
      return std::int64_t{from_big_endian<std::uint16_t, std::int16_t>(
          data, [](std::uint16_t bits) { return be16toh(bits); })};
    case oid::int4:
      return std::int64_t{from_big_endian<std::uint32_t, std::int32_t>(
          data, [](std::uint32_t bits) { return be32toh(bits); })};
    case oid::object:
      return std::int64_t{from_big_endian<std::uint32_t, std::uint32_t>(
          data, [](std::uint32_t bits) { return be32toh(bits); })};
    case oid::int8:
      return from_big_endian<std::uint64_t, std::int64_t>(
          data, [](std::uint64_t bits) { return be64toh(bits); });
    case oid::float4:
      return double{from_big_endian<std::uint32_t, float>(
          data, [](std::uint32_t bits) { return be32toh(bits); })};
    case oid::float8:
      return from_big_endian<std::uint64_t, double>(
          data, [](std::uint64_t bits) { return be64toh(bits); });
    case oid::bytes: return Blob{view};
    case oid::text:
    case oid::varchar:
    case oid::padded:
    case oid::name:
    case oid::letter:
    case oid::json:
    case oid::unknown: return view;
    default:
      throw std::logic_error(std::string("the column ") + PQfname(result, at) +
                             " has a type that is not read: CAST it AS BIGINT, TEXT or another");
  }
}

}  // namespace actiond
